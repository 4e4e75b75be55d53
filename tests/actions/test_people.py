"""Others let in, links taken back, and the case handed over."""

from datetime import datetime

import pytest

from kulturkontor.actions import people
from kulturkontor.actions.send import Sending
from kulturkontor.application_form import Contact, SubmittedContact
from kulturkontor.applications import rights_of
from kulturkontor.aws.wiring import Wiring
from kulturkontor.links import InvalidLinkError, SecretLink
from kulturkontor.people import Right
from tests.office_factory import all_mails, oslo, read, send_in, send_open_mails

AT = oslo("2026-03-21T10:00:00")
LATER = oslo("2026-03-22T10:00:00")
OLA = "abcdefgh12345678"


def contact(email: str = "ola@example.org", name: str = "Ola Prøve") -> SubmittedContact:
    return SubmittedContact(name=name, email=email)


def let_in(
    here: Wiring,
    application_id: str,
    *rights: Right,
    email: str = "ola@example.org",
    at: datetime = AT,
) -> SecretLink:
    holder = people.let_in(
        application_id,
        people.NewPerson(contact=contact(email), rights=frozenset(rights)),
        person_id=OLA,
        by="contact",
        at=at,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    return SecretLink(application_id, holder.link_version, holder.id)


def test_somebody_let_in_gets_a_link_with_just_those_rights(aws: Wiring) -> None:
    application_id = send_in(aws).id
    link = let_in(aws, application_id, Right.MEMBERS)
    assert rights_of(read(aws, application_id), link) == {Right.MEMBERS}
    (mail,) = [each for each in all_mails(aws).values() if each.text == "link_given"]
    page = mail.pages["person_link"]
    assert (mail.to, page.person, page.link_version) == ("ola@example.org", OLA, 1)


def test_the_same_button_twice_is_one_link_and_one_mail(aws: Wiring) -> None:
    application_id = send_in(aws).id
    assert let_in(aws, application_id, Right.CLAIMS) == let_in(aws, application_id, Right.CLAIMS)
    assert [each.text for each in all_mails(aws).values()].count("link_given") == 1


def test_other_rights_make_the_earlier_link_dead(aws: Wiring) -> None:
    application_id = send_in(aws).id
    first = let_in(aws, application_id, Right.CLAIMS)
    second = let_in(aws, application_id, Right.MEMBERS, at=LATER)
    kept = read(aws, application_id)
    assert rights_of(kept, second) == {Right.MEMBERS}
    with pytest.raises(InvalidLinkError):
        rights_of(kept, first)


def test_nobody_can_be_given_what_is_the_contacts_alone(aws: Wiring) -> None:
    application_id = send_in(aws).id
    with pytest.raises(people.PeopleError, match="no_rights"):
        let_in(aws, application_id, Right.CONTACT)


def test_the_contact_needs_no_second_link(aws: Wiring) -> None:
    application_id = send_in(aws).id
    with pytest.raises(people.PeopleError, match="same_address"):
        let_in(aws, application_id, Right.MEMBERS, email="Kontakt-4601@example.org")


def test_a_link_taken_back_is_dead_and_can_be_taken_back_again(aws: Wiring) -> None:
    application_id = send_in(aws).id
    link = let_in(aws, application_id, Right.CLAIMS)
    for _ in range(2):
        people.take_back(application_id, OLA, by="contact", at=LATER, records=aws.records)
    with pytest.raises(InvalidLinkError):
        rights_of(read(aws, application_id), link)


def test_handing_over_kills_the_links_of_the_one_before_and_tells_both(aws: Wiring) -> None:
    application_id = send_in(aws).id
    before = read(aws, application_id)
    for _ in range(2):
        people.hand_over(
            application_id,
            contact(),
            by="contact",
            at=AT,
            programme=aws.programme,
            records=aws.records,
            mail_queue=aws.mail_queue,
        )
    after = read(aws, application_id)
    assert after.answers == before.answers.model_copy(
        update={"contact": Contact(name="Ola Prøve", email="ola@example.org")}
    )
    assert (after.link_version, after.version) == (before.link_version + 1, before.version)
    told = {each.text: each for each in all_mails(aws).values() if "contact" in each.text}
    assert {name: mail.to for name, mail in told.items()} == {
        "contact_new": "ola@example.org",
        "contact_before": "kontakt-4601@example.org",
    }
    assert told["contact_before"].pages == {}
    assert set(send_open_mails(aws, AT)) == {Sending.SENT}
