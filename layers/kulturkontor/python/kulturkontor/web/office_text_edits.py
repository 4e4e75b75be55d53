"""What is done with a text whether a page or the API asks: which one, what is wrong with it, what
it touches, and keeping it.
"""

from typing import NamedTuple

from kulturkontor.actions.edit_settings import (
    EditError,
    Known,
    Plan,
    make_settings,
    plan_settings,
    read_known,
    read_standing,
)
from kulturkontor.programme import Language, Programme
from kulturkontor.text_checks import (
    TextFault,
    Words,
    editable_texts,
    find_faults,
    languages_of,
    shipped_text,
    words_of,
)
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_setting_form import MOST_REASON
from kulturkontor.web.office_visit import Visit


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


def address_of(visit: Visit) -> Address:
    """OfficeError for a text that is not there."""
    name = visit.params["name"]
    known = languages_of(name, visit.programme) if name in editable_texts() else ()
    language = next((each for each in known if each == visit.params["form"]), None)
    if language is None:
        raise OfficeError(404, "unknown")
    return Address(language, name)


def faults_of(address: Address, words: Words, reason: str, programme: Programme) -> list[TextFault]:
    """What must be mended before the text can be kept."""
    faults = find_faults(address.name, address.language, words, programme)
    if not 0 < len(reason) <= MOST_REASON:
        faults.append(TextFault(None, "reason"))
    return faults


def field_of(fault: TextFault) -> str:
    """The input that the fault is in."""
    if fault.code == "reason":
        return "reason"
    return "subject" if fault.line == 0 else "body"


def plan_text(visit: Visit, address: Address, words: Words, known: Known) -> Plan:
    """Raises EditError where the text would be as it is."""
    if words == words_of(known.programme, address.language, address.name):
        raise EditError("nothing_changed")
    standing = read_standing(known.programme, visit.records, at=visit.now)
    return plan_settings({address.field: as_kept(address, words)}, standing)


def as_kept(address: Address, words: Words) -> str:
    """Nothing where staff have written the shipped text again."""
    is_shipped = words == shipped_text(address.language, address.name)
    return "" if is_shipped else words.together


def keep_text(visit: Visit, address: Address, text: str, *, reason: str, seen: int) -> None:
    """`text` empty: the shipped one again. Raises EditError where it is so already, SettingsError,
    and Conflict when somebody changed the settings after what was `seen`.
    """
    stands = read_known(visit.programme, visit.records).programme
    if text == stands.own_text(address.name, address.language):
        raise EditError("nothing_changed")
    make_settings(
        {address.field: text},
        by=visit.by,
        at=visit.now,
        reason=reason,
        seen=seen,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
