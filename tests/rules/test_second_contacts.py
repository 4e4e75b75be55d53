"""Who gets a letter that the contact's address does not take."""

import pytest

from kulturkontor.applications import Application
from kulturkontor.mails import Page
from kulturkontor.people import LinkHolder, Right
from kulturkontor.second_contacts import second_try
from tests.office_factory import oslo
from tests.rules.application_factory import ID, a_mail, an_application

AT = oslo("2026-04-30T09:10:00")
CONTACT = "kontakt-4601@example.org"


def holder(number: int, *rights: Right, email: str = "") -> LinkHolder:
    return LinkHolder(
        id=f"person{number:04}",
        name="Prøve Person",
        email=email or f"person-{number}@example.org",
        rights=frozenset(rights),
        link_version=3,
        added_at=AT,
    )


def whose(*people: LinkHolder, leader: str = "") -> Application:
    application = an_application()
    named = application.answers.leader.model_copy(update={"email": leader})
    answers = application.answers.model_copy(update={"leader": named})
    return application.but(answers=answers, people=people)


LETTER = a_mail(
    id=f"{ID}_letter_1",
    to=CONTACT,
    pages={
        "answer_link": Page(path="/svar", label="answer_link", application_id=ID, link_version=1)
    },
)


@pytest.mark.parametrize(
    ("application", "address"),
    [
        pytest.param(whose(leader="leder@example.org"), "leder@example.org", id="the-leader"),
        pytest.param(
            whose(holder(1, Right.APPLY), leader="leder@example.org"),
            "leder@example.org",
            id="the-leader-before-a-colleague",
        ),
        pytest.param(
            whose(holder(1, Right.CLAIMS), holder(2, Right.APPLY), leader=CONTACT.upper()),
            "person-2@example.org",
            id="a-colleague-where-the-leader-has-the-same-address",
        ),
        pytest.param(whose(holder(1, Right.CLAIMS)), None, id="nobody-who-may-see-it"),
        pytest.param(
            whose(holder(1, Right.APPLY, email=CONTACT)), None, id="nobody-with-another-address"
        ),
        pytest.param(whose(), None, id="nobody-named"),
    ],
)
def test_the_second_contact_is_the_leader_else_a_colleague(
    application: Application, address: str | None
) -> None:
    mail = second_try(LETTER, application, AT)
    assert (mail and mail.to) == address


def test_the_leader_gets_the_letter_as_the_contact_would_have() -> None:
    mail = second_try(LETTER, whose(leader="leder@example.org"), AT)
    assert mail is not None
    assert mail == LETTER.but(id=f"{ID}_letter_1_second", to="leder@example.org", queued_at=AT)


def test_a_colleague_gets_a_link_of_their_own() -> None:
    mail = second_try(LETTER, whose(holder(2, Right.APPLY)), AT)
    assert mail is not None
    page = mail.pages["answer_link"]
    assert (page.person, page.link_version, page.application_id) == ("person0002", 3, ID)
