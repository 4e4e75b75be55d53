"""The form of a section of the settings: how it is shown, and what a change of it touches."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from kulturkontor.actions.edit_settings import Known, read_known, read_standing
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import SettingFault, value_at
from kulturkontor.settings_fields import SECTIONS, Field, owner_of
from kulturkontor.settings_standing import Standing, find_lock
from kulturkontor.settings_values import typed
from kulturkontor.web.office_answers import Answer, page
from kulturkontor.web.office_setting_words import (
    label,
    path_in_form,
    say_fault,
    say_value,
)
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Visit

MOST_REASON: Final = 500


class Shown(NamedTuple):
    """A field as the form shows it."""

    field: Field
    values: Mapping[str, str]
    """What stands in its inputs, by their names."""
    now: str
    lock: str
    fault: str
    differs: bool
    """Whether somebody else has put in something else than what stands in the form."""

    @property
    def id(self) -> str:
        return next(iter(self.values))


def show_form(
    visit: Visit,
    section: str,
    *,
    faults: Sequence[SettingFault] = (),
    is_conflict: bool = False,
    is_unchanged: bool = False,
) -> Answer:
    """The section's form: as things stand, or with what was typed and what is wrong with it."""
    known, standing = stands_now(visit)
    is_sent = bool(visit.form)
    by_path = {path_in_form(each.path): say_fault(each, visit.language) for each in faults}
    shown = [
        _shown(visit, field, known.programme, standing, by_path.get(field.path, ""), is_conflict)
        for field in SECTIONS[section]
    ]
    own = {each.field.path: each.id for each in shown}
    told = [
        (own.get(path, "reason" if path == "reason" else ""), label_of(path, visit), words)
        for path, words in by_path.items()
    ]
    return page(
        visit,
        "setting_form",
        status=422 if faults else 409 if is_conflict else 200,
        section=section,
        shown=shown,
        told=told,
        seen=known.revision if is_conflict or not is_sent else seen_revision(visit),
        reason=visit.form.get("reason", ""),
        reason_fault=by_path.get("reason", ""),
        is_conflict=is_conflict,
        is_unchanged=is_unchanged and not is_conflict,
        may_change=visit.may(owner_of(section)),
        owner=owner_of(section),
    )


def label_of(path: str, visit: Visit) -> str:
    """The name of the field that a fault is told of; nothing where several have it together."""
    if path == "reason":
        return say(visit.language, "setting_form.reason")
    return label(path, visit.language) if path else ""


def _shown(
    visit: Visit,
    field: Field,
    programme: Programme,
    standing: Standing,
    fault: str,
    is_conflict: bool,
) -> Shown:
    stands = typed(field, programme)
    lock = find_lock(field.path, standing)
    is_sent = bool(visit.form) and not lock
    values = {name: visit.form.get(name, "") if is_sent else stands[name] for name in stands}
    return Shown(
        field=field,
        values=values,
        now=say_value(field, value_at(programme, field.path), visit.language),
        lock=say(visit.language, f"setting_faults.{lock}") if lock else "",
        fault=fault,
        differs=is_conflict and values != stands,
    )


def stands_now(visit: Visit) -> tuple[Known, Standing]:
    known = read_known(visit.programme, visit.records)
    return known, read_standing(known.programme, visit.records, at=visit.now)


def seen_revision(visit: Visit) -> int:
    """The revision of the settings that the form was made from."""
    seen = visit.form.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0
