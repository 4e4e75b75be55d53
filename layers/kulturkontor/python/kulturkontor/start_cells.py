"""What stands in the cells of a start sheet, read as people write it: names and numbers of
municipalities, days, yes and no, sectors, gatherings, amounts.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from kulturkontor.accounts import AccountNumberError, parse_account_number
from kulturkontor.application_form import MAX_LINE, Sector, is_email
from kulturkontor.decisions import Outcome
from kulturkontor.money import AmountError, parse_kroner
from kulturkontor.municipalities import UnknownMunicipalityError, find_municipality
from kulturkontor.national_id import contains_national_id
from kulturkontor.printable import find_unprintable
from kulturkontor.programme import Language, Programme
from kulturkontor.start_sheets import StartFaultCode, plain
from kulturkontor.texts import phrase
from kulturkontor.word_lists import word_list

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00:00)?")
_NORWEGIAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_RANK = re.compile(r"[1-9][0-9]{0,3}")
_LONGEST_VOUCHER = 40


class CellError(ValueError):
    """The cell does not say what its column is for; `code` names what is wrong."""

    def __init__(self, code: StartFaultCode) -> None:
        super().__init__(code)
        self.code = code


def read_municipality(text: str, _: Programme) -> str:
    """The number of the municipality of that name or number."""
    try:
        return find_municipality(text).kommunenummer
    except UnknownMunicipalityError as unknown:
        raise CellError(StartFaultCode.MUNICIPALITY_UNKNOWN) from unknown


def read_day(text: str, _: Programme) -> date:
    iso, norwegian = _ISO.fullmatch(text), _NORWEGIAN.fullmatch(text)
    parts = iso.groups() if iso else tuple(reversed(norwegian.groups())) if norwegian else ()
    try:
        year, month, day = (int(each) for each in parts)
        return date(year, month, day)
    except ValueError as wrong:
        raise CellError(StartFaultCode.DATE) from wrong


def read_yes_or_no(text: str, _: Programme) -> bool:
    said = word_list("nb", "start_sheets")["answers"]
    for answer in ("yes", "no"):
        if plain(text) in said[answer]:
            return answer == "yes"
    raise CellError(StartFaultCode.YES_OR_NO)


def read_line(text: str, _: Programme) -> str:
    return _safe(text, MAX_LINE)


def read_name(text: str, programme: Programme) -> str:
    """One that a letter can show."""
    if find_unprintable(text) is not None:
        raise CellError(StartFaultCode.UNPRINTABLE)
    return read_line(text, programme)


def read_text(text: str, programme: Programme) -> str:
    return _safe(text, programme.application.max_text)


def read_voucher(text: str, _: Programme) -> str:
    if len(text) > _LONGEST_VOUCHER or "\n" in text:
        raise CellError(StartFaultCode.VOUCHER_TOO_LONG)
    return text


def read_email(text: str, _: Programme) -> str:
    if not is_email(text):
        raise CellError(StartFaultCode.EMAIL)
    return text


def read_outcome(text: str, _: Programme) -> Outcome:
    words: Mapping[str, list[str]] = word_list("nb", "decision_sheet")["outcomes"]
    for outcome, said in words.items():
        if plain(text) in said:
            return Outcome(outcome)
    raise CellError(StartFaultCode.OUTCOME)


def read_language(text: str, programme: Programme) -> Language:
    words: Mapping[Language, list[str]] = word_list("nb", "decision_sheet")["languages"]
    for language, said in words.items():
        if plain(text) in said and language in programme.languages:
            return language
    raise CellError(StartFaultCode.LANGUAGE)


def read_rank(text: str, _: Programme) -> int:
    if not _RANK.fullmatch(text):
        raise CellError(StartFaultCode.RANK)
    return int(text)


def read_sector(text: str, _: Programme) -> Sector:
    for sector in Sector:
        names = (phrase("nb", f"sector_{sector}"), phrase("nn", f"sector_{sector}"), str(sector))
        if plain(text) in map(plain, names):
            return sector
    raise CellError(StartFaultCode.SECTOR)


def read_gathering(text: str, programme: Programme) -> str:
    """The id of the gathering of that number, or of the day it began."""
    for each in programme.gatherings:
        if plain(text) in (each.number, each.id.casefold(), each.first_day.isoformat()):
            return each.id
    raise CellError(StartFaultCode.GATHERING)


def read_gatherings(text: str, programme: Programme) -> tuple[str, ...]:
    parts = [each for each in re.split(r"[,; ]+", text) if each]
    return tuple(read_gathering(each, programme) for each in parts)


def read_amount(text: str, _: Programme) -> int:
    """Øre."""
    try:
        return parse_kroner(text)
    except AmountError as wrong:
        raise CellError(StartFaultCode.AMOUNT) from wrong


def read_account(text: str, _: Programme) -> str:
    try:
        return parse_account_number(text)
    except AccountNumberError as wrong:
        raise CellError(StartFaultCode.ACCOUNT) from wrong


def _safe(text: str, most: int) -> str:
    if len(text) > most:
        raise CellError(StartFaultCode.TEXT_TOO_LONG)
    if contains_national_id(text):
        raise CellError(StartFaultCode.NATIONAL_ID)
    return text


READERS: Final[Mapping[str, Callable[[str, Programme], object]]] = {
    "municipality": read_municipality,
    "contact_name": read_name,
    "contact_role": read_name,
    "contact_email": read_email,
    "contact_phone": read_line,
    "language": read_language,
    "outcome": read_outcome,
    "decided": read_day,
    "rank": read_rank,
    "reason": read_text,
    "accepted": read_yes_or_no,
    "answer_by": read_day,
    "is_free": read_yes_or_no,
    "received": read_day,
    "name": read_name,
    "sector": read_sector,
    "email": read_email,
    "coordinator": read_yes_or_no,
    "only": read_gatherings,
    "gathering": read_gathering,
    "came": read_yes_or_no,
    "travel_actual": read_amount,
    "travel_paid": read_amount,
    "night_actual": read_amount,
    "night_paid": read_amount,
    "paid_on": read_day,
    "voucher": read_voucher,
    "account": read_account,
}
"""How each column is read; a column of the same name means the same in every sheet."""
