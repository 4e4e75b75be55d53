"""The assessment's first page: a reviewer's own list, and how far everybody has come."""

from typing import Any, Final, NamedTuple

from kulturkontor.actions.read_assessments import Round, read_round
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.assessments import is_open
from kulturkontor.conflicts import Conflicts, Reviewer
from kulturkontor.municipalities import municipality
from kulturkontor.office_users import person_id
from kulturkontor.sessions import Role
from kulturkontor.web.office_answers import Answer, as_json, page
from kulturkontor.web.office_bars import bar_of
from kulturkontor.web.office_visit import Handler, Visit


class Mine(NamedTuple):
    """`state`: `open`, `draft`, `submitted`, or the bar that closes it."""

    row: ApplicationRow
    name: str
    state: str


class Named(NamedTuple):
    row: ApplicationRow
    name: str


class Progress(NamedTuple):
    reviewer: Reviewer
    assigned: int
    submitted: int
    begun: int
    closed: int
    """Assigned, and closed by a conflict since."""


def show_front(visit: Visit) -> Answer:
    found = read_round(visit.programme, visit.records)
    rules = visit.programme.assessment
    lacking = sum(
        max(0, rules.reviewers_per_application - len(found.readers(row))) for row in found.rows
    )
    return page(
        visit,
        "assessment",
        rules=rules,
        is_open=is_open(visit.programme, visit.now),
        closes=visit.programme.assessment_closes_at,
        mine=_mine(visit, found),
        may_run=visit.may(Role.STAFF, Role.ADMIN),
        progress=[progress_of(found, each) for each in found.reviewers],
        count=len(found.rows),
        complete=sum(_is_complete(found, row) for row in found.rows),
        lacking=lacking,
        to_declare=_to_declare(visit, found),
        declared=[each for each in found.reviewers if each.part.conflicts],
    )


def show_front_json(visit: Visit) -> Answer:
    found = read_round(visit.programme, visit.records)
    told: dict[str, Any] = {
        "mine": [
            {"id": each.row.id, "reference": each.row.reference, "state": each.state}
            for each in _mine(visit, found)
        ]
    }
    if visit.may(Role.STAFF, Role.ADMIN):
        told["progress"] = [
            {"person": each.id, "email": each.user.email, **_figures(progress_of(found, each))}
            for each in found.reviewers
        ]
    return as_json(told)


def progress_of(found: Round, reviewer: Reviewer) -> Progress:
    rows = found.assigned_to(reviewer)
    may_read = [row for row in rows if reviewer.conflict(row.id, row.kommunenummer) is None]
    submitted = sum(found.is_done(row, reviewer) for row in may_read)
    begun = sum((row.id, reviewer.id) in found.assessments for row in may_read)
    return Progress(
        reviewer, len(may_read), submitted, begun - submitted, len(rows) - len(may_read)
    )


def _figures(progress: Progress) -> dict[str, int]:
    return {name: value for name, value in progress._asdict().items() if name != "reviewer"}


def _is_complete(found: Round, row: ApplicationRow) -> bool:
    return len(found.counting(row)) >= found.programme.assessment.reviewers_per_application


def _mine(visit: Visit, found: Round) -> list[Mine]:
    me = found.reviewer(person_id(visit.by))
    if me is None:
        return []
    return [
        Mine(row, municipality(row.kommunenummer).official_name, _state(visit, found, row, me))
        for row in found.rows
        if row.id in me.part.assigned or row.id in me.part.conflicts
    ]


def _to_declare(visit: Visit, found: Round) -> list[Named]:
    """Whose applications the visitor may say that they have a conflict about: also those that are
    not theirs to read.
    """
    if not visit.may(Role.STAFF, Role.REVIEWER):
        return []
    conflicts = Conflicts(visit.own_municipality, visit.reviewing)
    return [
        Named(row, municipality(row.kommunenummer).official_name)
        for row in found.rows
        if not conflicts.close(row.id, row.kommunenummer)
    ]


def _state(visit: Visit, found: Round, row: ApplicationRow, me: Reviewer) -> str:
    if bar := bar_of(visit, row.id, row.kommunenummer):
        return bar
    if found.is_done(row, me):
        return "submitted"
    return "draft" if (row.id, me.id) in found.assessments else "open"


ROUTES: Final[dict[str, Handler]] = {
    "GET /assessment": show_front,
    "GET /api/assessment": show_front_json,
}
