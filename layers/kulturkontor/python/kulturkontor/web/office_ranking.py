"""How the applications stand by the medians, with the balance beside it, for the people who decide.

What the visitor is not to see yet (own score first) has no figure, and moves nobody else's rank;
what a conflict closes has no row. The balance counts all: it is shares of the whole programme.
"""

from typing import Final, NamedTuple

from kulturkontor.actions.read_assessments import Round, read_round
from kulturkontor.application_list import SizeBand, size_band
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.assessments import shows_others
from kulturkontor.days import alphabetical
from kulturkontor.decisions import Outcome
from kulturkontor.municipalities import Municipality, municipality
from kulturkontor.office_users import person_id
from kulturkontor.ranking import Share, Standing, balance, rank
from kulturkontor.sessions import Role
from kulturkontor.web.office_answers import Answer, as_json, file, page
from kulturkontor.web.office_bars import Parted, closed_words, is_mine, part
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMS: Final = ("bokmål", "nynorsk", "nøytral")


class Ranked(NamedTuple):
    standing: Standing
    row: ApplicationRow
    place: Municipality
    assigned: int
    hidden: str
    """Why the visitor does not see its figure; empty where they do."""


class Balance(NamedTuple):
    """`kind`: `county`, `size` or `form`."""

    kind: str
    shares: list[Share]
    applied: int
    admitted: int


def show_ranking(visit: Visit) -> Answer:
    found = read_round(visit.programme, visit.records)
    ranked, closed = _ranked(visit, found)
    return page(
        visit,
        "ranking",
        ranked=ranked,
        closed=closed,
        balances=_balances(found.rows),
        criteria=visit.programme.decision.criteria,
        places=visit.programme.decision.places,
        highest=visit.programme.assessment.highest * len(visit.programme.decision.criteria),
        wanted=visit.programme.assessment.reviewers_per_application,
    )


def show_ranking_json(visit: Visit) -> Answer:
    found = read_round(visit.programme, visit.records)
    ranked, closed = _ranked(visit, found)
    return as_json(
        {
            "ranking": [
                {
                    **each.standing._asdict(),
                    "reference": each.row.reference,
                    "hidden": each.hidden,
                    "outcome": each.row.outcome,
                }
                for each in ranked
            ],
            "balance": [each._asdict() for each in _balances(found.rows)],
        },
        closed=closed,
    )


def export_ranking(visit: Visit) -> Answer:
    """The ranking as a file; `as`: `csv` or `xlsx`."""
    kind = visit.query("as")
    if kind not in ("csv", "xlsx"):
        raise OfficeError(404, "unknown")
    # Here, not above: only who carries the ranking out needs them.
    from kulturkontor.finance_csv import write_csv
    from kulturkontor.plain_sheet import write_sheet

    criteria = visit.programme.decision.criteria
    headings = {
        **{name: say(visit.language, f"ranking.{name}") for name in _BEFORE},
        **{each.id: each[visit.language] for each in criteria},
        "decision": say(visit.language, "ranking.decision"),
    }
    found = read_round(visit.programme, visit.records)
    ranked, closed = _ranked(visit, found)
    rows = [_as_cells(visit, each) for each in ranked]
    if closed:
        rows.append({"municipality": closed_words(visit, closed)})
    name = f"{visit.programme.id}-ranking-{visit.now:%Y-%m-%d}.{kind}"
    if kind == "csv":
        return file(write_csv(headings, rows), name=name, media_type="text/csv; charset=utf-8")
    title = say(visit.language, "ranking.title")
    return file(
        write_sheet(headings, rows, title=title, made_at=visit.now), name=name, media_type=_XLSX
    )


_BEFORE: Final = ("rank", "reference", "municipality", "county", "median", "given")


def _as_cells(visit: Visit, each: Ranked) -> dict[str, str]:
    standing = each.standing
    return {
        "rank": str(standing.rank or ""),
        "reference": each.row.reference or "",
        "municipality": each.place.official_name,
        "county": each.place.county,
        "median": _number(standing.median),
        "given": f"{len(standing.totals)}",
        **{name: _number(median) for name, median in standing.medians.items()},
        "decision": say(visit.language, f"outcomes.{each.row.outcome or 'none'}"),
    }


def _number(median: object) -> str:
    return "" if median is None else str(median).replace(".", ",")


def _ranked(visit: Visit, found: Round) -> Parted[Ranked]:
    """Without what a conflict closes; it moves nobody else's rank."""
    shown, closed = part(visit, found.rows, lambda row: [row.id])
    rows = {row.id: row for row in shown}
    hidden = {row.id: _hidden(visit, found, row) for row in shown}
    standings = rank(
        {each: [] if hidden[each] else found.counting(row) for each, row in rows.items()},
        visit.programme,
    )
    ranked = [
        Ranked(
            each,
            rows[each.application_id],
            municipality(rows[each.application_id].kommunenummer),
            len(found.readers(rows[each.application_id])),
            hidden[each.application_id],
        )
        for each in standings
    ]
    return Parted(ranked, closed)


def _hidden(visit: Visit, found: Round, row: ApplicationRow) -> str:
    me = found.reviewer(person_id(visit.by))
    may_see = shows_others(
        visit.programme,
        is_mine=is_mine(visit, row.id),
        is_done=me is not None and found.is_done(row, me),
        is_staff=visit.may(Role.STAFF, Role.ADMIN),
    )
    return "" if may_see else "own_first"


def _balances(rows: list[ApplicationRow]) -> list[Balance]:
    places = {row.id: municipality(row.kommunenummer) for row in rows}
    admitted = [row.id for row in rows if row.outcome == Outcome.ADMITTED]
    counties = sorted({each.county for each in places.values()}, key=alphabetical)
    kinds: dict[str, tuple[dict[str, str], list[str]]] = {
        "county": ({each: place.county for each, place in places.items()}, counties),
        "size": (
            {each: str(size_band(place.population)) for each, place in places.items()},
            [str(each) for each in SizeBand],
        ),
        "form": ({each: str(place.written_form) for each, place in places.items()}, list(_FORMS)),
    }
    return [
        Balance(
            kind,
            balance(of.values(), [of[each] for each in admitted], order),
            len(rows),
            len(admitted),
        )
        for kind, (of, order) in kinds.items()
    ]


ROUTES: Final[dict[str, Handler]] = {
    "GET /assessment/ranking": show_ranking,
    "GET /assessment/ranking/export": export_ranking,
    "GET /api/assessment/ranking": show_ranking_json,
}
