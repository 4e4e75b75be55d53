"""A change of the settings with all that exists of the programme, to count what it reaches."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import PlaceState
from kulturkontor.programme import OSLO, Programme
from kulturkontor.settings_standing import Standing


class Change(NamedTuple):
    standing: Standing
    becomes: Programme

    @property
    def before(self) -> Programme:
        return self.standing.programme

    @property
    def rows(self) -> Sequence[ApplicationRow]:
        return self.standing.rows

    @property
    def today(self) -> date:
        return self.standing.at.astimezone(OSLO).date()

    @property
    def live(self) -> list[ApplicationRow]:
        """The applications that were sent and not withdrawn."""
        return [row for row in self.rows if row.is_live and row.reference]

    @property
    def received(self) -> int:
        return len(self.live)

    @property
    def drafts(self) -> int:
        return sum(row.state is ApplicationState.DRAFT for row in self.rows)

    @property
    def to_tell(self) -> int:
        """How many have not been told an answer."""
        return sum(not any(mark.is_told for mark in row.letters) for row in self.live)

    def in_place(self, state: PlaceState) -> int:
        return sum(row.place == state for row in self.live)
