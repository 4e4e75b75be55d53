"""What a decision sheet holds: its columns, its rows out and back, and what can be wrong in it."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import Outcome
from kulturkontor.programme import Language
from kulturkontor.sheet_files import FileFault

LONGEST_CELL = 32_767
"""What a spreadsheet program can keep in one cell."""


class Column(StrEnum):
    """The columns of a decision sheet, in its order; their headings are texts."""

    REFERENCE = "reference"
    MUNICIPALITY = "municipality"
    COUNTY = "county"
    POPULATION = "population"
    STATUS = "status"
    RECEIVED_AT = "received_at"
    LETTER_LANGUAGE = "letter_language"
    OUTCOME = "outcome"
    RANK = "rank"
    REASON = "reason"
    CONDITIONS = "conditions"
    LANGUAGE = "language"
    LANGUAGE_REASON = "language_reason"
    SEEN = "seen"
    """Hidden: which decision the row was written from."""


READ_COLUMNS = (
    Column.REFERENCE,
    Column.MUNICIPALITY,
    Column.OUTCOME,
    Column.RANK,
    Column.REASON,
    Column.CONDITIONS,
    Column.LANGUAGE,
    Column.LANGUAGE_REASON,
)


class RowStatus(StrEnum):
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    LATE = "late"


class RowFault(StrEnum):
    """What can be wrong in a sheet that can be read; `sheet_faults.toml` tells each in words."""

    COLUMN_MISSING = "column_missing"
    COLUMN_REPEATED = "column_repeated"
    REFERENCE_MISSING = "reference_missing"
    REFERENCE_UNKNOWN = "reference_unknown"
    REFERENCE_REPEATED = "reference_repeated"
    ROW_MISSING = "row_missing"
    WRONG_MUNICIPALITY = "wrong_municipality"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    COMPETING = "competing"
    ALREADY_TOLD = "already_told"
    CONFLICT = "conflict"
    CHANGED_SINCE = "changed_since"
    OUTCOME_UNKNOWN = "outcome_unknown"
    OUTCOME_MISSING = "outcome_missing"
    REASON_MISSING = "reason_missing"
    REASON_TOO_LONG = "reason_too_long"
    NATIONAL_ID = "national_id"
    RANK_MISSING = "rank_missing"
    RANK_NOT_A_NUMBER = "rank_not_a_number"
    RANK_REPEATED = "rank_repeated"
    RANK_GAP = "rank_gap"
    RANK_WITHOUT_WAITLIST = "rank_without_waitlist"
    CONDITIONS_WITHOUT_PLACE = "conditions_without_place"
    CONDITIONS_TOO_LONG = "conditions_too_long"
    LANGUAGE_UNKNOWN = "language_unknown"
    LANGUAGE_REASON_MISSING = "language_reason_missing"
    LANGUAGE_REASON_TOO_LONG = "language_reason_too_long"


class WarningCode(StrEnum):
    MORE_ADMITTED_THAN_PLACES = "more_admitted_than_places"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DecisionRow(_Part):
    """One application as the sheet shows it; what follows the letter's language staff fill in,
    but for `seen`, the digest of the decision as it stood.
    """

    reference: str
    municipality: str
    county: str
    population: int | None = None
    status: RowStatus
    received_at: AwareDatetime
    letter_language: Language
    outcome: Outcome | None = None
    rank: int | None = None
    reason: Annotated[str, Field(max_length=LONGEST_CELL)] = ""
    conditions: Annotated[str, Field(max_length=LONGEST_CELL)] = ""
    language: Language | None = None
    language_reason: Annotated[str, Field(max_length=LONGEST_CELL)] = ""
    seen: str = ""


class DecisionIn(_Part):
    """One decision as staff wrote it, in the sheet or on the page; `language` only where it differs
    from the letter's own.
    """

    reference: str
    outcome: Outcome
    rank: int | None
    reason: str
    conditions: str = ""
    language: Language | None
    language_reason: str = ""


class ExpectedRow(_Part):
    """What the office knows of an application: whose it is, and whether it can still be decided."""

    municipality: str
    state: ApplicationState
    letter_language: Language | None = None
    """What its letter has by itself."""
    is_told: bool = False
    rank: int | None = None
    """Its number on the waiting list. It stands where a letter has told it, and where the sheet
    leaves the answer empty: other numbers are given beside it."""
    is_closed: bool = False
    """To whoever sends the sheet, by a conflict of interest: it was not in theirs."""
    standing: DecisionIn | None = None
    """What is decided, where somebody else wrote it or two have agreed."""
    digest: str = ""
    """Of that decision."""


class SheetFault(_Part):
    """One fault. `row` as the spreadsheet counts them, None when it is of the sheet as a whole."""

    row: int | None = None
    column: Column | None = None
    code: RowFault | FileFault
    value: str = ""


class SheetWarning(_Part):
    """What staff should look at; the sheet is taken all the same."""

    code: WarningCode
    value: str = ""


class SheetResult(_Part):
    """Either decisions or faults, never both. `undecided`: the references with an empty answer."""

    rows: tuple[DecisionIn, ...] = ()
    faults: tuple[SheetFault, ...] = ()
    warnings: tuple[SheetWarning, ...] = ()
    undecided: tuple[str, ...] = ()
