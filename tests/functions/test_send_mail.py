"""The message about a mail sends it once; whatever else comes to the queue sends nothing."""

import json
from typing import Any

import pytest
from moto.backends import get_backend

from kulturkontor.actions import send
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.mail_states import claim
from kulturkontor.mails import Mail, MailState, mail_key
from kulturkontor.records import Put
from tests.conftest import load_event
from tests.functions.calling import APPLICATION, Context, aws_calls, call, failed, handler, state
from tests.office_factory import all_mails, decide_all, letter, oslo, release

NOW = oslo("2026-03-20T10:01:00")


def sent() -> list[Any]:
    found: list[Any] = get_backend("ses")["123456789012"]["eu-north-1"].sent_messages
    return found


def test_a_mail_is_sent_once_however_often_its_message_comes(office: Wiring) -> None:
    mail_id = f"{APPLICATION}_receipt_1"
    before = office.records.read(Mail, mail_key("kifk2", mail_id))
    assert before is not None
    assert [failed(call("send_mail", "mail")) for _ in range(3)] == [0, 0, 0]
    (message,) = sent()
    assert (set(message.destinations), message.source) == (
        {"kontakt-4601@example.org"},
        "kulturkontor@example.org",
    )
    assert office.records.read(Mail, before.key) == before.but(
        state=MailState.SENT, claimed_at=NOW, message_id=message.id, revision=3
    )


@pytest.mark.parametrize(
    ("case", "failures"),
    [
        ("unknown_mail", 0),
        ("other_programme", 0),
        ("extra_field", 1),
        ("missing_field", 1),
        ("id_is_a_list", 1),
        ("not_json", 1),
    ],
)
def test_what_names_no_mail_of_ours_sends_nothing(office: Wiring, case: str, failures: int) -> None:
    before = state(office)
    assert failed(call("send_mail", case)) == failures
    assert (sent(), state(office)) == ([], before)


def test_an_oversized_message_sends_nothing(office: Wiring) -> None:
    event = load_event("send_mail", "mail")
    event["Records"][0]["body"] = json.dumps({"programme": "kifk2", "mail": "x" * 900_000})
    before = state(office)
    assert failed(handler("send_mail")(event, Context())) == 1
    assert state(office) == before


def test_an_unverified_sender_leaves_the_mail_to_staff(office: Wiring) -> None:
    get_backend("ses")["123456789012"]["eu-north-1"].email_identities.clear()
    assert failed(call("send_mail", "mail")) == 0
    (mail,) = all_mails(office).values()
    assert (mail.state, mail.needs_staff, sent()) == (MailState.FAILED, True, [])


def test_a_mail_that_cannot_be_written_is_left_to_staff_with_the_reason(office: Wiring) -> None:
    (mail,) = all_mails(office).values()
    office.records.write(Put(mail.but(values={})))
    assert [failed(call("send_mail", "mail")) for _ in range(2)] == [0, 0]
    (mail,) = all_mails(office).values()
    assert (mail.state, mail.needs_staff, sent()) == (MailState.FAILED, True, [])
    (refusal,) = mail.events
    assert (refusal.kind, "nb/receipt" in refusal.detail) == ("refused", True)


def test_one_mail_takes_five_calls_at_most(office: Wiring) -> None:
    call("send_mail", "mail")
    assert aws_calls() == 4


def test_one_letter_mail_with_its_enclosure_takes_five_calls_at_most(office: Wiring) -> None:
    decide_all(office, [("KFK2-2026-4601", Outcome.ADMITTED)])
    release(office)
    letter(office, APPLICATION)
    event = load_event("send_mail", "mail")
    body = {"programme": "kifk2", "mail": f"{APPLICATION}_letter_1"}
    event["Records"][0]["body"] = json.dumps(body)
    assert failed(handler("send_mail")(event, Context())) == 0
    assert (len(sent()), aws_calls()) == (1, 5)
    assert "KFK2-2026-4601.pdf" in sent()[0].raw_data


def test_a_late_second_message_finds_a_claimed_mail_and_sends_nothing(office: Wiring) -> None:
    mail = office.records.read(Mail, mail_key("kifk2", f"{APPLICATION}_receipt_1"))
    assert mail is not None
    office.records.write(Put(claim(mail, NOW)))
    assert failed(call("send_mail", "mail")) == 0
    assert sent() == []
    assert send.sweep_mails(
        now=NOW + send.GRACE, records=office.records, mail_queue=office.mail_queue
    ) == {"queued_again": 0, "uncertain": 1}
