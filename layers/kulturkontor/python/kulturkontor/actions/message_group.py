"""Send a message to a group: who it goes to is settled once, then the mails are written, some at a
time, each time in one transaction with how far it has come.

Whoever presses the button waits for the first of them; what is left then is the letter queue's. So
a sending that stops on the way is taken up where it stopped, by the queue, the button or `sweep`,
and nobody gets two.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.applications import Application, application_key
from kulturkontor.claims import ClaimRow
from kulturkontor.group_messages import (
    MOST,
    OF_A_GATHERING,
    TO_WRITE,
    Addressed,
    Group,
    GroupMessage,
    MessageError,
    Words,
    addressed,
    languages_of,
    mail_id_of,
    mail_of,
    may_concern,
    message_key,
    recipients_of,
)
from kulturkontor.mails import Mail, mail_key
from kulturkontor.own_words import check_words
from kulturkontor.programme import Language, Programme
from kulturkontor.records import Put, Records, decide_again

PATIENCE: Final = timedelta(minutes=2)
"""How long whoever pressed the button, and then the queue, is left to it."""
AT_ONCE: Final = 90
"""Mails of one transaction, which takes 100 items."""


def find_recipients(
    group: Group, gathering: str, *, programme: Programme, records: Records
) -> list[Addressed]:
    """Who is of the group now, by municipality. Raises MessageError."""
    if group in OF_A_GATHERING and programme.gathering(gathering) is None:
        raise MessageError("no_gathering")
    partition = programme_partition(programme.id)
    rows = records.list(ApplicationRow, partition, "APPLICATION#")
    claimed = frozenset[str]()
    if group is Group.NO_CLAIM:
        claims = records.list(ClaimRow, partition, f"CLAIM#{gathering}#")
        claimed = frozenset(each.application_id for each in claims)
    keys = [application_key(row.id) for row in rows if may_concern(row, group, claimed)]
    applications = sorted(records.read_many(Application, keys), key=lambda it: it.reference or "")
    found = [each for one in applications for each in recipients_of(one, group, gathering)]
    if len(found) > MOST:
        raise MessageError("too_many")
    return found


def check_message(words: Mapping[Language, Words], recipients: list[Addressed]) -> None:
    """Each recipient has the message in their own written form. Raises MessageError, WordsError."""
    if not recipients:
        raise MessageError("nobody")
    if languages_of(recipients) - words.keys():
        raise MessageError("language_missing")
    for each in words.values():
        check_words(each.subject, each.text)


def send_message(
    message_id: str,
    group: Group,
    gathering: str,
    words: Mapping[Language, Words],
    *,
    count: int,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
    letter_queue: Queue,
) -> GroupMessage:
    """`message_id`: what the form was shown with, so that it is sent once; `count`: how many
    recipients it was shown for. Raises MessageError, WordsError.
    """
    known = records.read(GroupMessage, message_key(programme.id, message_id))
    if known is None:
        recipients = find_recipients(group, gathering, programme=programme, records=records)
        check_message(words, recipients)
        if len(recipients) != count:
            raise MessageError("count_changed")
        message = GroupMessage(
            id=message_id,
            programme=programme.id,
            group=group,
            gathering=gathering if group in OF_A_GATHERING else "",
            words=dict(words),
            by=by,
            at=at,
            recipients=tuple(each.recipient for each in recipients),
        )
        records.write(Put(message))
    elif (known.group, known.words) != (group, dict(words)):
        raise MessageError("key_reused")
    return go_on(
        message_id,
        at=at,
        programme=programme,
        records=records,
        mail_queue=mail_queue,
        letter_queue=letter_queue,
    )


def go_on(
    message_id: str,
    *,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
    letter_queue: Queue,
) -> GroupMessage:
    """One transaction's mails at once; what is left is put in the queue. Raises MessageError."""
    message = decide_again(lambda: _step(message_id, at, programme, records, mail_queue))
    if not message.is_written:
        letter_queue.send([_task(message)])
    return message


def write_mails(
    message_id: str,
    *,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> GroupMessage:
    """What is left of a message, from wherever it stopped; two at once share the work."""

    message = decide_again(lambda: _step(message_id, at, programme, records, mail_queue))
    while not message.is_written:
        message = decide_again(lambda: _step(message_id, at, programme, records, mail_queue))
    return message


def _step(
    message_id: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> GroupMessage:
    message = read_message(message_id, programme=programme, records=records)
    if message.is_written:
        return message
    return _write_some(message, at, programme, records, mail_queue)


def _write_some(
    message: GroupMessage,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> GroupMessage:
    """Who has been taken out of a group since, or has no address any more, gets none."""
    now = message.recipients[message.written : message.written + AT_ONCE]
    keys = [application_key(each) for each in dict.fromkeys(each.application for each in now)]
    known = {each.id: each for each in records.read_many(Application, keys)}
    mails = [
        mail_of(message, known[each.application], to, programme, at)
        for each in now
        if each.application in known
        and (to := addressed(known[each.application], each.person))
        and to.language in message.words
    ]
    further = message.but(written=message.written + len(now))
    commit([Put(further)], mails, records=records, mail_queue=mail_queue)
    return further


def read_message(message_id: str, *, programme: Programme, records: Records) -> GroupMessage:
    message = records.read(GroupMessage, message_key(programme.id, message_id))
    if message is None:
        raise MessageError("unknown")
    return message


def resume_messages(
    *, now: datetime, programme: Programme, records: Records, letter_queue: Queue
) -> int:
    """Put back in the queue what stopped on the way; how many messages."""
    waiting = records.list_open(GroupMessage, TO_WRITE, before=now - PATIENCE)
    stopped = [each for each in waiting if each.programme == programme.id]
    letter_queue.send([_task(each) for each in stopped])
    return len(stopped)


def _task(message: GroupMessage) -> dict[str, object]:
    return {"programme": message.programme, "message": message.id}


def read_mails_of(message: GroupMessage, records: Records) -> list[Mail]:
    """Those that are written; a read for every hundred recipients."""
    ids = [mail_id_of(message.id, each) for each in message.recipients]
    return records.read_many(Mail, [mail_key(message.programme, each) for each in ids])
