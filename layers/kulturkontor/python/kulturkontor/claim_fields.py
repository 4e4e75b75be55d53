"""The fields of a travel claim as people type them, and the code of each fault a field can have.

`texts/*/claim_errors.toml` says each code in words. Amounts are read by `money`, account numbers
and KID by `accounts`; a national identity number in free text is refused before it is stored.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from kulturkontor.accounts import AccountNumberError, is_kid, parse_account_number
from kulturkontor.money import AmountError, parse_kroner
from kulturkontor.national_id import contains_national_id

MAX_KILOMETRES = 5_000

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KILOMETRES = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]))?")
_RATE = re.compile(r"(?=.*[1-9])[0-9]{1,5}(?:[.,][0-9]{1,8})?")
_CURRENCY = re.compile(r"(?!NOK)[A-Z]{3}")


class ClaimFault(StrEnum):
    """What can be wrong with a claim, beside the faults pydantic itself finds."""

    ACCOUNT_NUMBER = "account_number"
    AMOUNT_AMBIGUOUS = "amount_ambiguous"
    AMOUNT_AND_RATE = "amount_and_rate"
    AMOUNT_EMPTY = "amount_empty"
    AMOUNT_NEGATIVE = "amount_negative"
    AMOUNT_NOT_A_NUMBER = "amount_not_a_number"
    AMOUNT_OF_CAR = "amount_of_car"
    AMOUNT_TOO_LARGE = "amount_too_large"
    AMOUNT_TOO_MANY_DECIMALS = "amount_too_many_decimals"
    CURRENCY = "currency"
    CURRENCY_INCOMPLETE = "currency_incomplete"
    DAY = "day"
    ID_TWICE = "id_twice"
    KID = "kid"
    KILOMETRES = "kilometres"
    LINE_KIND = "line_kind"
    LINE_KIND_NOT_COVERED = "line_kind_not_covered"
    LINES_DESPITE_NO_COST = "lines_despite_no_cost"
    NATIONAL_ID = "national_id"
    NO_LINES = "no_lines"
    NO_PARTICIPANTS = "no_participants"
    NOT_DECLARED = "not_declared"
    ONLY_FOR_CAR = "only_for_car"
    PASSENGERS_MISSING = "passengers_missing"
    PASSENGER_IS_DRIVER = "passenger_is_driver"
    RATE = "rate"
    REFUND_NOT_NEGATIVE = "refund_not_negative"
    REFUND_OF_KILOMETRES = "refund_of_kilometres"
    REFUND_OF_UNKNOWN = "refund_of_unknown"
    REFUND_TOO_LARGE = "refund_too_large"
    SUPPLEMENT_TWICE = "supplement_twice"
    UNKNOWN_PARTICIPANT = "unknown_participant"


class LineKind(StrEnum):
    """What a line is for: «faktiske reisekostnader» and «én overnatting», in the announcement."""

    TRAIN = "train"
    FLIGHT = "flight"
    BUS = "bus"
    BOAT = "boat"
    TAXI = "taxi"
    CAR = "car"
    PASSENGER = "passenger"
    """The supplement for those who were driven, as a line of its own: kilometres, and who."""
    TOLL = "toll"
    PARKING = "parking"
    TRAVEL_TOTAL = "travel_total"
    OVERNIGHT = "overnight"


BY_KILOMETRES = frozenset({LineKind.CAR, LineKind.PASSENGER})
"""Kinds whose cost is reckoned from kilometres, never stated."""

NOT_COVERED = frozenset(
    {
        *("meal", "meals", "food", "per_diem", "diett", "kost", "mat", "måltid", "måltider"),
        *("wage", "wages", "working_time", "lønn", "løn", "arbeidstid"),
        *("hotel_extra", "hotel_extras", "hotelltillegg", "minibar"),
    }
)
"""What the announcement leaves to the municipality; named, so that people are told so."""


def claim_fault(code: ClaimFault) -> PydanticCustomError:
    return PydanticCustomError(code.value, code.value)


def name_key(name: str) -> str:
    """What two spellings of one name have in common: neither case nor spaces tell people apart."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _one_line(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = " ".join(unicodedata.normalize("NFC", value).split())
    return "".join(each for each in text if each.isprintable())


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _no_national_id(text: str) -> str:
    if contains_national_id(text):
        raise claim_fault(ClaimFault.NATIONAL_ID)
    return text


def _kind(value: object) -> LineKind:
    typed = unicodedata.normalize("NFC", str(value)).casefold()
    kind = "_".join(typed.replace("-", " ").split())
    if kind in NOT_COVERED:
        raise claim_fault(ClaimFault.LINE_KIND_NOT_COVERED)
    try:
        return LineKind(kind)
    except ValueError:
        raise claim_fault(ClaimFault.LINE_KIND) from None


def _day(value: object) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise claim_fault(ClaimFault.DAY) from None
    raise claim_fault(ClaimFault.DAY)


def _kilometres(value: object) -> Decimal:
    typed = _KILOMETRES.fullmatch(re.sub(r"\s|km", "", str(value)))
    kilometres = Decimal(f"{typed[1]}.{typed[2] or 0}") if typed else Decimal(0)
    if not 0 < kilometres <= MAX_KILOMETRES:
        raise claim_fault(ClaimFault.KILOMETRES)
    return kilometres


def _amount(text: str) -> str:
    """An amount may be below zero where a line gives something back; `LineIn` sees to that."""
    try:
        parse_kroner(text, may_be_negative=True)
    except AmountError as fault:
        raise claim_fault(ClaimFault(f"amount_{fault.code}")) from fault
    return text


def _rate(text: str) -> str:
    if not _RATE.fullmatch(text):
        raise claim_fault(ClaimFault.RATE)
    return text.replace(",", ".")


def _currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text):
        raise claim_fault(ClaimFault.CURRENCY)
    return text


def _account_number(text: str) -> str:
    try:
        return parse_account_number(text) if text.strip() else ""
    except AccountNumberError as fault:
        raise claim_fault(ClaimFault.ACCOUNT_NUMBER) from fault


def _kid(text: str) -> str:
    digits = "".join(text.split())
    if not is_kid(digits):
        raise claim_fault(ClaimFault.KID)
    return digits


def _declared(value: bool) -> bool:
    if not value:
        raise claim_fault(ClaimFault.NOT_DECLARED)
    return value


BLANK_IS_NONE = BeforeValidator(_blank_is_none)
"""For fields that may be left open: a form sends an empty text for them."""

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
_TIDY = BeforeValidator(_one_line)
_NO_NATIONAL_ID = AfterValidator(_no_national_id)
Name = Annotated[str, Field(min_length=1, max_length=100), _TIDY, _NO_NATIONAL_ID]
Route = Annotated[str, Field(max_length=200), _TIDY, _NO_NATIONAL_ID]
Note = Annotated[str, Field(max_length=500), _TIDY, _NO_NATIONAL_ID]
Kind = Annotated[LineKind, BeforeValidator(_kind)]
Day = Annotated[date, BeforeValidator(_day)]
Kilometres = Annotated[Decimal, BeforeValidator(_kilometres)]
Amount = Annotated[str, AfterValidator(_amount)]
Rate = Annotated[str, AfterValidator(_rate)]
Currency = Annotated[str, AfterValidator(_currency)]
AccountNumber = Annotated[str, AfterValidator(_account_number)]
Kid = Annotated[str, AfterValidator(_kid)]
Declared = Annotated[bool, AfterValidator(_declared)]
