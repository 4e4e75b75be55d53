"""The programme's settings: seen by all who work with it, changed by staff or finance, who see
first what a change touches.
"""

from typing import Any, Final

from kulturkontor.actions.edit_settings import (
    EditError,
    make_settings,
    plan_settings,
    read_history,
    read_known,
)
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import SettingFault, SettingsError, value_at
from kulturkontor.records import Conflict
from kulturkontor.settings_fields import SECTIONS, owner_of
from kulturkontor.settings_standing import Standing, find_lock
from kulturkontor.settings_values import read_fields
from kulturkontor.web.office_answers import Answer, page, redirect
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_setting_form import MOST_REASON, seen_revision, show_form, stands_now
from kulturkontor.web.office_setting_words import label, say_change, say_value, touched
from kulturkontor.web.office_visit import Handler, Visit

LAST: Final = 5
"""How many changes the first page shows."""


def show_settings(visit: Visit) -> Answer:
    known = read_known(visit.programme, visit.records)
    sections = {
        section: [
            (
                label(field.path, visit.language),
                say_value(field, value_at(known.programme, field.path), visit.language),
            )
            for field in fields
        ]
        for section, fields in SECTIONS.items()
    }
    last = [
        (each, [say_change(value, visit.language) for value in each.values])
        for each in read_history(visit.programme, visit.records)[:LAST]
    ]
    return page(visit, "settings", sections=sections, last=last, may_change=_may_change(visit))


def show_section(visit: Visit) -> Answer:
    return show_form(visit, _section(visit))


def plan(visit: Visit) -> Answer:
    """What the change would touch; nothing is written yet."""
    section = _section(visit)
    _require_owner(visit, section)
    known, standing = stands_now(visit)
    values, faults = _values(visit, section, known.programme, standing)
    if faults or not values:
        return show_form(visit, section, faults=faults, is_unchanged=not faults)
    try:
        planned = plan_settings(values, standing)
    except SettingsError as fault:
        return show_form(visit, section, faults=fault.faults)
    return page(
        visit,
        "setting_plan",
        section=section,
        touched=touched(values, planned.effects, known.programme, planned.becomes, visit),
        reason=visit.form["reason"].strip(),
        fields={name: value for name, value in visit.form.items() if name != "csrf"},
    )


def change(visit: Visit) -> Answer:
    section = _section(visit)
    _require_owner(visit, section)
    known, standing = stands_now(visit)
    values, faults = _values(visit, section, known.programme, standing)
    if faults:
        return show_form(visit, section, faults=faults)
    try:
        make_settings(
            values,
            by=visit.by,
            at=visit.now,
            reason=visit.form["reason"].strip(),
            seen=seen_revision(visit),
            programme=visit.programme,
            records=visit.records,
            mail_queue=visit.doors.mail_queue,
        )
    except SettingsError as fault:
        return show_form(visit, section, faults=fault.faults)
    except (Conflict, EditError) as fault:
        return show_form(
            visit, section, is_conflict=True, is_unchanged=isinstance(fault, EditError)
        )
    return redirect(f"/settings/{section}")


def _values(
    visit: Visit, section: str, programme: Programme, standing: Standing
) -> tuple[dict[str, Any], list[SettingFault]]:
    """What the form changes; a field that must stay as it is has no input and is left alone."""
    fields = [each for each in SECTIONS[section] if not find_lock(each.path, standing)]
    values, faults = read_fields(fields, visit.form, programme)
    reason = visit.form.get("reason", "").strip()
    if not 0 < len(reason) <= MOST_REASON:
        faults.append(SettingFault("reason", "reason"))
    return values, faults


def _section(visit: Visit) -> str:
    section = visit.params["section"]
    if section not in SECTIONS:
        raise OfficeError(404, "unknown")
    return section


def _require_owner(visit: Visit, section: str) -> None:
    if not visit.may(owner_of(section)):
        raise OfficeError(403, "no_role")


def _may_change(visit: Visit) -> frozenset[str]:
    return frozenset(section for section in SECTIONS if visit.may(owner_of(section)))


ROUTES: Final[dict[str, Handler]] = {
    "GET /settings": show_settings,
    "GET /settings/<section>": show_section,
    "POST /settings/<section>/plan": plan,
    "POST /settings/<section>/change": change,
}
