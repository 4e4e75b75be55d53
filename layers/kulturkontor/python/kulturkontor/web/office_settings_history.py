"""Every change of the settings with before and after, and taking one back."""

from typing import Final

from kulturkontor.actions.edit_settings import (
    EditError,
    Known,
    make_settings,
    plan_settings,
    read_change,
    read_history,
    read_known,
    read_standing,
    values_to_undo,
)
from kulturkontor.programme_settings import SettingsError
from kulturkontor.settings_fields import owner_of
from kulturkontor.settings_history import SettingsChange
from kulturkontor.web.office_answers import Answer, page, redirect
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_setting_form import MOST_REASON, seen_revision
from kulturkontor.web.office_setting_words import Touched, say_change, touched
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit


def show_history(visit: Visit) -> Answer:
    changes = [
        (each, [say_change(value, visit.language) for value in each.values])
        for each in read_history(visit.programme, visit.records)
    ]
    return page(visit, "settings_history", changes=changes)


def show_change(visit: Visit) -> Answer:
    made, known = _change(visit), read_known(visit.programme, visit.records)
    undo = _undo(visit, made, known)
    return page(
        visit,
        "setting_change",
        change=made,
        values=[say_change(value, visit.language) for value in made.values],
        undo=undo,
        is_part=len(undo) < len(made.values),
        seen=known.revision,
        reason=say(visit.language, "setting_change.undoes", number=made.number),
    )


def undo(visit: Visit) -> Answer:
    made, known = _change(visit), read_known(visit.programme, visit.records)
    if not _may_undo(visit, made):
        raise OfficeError(403, "no_role")
    reason = visit.form.get("reason", "").strip()
    if not 0 < len(reason) <= MOST_REASON:
        raise OfficeError(422, "invalid")
    make_settings(
        values_to_undo(made, known),
        by=visit.by,
        at=visit.now,
        reason=reason,
        seen=seen_revision(visit),
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
        undoes=made.number,
    )
    return redirect("/settings/history")


def _undo(visit: Visit, made: SettingsChange, known: Known) -> list[Touched]:
    """What taking it back would touch; nothing where it cannot be taken back."""
    if not _may_undo(visit, made):
        return []
    try:
        values = values_to_undo(made, known)
        planned = plan_settings(values, read_standing(known.programme, visit.records, at=visit.now))
    except (EditError, SettingsError):
        return []
    return touched(values, planned.effects, known.programme, planned.becomes, visit)


def _may_undo(visit: Visit, made: SettingsChange) -> bool:
    return all(visit.may(owner_of(each.path.partition(".")[0])) for each in made.values)


def _change(visit: Visit) -> SettingsChange:
    number = visit.params["number"]
    if not number.isdecimal() or len(number) > 6:
        raise OfficeError(404, "unknown")
    return read_change(int(number), visit.programme, visit.records)


ROUTES: Final[dict[str, Handler]] = {
    "GET /settings/history": show_history,
    "GET /settings/history/<number>": show_change,
    "POST /settings/history/<number>/undo": undo,
}
