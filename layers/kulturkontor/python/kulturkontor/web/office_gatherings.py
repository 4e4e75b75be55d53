"""The gatherings in practice: who comes, who has not said, the hotel's list and the papers for the
door.
"""

from typing import Final, NamedTuple

from kulturkontor.actions.freeze_beds import freeze_now, read_frozen
from kulturkontor.actions.invite_newcomers import newcomers
from kulturkontor.actions.taking_part import read_taking_part
from kulturkontor.attendance import has_beds, last_bed_day
from kulturkontor.check_ins import has_begun
from kulturkontor.days import format_days, format_hours
from kulturkontor.programme import Gathering
from kulturkontor.rooming import RoomingList, booked_beds, compare, count_beds, is_due
from kulturkontor.turnout import Turnout, total, turnouts
from kulturkontor.web.office_answers import Answer, as_json, file, page, redirect
from kulturkontor.web.office_attendance import asked, coming
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_files import XLSX
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.word_lists import word_list

PDF: Final = "application/pdf"


class Line(NamedTuple):
    gathering: Gathering
    when: str
    figures: Turnout
    silent: int
    """How many municipalities have not answered for everybody."""


def show_gatherings(visit: Visit) -> Answer:
    taking_part = read_taking_part(visit.programme, visit.records)
    lines = []
    for each in visit.programme.gatherings:
        found = turnouts(taking_part, each)
        silent = sum(not one.has_answered for one in found)
        lines.append(Line(each, _when(visit, each), total(found), silent))
    event = visit.programme.pre_gathering
    return page(
        visit,
        "gatherings",
        lines=lines,
        municipalities=len(taking_part),
        with_beds=has_beds(visit.programme),
        pre_gathering=event,
        pre_gathering_when=format_hours(event.starts_at, event.ends_at, visit.language)
        if event
        else "",
        newcomers=len(newcomers(event, programme=visit.programme, records=visit.records))
        if event and event.ends_at > visit.now
        else 0,
    )


def show_gathering(visit: Visit) -> Answer:
    gathering = find_gathering(visit)
    programme, records = visit.programme, visit.records
    taking_part = read_taking_part(programme, records)
    found = turnouts(taking_part, gathering)
    beds = booked_beds(taking_part, gathering)
    frozen = _frozen(visit, gathering)
    waiting = [each for each in asked(visit, taking_part) if each.gathering == gathering]
    return page(
        visit,
        "gathering",
        gathering=gathering,
        when=_when(visit, gathering),
        found=found,
        whole=total(found),
        silent=[each for each in found if not each.has_answered],
        coming=coming(visit, gathering),
        asked=waiting,
        with_beds=has_beds(programme),
        beds=beds,
        counts=count_beds(beds),
        frozen=frozen,
        differences=compare(frozen.beds, beds) if frozen else None,
        last_bed_day=last_bed_day(programme, gathering),
        may_freeze=is_due(programme, gathering, visit.now),
        has_begun=has_begun(gathering, visit.now),
    )


def show_gathering_json(visit: Visit) -> Answer:
    gathering = find_gathering(visit)
    taking_part = read_taking_part(visit.programme, visit.records)
    found = turnouts(taking_part, gathering)
    return as_json(
        {
            "gathering": gathering,
            "municipalities": [{**each._asdict(), "unsaid": each.unsaid} for each in found],
            "beds": booked_beds(taking_part, gathering),
            "frozen": _frozen(visit, gathering),
        }
    )


def freeze(visit: Visit) -> Answer:
    gathering = find_gathering(visit)
    frozen = freeze_now(
        gathering.id,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return as_json(frozen) if visit.is_api else redirect(f"/gatherings/{gathering.id}#rooming")


def serve_rooming_list(visit: Visit) -> Answer:
    # The spreadsheet library is 40 modules: only who asks for the sheet waits for it.
    from kulturkontor.rooming_sheet import write_rooming_sheet

    gathering = find_gathering(visit)
    if not has_beds(visit.programme):
        raise OfficeError(404, "unknown")
    data = write_rooming_sheet(
        booked_beds(read_taking_part(visit.programme, visit.records), gathering),
        _frozen(visit, gathering),
        gathering,
        visit.programme,
        visit.language,
        at=visit.now,
    )
    return file(data, name=_name(visit, "rooming", "xlsx"), media_type=XLSX)


def serve_sign_in_list(visit: Visit) -> Answer:
    # Typesetting is slow to load: only who asks for the PDF waits for it.
    from kulturkontor.gathering_papers import guests, print_sign_in

    gathering = find_gathering(visit)
    coming_ones = guests(read_taking_part(visit.programme, visit.records), gathering)
    data = print_sign_in(coming_ones, gathering, visit.programme, visit.language, at=visit.now)
    return file(data, name=_name(visit, "sign_in", "pdf"), media_type=PDF)


def serve_badges(visit: Visit) -> Answer:
    from kulturkontor.gathering_papers import guests, print_badges

    gathering = find_gathering(visit)
    coming_ones = guests(read_taking_part(visit.programme, visit.records), gathering)
    data = print_badges(coming_ones, gathering, visit.programme, visit.language, at=visit.now)
    return file(data, name=_name(visit, "badges", "pdf"), media_type=PDF)


def find_gathering(visit: Visit) -> Gathering:
    found = visit.programme.gathering(visit.params["gathering"])
    if found is None:
        raise OfficeError(404, "unknown")
    return found


def _frozen(visit: Visit, gathering: Gathering) -> RoomingList | None:
    if not has_beds(visit.programme):
        return None
    return read_frozen(gathering, visit.programme, visit.records)


def _when(visit: Visit, gathering: Gathering) -> str:
    return format_days(gathering.first_day, gathering.last_day, visit.language)


def _name(visit: Visit, what: str, ending: str) -> str:
    called = word_list(visit.language, "gathering_papers")["files"][what]
    return f"{visit.programme.id}-{visit.params['gathering']}-{called}.{ending}"


_ONE: Final = "/gatherings/<gathering>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /gatherings": show_gatherings,
    f"GET {_ONE}": show_gathering,
    f"GET /api{_ONE}": show_gathering_json,
    f"POST {_ONE}/freeze": freeze,
    f"POST /api{_ONE}/freeze": freeze,
    f"GET {_ONE}/rooming-list": serve_rooming_list,
    f"GET {_ONE}/sign-in-list": serve_sign_in_list,
    f"GET {_ONE}/badges": serve_badges,
}
