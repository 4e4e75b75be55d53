"""Finds national identity numbers in text, so that nobody stores one by accident.

The rule: eleven digits DDMMYY + individual number + two mod-11 control digits (Skatteetaten).
A D-number adds 40 to the day; the test numbers of Tenor add 80 to the month, those of NAV 40.
The date must be possible too: account numbers have eleven digits as well.
"""

import re

_ELEVEN_DIGITS = re.compile(
    r"(?<![0-9])([0-9]{2})[ .\-\u00a0]?([0-9]{2})[ .\-\u00a0]?([0-9]{2})"
    r"[ .\-\u00a0]{0,3}([0-9]{3})[ .\-\u00a0]?([0-9]{2})(?![0-9])"
)
_FIRST_CONTROL = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_CONTROL = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def contains_national_id(text: str) -> bool:
    """Whether a valid birth number or D-number stands in the text, also in groups."""
    return any(_is_national_id("".join(found.groups())) for found in _ELEVEN_DIGITS.finditer(text))


def _is_national_id(eleven_digits: str) -> bool:
    digits = [int(each) for each in eleven_digits]
    day, month = int(eleven_digits[:2]), int(eleven_digits[2:4])
    return (
        1 <= (day - 40 if day > 40 else day) <= 31
        and 1 <= (month % 40 if month > 40 else month) <= 12
        and _weighted(digits, _FIRST_CONTROL) % 11 == 0
        and _weighted(digits, _SECOND_CONTROL) % 11 == 0
    )


def _weighted(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))
