"""All that get an answer: what is proposed, by whom, who has confirmed it; and the waiting list."""

from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.confirm_decisions import Confirmed, confirm_decisions
from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.order_waiting_list import close_up, move
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.decisions import (
    GIVEN_UP,
    DecisionState,
    Outcome,
)
from kulturkontor.waiting_order import closed_up, is_movable, neighbour, waiting
from kulturkontor.web.decision_lines import Line, Waiting, read_lines
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_bars import bar_of, open_rows
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_visit import Handler, Visit


class SeenIn(BaseModel):
    """By application: the digest of the decision as it was shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seen: dict[str, str]


class MoveIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    up: bool
    seen: str


def _wanted(visit: Visit, lines: Sequence[Line]) -> list[Line]:
    state, outcome, said = visit.query("state"), visit.query("outcome"), visit.query("q")
    return [
        line
        for line in lines
        if state in ("", line.state)
        and outcome in ("", line.decision.outcome if line.decision else "none")
        and said.casefold() in f"{line.municipality.official_name} {line.row.reference}".casefold()
    ]


def _answered(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.row.gets_answer]


def _open(visit: Visit, lines: Sequence[Line]) -> list[Line]:
    """Those that no conflict of interest closes to the visitor."""
    return [line for line in lines if bar_of(visit, line.row.id, line.row.kommunenummer) is None]


def show_decisions(visit: Visit) -> Answer:
    rows = read_rows(visit.programme, visit.records)
    every = read_lines(visit, rows)
    lines = _answered(every)
    open_lines = _open(visit, lines)
    shown = _wanted(visit, open_lines)
    holding = sum(row.holds_place for row in rows)
    email = visit.by
    return page(
        visit,
        "decisions",
        lines=shown,
        of_all=len(open_lines),
        count_of_closed=len(lines) - len(open_lines),
        to_confirm=[line for line in shown if line.may_confirm(email)],
        own=sum(line.is_proposed_by(email) for line in lines),
        email=email,
        by_state={each: sum(line.state is each for line in lines) for each in DecisionState},
        by_outcome={each: sum(line.row.outcome == each for line in lines) for each in Outcome}
        | {Outcome.ADMITTED: holding},
        holding=holding,
        given_up=sum(row.place in GIVEN_UP and row.outcome == Outcome.ADMITTED for row in rows),
        withdrawing=len(every) - len(lines),
        waiting=_waiting(rows, _open(visit, every)),
        has_gaps=bool(closed_up(rows)),
        confirmed=_number(visit, "confirmed"),
        changed=_number(visit, "changed"),
    )


def _number(visit: Visit, name: str) -> int | None:
    said = visit.query(name)
    return int(said) if said.isdecimal() and len(said) < 5 else None


def _waiting(rows: Sequence[ApplicationRow], lines: Sequence[Line]) -> list[Waiting]:
    by_id = {line.row.id: line for line in lines}
    return [
        Waiting(
            by_id[row.id],
            up=is_movable(row) and neighbour(rows, row.id, up=True) is not None,
            down=is_movable(row) and neighbour(rows, row.id, up=False) is not None,
        )
        for row in waiting(rows)
        if row.id in by_id
    ]


def show_decisions_json(visit: Visit) -> Answer:
    lines = _answered(read_lines(visit, read_rows(visit.programme, visit.records)))
    open_lines = _open(visit, lines)
    return as_json(
        [
            {
                "id": line.row.id,
                "reference": line.row.reference,
                "municipality": line.municipality.official_name,
                "state": line.state,
                "digest": line.digest,
                "decision": line.decision,
            }
            for line in _wanted(visit, open_lines)
        ],
        closed=len(lines) - len(open_lines),
    )


def confirm(visit: Visit) -> Answer:
    """From the page: `which` is `chosen`, `all` of those that were shown, or one application."""
    if visit.is_api:
        return as_json(_confirm(visit, visit.sent(SeenIn).seen))
    which = visit.form.get("which", "chosen")
    seen = _fields(visit, "seen.")
    wanted = {
        "all": seen,
        "chosen": {each: seen.get(each, "") for each in _fields(visit, "chosen.")},
    }.get(which, {which: seen.get(which, "")})
    if not wanted:
        raise OfficeError(422, "none_chosen")
    done = _confirm(visit, wanted)
    return redirect(f"/decisions?confirmed={done.confirmed}&changed={done.changed}")


def _fields(visit: Visit, start: str) -> dict[str, str]:
    return {
        name.removeprefix(start): value
        for name, value in visit.form.items()
        if name.startswith(start)
    }


def _confirm(visit: Visit, seen: dict[str, str]) -> Confirmed:
    named = [row for row in read_rows(visit.programme, visit.records) if row.id in seen]
    if open_rows(visit, named) != named:
        raise OfficeError(403, "conflict_of_interest")
    return confirm_decisions(
        seen, by=visit.by, at=visit.now, programme=visit.programme, records=visit.records
    )


def close_list_up(visit: Visit) -> Answer:
    changed = close_up(by=visit.by, at=visit.now, programme=visit.programme, records=visit.records)
    return as_json({"changed": changed}) if visit.is_api else redirect("/decisions#waiting")


def move_waiting(visit: Visit) -> Answer:
    body = visit.sent(MoveIn)
    moved = move(
        visit.params["application_id"],
        up=body.up,
        seen=body.seen,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return as_json(moved) if visit.is_api else redirect("/decisions#waiting")


ROUTES: Final[dict[str, Handler]] = {
    "GET /decisions": show_decisions,
    "POST /decisions/confirm": confirm,
    "POST /decisions/close-up": close_list_up,
    "POST /decisions/<application_id>/move": move_waiting,
    "GET /api/decisions": show_decisions_json,
    "POST /api/decisions/confirm": confirm,
    "POST /api/decisions/close-up": close_list_up,
    "POST /api/decisions/<application_id>/move": move_waiting,
}
