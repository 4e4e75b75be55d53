"""Every letter and mail about a case, shown to its contact alone and without any live link."""

from kulturkontor.aws.wiring import Wiring
from kulturkontor.mails import MailState
from kulturkontor.people import Right
from kulturkontor.records import Put
from tests.conftest import set_clock
from tests.office_factory import admitted, all_mails, send_in
from tests.web.portal_visitor import Seen, Visitor, token_of
from tests.web.test_portal_own import let_in, offered, own


def mail_of(here: Wiring, application_id: str, text: str) -> str:
    return next(
        each.id
        for each in all_mails(here).values()
        if each.text == text and each.id.startswith(application_id)
    )


def listed(seen: Seen) -> list[tuple[str, str, str]]:
    """Each mail's subject, to whom and when, and state."""
    return [
        tuple(" ".join(each.text_content().split()) for each in row.xpath(".//a | .//p | .//span"))
        for row in seen.page.xpath("//ol[@class='parts']/li")
    ]


def test_every_mail_of_the_case_is_listed_with_whom_what_and_state(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = offered(aws)
    send_in(aws, "3411")
    seen = own(visitor, application_id, "/post")
    assert seen.calls == {"dynamodb": 2}
    assert listed(seen) == [
        (
            "Bergen kommune har fått plass (KFK2-2026-4601)",
            "Til kontakt-4601@example.org, 30. april 2026 kl. 09.01",
            "Sendt",
        ),
        (
            "Kopi av svarbrevet til Bergen kommune (KFK2-2026-4601)",
            "Til leder-4601@example.org, 30. april 2026 kl. 09.01",
            "Sendt",
        ),
        (
            "Vi har tatt imot søknaden fra Bergen kommune (KFK2-2026-4601)",
            "Til kontakt-4601@example.org, 20. mars 2026 kl. 10.00",
            "På vei",
        ),
    ]
    assert seen.page.xpath("//main//a[contains(@href, '/brev/1')]") != []


def test_a_mail_that_came_back_says_so(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws).id
    mail = all_mails(aws)[mail_of(aws, application_id, "receipt")]
    aws.records.write(Put(mail.but(state=MailState.BOUNCED)))
    assert listed(own(visitor, application_id, "/post"))[0][2] == "Kom i retur"


def test_a_mail_is_shown_as_it_reads_without_its_links(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    set_clock("2026-06-04T10:00:00+02:00")
    secret = token_of(application_id).rpartition(".")[2]
    for text in ("receipt", "decision_admitted", "answer_confirmed", "member_registered"):
        mail_id = mail_of(aws, application_id, text)
        seen = own(visitor, application_id, f"/post/{mail_id}")
        assert (text, seen.status) == (text, 200)
        assert secret not in seen.text
        assert "Lenkene står bare i selve e-posten" in seen.words
        assert seen.page.xpath("//article//a") == []
    assert (
        "Meld inn kommunegruppen"
        in own(
            visitor, application_id, f"/post/{mail_of(aws, application_id, 'answer_confirmed')}"
        ).words
    )


def test_a_mail_whose_text_is_another_now_is_still_listed(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws).id
    mail = all_mails(aws)[mail_of(aws, application_id, "receipt")]
    aws.records.write(Put(mail.but(values={"gone": "x"})))
    assert listed(own(visitor, application_id, "/post"))[0][0] == "E-post"
    seen = own(visitor, application_id, f"/post/{mail.id}")
    assert (seen.status, "Teksten kan ikke vises her lenger." in seen.words) == (200, True)


def test_a_mail_of_another_case_is_not_found(visitor: Visitor, aws: Wiring) -> None:
    application_id, other = send_in(aws).id, send_in(aws, "3411").id
    theirs = mail_of(aws, other, "receipt")
    assert own(visitor, application_id, f"/post/{theirs}").status == 404
    assert own(visitor, application_id, f"/post/{application_id}_none").status == 404


def test_only_the_contact_sees_what_was_sent(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    person = let_in(aws, application_id, Right.APPLY, Right.MEMBERS, Right.CLAIMS)
    visitor.open_case(application_id, person=person)
    assert visitor.get(f"/sak/{application_id}/post").status == 403
    receipt = mail_of(aws, application_id, "receipt")
    assert visitor.get(f"/sak/{application_id}/post/{receipt}").status == 403
