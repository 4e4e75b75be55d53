"""Finance looks things up: what is entitled, paid and owed, what the year must set aside, a payment
by its number, and every change of money for the auditor.
"""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Final

from kulturkontor.actions.read_finance import FinanceFile, read_audit, read_finance
from kulturkontor.balances import Balance, Place, add_up, owed, total
from kulturkontor.finance_search import search
from kulturkontor.municipalities import municipality
from kulturkontor.programme import OSLO
from kulturkontor.web.office_answers import Answer, as_json, file, page
from kulturkontor.web.office_bars import Parted, closed_names, part
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.year_end import YearEnd, close_year
from kulturkontor.year_exports import years_of

_BY: Final[Mapping[str, Callable[[Place], Place]]] = {
    "municipality": lambda place: Place(place.reference, "", ""),
    "gathering": lambda place: Place("", place.gathering, ""),
    "kind": lambda place: Place("", "", place.kind),
    "all": lambda place: place,
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_CSV: Final = "text/csv; charset=utf-8"


def show_finance(visit: Visit) -> Answer:
    """Where finance begins: whether the books tie, what is owed, and the way to the rest."""
    found = read_finance(visit.programme, visit.records)
    negative, closed = _open(visit, _negative(found))
    return page(
        visit,
        "finance",
        whole=total(found.balances),
        owed_ore=owed(found.debts),
        negative=negative,
        closed=closed,
        name_of=_namer(visit),
        years=_years(visit),
    )


def _negative(found: FinanceFile) -> list[Balance]:
    """The municipalities that have got more than they are entitled to."""
    by_municipality = add_up(found.balances, _BY["municipality"])
    return [each for each in by_municipality if each.outstanding_ore < 0]


def show_balances(visit: Visit) -> Answer:
    """The table to date, added up as the query's `by` says."""
    by = visit.query("by") or "municipality"
    if by not in _BY:
        raise OfficeError(404, "unknown")
    balances = read_finance(visit.programme, visit.records).balances
    shown, closed = _open(visit, add_up(balances, _BY[by]))
    return page(
        visit,
        "balances",
        balances=shown,
        closed=closed,
        whole=total(balances),
        by=by,
        ways=list(_BY),
        name_of=_namer(visit),
    )


def show_balances_json(visit: Visit) -> Answer:
    balances, closed = _open(visit, read_finance(visit.programme, visit.records).balances)
    return as_json([_as_told(each) for each in balances], closed=closed)


def _open(visit: Visit, balances: list[Balance]) -> Parted[Balance]:
    """What is added up over municipalities names none, and stands."""
    return part(visit, balances, lambda each: [each.place.reference])


def _as_told(balance: Balance) -> dict[str, object]:
    return {
        **balance.place._asdict(),
        "entitled_ore": balance.entitled_ore,
        "paid_ore": balance.paid_ore,
        "netted_ore": balance.netted_ore,
        "outside_ore": balance.outside_ore,
        "outstanding_ore": balance.outstanding_ore,
        "at_bank_ore": balance.at_bank_ore,
        "under_review_ore": balance.under_review_ore,
        "difference_ore": balance.difference_ore,
    }


def show_year_end(visit: Visit) -> Answer:
    found = read_finance(visit.programme, visit.records)
    closed = _close_year(visit, found)
    shut = closed_names(visit)
    unpaid, hidden = part(visit, closed.unpaid, lambda each: [each.row.reference])
    return page(
        visit,
        "year_end",
        closed=closed,
        unpaid=unpaid,
        hidden=hidden,
        is_closed=lambda each: each.reference in shut,
        count_closed=lambda missing: sum(each.reference in shut for each in missing),
        exports=[each for each in reversed(found.exports) if each.year == closed.year],
        has_accounts=closed.year in years_of(visit.programme, visit.now),
        years=_years(visit),
        gatherings=[each for each in visit.programme.gatherings if closed.unclaimed_at(each.id)],
        name_of=_namer(visit),
    )


def show_year_end_json(visit: Visit) -> Answer:
    closed = _close_year(visit, read_finance(visit.programme, visit.records))
    unpaid, hidden = part(visit, closed.unpaid, lambda each: [each.row.reference])
    unclaimed, silent = part(visit, closed.unclaimed, lambda each: [each.reference])
    return as_json(
        {
            "year": closed.year,
            "unpaid_ore": closed.unpaid_ore,
            "unclaimed_ore": closed.unclaimed_ore,
            "unpaid": [
                {
                    "claim_number": each.row.claim_number,
                    "state": each.row.state,
                    "expected_ore": each.expected_ore,
                    "held_ore": each.held_ore,
                }
                for each in unpaid
            ],
            "unclaimed": [each._asdict() for each in unclaimed],
        },
        closed=hidden + silent,
    )


def _close_year(visit: Visit, found: FinanceFile) -> YearEnd:
    wanted = visit.query("year") or str(visit.now.astimezone(OSLO).year)
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) == 4):
        raise OfficeError(404, "unknown")
    return close_year(int(wanted), found.applications, found.rows, found.batches, visit.programme)


def _years(visit: Visit) -> list[int]:
    return sorted({each.last_day.year for each in visit.programme.gatherings})


def _searched(visit: Visit) -> FinanceFile:
    """Without what is closed to the visitor: a search for it finds nothing."""
    found, shut = read_finance(visit.programme, visit.records), closed_names(visit)
    parted = (
        batch.model_copy(
            update={
                "payments": tuple(each for each in batch.payments if each.reference not in shut)
            }
        )
        for batch in found.batches
    )
    return found._replace(
        rows=[each for each in found.rows if each.reference not in shut],
        batches=list(parted),
        debts=[each for each in found.debts if each.reference not in shut],
        outside=[each for each in found.outside if each.reference not in shut],
    )


def show_search(visit: Visit) -> Answer:
    wanted = visit.query("q")
    found = _searched(visit) if wanted else None
    return page(
        visit,
        "finance_search",
        wanted=wanted,
        hits=search(wanted, found, name_of=_namer(visit)) if found else None,
        name_of=_namer(visit),
    )


def show_search_json(visit: Visit) -> Answer:
    found = _searched(visit)
    hits = search(visit.query("q"), found, name_of=_namer(visit))
    return as_json(
        {
            "claims": hits.rows,
            "payments": [{"batch": batch.id, **dict(each)} for batch, each in hits.payments],
            "debts": hits.debts,
            "outside": hits.outside,
        }
    )


def export_audit(visit: Visit) -> Answer:
    """Every change of money as a spreadsheet: when, who, what, to which claim, batch or account."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(["at", "by", "what", "part", "subject", "before", "after"])
    for row in read_audit(visit.programme, visit.records):
        what, _, part = row.what.partition("#")
        at = row.at.astimezone(OSLO).isoformat(timespec="seconds")
        cells = (at, row.by, what, part, row.subject, row.before, row.after)
        writer.writerow([f"'{each}" if each.startswith(_FORMULA) else each for each in cells])
    day = visit.now.astimezone(OSLO).date()
    name = f"audit-{visit.programme.id}-{day}.csv"
    return file(sheet.getvalue().encode("utf-8-sig"), name=name, media_type=_CSV)


def _namer(visit: Visit) -> Callable[[str], str]:
    """The municipality's name by its reference."""
    start = len(visit.programme.reference_prefix) + 1
    return lambda reference: municipality(reference[start : start + 4]).official_name


ROUTES: Final[dict[str, Handler]] = {
    "GET /finance": show_finance,
    "GET /finance/balances": show_balances,
    "GET /finance/year-end": show_year_end,
    "GET /finance/search": show_search,
    "GET /finance/audit": export_audit,
    "GET /api/finance/balances": show_balances_json,
    "GET /api/finance/year-end": show_year_end_json,
    "GET /api/finance/search": show_search_json,
}
