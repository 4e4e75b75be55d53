"""The parts of a programme's file that are rules: limits, shares, dates, accounts and terms."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from kulturkontor.accounts import parse_account_number, parse_organisation_number

OUT_OF_ORDER = "out_of_order"
"""The kind of pydantic's error about several fields; its context names in `codes` what must be."""

Percent = Annotated[int, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=0, le=366)]
Ore = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Part):
    """One text in both written forms; a programme of one language gives that one only."""

    nb: str = ""
    nn: str = ""

    def __getitem__(self, language: str) -> str:
        return (self.nn or self.nb) if language == "nn" else (self.nb or self.nn)


class Contact(Part):
    name: Words
    email: str
    phone: str


class Signature(Part):
    name: str
    title: Words


class ApplicationRules(Part):
    opens: datetime
    closes: datetime
    min_members: Annotated[int, Field(ge=1)]
    min_sectors: Annotated[int, Field(ge=1)]
    max_text: Annotated[int, Field(ge=100, le=10_000)]
    draft_reminder_days: tuple[Days, ...]


class Criterion(Words):
    """What applications are assessed by; scores hang on the id, so that its words can be mended."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]


def _ids_once(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    if len({each.id for each in criteria}) != len(criteria):
        raise ValueError("each criterion must have an id of its own")
    return criteria


class ReasonPhrase(Words):
    """A reason that staff may choose and change, for a letter with that outcome."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    outcome: Literal["admitted", "waitlisted", "rejected"]


def _with_words(phrases: tuple[ReasonPhrase, ...]) -> tuple[ReasonPhrase, ...]:
    """One that staff have taken away has no words left."""
    return tuple(each for each in phrases if each.nb or each.nn)


class DecisionRules(Part):
    released: datetime
    places: Annotated[int, Field(ge=1)]
    preflight_days: tuple[Days, ...]
    max_letter_pages: Annotated[int, Field(ge=1, le=10)]
    """A longer letter goes, but staff are told beforehand."""
    mails_per_second: Annotated[int, Field(ge=1, le=50)]
    """The most that is handed to SES; below the account's own quota."""
    pause_at_bounces: Annotated[int, Field(ge=1)]
    pause_above_percent: Percent
    """The letters stop by themselves at so many permanent bounces that are more than this share."""
    answer_by: date
    answer_reminder_days: tuple[Days, ...]
    group_by: date
    feedback_by: date
    waiting_list_ends: date
    waiting_list_answer_working_days: Annotated[int, Field(ge=1, le=30)]
    offer_by_itself: bool = False
    """A place that is free goes to the next on the list by the morning, without staff's button."""
    reason_phrases: Annotated[tuple[ReasonPhrase, ...], AfterValidator(_with_words)] = ()
    criteria_published: bool
    pre_gathering: Words
    other_offers: Words
    criteria: Annotated[tuple[Criterion, ...], AfterValidator(_ids_once)]


class AssessmentRules(Part):
    """Points from reviewers before people decide; where it is off, nothing asks for it."""

    enabled: bool = False
    lowest: Annotated[int, Field(ge=0)] = 1
    highest: Annotated[int, Field(le=100)] = 5
    reviewers_per_application: Annotated[int, Field(ge=1, le=10)] = 2
    own_score_first: bool = True
    """A reviewer sees what others have given only after their own is submitted."""
    only_assigned: bool = True
    """A reviewer reads only the applications that are theirs to assess."""
    closes: datetime | None = None
    """Oslo wall-clock; where it is not set, the assessment closes when the letters go."""
    reminder_days: tuple[Days, ...] = ()
    """So many days before it closes, reviewers are reminded of what they have not submitted."""

    @model_validator(mode="after")
    def _scale_rises(self) -> Self:
        if self.lowest >= self.highest:
            raise PydanticCustomError(
                OUT_OF_ORDER, "must be so: {codes}", {"codes": ["scale_rises"]}
            )
        return self


class CarRate(Part):
    valid_from: date
    valid_to: date
    ore_per_km: Annotated[int, Field(ge=1)]


def _one_rate_a_day(rates: tuple[CarRate, ...]) -> tuple[CarRate, ...]:
    """In order, and no day with two: which of them a claim was judged by must not be chance."""
    ends = [date.min, *(each.valid_to for each in rates)]
    for before, each in zip(ends, rates, strict=False):
        if not before < each.valid_from <= each.valid_to:
            raise ValueError(f"the rate from {each.valid_from} must begin after the one before it")
    return rates


def _without_none(rates: dict[str, int]) -> dict[str, int]:
    """A currency that staff have taken away has no limit left."""
    return {currency: limit for currency, limit in rates.items() if limit}


CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Limit = Annotated[int, Field(ge=0, le=100_000)]


class TravelRules(Part):
    share_percent: Percent
    max_persons: Annotated[int, Field(ge=1)] | None = None
    window_days: Days
    reminder_days: tuple[Days, ...]
    days_around: Days
    receipt_free_up_to_ore: Ore
    taxi_needs_reason: bool = False
    passenger_supplement_ore_per_km: Ore
    rates_asked_above: Annotated[dict[CurrencyCode, Limit], AfterValidator(_without_none)] = Field(
        default_factory=dict
    )
    """Kroner for one unit of a currency above which a rate is asked about: it was probably quoted
    for 100 units."""
    car_rates: Annotated[tuple[CarRate, ...], AfterValidator(_one_rate_a_day)]


class OvernightRules(Part):
    mode: Literal["refund", "central"]
    max_persons: Annotated[int, Field(ge=0)]
    nights_per_person: Literal[1]
    max_ore_per_night: Ore | None = None
    hotel_days_before: Days = 30
    """Mode `central`: beds can be changed by the municipality until so many days before."""


AccountCode = Annotated[str, Field(pattern=r"^[0-9]{3,8}$")]
LedgerCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{0,6}$")]


class AccountChart(Part):
    """Where payments are booked: codes of the organiser's own chart of accounts."""

    travel: AccountCode
    overnight: AccountCode
    clearing: AccountCode
    """The other side of every voucher, until the bank has paid."""
    vat_code: Annotated[str, Field(pattern=r"^[0-9]{1,5}$")]
    voucher_type: Annotated[str, Field(pattern=r"^[0-9]{1,3}$")]
    project: LedgerCode = ""
    department: LedgerCode = ""


class PaymentRules(Part):
    debtor_name: str
    debtor_orgnr: Annotated[str, AfterValidator(parse_organisation_number)]
    debtor_account: Annotated[str, AfterValidator(parse_account_number)]
    debtor_bic: Annotated[str, Field(pattern=r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$")]
    customer_id: str
    customer_scheme: Literal["CUST", "BANK"] = "CUST"
    """What the bank calls `customer_id`: the customer's own number, or that of an agreement."""
    pain_version: Literal["09", "03"]
    execution_bank_days: Days
    end_to_end_prefix: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,10}$")]
    first_voucher: Annotated[int, Field(ge=1, le=90_000_000)] = 1
    """Where each year's numbers begin."""
    gbat10: bool = False
    accounts: AccountChart


SummarySection = Literal["counts", "waiting", "new", "lacking", "counties"]


class SummaryRules(Part):
    """The mail that tells staff how things stand."""

    rhythm: Literal["daily", "weekly", "never"] = "daily"
    weekday: Annotated[int, Field(ge=1, le=5)] = 1
    """The day of a weekly summary, Monday is 1."""
    sections: Annotated[tuple[SummarySection, ...], Field(min_length=1)] = (
        "counts",
        "waiting",
        "new",
        "lacking",
        "counties",
    )


class RetentionRules(Part):
    draft_days: Days
    not_admitted_months: int
    admitted_months_after_end: int
    accounting_years: int
