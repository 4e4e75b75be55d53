"""A new link goes to whoever is known."""

from kulturkontor.actions import withdraw
from kulturkontor.application_form import Answers
from kulturkontor.application_rows import mail_digest, put
from kulturkontor.aws.wiring import Wiring
from tests.office_factory import all_mails, oslo, read, send_in


def test_an_erased_application_has_nobody_to_send_a_link_to(aws: Wiring) -> None:
    erased = send_in(aws)
    kept = send_in(aws, key="second-of-4601")
    without_persons = read(aws, erased.id).but(answers=Answers(municipality="4601"))
    aws.records.write(*put(without_persons))
    withdraw.send_new_links(
        ["4601"],
        at=oslo("2029-03-20T10:00:00"),
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    sent = [mail for mail in all_mails(aws).values() if mail.text == "new_link"]
    assert [(mail.id.split("_")[0], mail.to) for mail in sent] == [
        (kept.id, "kontakt-4601@example.org")
    ]


def test_an_unsent_draft_is_found_by_the_address_that_was_typed(aws: Wiring) -> None:
    draft = send_in(aws, submit=False, municipality="")
    other = send_in(aws, "0301", submit=False)
    withdraw.send_new_links(
        [mail_digest(" KONTAKT-@example.org")],
        at=oslo("2026-03-20T10:00:00"),
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    sent = [mail.id.split("_")[0] for mail in all_mails(aws).values() if mail.text == "new_link"]
    assert (sent, other.id in sent) == ([draft.id], False)
