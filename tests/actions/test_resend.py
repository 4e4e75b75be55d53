"""A mail about what is erased has nobody to go to."""

import pytest

from kulturkontor.actions.handle_mails import MailErasedError, resend
from kulturkontor.mails import MailState
from kulturkontor.records import Put
from tests.actions.memory_records import MemoryRecords
from tests.office_factory import oslo
from tests.rules.application_factory import ID, KIFK2, a_mail, an_application


class _NoQueue:
    def send(self, messages: object) -> None:
        raise AssertionError


def test_nothing_of_an_erased_application_is_sent_again_or_written_back() -> None:
    records = MemoryRecords()
    mail = a_mail(to="", state=MailState.DELIVERED)
    records.write(Put(mail), Put(an_application()))
    before = dict(records.items)
    with pytest.raises(MailErasedError):
        resend(
            f"{ID}_receipt_1",
            to="kari@example.org",
            by="stab",
            now=oslo("2026-05-05T10:00:00"),
            programme=KIFK2,
            records=records,
            mail_queue=_NoQueue(),
        )
    assert records.items == before
