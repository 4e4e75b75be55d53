"""The pages where the contact lets others in, hands over, and chooses between applications."""

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.people import Right
from tests.office_factory import (
    accept,
    all_mails,
    decide_all,
    post_letter,
    read,
    release,
    send_in,
)
from tests.web.office_browser import visit_office
from tests.web.portal_visitor import Visitor

PERSON = {"person.name": "Ola Prøve", "person.email": "ola@example.org", "right.members": "on"}


def test_a_colleague_let_in_on_the_page_has_a_link_and_is_listed(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = send_in(aws).id
    visitor.open_case(application_id)
    done = visitor.post_form(f"/sak/{application_id}/tilgang", PERSON)
    assert (done.status, done.headers["Location"]) == (
        303,
        f"/sak/{application_id}/tilgang?gjort=gitt&lang=nb",
    )
    (holder,) = read(aws, application_id).people
    assert (holder.name, holder.email, holder.rights) == (
        "Ola Prøve",
        "ola@example.org",
        frozenset({Right.MEMBERS}),
    )
    page = visitor.get(f"/sak/{application_id}/tilgang?gjort=gitt")
    assert "Kan arbeide med: gruppa og samlingene." in page.words
    removed = visitor.post_form(f"/sak/{application_id}/tilgang/{holder.id}/fjern", {})
    assert (removed.status, read(aws, application_id).people) == (303, ())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"person.name": ""}, "Fyll ut navnet til kollegaen."),
        ({"person.email": "ola"}, "Skriv e-postadressen til kollegaen på formen navn@kommune.no."),
        ({"right.members": None}, "Kryss av for hva kollegaen skal kunne arbeide med."),
        ({"person.email": "kontakt-4601@example.org"}, "Kontaktpersonen har allerede tilgang"),
    ],
)
def test_what_lacks_is_named_and_what_was_typed_is_kept(
    visitor: Visitor, aws: Wiring, change: dict[str, str | None], message: str
) -> None:
    application_id = send_in(aws).id
    visitor.open_case(application_id)
    fields = {name: text for name, text in {**PERSON, **change}.items() if text is not None}
    seen = visitor.post_form(f"/sak/{application_id}/tilgang", fields)
    assert (seen.status, message in seen.words) == (422, True)
    assert seen.page.findtext(".//title").startswith("Feil:")
    kept = {each.get("name"): each.get("value") for each in seen.page.iterfind(".//input")}
    assert kept["person.name"] == fields.get("person.name", "")
    assert read(aws, application_id).people == ()


def test_the_one_who_hands_over_is_out_and_the_next_is_in(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws).id
    visitor.open_case(application_id)
    fields = {"contact.name": "Ola Prøve", "contact.email": "ola@example.org"}
    done = visitor.post_form(f"/sak/{application_id}/overlever", fields)
    assert (done.status, done.headers["Location"]) == (303, "/overlevert?lang=nb")
    assert visitor.get("/overlevert").status == 200
    visitor.open_case(application_id, 1)
    assert visitor.get(f"/sak/{application_id}").status in (401, 410)
    visitor.open_case(application_id, 2)
    assert visitor.get(f"/sak/{application_id}").status == 200


def test_two_contacts_see_both_applications_and_one_gives_way(
    visitor: Visitor, aws: Wiring
) -> None:
    first, second = send_in(aws), send_in(aws, key="second-of-4601")
    page = visitor.open_case(first.id).get(f"/sak/{first.id}/valg")
    assert [reference in page.words for reference in (first.reference, second.reference)] == [
        True,
        True,
    ]
    visitor.post_form(f"/sak/{first.id}/valg", {"application": second.id})
    assert "En annen søknad gjelder" in visitor.get(f"/sak/{first.id}/valg").words
    again = visitor.post_form(f"/sak/{first.id}/valg", {"application": first.id})
    assert again.status == 409
    assert (read(aws, first.id).state, read(aws, second.id).state) == ("superseded", "submitted")


def test_the_choice_is_closed_on_the_page_once_a_letter_has_answered_one(
    visitor: Visitor, aws: Wiring
) -> None:
    first = send_in(aws)
    second = send_in(aws, key="second-of-4601", at="2026-04-14T10:00:00")
    decide_all(aws, [(first.reference or "", Outcome.ADMITTED)])
    release(aws)
    post_letter(aws, first.id)
    accept(aws, first.id)
    page = visitor.open_case(first.id).get(f"/sak/{first.id}/valg")
    assert ("Det kan ikke velges lenger" in page.words, 'name="application"' in page.text) == (
        True,
        False,
    )
    answer = visitor.post_form(f"/sak/{first.id}/valg", {"application": second.id})
    assert answer.status == 409
    assert (read(aws, first.id).state, read(aws, second.id).state) == ("submitted", "competing")
    staff = visit_office(aws, at="2026-05-05T10:00:00").sign_in("staff")
    counts = [f"/applications/{each.id}/counts" for each in (first, second)]
    pages = [staff.get(f"/applications/{each.id}").text for each in (first, second)]
    assert [address in page for address, page in zip(counts, pages, strict=True)] == [True, False]


def test_a_lost_link_is_answered_alike_for_everybody(visitor: Visitor, aws: Wiring) -> None:
    send_in(aws)
    known = visitor.post_form("/ny-lenke", {"email": "Kontakt-4601@example.org"})
    unknown = visitor.post_form("/ny-lenke", {"email": "nobody@example.org"})
    assert (known.status, known.headers) == (unknown.status, unknown.headers)
    assert [each.text for each in all_mails(aws).values()].count("new_link") == 1


def test_nothing_given_is_told(visitor: Visitor) -> None:
    seen = visitor.post_form("/ny-lenke", {"email": "", "municipality": ""})
    assert (seen.status, "Skriv en e-postadresse eller velg en kommune." in seen.words) == (
        422,
        True,
    )
