"""Letters and mails in staff's own words: written, checked, looked at as they will read, kept with
a reason, and put back as they were shipped.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from kulturkontor.actions.edit_settings import (
    EditError,
    Known,
    Plan,
    make_settings,
    plan_settings,
    read_history,
    read_known,
    read_standing,
)
from kulturkontor.broken_texts import Broken, find_broken, is_broken
from kulturkontor.letters import LETTER, LetterError
from kulturkontor.needed_slots import needed_slots
from kulturkontor.programme import Language, Programme
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
from kulturkontor.web.office_setting_words import say_effect, say_fault, text_name
from kulturkontor.web.office_settings import MOST_REASON, seen_revision
from kulturkontor.web.office_text_words import compared, letter_as_pdf, say_text_fault
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit

AGAIN: Final = "again"
"""The field of the button that leads back to writing."""


class Address(NamedTuple):
    """Which text: its language and its name."""

    language: Language
    name: str

    @property
    def path(self) -> str:
        return f"/texts/{self.language}/{self.name}"

    @property
    def field(self) -> str:
        """Where the text stands among the settings."""
        return f"texts.{self.name}.{self.language}"


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
    return _form(visit, _address(visit))


def preview(visit: Visit) -> Answer:
    """The text as it will read; nothing is kept yet."""
    address, words, known = _address(visit), _typed(visit), _known(visit)
    if AGAIN in visit.form:
        return _form(visit, address)
    if faults := _faults(visit, address, words, known.programme):
        return _form(visit, address, faults=faults)
    try:
        planned = _plan(visit, address, words, known)
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
    address, words, known = _address(visit), _typed(visit), _known(visit)
    if not address.name.startswith(LETTER):
        raise OfficeError(404, "unknown")
    if find_faults(address.name, address.language, words, known.programme):
        return _form(visit, address, faults=_faults(visit, address, words, known.programme))
    own = in_other_words(known.programme, address.language, address.name, words)
    return letter_as_pdf(own, address.language, address.name)


def change(visit: Visit) -> Answer:
    address, words, known = _address(visit), _typed(visit), _known(visit)
    if faults := _faults(visit, address, words, known.programme):
        return _form(visit, address, faults=faults)
    return _keep(visit, address, _as_kept(address, words), visit.form["reason"].strip())


def put_back(visit: Visit) -> Answer:
    """The shipped text again; what staff wrote stays in the history."""
    return _keep(visit, _address(visit), "", say(visit.language, "texts.put_back_reason"))


def _keep(visit: Visit, address: Address, text: str, reason: str) -> Answer:
    if text == _known(visit).programme.own_text(address.name, address.language):
        return _form(visit, address, is_unchanged=True)
    try:
        make_settings(
            {address.field: text},
            by=visit.by,
            at=visit.now,
            reason=reason,
            seen=seen_revision(visit),
            programme=visit.programme,
            records=visit.records,
            mail_queue=visit.doors.mail_queue,
        )
    except SettingsError as fault:
        told = [say_fault(each, visit.language) for each in fault.faults]
        return _form(visit, address, refused=told)
    except Conflict:
        return _form(visit, address, is_conflict=True)
    return redirect(address.path)


def _plan(visit: Visit, address: Address, words: Words, known: Known) -> Plan:
    """Raises EditError where the text would be as it is."""
    if words == words_of(known.programme, address.language, address.name):
        raise EditError("nothing_changed")
    standing = read_standing(known.programme, visit.records, at=visit.now)
    return plan_settings({address.field: _as_kept(address, words)}, standing)


def _as_kept(address: Address, words: Words) -> str:
    """Nothing where staff have written the shipped text again."""
    is_shipped = words == shipped_text(address.language, address.name)
    return "" if is_shipped else words.together


def _faults(visit: Visit, address: Address, words: Words, programme: Programme) -> list[TextFault]:
    faults = find_faults(address.name, address.language, words, programme)
    if not 0 < len(visit.form.get("reason", "").strip()) <= MOST_REASON:
        faults.append(TextFault(None, "reason"))
    return faults


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
            *((_where(each), say_text_fault(visit.language, each, allowed)) for each in faults),
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


def _where(fault: TextFault) -> str:
    """The id of the input that the fault is in."""
    if fault.code == "reason":
        return "reason"
    return "subject" if fault.line == 0 else "body"


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


def _known(visit: Visit) -> Known:
    return read_known(visit.programme, visit.records)


def _languages(visit: Visit, name: str) -> tuple[Language, ...]:
    return languages_of(name, visit.programme)


def _address(visit: Visit) -> Address:
    """OfficeError for a text that is not there, or not to be put in other words."""
    name = visit.params["name"]
    known = _languages(visit, name) if name in editable_texts() else ()
    language = next((each for each in known if each == visit.params["form"]), None)
    if language is None:
        raise OfficeError(404, "unknown")
    return Address(language, name)


_ONE: Final = "/texts/<form>/<name>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /texts": show_texts,
    f"GET {_ONE}": show_text,
    f"POST {_ONE}/preview": preview,
    f"POST {_ONE}/letter": print_letter,
    f"POST {_ONE}/change": change,
    f"POST {_ONE}/original": put_back,
}
