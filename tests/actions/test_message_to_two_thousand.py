"""A message to more than two thousand participants: the page is quick, and each gets one mail.

The records and queues are in memory, since moto reads its own whole at each write; the files are
moto's.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from kulturkontor.actions.message_group import (
    AT_ONCE,
    find_recipients,
    read_mails_of,
    read_message,
    send_message,
    write_mails,
)
from kulturkontor.aws.wiring import Wiring
from kulturkontor.group_messages import MOST, Group, GroupMessage, Recipient, Words
from kulturkontor.mails import Mail, MailState
from kulturkontor.message_ledger import ledger_of
from kulturkontor.municipalities import all_municipalities
from kulturkontor.records import Change
from kulturkontor.start_sheets import StartKind
from tests.actions.memory_records import MemoryRecords
from tests.actions.test_four_hundred_letters import Listed
from tests.office_factory import oslo
from tests.start_factory import BERGEN, MEMBERS, put_in

AT = oslo("2026-10-20T10:00:00")
KEY = "message00001"
NUMBERS = [each.kommunenummer for each in all_municipalities()][:350]
PEOPLE = 6
ALL = PEOPLE * len(NUMBERS)
"""2,100."""
WORDS = Words(subject="Til {municipality}", text="Hei, {name}\n\nViktig fra {organiser}.")
ITEM = 400_000


def country(aws: Wiring) -> tuple[Wiring, MemoryRecords]:
    memory: Any = MemoryRecords()
    mail_queue: Any = Listed()
    letter_queue: Any = Listed()
    here = replace(aws, records=memory, mail_queue=mail_queue, letter_queue=letter_queue)
    put_in(here, StartKind.MUNICIPALITIES, [BERGEN | {"municipality": each} for each in NUMBERS])
    people = [
        MEMBERS[1]
        | {
            "municipality": each,
            "name": f"Prøve Person {number}",
            "email": f"{number}-{each}@example.org",
            "coordinator": "ja" if number == 1 else "",
        }
        for each in NUMBERS
        for number in range(1, PEOPLE + 1)
    ]
    put_in(here, StartKind.MEMBERS, people, "start002")
    return here, memory


def send(here: Wiring) -> GroupMessage:
    return send_message(
        KEY,
        Group.PARTICIPANTS,
        "S2",
        {"nb": WORDS, "nn": WORDS},
        count=ALL,
        by="anne@example.org",
        at=AT,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
        letter_queue=here.letter_queue,
    )


def write(here: Wiring) -> GroupMessage:
    return write_mails(
        KEY, at=AT, programme=here.programme, records=here.records, mail_queue=here.mail_queue
    )


def states(here: Wiring) -> Counter[str]:
    message = read_message(KEY, programme=here.programme, records=here.records)
    return Counter(each.state for each in ledger_of(message, read_mails_of(message, here.records)))


def test_two_thousand_get_one_mail_each_and_the_page_writes_the_first_of_them(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, memory = country(aws)
    memory.calls = 0
    recipients = find_recipients(
        Group.PARTICIPANTS, "S2", programme=here.programme, records=here.records
    )
    assert (len(recipients), memory.calls) == (ALL, 5)
    memory.calls = 0
    assert send(here).written == AT_ONCE
    assert memory.calls == 5 + 2 + 3  # who it is; the message, kept; its first mails
    assert here.letter_queue.messages == [{"programme": "kifk2", "message": KEY}]  # type: ignore[attr-defined]
    assert states(here) == {MailState.QUEUED: AT_ONCE, "not_yet": ALL - AT_ONCE}
    with monkeypatch.context() as patch:
        stop_at(memory, 9, patch)
        with pytest.raises(ConnectionError):
            write(here)
    assert states(here) == {MailState.QUEUED: 9 * AT_ONCE, "not_yet": ALL - 9 * AT_ONCE}
    memory.calls = 0
    assert write(here).is_written
    left = -(-ALL // AT_ONCE) - 9
    assert memory.calls == 3 * left  # how far it has come, the municipalities, the mails
    assert states(here) == {MailState.QUEUED: ALL}
    mails = [each for each in memory.items.values() if isinstance(each, Mail)]
    assert {each.to for each in mails} == {each.address for each in recipients}
    assert (len(mails), {each.revision for each in mails}) == (ALL, {1})
    queued = [each["mail"] for each in here.mail_queue.messages]  # type: ignore[attr-defined]
    assert sorted(queued) == sorted(each.id for each in mails)


def stop_at(memory: MemoryRecords, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before that write."""
    left = [number]
    as_it_is = memory.write

    def stopping(*changes: Change) -> None:
        left[0] -= 1
        if not left[0]:
            raise ConnectionError
        as_it_is(*changes)

    monkeypatch.setattr(memory, "write", stopping)


def test_the_longest_message_to_the_most_fits_in_one_item() -> None:
    longest = Words(subject="å" * 150, text="å" * 4_000)
    message = GroupMessage(
        id=KEY,
        programme="kifk2",
        group=Group.PARTICIPANTS,
        gathering="S2",
        words={"nb": longest, "nn": longest},
        by="anne@example.org",
        at=AT,
        recipients=tuple(
            Recipient(application="f" * 32, person=f"p{number:019}") for number in range(MOST)
        ),
    )
    assert len(message.as_kept().encode()) < ITEM * 0.6
