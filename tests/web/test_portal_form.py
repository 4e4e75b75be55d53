import re

import pytest

from kulturkontor.applications import Application, ApplicationState
from kulturkontor.aws.wiring import Wiring
from kulturkontor.municipalities import all_municipalities
from tests.conftest import messages, set_clock
from tests.office_factory import read
from tests.web.filled_form import COMPLETE, opened, post
from tests.web.portal_visitor import Seen, Visitor


def stored(aws: Wiring, seen: Seen) -> Application:
    """The application whose receipt the answer leads to."""
    found = re.search(r"id=([0-9a-f]{32})", seen.headers["Location"])
    assert found is not None
    return read(aws, found[1])


def test_form_lists_every_municipality_in_norwegian_order_with_its_county(
    visitor: Visitor,
) -> None:
    page = visitor.get("/soknad").page
    options = page.xpath("//select[@name='municipality']/option[@value!='']")
    assert [each.get("value") for each in options] == [
        each.kommunenummer for each in all_municipalities()
    ]
    words = [each.text_content() for each in options]
    assert {"Herøy (Møre og Romsdal)", "Herøy (Nordland)"} <= set(words)
    assert words.index("Ål (Buskerud)") > words.index("Øvre Eiker (Buskerud)")


def test_form_is_sent_and_gets_a_receipt(visitor: Visitor, aws: Wiring) -> None:
    seen = post(visitor, opened(visitor) | COMPLETE, "send")
    application = stored(aws, seen)
    assert seen.status == 303
    assert (application.state, application.missing, application.suspect) == ("submitted", (), False)
    assert application.answers.contact.name == "Åse Øvrebø"
    assert len(messages(aws.settings.mail_queue_url)) == 1
    receipt = visitor.get(seen.headers["Location"])
    assert receipt.status == 200
    assert "Vi tok imot søknaden 20. mars 2026 kl. 10.01.00." in receipt.words
    secrets = ("KFK2", "ase@example.com", "Øvrebø", "/s/")
    assert [each for each in secrets if each in receipt.text] == []


def test_form_sent_twice_is_one_application(visitor: Visitor, aws: Wiring) -> None:
    fields = opened(visitor) | COMPLETE
    first, second = post(visitor, fields, "send"), post(visitor, fields, "send")
    assert first.headers["Location"] == second.headers["Location"]
    assert len(messages(aws.settings.mail_queue_url)) == 1


def test_form_sent_again_with_other_answers_keeps_both_apart(visitor: Visitor) -> None:
    fields = opened(visitor) | COMPLETE
    post(visitor, fields, "send")
    seen = post(visitor, fields | {"motivation": "Noe annet"}, "send")
    assert seen.status == 409
    assert seen.fields()["motivation"] == "\nNoe annet"


def test_incomplete_form_is_received_and_the_receipt_says_so(visitor: Visitor, aws: Wiring) -> None:
    seen = post(visitor, opened(visitor) | COMPLETE | {"motivation": ""}, "send")
    assert [each.code for each in stored(aws, seen).missing] == ["motivation"]
    assert "Søknaden mangler noe." in visitor.get(seen.headers["Location"]).words


def test_faulty_form_comes_back_with_everything_that_was_typed(visitor: Visitor) -> None:
    typed = opened(visitor) | COMPLETE
    typed |= {"contact.email": "ase", "municipality": "", "motivation": "\n <b>Viktig</b>\n\n"}
    seen = post(visitor, typed, "send")
    assert seen.status == 422
    page = seen.page
    assert str(page.findtext(".//title")).startswith("Feil: Søknad om plass")
    summary = page.cssselect('[role="alert"]')[0]
    assert summary.cssselect("h2[autofocus][tabindex='-1']")
    links = [(str(each.get("href")), each.text_content()) for each in summary.cssselect("a")]
    assert links == [
        ("#municipality", "Fyll ut kommunen som søker."),
        ("#contact.email", "Skriv e-postadressen til kontaktpersonen på formen navn@kommune.no."),
    ]
    for link, message in links:
        field = page.get_element_by_id(link[1:])
        assert field.get("aria-invalid") == "true"
        notes = [
            page.get_element_by_id(each) for each in str(field.get("aria-describedby")).split()
        ]
        assert message in [each.text_content() for each in notes]
    again = seen.fields()
    assert {name: again.get(name, "").strip() for name in typed} == {
        name: text.strip() for name, text in typed.items()
    }


def test_fault_of_a_member_is_told_of_the_person_who_has_it(visitor: Visitor) -> None:
    fields = opened(visitor) | COMPLETE
    gap = {f"members.1.{part}": "" for part in ("role", "sector", "name", "email")}
    seen = post(visitor, fields | gap | {"members.2.email": "x"}, "send")
    assert [each.get("href") for each in seen.page.cssselect(".summary a")] == ["#members.1.email"]
    assert "e-postadressen til person 2" in seen.words
    assert seen.fields()["members.1.email"] == "x"


def test_person_is_added_and_removed_with_nothing_lost(visitor: Visitor) -> None:
    fields = opened(visitor) | COMPLETE | {"members.1.name": "Berit", "contact.email": "halvt"}
    longer = post(visitor, fields, "add")
    assert longer.status == 200
    assert longer.page.cssselect("[autofocus]")[0].get("name") == "members.4.role"
    assert longer.fields()["contact.email"] == "halvt"
    more = longer.fields() | {"members.4.role": "ny"}
    shorter = post(visitor, more, "remove.0").fields()
    assert (shorter["members.0.name"], shorter["members.3.role"]) == ("Berit", "ny")
    assert "members.4.role" not in shorter
    assert shorter["key"] == fields["key"]


def test_people_stop_at_the_most_that_can_be_kept(visitor: Visitor) -> None:
    fields = opened(visitor)
    fields |= {f"members.{number}.role": "x" for number in range(40)}
    assert "members.40.role" not in post(visitor, fields, "add").fields()


@pytest.mark.parametrize("action", ["remove.99", "remove.x", "remove", "keep", "nonsense", ""])
def test_button_that_means_nothing_shows_the_form_again(visitor: Visitor, action: str) -> None:
    fields = opened(visitor) | COMPLETE
    seen = post(visitor, fields, action)
    assert (seen.status, seen.fields()["motivation"].strip()) == (200, "Flere barn")


def test_language_is_changed_with_nothing_lost(visitor: Visitor) -> None:
    fields = opened(visitor) | COMPLETE
    button = visitor.get("/soknad?lang=nb").page.get_element_by_id("language-link")
    assert (button.get("formaction"), button.get("value")) == ("/soknad?lang=nn", "language")
    seen = post(visitor, fields, "language", "/soknad?lang=nn")
    assert seen.page.get("lang") == "nn"
    assert seen.fields()["motivation"].strip() == "Flere barn"
    assert seen.fields()["language"] == "nn"


def test_draft_needs_only_an_address_for_its_link(visitor: Visitor, aws: Wiring) -> None:
    fields = opened(visitor)
    refused = post(visitor, fields, "save")
    assert (refused.status, "sende lenken til utkastet" in refused.words) == (422, True)
    seen = post(visitor, fields | {"contact.email": "ase@example.com"}, "save")
    assert stored(aws, seen).state is ApplicationState.DRAFT
    receipt = visitor.get(seen.headers["Location"]).words
    assert "Søknaden er ikke sendt ennå." in receipt


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [({"website": "http://spam.example"}, 60), ({}, 1), ({"key": "forged"}, 60), ({"key": ""}, 60)],
    ids=["trap", "too fast", "forged key", "no key"],
)
def test_what_no_person_sent_is_kept_as_suspect(
    visitor: Visitor, aws: Wiring, changes: dict[str, str], seconds: int
) -> None:
    fields = opened(visitor) | COMPLETE | changes
    set_clock(f"2026-03-20T10:{seconds // 60:02d}:{seconds % 60:02d}+01:00")
    first, second = post(visitor, fields, "send"), post(visitor, fields, "send")
    assert stored(aws, first).suspect
    assert first.headers["Location"] == second.headers["Location"]


def test_form_is_kept_when_the_period_is_over(visitor: Visitor) -> None:
    fields = opened(visitor) | COMPLETE
    set_clock("2026-04-30T09:00:00+02:00")
    seen = post(visitor, fields, "send")
    assert (seen.status, seen.fields()["motivation"].strip()) == (403, "Flere barn")
    assert visitor.get("/soknad").status == 403


def test_form_is_kept_when_too_many_came(visitor: Visitor) -> None:
    fields = opened(visitor)
    statuses = {post(visitor, fields, "save").status for _ in range(120)}
    seen = post(visitor, fields | {"motivation": "Flere barn"}, "send")
    assert statuses == {422}
    assert (seen.status, seen.headers["Retry-After"]) == (429, "3541")
    assert seen.fields()["motivation"].strip() == "Flere barn"
