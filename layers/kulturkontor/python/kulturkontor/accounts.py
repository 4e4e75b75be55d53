"""Norwegian numbers that carry a check digit: bank account, organisation number, KID.

Accounts have 11 digits and organisation numbers 9, both with a mod 11 check over the weights
2 3 4 5 6 7 from the right; where the check would be ten, the number does not exist. A KID is valid
under mod 10 (Luhn) or mod 11, where ten is written "-". The old seven-digit postal accounts are
refused.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

_SEPARATORS = re.compile(r"[.\s]")
_DIGITS = re.compile(r"[0-9]+")
_KID = re.compile(r"[0-9]{1,24}[0-9-]")


class NumberFault(StrEnum):
    """Why a number was refused; the pages have a sentence for each."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    WRONG_LENGTH = "wrong_length"
    OLD_POSTAL_ACCOUNT = "old_postal_account"
    WRONG_CHECK_DIGIT = "wrong_check_digit"


class AccountNumberError(ValueError):
    """Not a Norwegian bank account number; `code` says why."""

    def __init__(self, code: NumberFault) -> None:
        super().__init__(f"give the account number's 11 digits as the bank writes them ({code})")
        self.code = code


class OrganisationNumberError(ValueError):
    """Not a Norwegian organisation number; `code` says why."""

    def __init__(self, code: NumberFault) -> None:
        super().__init__(f"give the 9 digits of the organisation number ({code})")
        self.code = code


def parse_account_number(text: str) -> str:
    """The 11 digits; points and any spaces between them are accepted. Raises AccountNumberError."""
    digits = _SEPARATORS.sub("", text)
    if fault := _fault(digits, 11):
        is_postal = fault is NumberFault.WRONG_LENGTH and len(digits) == 7
        raise AccountNumberError(NumberFault.OLD_POSTAL_ACCOUNT if is_postal else fault)
    if digits.startswith("0000"):
        raise AccountNumberError(NumberFault.OLD_POSTAL_ACCOUNT)
    return digits


def format_account_number(digits: str) -> str:
    """ "1234.56.78903"."""
    return f"{digits[:4]}.{digits[4:6]}.{digits[6:]}"


def mask_account_number(digits: str) -> str:
    """ "•••• •• •8903": enough to recognise the account, not enough to pay to it."""
    return f"•••• •• •{digits[-4:]}"


def parse_organisation_number(text: str) -> str:
    """The 9 digits; spaces, points, a leading "NO" and a trailing "MVA" are accepted.

    Raises OrganisationNumberError. That the unit exists today only the register can tell.
    """
    digits = _SEPARATORS.sub("", text).upper().removeprefix("NO").removesuffix("MVA")
    if fault := _fault(digits, 9):
        raise OrganisationNumberError(fault)
    return digits


def is_kid(text: str) -> bool:
    """2 to 25 digits, no spaces, the last one a right mod 10 or mod 11 check ("-" for ten)."""
    if not _KID.fullmatch(text):
        return False
    stem, check = text[:-1], text[-1]
    return check in (_mod10(stem), _mod11(stem) or "-")


def _fault(digits: str, length: int) -> NumberFault | None:
    if not digits:
        return NumberFault.EMPTY
    if not _DIGITS.fullmatch(digits):
        return NumberFault.NOT_DIGITS
    if len(digits) != length:
        return NumberFault.WRONG_LENGTH
    return None if _mod11(digits[:-1]) == digits[-1] else NumberFault.WRONG_CHECK_DIGIT


def _mod11(stem: str) -> str | None:
    """The check digit, or None where it would be ten."""
    check = -_weighted(stem, (2, 3, 4, 5, 6, 7)) % 11
    return None if check == 10 else str(check)


def _mod10(stem: str) -> str:
    doubled = (int(digit) * weight for digit, weight in _pairs(stem, (2, 1)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def _weighted(stem: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in _pairs(stem, weights))


def _pairs(stem: str, weights: Sequence[int]) -> list[tuple[str, int]]:
    """Each digit with its weight, from the right, the weights repeated."""
    return [(digit, weights[place % len(weights)]) for place, digit in enumerate(reversed(stem))]
