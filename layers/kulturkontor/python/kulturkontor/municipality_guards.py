"""One live application for each municipality, and the reference that it gets."""

from kulturkontor.programme import Programme
from kulturkontor.records import Key, Record


class MunicipalityGuard(Record):
    """One per municipality and programme: makes «one live application» a conditional write."""

    programme: str
    kommunenummer: str
    applications: tuple[str, ...]
    """Ids in the order they were sent; the first is the one that counts until staff or the deadline
    say otherwise.
    """

    @property
    def key(self) -> Key:
        return guard_key(self.programme, self.kommunenummer)


def guard_key(programme_id: str, kommunenummer: str) -> Key:
    return Key(f"MUNICIPALITY#{programme_id}#{kommunenummer}", "GUARD")


def reference_of(programme: Programme, kommunenummer: str, place_in_line: int) -> str:
    """`KFK2-2026-4601`; the second application of a municipality gets `-B`, the third `-C`."""
    suffix = "" if place_in_line == 0 else f"-{chr(ord('A') + place_in_line)}"
    return f"{programme.reference_prefix}-{kommunenummer}{suffix}"
