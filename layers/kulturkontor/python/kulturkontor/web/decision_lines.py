"""Everybody who gets an answer, as the page of decisions lists them."""

from collections.abc import Sequence
from typing import NamedTuple

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import Application, application_key
from kulturkontor.days import alphabetical
from kulturkontor.decisions import Decision, DecisionState, decision_digest, state_of
from kulturkontor.municipalities import Municipality, municipality
from kulturkontor.web.office_visit import Visit
from kulturkontor.written_forms import has_other_form


class Line(NamedTuple):
    """An application and where its decision stands."""

    row: ApplicationRow
    application: Application
    municipality: Municipality

    @property
    def decision(self) -> Decision | None:
        return self.application.decision

    @property
    def state(self) -> DecisionState:
        return state_of(self.decision)

    @property
    def is_mixed(self) -> bool:
        """The reason seems to be in another written form than the letter that is to come."""
        decision = self.decision
        return decision is not None and not decision.is_told and has_other_form(decision)

    @property
    def digest(self) -> str:
        return decision_digest(self.decision)

    def is_proposed_by(self, email: str) -> bool:
        decision = self.decision
        return (
            self.state is DecisionState.PROPOSED and decision is not None and decision.is_by(email)
        )

    def may_confirm(self, email: str) -> bool:
        """It waits for a second person, and this is one."""
        return self.state is DecisionState.PROPOSED and not self.is_proposed_by(email)


class Waiting(NamedTuple):
    """Somebody on the waiting list, and which way they can be moved."""

    line: Line
    up: bool
    down: bool


def read_lines(visit: Visit, rows: Sequence[ApplicationRow]) -> list[Line]:
    """Everybody who gets an answer, and who has asked not to, in alphabetical order."""
    wanted = {row.id: row for row in rows if row.reference and row.is_live}
    if not wanted:
        return []
    found = visit.records.read_many(Application, [application_key(each) for each in wanted])
    lines = [
        Line(wanted[each.id], each, municipality(each.kommunenummer))
        for each in found
        if each.id in wanted
    ]
    return sorted(
        lines,
        key=lambda each: (
            alphabetical(each.municipality.official_name),
            each.application.reference or "",
        ),
    )
