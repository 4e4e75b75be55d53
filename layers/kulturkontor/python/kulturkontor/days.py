"""The Norwegian calendar: holidays, working days, bank days, and dates in words.

Holidays: lov om helligdager, and lov om 1 og 17 mai som høgtidsdagar. On 24 and 31 December banks
close early, so nothing is planned for those days. Python has no dependable nb/nn locale where this
runs, so the few words stand here.
"""

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count, islice

from kulturkontor.programme import OSLO

_MONTHS = {
    "nb": (
        *("januar", "februar", "mars", "april", "mai", "juni"),
        *("juli", "august", "september", "oktober", "november", "desember"),
    ),
    "nn": (
        *("januar", "februar", "mars", "april", "mai", "juni"),
        *("juli", "august", "september", "oktober", "november", "desember"),
    ),
}
_WEEKDAYS = {
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "nn": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"),
}
_JULY = 7
_DASH = "\u2013"
_AFTER_Z = str.maketrans(
    {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "đ": "d", "ŋ": "n", "ŧ": "t"}
)


@cache
def holidays(year: int) -> frozenset[date]:
    """The public holidays of the year."""
    easter = _easter_sunday(year)
    movable = (easter + timedelta(days=offset) for offset in (-3, -2, 0, 1, 39, 49, 50))
    fixed = (date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)))
    return frozenset((*movable, *fixed))


def _easter_sunday(year: int) -> date:
    """Gauss's rule for the Gregorian calendar in Butcher's form, valid for every year."""
    century, year_of_century = divmod(year, 100)
    golden = year % 19
    moon_shift = (8 * century + 13) // 25
    full_moon = (19 * golden + century - century // 4 - moon_shift + 15) % 30
    weekday = (
        32 + 2 * (century % 4) + 2 * (year_of_century // 4) - full_moon - year_of_century % 4
    ) % 7
    correction = (golden + 11 * full_moon + 22 * weekday) // 451
    month, day = divmod(full_moon + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def is_working_day(day: date) -> bool:
    """Monday to Friday, and not a public holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


def is_bank_day(day: date) -> bool:
    """A working day on which banks keep full hours."""
    return is_working_day(day) and (day.month, day.day) not in ((12, 24), (12, 31))


def next_bank_day(day: date) -> date:
    """The day itself if it is a bank day, else the first bank day after it."""
    return next(each for each in _days_from(day) if is_bank_day(each))


def add_bank_days(day: date, n: int) -> date:
    """The n-th bank day after the day; with 0, the same as `next_bank_day`."""
    return _nth_after(day, n, is_bank_day)


def add_working_days(day: date, n: int, *, skip_july: bool = False) -> date:
    """The n-th working day after the day; with `skip_july`, days in July do not count.

    With 0, the day itself if it counts, else the first after it that does.
    """
    return _nth_after(
        day, n, lambda each: is_working_day(each) and not (skip_july and each.month == _JULY)
    )


def _nth_after(day: date, n: int, counts: Callable[[date], bool]) -> date:
    if n < 0:
        raise ValueError("count days forwards: n must be 0 or more")
    start = day if n == 0 else day + timedelta(days=1)
    return next(islice(filter(counts, _days_from(start)), max(n - 1, 0), None))


def _days_from(day: date) -> Iterator[date]:
    return (day + timedelta(days=offset) for offset in count())


def format_date(day: date, language: str) -> str:
    """ "30. april 2026"."""
    return f"{_day_and_month(day, language)} {day.year}"


def format_weekday_date(day: date, language: str) -> str:
    """ "torsdag 30. april 2026"."""
    return f"{_WEEKDAYS[language][day.weekday()]} {format_date(day, language)}"


def format_days(first: date, last: date, language: str) -> str:
    """ "24." dash "25. september 2026"; across months and years each day has its own."""
    end = format_date(last, language)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.{_DASH}{end}"
    if first.year == last.year:
        return f"{_day_and_month(first, language)} {_DASH} {end}"
    return f"{format_date(first, language)} {_DASH} {end}"


def format_moment(instant: datetime, language: str, *, seconds: bool = False) -> str:
    """ "13. april 2026 kl. 23.59" in Oslo; raises ValueError for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError("give the time with its zone: without one nobody knows when it was")
    local = instant.astimezone(OSLO)
    clock = local.strftime("%H.%M.%S" if seconds else "%H.%M")
    return f"{format_date(local.date(), language)} kl. {clock}"


def format_hours(start: datetime, end: datetime, language: str) -> str:
    """ "2. november 2026 kl. 09.00" dash "10.30" in Oslo; a later day has its own date."""
    first, last = start.astimezone(OSLO), end.astimezone(OSLO)
    told = format_moment(start, language)
    if first.date() == last.date():
        return f"{told}{_DASH}{last.strftime('%H.%M')}"
    return f"{told} {_DASH} {format_moment(end, language)}"


def _day_and_month(day: date, language: str) -> str:
    return f"{day.day}. {_MONTHS[language][day.month - 1]}"


def alphabetical(text: str) -> tuple[str, str]:
    """A sort key in Norwegian order: æ, ø, å last, other marked letters with their base letter.

    "aa" stays two letters; ä and ö go with æ and ø.
    """
    composed = unicodedata.normalize("NFC", text)
    last_letters_moved = composed.casefold().translate(_AFTER_Z)
    parts = unicodedata.normalize("NFD", last_letters_moved)
    return "".join(each for each in parts if not unicodedata.combining(each)), composed
