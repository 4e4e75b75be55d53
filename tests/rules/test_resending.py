"""A copy of a mail that staff send: the address is mended where it is kept, and the copy opens the
case for those to whom it is open.
"""

import pytest

from kulturkontor.applications import Application
from kulturkontor.mails import Page
from kulturkontor.people import LinkHolder, Participant, Right
from kulturkontor.resending import as_it_stands, mend_address
from tests.office_factory import oslo
from tests.rules.application_factory import ID, a_mail, an_application

CONTACT = "kontakt-4601@example.org"
LEADER = "leder-4601@example.org"
RIGHT = "Rett@example.org"
HOLDER = LinkHolder(
    id="person0001",
    name="Prøve Kollega",
    email="kollega@example.org",
    rights=frozenset({Right.APPLY}),
    link_version=3,
    added_at=oslo("2026-03-20T10:00:00"),
)
MEMBER = Participant(id="p1", name="Prøve Person", sector="kultur", email="person-1@example.org")


def whole() -> Application:
    """Sent, with corrections that are not sent yet, a colleague's link, and a group."""
    application = an_application(link_version=2, people=(HOLDER,), participants=(MEMBER,))
    more = application.answers.model_copy(update={"motivation": "Ny tekst."})
    return application.but(pending=more)


def addresses(application: Application) -> list[str]:
    """Where an address is kept, in order: what was sent, what is not sent, the people."""
    answers, pending = application.answers, application.pending or application.answers
    return [
        answers.contact.email,
        pending.contact.email,
        answers.leader.email,
        pending.leader.email,
        *(each.email for each in application.people),
        *(each.email for each in application.participants),
    ]


@pytest.mark.parametrize(
    ("wrong", "places", "mended", "versions"),
    [
        pytest.param(CONTACT, ("contact_address",), [0, 1], (3, 3), id="contact"),
        pytest.param(CONTACT.upper(), ("contact_address",), [0, 1], (3, 3), id="in-capitals"),
        pytest.param(LEADER, ("leader_address",), [2, 3], (2, 3), id="leader"),
        pytest.param(HOLDER.email, ("person_address",), [4], (2, 4), id="a-colleague"),
        pytest.param(MEMBER.email, ("member_address",), [5], (2, 3), id="one-of-the-group"),
        pytest.param("ukjent@example.org", (), [], (2, 3), id="nobody"),
    ],
)
def test_a_wrong_address_is_mended_where_it_is_kept_and_its_links_are_dead(
    wrong: str, places: tuple[str, ...], mended: list[int], versions: tuple[int, int]
) -> None:
    before = whole()
    after = mend_address(before, wrong, RIGHT)
    assert after.places == places
    assert addresses(after.application) == [
        RIGHT if place in mended else address for place, address in enumerate(addresses(before))
    ]
    found = (after.application.link_version, after.application.people[0].link_version)
    assert found == versions


def test_the_same_address_in_other_letters_is_no_correction() -> None:
    assert mend_address(whole(), CONTACT, CONTACT.upper()) == (whole(), ())


def test_one_who_had_a_link_of_their_own_at_the_contacts_address_is_the_contact() -> None:
    assert mend_address(whole(), CONTACT, HOLDER.email.upper()).application.people == ()


@pytest.mark.parametrize(
    ("wrong", "right"), [(CONTACT, LEADER.upper()), (LEADER, CONTACT), ("", RIGHT)]
)
def test_the_contact_and_the_leader_stay_who_they_are_and_what_is_erased_is_empty(
    wrong: str, right: str
) -> None:
    assert mend_address(whole(), wrong, right) == (whole(), ())
    assert mend_address(erased(), wrong, right) == (erased(), ())


def erased() -> Application:
    answers = whole().answers
    contact = answers.contact.model_copy(update={"email": ""})
    leader = answers.leader.model_copy(update={"email": ""})
    return whole().but(
        answers=answers.model_copy(update={"contact": contact, "leader": leader}), pending=None
    )


def page(version: int, person: str = "") -> Page:
    return Page(
        path="/svar",
        label="answer_link",
        application_id=ID,
        link_version=version,
        person=person,
    )


@pytest.mark.parametrize(
    ("to", "person", "version"),
    [
        pytest.param(CONTACT, "", 2, id="the-contact-as-it-is-now"),
        pytest.param(LEADER, "", 2, id="the-leader-in-the-contacts-place"),
        pytest.param("forrige@example.org", "", 1, id="the-contact-before-keeps-a-dead-link"),
        pytest.param(HOLDER.email, HOLDER.id, 3, id="a-colleague"),
        pytest.param(CONTACT, HOLDER.id, 1, id="a-colleagues-link-is-nobody-elses"),
        pytest.param(HOLDER.email, "person0009", 1, id="one-whose-link-was-taken-back"),
    ],
)
def test_a_copy_has_the_links_that_its_recipient_has_now(
    to: str, person: str, version: int
) -> None:
    copy = as_it_stands(a_mail(to=to, pages={"answer_link": page(1, person)}), whole())
    assert copy.pages == {"answer_link": page(version, person)}


def test_a_copy_to_the_contact_names_who_the_contact_is_now() -> None:
    values = {"contact": "Forrige Prøve", "reference": "KFK2-2026-4601"}
    mail = a_mail(to=CONTACT, values=values, pages={"answer_link": page(1)})
    assert as_it_stands(mail, whole()).values == {**values, "contact": "Kari Prøve"}
    assert as_it_stands(mail.but(to="forrige@example.org"), whole()).values == values
