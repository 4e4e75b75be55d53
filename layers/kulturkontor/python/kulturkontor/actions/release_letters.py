"""Preflight on its days, and the release when its time has come; both derived from state, tick
after tick.

Whatever is not done yet is done by the next tick: a release that was kept back begins once it is in
order, a letter that was lost is queued again, and the account of it goes when nothing waits.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from kulturkontor import release_notices
from kulturkontor.actions.check_release import (
    Look,
    Standing,
    blockers_of,
    check_release,
    read_standing,
)
from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.ports import Archive, Queue, commit
from kulturkontor.actions.preview_letters import make_previews
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.audit import audit
from kulturkontor.books import told_letters
from kulturkontor.decisions import LetterState
from kulturkontor.mails import Mail, mail_id, mail_key, mails_partition
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Change, Conflict, Put, Records, Unchanged
from kulturkontor.release import LetterBooks, Release, count_letters, due_preflight
from kulturkontor.release_checks import to_answer
from kulturkontor.release_control import digest_of, is_overridden, overriders

OFFICE: Final = "prepare_letters"
_NOTHING: Final = {"preflights": 0, "letters": 0}
_PATIENCE: Final = timedelta(hours=1)
"""So long after the release staff get the account even if letters still wait."""


def prepare_letters(
    *,
    now: datetime,
    staff_address: str,
    copy_to_postmottak: bool,
    programme: Programme,
    records: Records,
    archive: Archive,
    mail_queue: Queue,
    letter_queue: Queue,
    look: Look,
) -> dict[str, int]:
    """What this tick did: preflights mailed, letters queued."""
    if now < programme.released_at:
        return _preflight(
            now, staff_address, copy_to_postmottak, programme, records, archive, mail_queue, look
        )
    standing = read_standing(programme, records)
    rows = read_rows(programme, records)
    release = standing.release
    if release is None:
        release = _begin(rows, standing, now, staff_address, programme, records, mail_queue)
    if release is None or standing.control.halt:
        return _NOTHING
    waiting = [row for row in to_answer(rows) if _has_pending_letter(row)]
    letter_queue.send([{"programme": programme.id, "application": row.id} for row in waiting])
    if not waiting and "closed" not in release.reported:
        _account(release, rows, now, staff_address, programme, records, mail_queue)
    return {"preflights": 0, "letters": len(waiting)}


def _preflight(
    now: datetime,
    staff_address: str,
    copy_to_postmottak: bool,
    programme: Programme,
    records: Records,
    archive: Archive,
    mail_queue: Queue,
    look: Look,
) -> dict[str, int]:
    """Once on each of its days. Every letter is typeset first, so that what cannot be printed and
    what is too long is known, and staff have all of them to look at.
    """
    days = due_preflight(now, programme)
    if days is None:
        return _NOTHING
    day = programme.released_at.astimezone(OSLO).date()
    if records.read(Mail, mail_key(programme.id, release_notices.preflight_id(days, day))):
        return _NOTHING
    make_previews(now=now, by=OFFICE, programme=programme, records=records, archive=archive)
    concerns, rows = check_release(
        now=now,
        copy_to_postmottak=copy_to_postmottak,
        standing=read_standing(programme, records),
        programme=programme,
        records=records,
        look=look,
    )
    mail = release_notices.preflight(concerns, rows, days, programme, now, staff_address)
    try:
        commit([], [mail], records=records, mail_queue=mail_queue)
    except Conflict:
        return _NOTHING
    return {"preflights": 1, "letters": 0}


def _begin(
    rows: Sequence[ApplicationRow],
    standing: Standing,
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Release | None:
    """The release, begun now; None when there is nothing to tell, something or somebody keeps it
    back, which staff are told once, or somebody else was faster.
    """
    control = standing.control
    if not to_answer(rows):
        return None
    blockers = blockers_of(rows, control, records)
    digest = digest_of(blockers)
    if control.halt or (blockers and not is_overridden(control, digest)):
        if control.told_for != programme.released_at:
            told = control.but(told_for=programme.released_at)
            mail = release_notices.not_begun(blockers, control.halt, programme, now, staff_address)
            _try([Put(told)], [mail], records, mail_queue)
        return None
    people = tuple(each.by for each in overriders(control, digest))
    release = Release(
        programme=programme.id,
        released_at=now,
        letter_date=now.astimezone(OSLO).date(),
        applications=sum(bool(row.reference) for row in rows),
        places=programme.decision.places,
        admitted_by_board=control.minutes.admitted if control.minutes else None,
        overridden_by=people,
    )
    note = audit(release, "letters_begun", by=OFFICE, at=now, after=", ".join(people))
    begun = _try([Put(release), Unchanged(control), note], [], records, mail_queue)
    return release.model_copy(update={"revision": 1}) if begun else None


def _account(
    release: Release,
    rows: Sequence[ApplicationRow],
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> None:
    """Tell staff the three equations: once when nothing waits any more, and once they close."""
    books = read_letter_books(rows, programme, records)
    is_sent = books.waiting == 0 or now >= release.released_at + _PATIENCE
    kind = "closed" if books.is_closed else "sent"
    if kind in release.reported or not is_sent:
        return
    told = release.but(reported=(*release.reported, kind))
    mail = release_notices.accounted(books, kind, programme, now, staff_address)
    _try([Put(told)], [mail], records, mail_queue)


def read_letter_books(
    rows: Sequence[ApplicationRow], programme: Programme, records: Records
) -> LetterBooks:
    told = {mail_id(row.id, "letter", mark.n) for row, mark in told_letters(rows)}
    mails = records.list(Mail, mails_partition(programme.id), "")
    return count_letters(rows, [mail for mail in mails if mail.id in told])


def _try(
    changes: Sequence[Change], mails: Sequence[Mail], records: Records, mail_queue: Queue
) -> bool:
    """Whether it was written; of two ticks at once one is enough."""
    try:
        commit(changes, mails, records=records, mail_queue=mail_queue)
    except Conflict:
        return False
    return True


def _has_pending_letter(row: ApplicationRow) -> bool:
    """Decided, confirmed by a second person, and neither told nor held."""
    last = row.letters[-1] if row.letters else None
    return last is not None and last.c and last.s is LetterState.PENDING
