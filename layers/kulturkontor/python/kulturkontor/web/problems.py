"""What the sender did wrong, as one list of codes: each has its HTTP status here and its words in
both languages.

The words: `texts/*/problems.toml`, and for fields `application_errors.toml` and
`claim_errors.toml`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kulturkontor.actions.answer import PlaceChangingError, PlaceStateError
from kulturkontor.actions.application_checks import (
    ApplicationStateError,
    ContactFixedError,
    MunicipalityFixedError,
    PeriodError,
)
from kulturkontor.actions.apply import KeyReusedError, StaleVersionError
from kulturkontor.actions.claim_files import ClaimRefusedError
from kulturkontor.actions.receive_files import (
    FileKeptError,
    FilesClosedError,
    TooManyFilesError,
)
from kulturkontor.actions.send_in import FilesWaitingError
from kulturkontor.attendance import AttendanceError
from kulturkontor.claim_form import FieldError
from kulturkontor.groups import GroupError
from kulturkontor.links import DeadLinkError, InvalidLinkError
from kulturkontor.programme import Language
from kulturkontor.records import Conflict
from kulturkontor.word_lists import word_list

STATUS: Mapping[str, int] = {
    "body_malformed": 400,
    "body_not_utf8": 400,
    "idempotency_key_missing": 400,
    "link_invalid": 401,
    "link_needed": 401,
    "no_right": 403,
    "contact_fixed": 403,
    "from_elsewhere": 403,
    "period_before": 403,
    "period_late": 403,
    "period_closed": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "key_reused": 409,
    "stale_version": 409,
    "fields_changed": 409,
    "answers_changed": 409,
    "files_waiting": 409,
    "application_state": 409,
    "municipality_fixed": 409,
    "place_state": 409,
    "place_changing": 409,
    "choice_not_open": 409,
    "too_many_files": 409,
    "files_closed": 409,
    "file_kept": 409,
    "file_not_accepted": 409,
    "claim_no_place": 409,
    "claim_being_paid": 409,
    "claim_before_gathering": 403,
    "claim_unknown_gathering": 404,
    "claim_unknown_claim": 404,
    "claim_unknown_line": 404,
    "claim_not_asked": 409,
    "claim_draft_changed": 409,
    "claim_fields_changed": 409,
    "claim_lines_full": 409,
    "claim_draft_outdated": 409,
    "gone": 410,
    "link_replaced": 410,
    "body_too_large": 413,
    "content_type": 415,
    "fields_invalid": 422,
    "answer_missing": 422,
    "group_too_few": 422,
    "group_same_id_twice": 422,
    "group_coordinators": 422,
    "group_too_many": 422,
    "group_unknown_gathering": 422,
    "group_unknown_person": 422,
    "group_changed": 409,
    "attendance_gathering_over": 403,
    "attendance_gathering_cancelled": 409,
    "attendance_unknown_gathering": 404,
    "attendance_unknown_participant": 422,
    "attendance_too_many_beds": 422,
    "too_many_requests": 429,
    "fault": 500,
    "busy": 503,
}
_LONGEST_PATH = 200


class ProblemError(Exception):
    """A request that cannot be met; `code` is one of STATUS, `values` what its words mention."""

    def __init__(
        self,
        code: str,
        *,
        errors: Sequence[FieldError] = (),
        wording: str = "application_errors",
        headers: Mapping[str, str] | None = None,
        **values: str | int,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.errors = tuple(errors)
        self.wording = wording
        self.headers = dict(headers or {})
        self.values = values

    @property
    def status(self) -> int:
        return STATUS[self.code]

    def title(self, language: Language) -> str:
        return str(word_list(language, "problems")[self.code]["title"])

    def detail(self, language: Language) -> str:
        text: str = word_list(language, "problems")[self.code]["detail"]
        return text.format_map(self.values)

    def messages(self, language: Language) -> dict[str, str]:
        """The words for each field, by its path; the first where it has several faults."""
        words: dict[str, str] = {}
        for each in self.errors:
            words.setdefault(each.path, explain(each, language, self.wording))
        return words

    def as_json(self, language: Language) -> dict[str, Any]:
        return {
            "type": f"urn:kulturkontor:problem:{self.code}",
            "title": self.title(language),
            "status": self.status,
            "detail": self.detail(language),
            "code": self.code,
            "errors": [
                {
                    "field": each.path[:_LONGEST_PATH],
                    "code": each.code,
                    "message": explain(each, language, self.wording),
                }
                for each in self.errors
            ],
        }


def explain(error: FieldError, language: Language, wording: str = "application_errors") -> str:
    """What to do about the field, naming it."""
    texts = word_list(language, wording)
    messages: Mapping[str, str] = texts.get("messages", texts)
    name = field_name(error.path, language)
    template = (
        messages.get(error.code) or word_list(language, "application_errors")["messages"]["invalid"]
    )
    return template.format_map(
        {**error.values, "field": name, "Field": name[:1].upper() + name[1:]}
    )


def field_name(path: str, language: Language) -> str:
    """A field in words, as it stands in a sentence: `members.1.role` is «rollen til person 2»."""
    names: Mapping[str, str] = word_list(language, "application_errors")["fields"]
    parts = path.split(".")
    general = ".".join("*" if part.isdigit() else part for part in parts)
    numbers = [int(part) + 1 for part in parts if part.isdigit() and len(part) < 4]
    template = names.get(general, names["unknown"])
    return template.format_map({"number": numbers[0] if numbers else "", "path": path[:60]})


REFUSALS: tuple[type[Exception], ...] = (
    PeriodError,
    ApplicationStateError,
    KeyReusedError,
    StaleVersionError,
    MunicipalityFixedError,
    ContactFixedError,
    FilesWaitingError,
    PlaceStateError,
    PlaceChangingError,
    GroupError,
    AttendanceError,
    TooManyFilesError,
    FilesClosedError,
    FileKeptError,
    ClaimRefusedError,
    InvalidLinkError,
    Conflict,
)
"""How an action says that the sender asked for what cannot be done."""

_CODES: Mapping[type[Exception], str] = {
    ApplicationStateError: "application_state",
    KeyReusedError: "key_reused",
    StaleVersionError: "stale_version",
    MunicipalityFixedError: "municipality_fixed",
    ContactFixedError: "contact_fixed",
    FilesWaitingError: "files_waiting",
    PlaceStateError: "place_state",
    PlaceChangingError: "place_changing",
    TooManyFilesError: "too_many_files",
    FilesClosedError: "files_closed",
    FileKeptError: "file_kept",
    InvalidLinkError: "link_invalid",
    DeadLinkError: "link_replaced",
}


def problem_of(fault: Exception) -> ProblemError:
    """One of REFUSALS as the problem that it is to the sender."""
    match fault:
        case PeriodError():
            return ProblemError(f"period_{fault.phase}")
        case GroupError():
            return ProblemError(f"group_{fault.args[0]}")
        case AttendanceError():
            return ProblemError(f"attendance_{fault.args[0]}")
        case ClaimRefusedError():
            return ProblemError(f"claim_{fault.args[0]}")
        case Conflict():
            return ProblemError("busy", headers={"Retry-After": "1"})
        case _:
            return ProblemError(_CODES[type(fault)])
