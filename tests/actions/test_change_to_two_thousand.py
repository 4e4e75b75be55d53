"""A gathering moved for more than two thousand: the page is quick, and each gets one mail.

The records and queues are in memory, as for a message to as many.
"""

from collections import Counter

import pytest

from kulturkontor.actions.tell_change import AT_ONCE, PATIENCE, resume_changes, tell_change
from kulturkontor.aws.wiring import Wiring
from kulturkontor.calendar_changes import CalendarChange
from kulturkontor.mails import Mail
from tests.actions.memory_records import MemoryRecords
from tests.actions.test_change_calendar import AT, change
from tests.actions.test_message_to_two_thousand import ALL, NUMBERS, country, stop_at
from tests.start_factory import BERGEN

EVERYBODY = ALL + len(NUMBERS)
"""2,450: the participants, and the contacts of their municipalities."""


def sent(memory: MemoryRecords) -> Counter[str]:
    return Counter(each.to for each in memory.items.values() if isinstance(each, Mail))


def tell(here: Wiring) -> CalendarChange:
    return tell_change(
        "S1", 1, programme=here.programme, records=here.records, mail_queue=here.mail_queue
    )


def test_two_thousand_are_told_once_each_and_the_page_tells_the_first_of_them(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, memory = country(aws)
    memory.calls = 0
    made = change(here)
    assert (made.told, made.is_told, sent(memory).total()) == (AT_ONCE, False, AT_ONCE)
    assert memory.calls <= 10
    task = {"programme": "kifk2", "event": "S1", "sequence": 1}
    assert here.letter_queue.messages == [task]  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        stop_at(memory, 9, patch)
        with pytest.raises(ConnectionError):
            tell(here)
    assert sent(memory).total() == 9 * AT_ONCE
    for after, resumed in ((PATIENCE / 2, 0), (PATIENCE * 2, 1)):
        found = resume_changes(
            now=AT + after,
            programme=here.programme,
            records=here.records,
            letter_queue=here.letter_queue,
        )
        assert found == resumed
    assert here.letter_queue.messages == [task, task]  # type: ignore[attr-defined]
    memory.calls = 0
    done = tell(here)
    assert (done.told, done.is_told) == (EVERYBODY, True)
    left = -(-EVERYBODY // AT_ONCE) - 9
    assert memory.calls <= 40 + left
    told = sent(memory)
    assert told.pop(BERGEN["contact_email"]) == len(NUMBERS)
    assert (len(told), set(told.values())) == (ALL, {1})
    queued = [each["mail"] for each in here.mail_queue.messages]  # type: ignore[attr-defined]
    assert (len(queued), len(set(queued))) == (EVERYBODY, EVERYBODY)
