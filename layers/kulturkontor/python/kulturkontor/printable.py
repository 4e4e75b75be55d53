"""What the letters' fonts can print: `registers/printable.txt`, ranges of code points.

What stands in a letter's address is checked when it is sent in, so that the sender can mend it; a
character in staff's reason holds that letter instead. A test compares the file with the fonts.
"""

from functools import cache
from importlib.resources import files


def find_unprintable(text: str) -> str | None:
    """The first character that no letter can show, if there is one."""
    return next((each for each in text if not each.isspace() and not _is_printable(each)), None)


def _is_printable(character: str) -> bool:
    return any(ord(character) in each for each in printable_ranges())


@cache
def printable_ranges() -> tuple[range, ...]:
    lines = (files("kulturkontor") / "registers" / "printable.txt").read_text("ascii")
    pairs = (line.split("-") for line in lines.split())
    return tuple(range(int(first, 16), int(last, 16) + 1) for first, last in pairs)
