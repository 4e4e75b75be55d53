"""At the door of a gathering: who came, noted in boxes, by several people at several tables.

Saving writes only what differs from what the page showed: two who note at the same time do not undo
each other. Nobody is taken to be missing before staff say so of all the rest.
"""

from collections.abc import Mapping
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.check_in import check_in, check_out_the_rest
from kulturkontor.actions.taking_part import read_taking_part
from kulturkontor.applications import Application
from kulturkontor.check_ins import has_begun
from kulturkontor.days import alphabetical, format_days
from kulturkontor.municipalities import municipality
from kulturkontor.participation import attendance_at, check_ins_at, participants_at
from kulturkontor.programme import Gathering
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_gatherings import find_gathering
from kulturkontor.web.office_visit import Handler, Visit

_BOX: Final = "came."
_SHOWN: Final = "shown"


class CheckInsIn(BaseModel):
    """By participant's id; null takes a note back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    application_id: Annotated[str, Field(max_length=40)]
    came: dict[str, bool | None]


class Guest(NamedTuple):
    id: str
    name: str
    presence: str
    """What was said of them: a Presence, or `unsaid`."""
    came: bool | None


class Group(NamedTuple):
    application_id: str
    municipality: str
    guests: list[Guest]


def show_door(visit: Visit) -> Answer:
    gathering = find_gathering(visit)
    groups = [_group(each, gathering) for each in read_taking_part(visit.programme, visit.records)]
    noted = [one.came for each in groups for one in each.guests]
    return page(
        visit,
        "door",
        gathering=gathering,
        when=format_days(gathering.first_day, gathering.last_day, visit.language),
        groups=sorted(groups, key=lambda each: alphabetical(each.municipality)),
        came=noted.count(True),
        missing=noted.count(False),
        rest=noted.count(None),
        has_begun=has_begun(gathering, visit.now) and not gathering.is_cancelled,
        is_saved=bool(visit.query("saved")),
    )


def note(visit: Visit) -> Answer:
    gathering = find_gathering(visit)
    if visit.is_api:
        sent = visit.sent(CheckInsIn)
        changed = check_in(
            sent.application_id,
            gathering.id,
            sent.came,
            by=visit.by,
            at=visit.now,
            programme=visit.programme,
            records=visit.records,
        )
        return as_json(changed.check_ins)
    for application_id, came in _changes(visit.form).items():
        check_in(
            application_id,
            gathering.id,
            came,
            by=visit.by,
            at=visit.now,
            programme=visit.programme,
            records=visit.records,
        )
    return redirect(f"/gatherings/{gathering.id}/door?saved=1")


def note_the_rest(visit: Visit) -> Answer:
    gathering = find_gathering(visit)
    missing = check_out_the_rest(
        gathering.id,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    if visit.is_api:
        return as_json({"missing": missing})
    return redirect(f"/gatherings/{gathering.id}/door?saved=1")


def _group(application: Application, gathering: Gathering) -> Group:
    said = attendance_at(application, gathering.id)
    noted = check_ins_at(application, gathering.id)
    people = sorted(
        participants_at(application, gathering.id), key=lambda each: alphabetical(each.name)
    )
    return Group(
        application.id,
        municipality(application.kommunenummer).official_name,
        [
            Guest(
                each.id,
                each.name,
                str(said[each.id].presence) if each.id in said else "unsaid",
                noted.get(each.id),
            )
            for each in people
        ],
    )


def _changes(form: Mapping[str, str]) -> dict[str, dict[str, bool | None]]:
    """What differs from what the page showed, by application: a box that was ticked says that they
    came, one that was emptied takes that back.
    """
    ticked = {name.removeprefix(_BOX) for name in form if name.startswith(_BOX)}
    shown = set(form.get(_SHOWN, "").split())
    changes: dict[str, dict[str, bool | None]] = {}
    for each in sorted(ticked ^ shown):
        application_id, _, participant = each.partition(".")
        if not participant:
            raise OfficeError(422, "invalid")
        changes.setdefault(application_id, {})[participant] = True if each in ticked else None
    return changes


_DOOR: Final = "/gatherings/<gathering>/door"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_DOOR}": show_door,
    f"POST {_DOOR}": note,
    f"POST {_DOOR}/rest": note_the_rest,
    f"POST /api{_DOOR}": note,
    f"POST /api{_DOOR}/rest": note_the_rest,
}
