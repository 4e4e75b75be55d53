"""Staff change a date, a place, a limit or a rate of the programme: versioned, audited, in force at
once.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from kulturkontor.actions.ports import Queue, commit
from kulturkontor.audit import audit
from kulturkontor.mails import Mail
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import (
    ProgrammeSettings,
    SettingFault,
    SettingsError,
    merge,
    settings_key,
    with_changes,
    with_settings,
)
from kulturkontor.records import Change, Conflict, Put, Records, decide_again
from kulturkontor.settings_history import SettingsChange, find_changes

MOST_BYTES: Final = 300_000
"""Of all that staff have changed: an item of the table holds 400 kB."""


def change_settings(
    changes: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    reason: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
    mails: tuple[Mail, ...] = (),
    also: tuple[Change, ...] = (),
    about: str = "",
    seen: int | None = None,
    undoes: int | None = None,
) -> Programme:
    """The programme as it becomes; `changes` in the shape of its file, with only what differs;
    `about`: what of it they change, as `S1`; `seen`: the revision of the settings that they were
    made from, where a whole list is replaced; `undoes`: the change that they take back.

    `mails`, and what is to be written `also`, go with the change in one transaction. Raises
    SettingsError, or Conflict when somebody changed what was `seen`; nothing is kept then.
    """

    def attempt() -> Programme:
        known = records.read(ProgrammeSettings, settings_key(programme.id))
        if seen is not None and seen != (known.revision if known else 0):
            raise Conflict([tuple(settings_key(programme.id))])
        merged = merge(known.changes if known else {}, changes)
        stands = with_settings(programme, known)
        becomes = with_changes(stands, changes)
        if len(_said(merged).encode()) > MOST_BYTES:
            raise SettingsError("the settings are too long", (SettingFault("", "too_much"),))
        settings = ProgrammeSettings(
            revision=known.revision if known else 0,
            programme=programme.id,
            changes=merged,
            changed_by=by,
            changed_at=at,
            reason=reason,
        )
        what = f"settings#{about or settings.revision + 1}"
        note = audit(settings, what, by=by, at=at, before=reason, after=_said(changes))
        change = SettingsChange(
            programme=programme.id,
            number=settings.revision + 1,
            about=about,
            values=find_changes(stands, becomes),
            changed_by=by,
            changed_at=at,
            reason=reason,
            undoes=undoes,
        )
        kept = [Put(settings), Put(change), note, *also]
        commit(kept, mails, records=records, mail_queue=mail_queue)
        return becomes

    return decide_again(attempt)


def _said(changes: Mapping[str, Any]) -> str:
    return json.dumps(changes, ensure_ascii=False, sort_keys=True, default=str)
