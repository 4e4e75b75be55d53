"""Staff and finance change the programme on a page: they see first what it touches, give a reason,
and can take it back.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from kulturkontor.actions.change_settings import change_settings
from kulturkontor.actions.ports import Queue
from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.assessments import Assessment
from kulturkontor.claims import ClaimRow
from kulturkontor.conflicts import assessment_partition
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import (
    ProgrammeSettings,
    SettingFault,
    SettingsError,
    nested,
    settings_key,
    with_changes,
    with_settings,
)
from kulturkontor.records import Record, Records
from kulturkontor.refusals import Refusal
from kulturkontor.release import Release
from kulturkontor.settings_effects import Effect, find_effects
from kulturkontor.settings_history import SettingsChange, change_key, undoing
from kulturkontor.settings_order import find_disorder
from kulturkontor.settings_standing import Standing, find_lock


class EditError(Refusal):
    """Nothing was changed: `nothing_changed`, `cannot_undo`, or `unknown`."""

    codes_begin = "settings_"


class Known(NamedTuple):
    """The programme as it stands in this moment, and the revision of the settings it has."""

    programme: Programme
    revision: int


class Plan(NamedTuple):
    becomes: Programme
    effects: dict[str, list[Effect]]
    """By the path of what changes."""


def read_known(programme: Programme, records: Records) -> Known:
    settings = records.read(ProgrammeSettings, settings_key(programme.id))
    return Known(with_settings(programme, settings), settings.revision if settings else 0)


def read_standing(programme: Programme, records: Records, *, at: datetime) -> Standing:
    kinds: dict[str, type[Record]] = {
        "APPLICATION": ApplicationRow,
        "CLAIM": ClaimRow,
        "BATCH": PaymentBatch,
        "RELEASE": Release,
    }
    found = records.list_partition(programme_partition(programme.id), kinds)
    return Standing(
        programme=programme,
        rows=[each for each in found if isinstance(each, ApplicationRow)],
        claim_rows=[each for each in found if isinstance(each, ClaimRow)],
        batches=[each for each in found if isinstance(each, PaymentBatch)],
        is_released=any(isinstance(each, Release) for each in found),
        has_scores=bool(records.list(Assessment, assessment_partition(programme.id), "SCORES#")),
        at=at,
    )


def plan_settings(values: Mapping[str, Any], standing: Standing) -> Plan:
    """What the values by their paths would make of the programme, and touch. Raises SettingsError
    for what must stay or does not fit, EditError where nothing would change.
    """
    if not values:
        raise EditError("nothing_changed")
    locked = [(path, find_lock(path, standing)) for path in values]
    if faults := tuple(SettingFault(path, code) for path, code in locked if code):
        raise SettingsError("these must stay as they are", faults)
    becomes = with_changes(standing.programme, nested(values))
    if faults := find_disorder(values, becomes, standing.at):
        raise SettingsError("these do not hold together", faults)
    return Plan(becomes, find_effects(list(values), standing, becomes))


def make_settings(
    values: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    reason: str,
    seen: int,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
    undoes: int | None = None,
) -> Programme:
    """The programme as it becomes. Raises as `plan_settings`, and Conflict when somebody changed
    the settings after the revision that was `seen`.
    """
    known = read_known(programme, records)
    plan_settings(values, read_standing(known.programme, records, at=at))
    return change_settings(
        nested(values),
        by=by,
        at=at,
        reason=reason,
        programme=programme,
        records=records,
        mail_queue=mail_queue,
        seen=seen,
        undoes=undoes,
    )


def read_history(programme: Programme, records: Records) -> list[SettingsChange]:
    """All changes, the newest first."""
    found = records.list(SettingsChange, change_key(programme.id, 0).partition, "")
    return sorted(found, key=lambda each: each.number, reverse=True)


def read_change(number: int, programme: Programme, records: Records) -> SettingsChange:
    """Raises EditError for one that is not there."""
    found = records.read(SettingsChange, change_key(programme.id, number))
    if found is None:
        raise EditError("unknown")
    return found


def values_to_undo(change: SettingsChange, known: Known) -> dict[str, Any]:
    """What would take the change back, by path; a value changed again since stays as it is. Raises
    EditError when nothing is left of it, or when a page of its own made it.
    """
    values = undoing(change, known.programme)
    if change.about or not values:
        raise EditError("cannot_undo")
    return values
