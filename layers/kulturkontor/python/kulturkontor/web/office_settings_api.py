"""The settings as JSON: read, planned and changed by the same rules as on the pages."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.edit_settings import (
    Known,
    Plan,
    make_settings,
    plan_settings,
    read_history,
)
from kulturkontor.programme_settings import SettingFault, SettingsError, value_at
from kulturkontor.settings_fields import SECTIONS, find_field, owner_of
from kulturkontor.settings_json import read_values, values_of
from kulturkontor.settings_standing import Standing, find_lock
from kulturkontor.web.office_answers import Answer, as_json
from kulturkontor.web.office_faults import FieldFault, OfficeError
from kulturkontor.web.office_setting_form import MOST_REASON, stands_now
from kulturkontor.web.office_setting_words import say_fault, told_effects
from kulturkontor.web.office_visit import Handler, Visit


class PlanIn(BaseModel):
    """`values`: by path, in the form that GET gives them; what is left out stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    values: dict[str, Any]


class ChangeIn(PlanIn):
    """`seen`: the revision that GET gave."""

    reason: Annotated[str, Field(pattern=r"\S", max_length=MOST_REASON)]
    seen: Annotated[int, Field(ge=0)]


def show_settings(visit: Visit) -> Answer:
    known, standing = stands_now(visit)
    sections = {
        section: {
            "owner": owner_of(section),
            "values": values_of(fields, known.programme),
            "locked": {
                each.path: code for each in fields if (code := find_lock(each.path, standing))
            },
        }
        for section, fields in SECTIONS.items()
    }
    return as_json({"revision": known.revision, "sections": sections})


def plan(visit: Visit) -> Answer:
    """What the change would touch; nothing is written."""
    known, standing = stands_now(visit)
    _, planned = _plan(visit, visit.sent(PlanIn), known, standing)
    after = planned.becomes.model_dump(mode="json")
    return as_json(
        {
            "revision": known.revision,
            "after": {path: value_at(after, path) for path in planned.effects},
            "effects": {
                path: told_effects(effects, visit.language)
                for path, effects in planned.effects.items()
            },
        }
    )


def change(visit: Visit) -> Answer:
    body = visit.sent(ChangeIn)
    known, standing = stands_now(visit)
    values, _ = _plan(visit, body, known, standing)
    try:
        make_settings(
            values,
            by=visit.by,
            at=visit.now,
            reason=body.reason.strip(),
            seen=body.seen,
            programme=visit.programme,
            records=visit.records,
            mail_queue=visit.doors.mail_queue,
        )
    except SettingsError as fault:
        raise refused(visit, fault.faults) from fault
    return show_settings(visit)


def show_history(visit: Visit) -> Answer:
    return as_json(read_history(visit.programme, visit.records))


def refused(visit: Visit, faults: Sequence[SettingFault]) -> OfficeError:
    """Each fault by its field, in words."""
    errors = tuple(
        FieldFault(each.path or "programme", each.code, say_fault(each, visit.language))
        for each in faults
    )
    return OfficeError(422, SettingsError.code, errors=errors)


def _plan(
    visit: Visit, body: PlanIn, known: Known, standing: Standing
) -> tuple[dict[str, Any], Plan]:
    values, faults = read_values(body.values, known.programme)
    for path in (*values, *(each.path for each in faults)):
        field = find_field(path)
        if field and not visit.may(owner_of(field.section)):
            raise OfficeError(403, "no_role")
    if faults:
        raise refused(visit, faults)
    try:
        return values, plan_settings(values, standing)
    except SettingsError as fault:
        raise refused(visit, fault.faults) from fault


ROUTES: Final[dict[str, Handler]] = {
    "GET /api/settings": show_settings,
    "POST /api/settings": change,
    "POST /api/settings/plan": plan,
    "GET /api/settings/history": show_history,
}
