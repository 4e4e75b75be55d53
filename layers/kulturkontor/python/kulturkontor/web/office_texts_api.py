"""Letters and mails in staff's own words, as JSON: the same checks as on the pages."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.edit_settings import read_known
from kulturkontor.broken_texts import is_broken
from kulturkontor.letters import LetterError
from kulturkontor.needed_slots import needed_slots
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import SettingsError
from kulturkontor.text_checks import (
    TextFault,
    Words,
    allowed_slots,
    editable_texts,
    languages_of,
    tidied,
    words_of,
)
from kulturkontor.text_samples import see_text, slots_in_words
from kulturkontor.texts import TextError
from kulturkontor.web.office_answers import Answer, as_json
from kulturkontor.web.office_faults import FieldFault, OfficeError
from kulturkontor.web.office_setting_words import text_name, told_effects
from kulturkontor.web.office_settings_api import refused
from kulturkontor.web.office_text_edits import (
    Address,
    address_of,
    as_kept,
    faults_of,
    field_of,
    keep_text,
    plan_text,
)
from kulturkontor.web.office_text_words import say_text_fault
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit


class SeenIn(BaseModel):
    """`seen`: the revision that GET gave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seen: Annotated[int, Field(ge=0)]


class TextIn(SeenIn):
    subject: str
    body: str
    reason: str


def show_texts(visit: Visit) -> Answer:
    programme = read_known(visit.programme, visit.records).programme
    return as_json(
        [
            {
                **_state(programme, Address(language, name)),
                "called": text_name(name, visit.language),
            }
            for name in editable_texts()
            for language in languages_of(name, programme)
        ]
    )


def show_text(visit: Visit) -> Answer:
    address = address_of(visit)
    known = read_known(visit.programme, visit.records)
    words = words_of(known.programme, address.language, address.name)
    allowed = allowed_slots(address.name, address.language, known.programme)
    needed = needed_slots(address.language, address.name)
    slots = slots_in_words(allowed, address.language, known.programme)
    return as_json(
        {
            **_state(known.programme, address),
            "revision": known.revision,
            **words._asdict(),
            "slots": [{**each._asdict(), "is_needed": each.name in needed} for each in slots],
        }
    )


def _state(programme: Programme, address: Address) -> dict[str, Any]:
    return {
        "name": address.name,
        "language": address.language,
        "is_own": bool(programme.own_text(address.name, address.language)),
        "is_broken": is_broken(programme, address.language, address.name),
    }


def preview(visit: Visit) -> Answer:
    """The text as it will read, and what a change of it touches; nothing is kept."""
    address, body = address_of(visit), visit.sent(TextIn)
    known = read_known(visit.programme, visit.records)
    words = _checked(visit, address, body, known.programme)
    planned = plan_text(visit, address, words, known)
    try:
        seen = see_text(planned.becomes, address.language, address.name)
    except (TextError, LetterError) as fault:
        raise _refused(visit, [TextFault(None, "not_written")], frozenset()) from fault
    effects = told_effects(planned.effects[address.field], visit.language)
    return as_json({**seen._asdict(), "effects": effects})


def change(visit: Visit) -> Answer:
    address, body = address_of(visit), visit.sent(TextIn)
    programme = read_known(visit.programme, visit.records).programme
    words = _checked(visit, address, body, programme)
    return _keep(visit, address, as_kept(address, words), body.reason.strip(), body.seen)


def put_back(visit: Visit) -> Answer:
    reason = say(visit.language, "texts.put_back_reason")
    return _keep(visit, address_of(visit), "", reason, visit.sent(SeenIn).seen)


def _keep(visit: Visit, address: Address, text: str, reason: str, seen: int) -> Answer:
    try:
        keep_text(visit, address, text, reason=reason, seen=seen)
    except SettingsError as fault:
        raise refused(visit, fault.faults) from fault
    return show_text(visit)


def _checked(visit: Visit, address: Address, body: TextIn, programme: Programme) -> Words:
    words = tidied(body.subject, body.body)
    if faults := faults_of(address, words, body.reason.strip(), programme):
        allowed = allowed_slots(address.name, address.language, programme)
        raise _refused(visit, faults, allowed)
    return words


def _refused(visit: Visit, faults: Sequence[TextFault], allowed: frozenset[str]) -> OfficeError:
    errors = tuple(
        FieldFault(field_of(each), each.code, say_text_fault(visit.language, each, allowed))
        for each in faults
    )
    return OfficeError(422, "invalid", errors=errors)


_ONE: Final = "/api/texts/<form>/<name>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /api/texts": show_texts,
    f"GET {_ONE}": show_text,
    f"POST {_ONE}": change,
    f"POST {_ONE}/preview": preview,
    f"POST {_ONE}/original": put_back,
}
