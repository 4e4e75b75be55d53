"""Amounts: whole øre inside, kroner and decimal comma outside, one rule of rounding, no float.

Halves are rounded up to the whole øre in exact arithmetic (333,33 kr halved is 166,67 kr). What
can be read in two ways ("1.234") is refused, never guessed. A no-break space stands between
thousands and before "kr".
"""

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

NBSP: Final = "\u00a0"
LARGEST_ORE: Final = 99_999_999_99

_SPACES = re.compile(r"\s+")
_CURRENCY = re.compile(r"^(kr\.?|nok)|(kr\.?|nok)$", re.IGNORECASE)
_WHOLE_KRONER_MARK = re.compile("[.,][-\u2013\u2014]$")
_MINUS = ("-", "\u2212", "\u2013")
_AMOUNT = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?=,|$)|[1-9][0-9]{0,2}(?: [0-9]{3})+|[0-9]+)"
    r"(?:[.,](?P<decimals>[0-9]+))?"
)
_ONE_POINT_THREE_DIGITS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


class AmountFault(StrEnum):
    """Why an amount was refused; the pages have a sentence for each."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous"
    TOO_MANY_DECIMALS = "too_many_decimals"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"


_ADVICE = {
    AmountFault.EMPTY: "write an amount, such as 1234,50",
    AmountFault.NOT_A_NUMBER: "write the amount in digits, such as 1234,50",
    AmountFault.AMBIGUOUS: "a point and three digits can be kroner or øre: write 1234 or 1,23",
    AmountFault.TOO_MANY_DECIMALS: "write at most two digits after the decimal comma",
    AmountFault.NEGATIVE: "write an amount that is not below zero",
    AmountFault.TOO_LARGE: f"write an amount of at most {LARGEST_ORE // 100} kroner",
}


class AmountError(ValueError):
    """The text is not an amount in kroner; `code` says why, the message what to write instead."""

    def __init__(self, code: AmountFault) -> None:
        super().__init__(_ADVICE[code])
        self.code = code


def parse_kroner(text: str, *, may_be_negative: bool = False) -> int:
    """Øre from an amount as people type it.

    Reads "1234,5", "1 234,50", "1.234,50", "1234.50" and "kr 1 234,-"; "-200" only where an amount
    may be given back. Raises AmountError.
    """
    written = _SPACES.sub(" ", text).strip()
    if not written:
        raise AmountError(AmountFault.EMPTY)
    number = _CURRENCY.sub("", written).strip()
    is_negative = number.startswith(_MINUS)
    number = number[1:].strip() if is_negative else number
    if _ONE_POINT_THREE_DIGITS.fullmatch(number):
        raise AmountError(AmountFault.AMBIGUOUS)
    match = _AMOUNT.fullmatch(_WHOLE_KRONER_MARK.sub("", number))
    if match is None:
        raise AmountError(AmountFault.NOT_A_NUMBER)
    if is_negative and not may_be_negative:
        raise AmountError(AmountFault.NEGATIVE)
    decimals = match["decimals"] or ""
    if len(decimals) > 2:
        raise AmountError(AmountFault.TOO_MANY_DECIMALS)
    whole = re.sub(r"[ .]", "", match["whole"]).lstrip("0")
    if len(whole) > len(str(LARGEST_ORE // 100)):
        raise AmountError(AmountFault.TOO_LARGE)
    ore = int(whole or "0") * 100 + int(decimals.ljust(2, "0"))
    return -ore if is_negative else ore


def format_kroner(ore: int) -> str:
    """ "1 234,50 kr", with no-break spaces."""
    kroner, rest = divmod(abs(ore), 100)
    grouped = f"{kroner:,}".replace(",", NBSP)
    return f"{_sign(ore)}{grouped},{rest:02}{NBSP}kr"


def decimal_comma(ore: int) -> str:
    """ "1234,50": for spreadsheets and forms."""
    return decimal_point(ore).replace(".", ",")


def decimal_point(ore: int) -> str:
    """ "1234.50": for the bank's files."""
    kroner, rest = divmod(abs(ore), 100)
    return f"{_sign(ore)}{kroner}.{rest:02}"


def share(ore: int, percent: int) -> int:
    """That many percent of an amount, in whole øre, half up."""
    return _half_up(Fraction(ore * percent, 100))


def to_ore(amount: Decimal, rate: Decimal) -> int:
    """Øre for an amount of foreign currency; `rate` is kroner for one unit of it. Half up."""
    return _half_up(Fraction(amount) * Fraction(rate) * 100)


def _half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _sign(ore: int) -> str:
    return "-" if ore < 0 else ""
