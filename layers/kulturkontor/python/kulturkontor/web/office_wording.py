"""Letters and mails in staff's own words: written, checked, looked at as they will read, kept with
a reason, and put back as they were shipped.
"""

from collections.abc import Sequence
from typing import Any, Final

from kulturkontor.actions.edit_settings import (
    EditError,
    Known,
    read_history,
    read_known,
)
from kulturkontor.broken_texts import Broken, find_broken, is_broken
from kulturkontor.letters import LETTER, LetterError
from kulturkontor.needed_slots import needed_slots
from kulturkontor.programme import Language
from kulturkontor.programme_settings import SettingsError
from kulturkontor.records import Conflict
from kulturkontor.settings_history import SettingsChange
from kulturkontor.text_checks import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    TextFault,
    Words,
    allowed_slots,
    editable_texts,
    find_faults,
    languages_of,
    shipped_text,
    tidied,
    words_of,
)
from kulturkontor.text_samples import in_other_words, see_text, slots_in_words
from kulturkontor.texts import STAFF_TEXTS, TextError
from kulturkontor.web.office_answers import Answer, page, redirect
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_setting_form import seen_revision
from kulturkontor.web.office_setting_words import say_effect, say_fault, text_name
from kulturkontor.web.office_text_edits import (
    Address,
    address_of,
    as_kept,
    faults_of,
    field_of,
    keep_text,
    plan_text,
)
from kulturkontor.web.office_text_words import compared, letter_as_pdf, say_text_fault
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit

AGAIN: Final = "again"
"""The field of the button that leads back to writing."""


def show_texts(visit: Visit) -> Answer:
    known = read_known(visit.programme, visit.records)
    kinds: dict[str, list[tuple[str, str, dict[Language, str]]]] = {}
    broken = find_broken(known.programme)
    for name in editable_texts():
        kind = _kind(name)
        kinds.setdefault(kind, []).append(
            (
                name,
                text_name(name, visit.language),
                {each: _state(known, broken, each, name) for each in _languages(visit, name)},
            )
        )
    unfit = {each.address for each in broken if each.is_phrase}
    return page(visit, "texts", kinds=kinds, broken=broken, unfit=unfit)


def _kind(name: str) -> str:
    if name.startswith(LETTER):
        return "letters"
    return "staff" if name in STAFF_TEXTS else "mails"


def _state(known: Known, broken: Sequence[Broken], language: Language, name: str) -> str:
    """`broken`, `own`, or nothing for the shipped text."""
    if Broken(language, name) in broken:
        return "broken"
    return "own" if known.programme.own_text(name, language) else ""


def show_text(visit: Visit) -> Answer:
    return _form(visit, address_of(visit))


def preview(visit: Visit) -> Answer:
    """The text as it will read; nothing is kept yet."""
    address, words, known = address_of(visit), _typed(visit), _known(visit)
    if AGAIN in visit.form:
        return _form(visit, address)
    if faults := faults_of(address, words, _reason(visit), known.programme):
        return _form(visit, address, faults=faults)
    try:
        planned = plan_text(visit, address, words, known)
        seen = see_text(planned.becomes, address.language, address.name)
    except EditError:
        return _form(visit, address, is_unchanged=True)
    except (TextError, LetterError):
        return _form(visit, address, faults=[TextFault(None, "not_written")])
    return page(
        visit,
        "text_preview",
        address=address,
        called=text_name(address.name, visit.language),
        is_letter=address.name.startswith(LETTER),
        seen=seen,
        lines=compared(shipped_text(address.language, address.name), words),
        effects=[
            (say_effect(each, visit.language), each.is_warning)
            for each in planned.effects[address.field]
        ],
        fields=_fields(visit),
    )


def print_letter(visit: Visit) -> Answer:
    address, words, known = address_of(visit), _typed(visit), _known(visit)
    if not address.name.startswith(LETTER):
        raise OfficeError(404, "unknown")
    if find_faults(address.name, address.language, words, known.programme):
        return _form(
            visit, address, faults=faults_of(address, words, _reason(visit), known.programme)
        )
    own = in_other_words(known.programme, address.language, address.name, words)
    return letter_as_pdf(own, address.language, address.name)


def change(visit: Visit) -> Answer:
    address, words, known = address_of(visit), _typed(visit), _known(visit)
    if faults := faults_of(address, words, _reason(visit), known.programme):
        return _form(visit, address, faults=faults)
    return _keep(visit, address, as_kept(address, words), _reason(visit))


def put_back(visit: Visit) -> Answer:
    """The shipped text again; what staff wrote stays in the history."""
    return _keep(visit, address_of(visit), "", say(visit.language, "texts.put_back_reason"))


def _keep(visit: Visit, address: Address, text: str, reason: str) -> Answer:
    try:
        keep_text(visit, address, text, reason=reason, seen=seen_revision(visit))
    except EditError:
        return _form(visit, address, is_unchanged=True)
    except SettingsError as fault:
        told = [say_fault(each, visit.language) for each in fault.faults]
        return _form(visit, address, refused=told)
    except Conflict:
        return _form(visit, address, is_conflict=True)
    return redirect(address.path)


def _form(
    visit: Visit,
    address: Address,
    *,
    faults: Sequence[TextFault] = (),
    refused: Sequence[str] = (),
    is_conflict: bool = False,
    is_unchanged: bool = False,
) -> Answer:
    known = _known(visit)
    stands = words_of(known.programme, address.language, address.name)
    original = shipped_text(address.language, address.name)
    words = _typed(visit) if "body" in visit.form else stands
    allowed = allowed_slots(address.name, address.language, known.programme)
    needed = needed_slots(address.language, address.name)
    return page(
        visit,
        "text_form",
        status=422 if faults or refused else 409 if is_conflict else 200,
        address=address,
        called=text_name(address.name, visit.language),
        is_letter=address.name.startswith(LETTER),
        words=words,
        stands=stands,
        original=original,
        is_own=stands != original,
        is_broken=is_broken(known.programme, address.language, address.name),
        lines=compared(original, stands),
        told=[
            *((field_of(each), say_text_fault(visit.language, each, allowed)) for each in faults),
            *(("", each) for each in refused),
        ],
        slots=[
            (slot, slot.name in needed)
            for slot in slots_in_words(allowed, address.language, known.programme)
        ],
        others=[each for each in _languages(visit, address.name) if each != address.language],
        history=_history(visit, address),
        seen=known.revision if is_conflict or not visit.form else seen_revision(visit),
        reason=visit.form.get("reason", ""),
        is_conflict=is_conflict,
        is_unchanged=is_unchanged,
        longest=(LONGEST_SUBJECT, LONGEST_BODY),
    )


def _history(visit: Visit, address: Address) -> list[SettingsChange]:
    return [
        each
        for each in read_history(visit.programme, visit.records)
        if any(value.path == address.field for value in each.values)
    ]


def _typed(visit: Visit) -> Words:
    return tidied(visit.form.get("subject", ""), visit.form.get("body", ""))


def _fields(visit: Visit) -> dict[str, Any]:
    return {name: value for name, value in visit.form.items() if name not in ("csrf", AGAIN)}


def _reason(visit: Visit) -> str:
    return visit.form.get("reason", "").strip()


def _known(visit: Visit) -> Known:
    return read_known(visit.programme, visit.records)


def _languages(visit: Visit, name: str) -> tuple[Language, ...]:
    return languages_of(name, visit.programme)


_ONE: Final = "/texts/<form>/<name>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /texts": show_texts,
    f"GET {_ONE}": show_text,
    f"POST {_ONE}/preview": preview,
    f"POST {_ONE}/letter": print_letter,
    f"POST {_ONE}/change": change,
    f"POST {_ONE}/original": put_back,
}
