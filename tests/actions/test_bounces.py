"""Letters that come back: what stops the rest, and what staff knew of when they let them go on."""

from typing import Any

import pytest

from kulturkontor.actions.control_release import resume_letters, stop_letters
from kulturkontor.actions.deliveries import record_delivery
from kulturkontor.mails import MailEvent, MailState
from kulturkontor.programme import load_programme
from kulturkontor.records import Put
from kulturkontor.release_control import Halt, ReleaseControl, control_key
from tests.actions.memory_records import MemoryRecords
from tests.office_factory import STAFF, oslo
from tests.rules.application_factory import a_mail

KIFK2 = load_programme("kifk2")
AT = oslo("2026-04-30T09:10:00")


class _NoQueue:
    def send(self, messages: object) -> None:
        pass


def sent(letters: int, serial: int = 1, text: str = "decision_rejected") -> MemoryRecords:
    records = MemoryRecords()
    for number in range(letters):
        mail = a_mail(id=f"a{number}_letter_{serial}", text=text, state=MailState.SENT)
        records.write(Put(mail))
    return records


def come_back(records: Any, *numbers: int, serial: int = 1) -> None:
    for number in numbers:
        record_delivery(
            f"a{number}_letter_{serial}",
            MailEvent(kind="Bounce", at=AT, detail="Permanent"),
            message_id="m",
            now=AT,
            staff_address=STAFF,
            programme=KIFK2,
            records=records,
            mail_queue=_NoQueue(),
        )


def control(records: MemoryRecords) -> ReleaseControl:
    found = records.read(ReleaseControl, control_key("kifk2"))
    assert found is not None
    return found


def by(records: Any) -> dict[str, Any]:
    return {"by": "kari@example.org", "at": AT, "programme": KIFK2, "records": records}


def resume(records: Any) -> None:
    resume_letters(reason="Rettet.", mail_queue=_NoQueue(), **by(records))


def test_what_came_back_before_the_letters_go_on_stops_them_no_more() -> None:
    records = sent(20)
    come_back(records, *range(10))
    halt = control(records).halt
    assert halt == Halt(at=AT, bounced=5, handed_over=20)
    resume(records)
    assert control(records).pardoned == 10
    come_back(records, 10, 11, 12, 13)
    assert control(records).halt is None
    come_back(records, 14)
    assert control(records).halt == Halt(at=AT, bounced=15, handed_over=20)


def test_so_it_is_when_a_person_had_stopped_them() -> None:
    records = sent(20)
    come_back(records, 0, 1, 2, 3)
    stop_letters(reason="Feil.", **by(records))
    come_back(records, 4, 5)
    resume(records)
    come_back(records, 6)
    assert (control(records).pardoned, control(records).halt) == (6, None)


@pytest.mark.parametrize("text", ["offer", "waiting_list_closed"])
def test_what_is_told_after_the_release_is_no_part_of_it(text: str) -> None:
    records = sent(6, serial=2, text=text)
    come_back(records, *range(6), serial=2)
    assert records.read(ReleaseControl, control_key("kifk2")) is None
