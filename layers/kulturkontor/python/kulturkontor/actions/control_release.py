"""What staff do about the release: the board's number, its time, letting it begin all the same, and
stopping it.

Stopping is one conditional write that every hand-over to SES depends on: whatever is not handed
over when it is written stays.
"""

from collections.abc import Callable
from datetime import datetime

from kulturkontor.actions.change_settings import change_settings
from kulturkontor.actions.check_release import blockers_of, read_standing
from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.deliveries import count_bounces
from kulturkontor.actions.edit_settings import Plan, plan_settings
from kulturkontor.actions.edit_settings import read_standing as read_settings_standing
from kulturkontor.actions.handle_mails import history_of
from kulturkontor.actions.ports import Queue
from kulturkontor.actions.read_known import read_too_late
from kulturkontor.audit import audit
from kulturkontor.mail_states import stop
from kulturkontor.mails import MAIL, Mail, MailState, as_json, carries_letter, mails_partition
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Put, Records, Unchanged, decide_again
from kulturkontor.release import Release
from kulturkontor.release_control import (
    Halt,
    Minutes,
    Override,
    ReleaseControl,
    ReleaseStateError,
    control_key,
    digest_of,
    with_override,
)


def enter_minutes(
    admitted: int,
    *,
    reference: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> ReleaseControl:
    """How many the board admitted, by its minutes; may be corrected until the letters go. Raises
    ReleaseStateError.
    """

    def attempt() -> ReleaseControl:
        _require_not_begun(programme, records)
        known = _read(programme, records)
        minutes = Minutes(admitted=admitted, reference=reference, by=by, at=at)
        before = str(known.minutes.admitted) if known.minutes else ""
        changed = known.but(minutes=minutes)
        records.write(
            Put(changed),
            Unchanged(_not_begun(programme)),
            audit(known, "minutes", by=by, at=at, before=before, after=f"{admitted}, {reference}"),
        )
        return changed.model_copy(update={"revision": changed.revision + 1})

    return decide_again(attempt)


def plan_release(when: datetime, *, at: datetime, programme: Programme, records: Records) -> Plan:
    """What another time of release would touch, by the rules of the settings. Raises
    ReleaseStateError, SettingsError.
    """
    _require_not_begun(programme, records)
    if when <= at:
        raise ReleaseStateError("time_past")
    standing = read_settings_standing(programme, records, at=at)
    return plan_settings({"decision.released": _wall_clock(when)}, standing)


def _wall_clock(when: datetime) -> str:
    return when.astimezone(OSLO).replace(tzinfo=None).isoformat()


def schedule_release(
    when: datetime,
    *,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Programme:
    """The programme with another time of release. Raises as `plan_release`."""
    plan_release(when, at=at, programme=programme, records=records)
    return change_settings(
        {"decision": {"released": _wall_clock(when)}},
        by=by,
        at=at,
        reason=reason,
        programme=programme,
        records=records,
        mail_queue=mail_queue,
        also=(Unchanged(_not_begun(programme)),),
        about="released",
    )


def override(
    digest: str, *, reason: str, by: str, at: datetime, programme: Programme, records: Records
) -> ReleaseControl:
    """One of two persons lets the letters go in spite of what keeps them back; `digest` names what
    they were shown. Raises ReleaseStateError.
    """

    def attempt() -> ReleaseControl:
        _require_not_begun(programme, records)
        known = _read(programme, records)
        blockers = blockers_of(read_rows(programme, records), known, records)
        if any(each.code == "sheet_applying" for each in blockers):
            raise ReleaseStateError("sheet_applying")
        if not blockers or digest_of(blockers) != digest:
            raise ReleaseStateError("changed")
        changed = with_override(known, Override(by=by, at=at, reason=reason, digest=digest))
        what = ", ".join(each.code for each in blockers)
        note = audit(known, f"override#{by}", by=by, at=at, before=what, after=reason)
        records.write(Put(changed), note)
        return changed

    return decide_again(attempt)


def take_back_override(
    *, by: str, at: datetime, programme: Programme, records: Records
) -> ReleaseControl:
    """Nobody's word counts any more: two persons must say so anew."""

    def attempt() -> ReleaseControl:
        _require_not_begun(programme, records)
        known = _read(programme, records)
        changed = known.but(overrides=())
        people = ", ".join(each.by for each in known.overrides)
        note = audit(known, "override_taken_back", by=by, at=at, before=people)
        records.write(Put(changed), note)
        return changed

    return decide_again(attempt)


def stop_letters(
    *, reason: str, by: str, at: datetime, programme: Programme, records: Records
) -> ReleaseControl:
    """Nothing more is handed over, and no release begins, until somebody lets it go on. Raises
    ReleaseStateError when a person has stopped it already.
    """

    def change(known: ReleaseControl) -> ReleaseControl:
        if known.halt and known.halt.by:
            raise ReleaseStateError("stopped")
        earlier = known.halt or Halt(at=at)
        return known.but(halt=earlier.model_copy(update={"by": by, "at": at, "reason": reason}))

    return _change(change, "letters_stopped", reason, by, at, programme, records)


def resume_letters(
    *,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> ReleaseControl:
    """The letters go on, whoever or whatever stopped them, but for those that give too little time
    to answer: each of these is stopped by itself, until it is taken back. Raises ReleaseStateError
    when they are not stopped. What came back until now stops them no more.
    """

    def change(known: ReleaseControl) -> ReleaseControl:
        if known.halt is None:
            raise ReleaseStateError("not_stopped")
        _stop_too_late(by=by, at=at, programme=programme, records=records)
        mails = records.list(Mail, mails_partition(programme.id), "")
        return known.but(halt=None, pardoned=count_bounces(mails).bounced)

    resumed = _change(change, "letters_resumed", reason, by, at, programme, records)
    mail_queue.send([as_json(mail) for mail in _waiting(programme, records)])
    return resumed


def _waiting(programme: Programme, records: Records) -> list[Mail]:
    return [
        mail
        for mail in records.list_open(Mail, MAIL)
        if mail.programme == programme.id
        and carries_letter(mail.id)
        and mail.state is MailState.QUEUED
    ]


def _stop_too_late(*, by: str, at: datetime, programme: Programme, records: Records) -> None:
    """Before the others go on: as long as the letters stand still, none of them can go."""
    waiting = _waiting(programme, records)
    for each in read_too_late(waiting, now=at, programme=programme, records=records):
        own = [mail for mail in waiting if mail.id.startswith(f"{each.id}_")]
        note = audit(own[0], "mail_stopped", by=by, at=at, subject=history_of(own[0]))
        records.write(*(Put(stop(mail)) for mail in own), note)


def _change(
    change: Callable[[ReleaseControl], ReleaseControl],
    what: str,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> ReleaseControl:
    def attempt() -> ReleaseControl:
        known = _read(programme, records)
        changed = change(known)
        records.write(Put(changed), audit(known, what, by=by, at=at, after=reason))
        return changed

    return decide_again(attempt)


def _read(programme: Programme, records: Records) -> ReleaseControl:
    known = records.read(ReleaseControl, control_key(programme.id))
    return known or ReleaseControl(programme=programme.id)


def _require_not_begun(programme: Programme, records: Records) -> None:
    if read_standing(programme, records).release is not None:
        raise ReleaseStateError("begun")


def _not_begun(programme: Programme) -> Release:
    """What is written under the release's key until it begins: nothing."""
    nothing = programme.released_at
    return Release(
        programme=programme.id,
        released_at=nothing,
        letter_date=nothing.date(),
        applications=0,
        places=0,
    )
