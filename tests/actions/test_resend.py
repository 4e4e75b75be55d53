"""What is not sent again: a mail about what is erased, and a letter that must be written anew."""

import pytest

from kulturkontor.actions.handle_mails import AnswerDayTooNearError, MailErasedError, resend
from kulturkontor.mails import MailState
from kulturkontor.records import Put
from tests.actions.memory_records import MemoryRecords
from tests.office_factory import oslo
from tests.rules.application_factory import ID, KIFK2, a_mail, an_application, told


class _NoQueue:
    def send(self, messages: object) -> None:
        raise AssertionError


def test_a_letter_that_failed_is_not_sent_again_with_too_little_time_to_answer() -> None:
    records = MemoryRecords()
    one = told()
    letter = one.decisions[0].letter
    assert letter is not None
    given = letter.model_copy(update={"place_left": one.place})
    decision = one.decisions[0].model_copy(update={"letter": given})
    failed = a_mail(id=f"{ID}_letter_1", state=MailState.FAILED)
    records.write(Put(one.but(decisions=(decision,))), Put(failed))
    with pytest.raises(AnswerDayTooNearError):
        resend(
            failed.id,
            to=None,
            by="stab",
            now=oslo("2026-05-19T10:00:00"),
            programme=KIFK2,
            records=records,
            mail_queue=_NoQueue(),
        )


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
