"""What the office says no to. Each refusal knows the words that tell it, so that whoever answers a
person need not know them all.
"""

from typing import ClassVar, Final, NamedTuple

_ABSENT: Final = frozenset({"unknown", "unknown_claim", "unknown_gathering", "no_place"})


class Told(NamedTuple):
    """`status` as HTTP has them; `code` is the key of the words in `[problems]` of the texts."""

    status: int
    code: str


class Refusal(Exception):
    """Something that cannot be done as it was asked for; nothing has changed.

    A refusal of several kinds has the code of why as `args[0]`; `codes_begin` is what such a code
    has before it among the texts.
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = ""
    """Of a refusal of one kind only."""
    codes_begin: ClassVar[str] = ""

    @property
    def told(self) -> Told:
        why = str(self.args[0]) if self.args else ""
        if why in _ABSENT:
            return Told(404, "unknown")
        return Told(self.status, self.code or f"{self.codes_begin}{why}")
