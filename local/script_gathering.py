"""The first gathering in practice: for some weeks the council books the hotel, then not after all;
a message to those who come, the papers for the door, and who came.
"""

import io
from datetime import date, datetime, time, timedelta
from functools import partial

from openpyxl import load_workbook

from kulturkontor.programme import OSLO, Gathering
from local.cast_groups import Group
from local.cast_parts import ClaimPart
from local.cast_people import words
from local.own_case import OwnCase
from local.run import Run, check
from local.timeline import Step, morning

_DAY = timedelta(days=1)
_ANSWERING = 4
"""So many municipalities say who comes while the council books the hotel."""
_MESSAGE = "velkommen01"


def plan_practice(run: Run, gathering: Gathering) -> list[Step]:
    """Nothing but at the first gathering."""
    if gathering is not run.programme.gatherings[0]:
        return []
    first = gathering.first_day
    told = first - run.programme.overnight.hotel_days_before * _DAY
    return [
        Step(_at(told - 6 * _DAY, 10), partial(_let_book, run, "central")),
        Step(_at(told - 5 * _DAY, 10), partial(_say_who_comes, run, gathering)),
        morning(told + _DAY),
        Step(_at(told + _DAY, 10), partial(_fetch_hotel_list, run, gathering)),
        Step(_at(told + 2 * _DAY, 10), partial(_let_book, run, run.programme.overnight.mode)),
        Step(_at(first - 7 * _DAY, 10), partial(_write_to_all, run, gathering)),
        Step(_at(first - 7 * _DAY, 12), partial(_see_all_told, run)),
        Step(_at(first - _DAY, 12), partial(_fetch_papers, run, gathering)),
        Step(_at(first, 10), partial(_check_in, run, gathering)),
    ]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), OSLO)


def _let_book(run: Run, mode: str) -> None:
    """Who books the hotel, changed on the page of settings: in force from the next click."""
    overnight = run.programme.overnight
    fields = {
        "overnight.mode": mode,
        "overnight.max_persons": str(overnight.max_persons),
        "overnight.max_ore_per_night": "",
        "overnight.hotel_days_before": str(overnight.hotel_days_before),
        "reason": words()["gathering"][f"books_{mode}"],
    }
    run.staff.at_work()
    run.staff.fill_in("/settings/overnight", fields, to="/settings/overnight/change")
    run.played["settings_changed"] += 1


def _say_who_comes(run: Run, gathering: Gathering) -> None:
    run.together(partial(_answer, run, group, gathering) for group in run.groups[:_ANSWERING])


def _answer(run: Run, group: Group, gathering: Gathering) -> None:
    most = run.programme.overnight.max_persons
    fields = {f"presence.{each}": "comes" for each in group.ids}
    fields |= {f"bed.{each}": "on" for each in group.ids[:most]}
    case = OwnCase(run.portal.url, run.id_of(group.key), run.token_of(group.key))
    page = case.post(f"/samlinger/{gathering.id}", fields)
    check("gjort=lagret" in page.url, f"saying who comes led to {page.url}")


def _fetch_hotel_list(run: Run, gathering: Gathering) -> None:
    """Frozen by the morning's round, and the hotel's workbook has the same people."""
    run.staff.at_work()
    frozen = run.staff.get(f"/api/gatherings/{gathering.id}").json()["frozen"]
    check(frozen is not None, "the hotel's list was not frozen on its day")
    names = {each["name"] for each in frozen["beds"]}
    most = run.programme.overnight.max_persons
    wanted = {
        each["name"] for group in run.groups[:_ANSWERING] for each in group.participants[:most]
    }
    check(names == wanted, f"the hotel has {sorted(names)} and not {sorted(wanted)}")
    sheet = run.staff.get(f"/gatherings/{gathering.id}/rooming-list").content
    told = {str(cell) for cell in _cells(sheet)}
    check(wanted <= told, f"the hotel's workbook lacks {sorted(wanted - told)}")
    _keep(run, f"{gathering.id}-hotel.xlsx", sheet)
    run.played["beds"] = len(frozen["beds"])


def _cells(workbook: bytes) -> list[object]:
    book = load_workbook(io.BytesIO(workbook), read_only=True)
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return [cell for row in rows for cell in row if cell]


def _write_to_all(run: Run, gathering: Gathering) -> None:
    """To everybody who comes, in their own written form; the same button twice sends once."""
    run.staff.at_work()
    said = words()["gathering"]["message"]
    message = {
        "key": _MESSAGE,
        "group": "participants",
        "gathering": gathering.id,
        **{f"{part}_{form}": said[form][part] for form in said for part in said[form]},
    }
    count = run.staff.post("/api/messages/preview", message).json()["count"]
    people = sum(len(group.participants) for group in run.groups)
    check(count == people, f"the message goes to {count} of {people}")
    for _ in range(2):
        run.staff.post("/api/messages", message | {"count": count})


def _see_all_told(run: Run) -> None:
    run.staff.at_work()
    counts = run.staff.get(f"/api/messages/{_MESSAGE}").json()["counts"]
    people = sum(len(group.participants) for group in run.groups)
    check(counts == {"delivered": people}, f"of the message to {people}: {counts}")
    run.played["messages"] += 1


def _fetch_papers(run: Run, gathering: Gathering) -> None:
    run.staff.at_work()
    for paper in ("sign-in-list", "badges"):
        pdf = run.staff.get(f"/gatherings/{gathering.id}/{paper}").content
        check(pdf.startswith(b"%PDF-"), f"{paper} is no PDF")
        _keep(run, f"{gathering.id}-{paper}.pdf", pdf)


def _keep(run: Run, name: str, content: bytes) -> None:
    folder = run.out / "gatherings"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)


def _check_in(run: Run, gathering: Gathering) -> None:
    """At two tables at once; nobody came from the municipality that never claims."""
    run.staff.at_work()
    run.second.at_work()
    absent = next(
        claim.key
        for claim in run.claims
        if (claim.gathering, claim.part) == (gathering.id, ClaimPart.NEVER_SENT)
    )
    path = f"/api/gatherings/{gathering.id}/door"
    here = [group for group in run.groups if group.key != absent]
    run.together(
        partial(
            (run.staff, run.second)[number % 2].post,
            path,
            {"application_id": run.id_of(group.key), "came": dict.fromkeys(group.ids, True)},
        )
        for number, group in enumerate(here)
    )
    missing = run.staff.post(f"{path}/rest").json()["missing"]
    wanted = sum(len(group.ids) for group in run.groups if group.key == absent)
    check(missing == wanted, f"{missing} did not come, instead of {wanted}")
    run.played["came"] = sum(len(group.ids) for group in here)
    run.played["missing"] = missing
