"""Write the mails of a change in the calendar to those whom it concerns, some at a time.

Each mail's id says what and whom, so whatever stops on the way is taken up by the letter queue, the
button or `sweep`, writes exactly the rest, and nobody gets two.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from kulturkontor.actions.ports import Queue, commit
from kulturkontor.actions.taking_part import read_concerned
from kulturkontor.calendar_changes import (
    TO_TELL,
    CalendarChange,
    CalendarError,
    change_key,
    find_event,
    recipients,
)
from kulturkontor.calendar_notices import calendar_changed
from kulturkontor.mails import Mail
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, decide_again

AT_ONCE: Final = 90
"""How many mails go in one transaction of at most 100 changes."""
PATIENCE: Final = timedelta(minutes=2)
"""How long the queue is left to it."""


def tell_change(
    about: str, sequence: int, *, programme: Programme, records: Records, mail_queue: Queue
) -> CalendarChange:
    """What is left of a change's mails, from wherever it stopped; two at once share the work. None
    of a change that a later one has replaced: that one tells all. Raises CalendarError.
    """
    change = records.read(CalendarChange, change_key(programme.id, about, sequence))
    if change is None:
        raise CalendarError("unknown")
    if change.is_told:
        return change
    mails = mails_of(change, programme, records)
    event = find_event(programme, about)
    if event is not None and event.sequence > sequence:
        kept = records.read_many(Mail, [each.key for each in mails])
        return decide_again(lambda: _mark_told(change, len(kept), records))
    return tell_all(change, mails, records=records, mail_queue=mail_queue)


def tell_all(
    change: CalendarChange, mails: Sequence[Mail], *, records: Records, mail_queue: Queue
) -> CalendarChange:
    """The change's mails that are not there yet, in as many transactions as they take."""

    def attempt() -> CalendarChange:
        kept = {each.id for each in records.read_many(Mail, [each.key for each in mails])}
        rest = iter([each for each in mails if each.id not in kept])
        while batch := list(islice(rest, AT_ONCE)):
            commit([], batch, records=records, mail_queue=mail_queue)
        return _mark_told(change, len(mails), records)

    return decide_again(attempt)


def mails_of(change: CalendarChange, programme: Programme, records: Records) -> list[Mail]:
    """One to each whom it concerns by now."""
    concerned = read_concerned(change.after, programme, records)
    return [
        calendar_changed(change, each, programme) for each in recipients(concerned, change.after)
    ]


def ask_for_rest(change: CalendarChange, letter_queue: Queue) -> None:
    """Put what is left of its mails in the queue, if anything is."""
    if not change.is_told:
        letter_queue.send([_task(change)])


def resume_changes(
    *, now: datetime, programme: Programme, records: Records, letter_queue: Queue
) -> int:
    """Put back in the queue what stopped on the way; how many changes."""
    waiting = records.list_open(CalendarChange, TO_TELL, before=now - PATIENCE)
    stopped = [each for each in waiting if each.programme == programme.id]
    letter_queue.send([_task(each) for each in stopped])
    return len(stopped)


def _task(change: CalendarChange) -> dict[str, object]:
    after = change.after
    return {"programme": change.programme, "event": after.id, "sequence": after.sequence}


def _mark_told(change: CalendarChange, count: int, records: Records) -> CalendarChange:
    known = records.read(CalendarChange, change.key)
    if known is None or (known.is_told and known.told == count):
        return known or change
    told = known.but(told=count, is_told=True)
    records.write(Put(told))
    return told
