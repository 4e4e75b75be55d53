"""The municipality's own page: every state it can be in, and what may be done from it."""

import boto3
import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.people import LinkHolder, Right
from kulturkontor.records import Put
from tests.conftest import set_clock
from tests.office_factory import (
    accept,
    admitted,
    decide_all,
    oslo,
    post_letter,
    read,
    release,
    send_claim,
    send_in,
)
from tests.web.portal_visitor import Seen, Visitor


def own(visitor: Visitor, application_id: str, rest: str = "") -> Seen:
    return visitor.open_case(application_id).get(f"/sak/{application_id}{rest}")


def post(visitor: Visitor, application_id: str, rest: str, **fields: str) -> Seen:
    return visitor.open_case(application_id).post_form(f"/sak/{application_id}{rest}", fields)


def offered(aws: Wiring, outcome: Outcome = Outcome.ADMITTED) -> str:
    """The id of an application whose letter is out and that has not answered."""
    receipt = send_in(aws)
    decide_all(aws, [(str(receipt.reference), outcome)])
    release(aws)
    post_letter(aws, receipt.id)
    return receipt.id


def ways(seen: Seen) -> set[str]:
    """The pages of the case that the page leads to, by link or by form."""
    found = seen.page.xpath("//main//a/@href | //main//form/@action")
    paths = {str(each).partition("?")[0] for each in found}
    return {path.split("/", 3)[3] for path in paths if path.count("/") > 2}


def let_in(here: Wiring, application_id: str, *rights: Right) -> str:
    """The id of a further person with a link of those rights."""
    holder = LinkHolder(
        id="0123456789abcdef",
        name="Ola Prøve",
        email="ola@example.org",
        rights=frozenset(rights),
        added_at=oslo("2026-05-04T10:00:00"),
    )
    here.records.write(Put(read(here, application_id).but(people=(holder,))))
    return holder.id


def test_own_page_tells_the_state_in_the_language_of_the_application(
    visitor: Visitor, aws: Wiring
) -> None:
    receipt = send_in(aws, language="nn")
    seen = own(visitor, receipt.id)
    assert seen.status == 200
    assert seen.page.get("lang") == "nn"
    assert "KFK2-2026-4601" in seen.words
    assert own(visitor, receipt.id, "?lang=nb").page.get("lang") == "nb"
    assert seen.calls == {"dynamodb": 1}


@pytest.mark.parametrize(
    "rest",
    ["", "/trekk", "/brev/1", "/svar", "/gruppe", "/samlinger", "/samlinger/S1", "/post"],
)
def test_page_behind_a_replaced_link_is_shut(visitor: Visitor, aws: Wiring, rest: str) -> None:
    application_id = admitted(aws)
    aws.records.write(Put(read(aws, application_id).but(link_version=2)))
    seen = own(visitor, application_id, rest)
    assert seen.status == 410
    assert seen.page.xpath("//a[starts-with(@href, '/ny-lenke')]") != []


POSTS = (
    *("/trekk", "/svar", "/gruppe", "/samlinger/S1", "/samlinger/S1/frafall"),
    *("/samlinger/S1/angre", "/samlinger/S1/vikar", "/samlinger/S1/vikar/fjern"),
)


@pytest.mark.parametrize("rest", POSTS)
def test_nothing_is_done_by_a_replaced_link(visitor: Visitor, aws: Wiring, rest: str) -> None:
    application_id = admitted(aws)
    changed = read(aws, application_id).but(link_version=2)
    aws.records.write(Put(changed))
    sent = {
        "answer": "yes",
        "person": "p1",
        "presence.p1": "comes",
        "substitute.id": "v1",
        "substitute.name": "Vikar",
        "substitute.sector": "kultur",
    }
    seen = post(visitor, application_id, rest, **sent)
    assert seen.status == 410
    assert read(aws, application_id) == changed.but(revision=changed.revision + 1)


RIGHTS_OF_PAGES = {
    Right.CONTACT: {"/svar", "/post", "/trekk"},
    Right.MEMBERS: {"/gruppe", "/samlinger", "/samlinger/S1"},
}


@pytest.mark.parametrize("right", [Right.APPLY, Right.MEMBERS, Right.CLAIMS])
def test_a_link_opens_the_pages_of_its_right_and_no_other(
    visitor: Visitor, aws: Wiring, right: Right
) -> None:
    application_id = admitted(aws)
    set_clock("2026-06-04T10:00:00+02:00")
    person = let_in(aws, application_id, right)
    visitor.open_case(application_id, person=person)
    statuses = {
        path: visitor.get(f"/sak/{application_id}{path}").status
        for paths in RIGHTS_OF_PAGES.values()
        for path in paths
    }
    opened = RIGHTS_OF_PAGES.get(right, set())
    assert statuses == {path: 200 if path in opened else 403 for path in statuses}


@pytest.mark.parametrize(
    ("rights", "shown"),
    [
        ((Right.MEMBERS,), {"brev/1", "gruppe", "samlinger", "samlinger/S1", "lukk"}),
        (
            (Right.CLAIMS,),
            {"brev/1", "lukk", "kvitteringer", *(f"reisekrav/S{number}" for number in range(1, 7))},
        ),
        ((Right.APPLY,), {"brev/1", "soknad", "lukk"}),
    ],
    ids=["members", "claims", "apply"],
)
def test_own_page_leads_only_where_the_link_opens(
    visitor: Visitor, aws: Wiring, rights: tuple[Right, ...], shown: set[str]
) -> None:
    application_id = admitted(aws)
    set_clock("2026-06-04T10:00:00+02:00")
    visitor.open_case(application_id, person=let_in(aws, application_id, *rights))
    assert ways(visitor.get(f"/sak/{application_id}")) == shown


def test_the_contacts_page_leads_everywhere(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    set_clock("2026-06-04T10:00:00+02:00")
    assert ways(own(visitor, application_id)) == {
        *("soknad", "svar", "gruppe", "samlinger", "samlinger/S1", "brev/1", "post", "tilgang"),
        *("trekk", "lukk", "kvitteringer", *(f"reisekrav/S{number}" for number in range(1, 7))),
    }


def test_page_of_an_erased_application_says_it_is_gone(visitor: Visitor) -> None:
    assert own(visitor, "0" * 32).status == 410


def test_an_incomplete_application_is_told_what_it_lacks_until_the_deadline(
    visitor: Visitor, aws: Wiring
) -> None:
    receipt = send_in(aws, motivation="")
    lacks = "hvorfor dere søker, og hva dere vil utvikle"
    step = "Fyll ut det som mangler i søknaden, innen 13. april 2026"
    assert [each in own(visitor, receipt.id).words for each in (lacks, step)] == [True, True]
    set_clock("2026-04-14T00:00:00+02:00")
    assert [each in own(visitor, receipt.id).words for each in (lacks, step)] == [False, False]


@pytest.mark.parametrize(
    ("moment", "state", "done"),
    [
        ("2026-04-13T23:59:59+02:00", "withdrawn", "Søknaden er trukket."),
        ("2026-04-14T00:00:00+02:00", "withdrawal_asked", "Vi har fått beskjed om at"),
    ],
)
def test_withdrawal_is_asked_about_first(
    visitor: Visitor, aws: Wiring, moment: str, state: str, done: str
) -> None:
    receipt = send_in(aws)
    set_clock(moment)
    assert own(visitor, receipt.id, "/trekk").status == 200
    assert read(aws, receipt.id).state == "submitted"
    seen = post(visitor, receipt.id, "/trekk")
    assert (seen.status, str(read(aws, receipt.id).state)) == (303, state)
    assert done in visitor.get(seen.headers["Location"]).words


def test_letter_is_not_there_before_it_is_told(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    decide_all(aws, [(str(receipt.reference), Outcome.ADMITTED)])
    assert own(visitor, receipt.id, "/brev/1").status == 404
    assert own(visitor, receipt.id, "/svar").status == 409
    assert "plass" not in own(visitor, receipt.id).page.xpath("string(//main//dl[1])")


def test_letter_is_downloaded_as_it_was_sent(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws, Outcome.REJECTED)
    assert "Dere har ikke fått plass" in own(visitor, application_id).words
    seen = own(visitor, application_id, "/brev/1")
    assert (seen.status, seen.headers["Content-Type"]) == (200, "application/pdf")
    assert seen.headers["Content-Disposition"] == 'attachment; filename="KFK2-2026-4601.pdf"'
    assert seen.text.startswith("%PDF-")
    assert [own(visitor, application_id, f"/brev/{each}").status for each in ("2", "01", "x")] == [
        404
    ] * 3


def place_of(here: Wiring, application_id: str) -> PlaceState:
    place = read(here, application_id).place
    assert place is not None
    return place.state


def test_offer_is_shown_with_its_deadline_and_accepted(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws)
    set_clock("2026-05-04T10:00:00+02:00")
    assert "Takk ja eller nei til plassen innen 20. mai 2026" in own(visitor, application_id).words
    assert "Svar innen onsdag 20. mai 2026." in own(visitor, application_id, "/svar").words
    seen = post(visitor, application_id, "/svar", answer="yes")
    assert (seen.status, place_of(aws, application_id)) == (303, PlaceState.ACCEPTED)
    assert "Dere har takket ja til plassen." in visitor.get(seen.headers["Location"]).words


def test_no_is_confirmed_first_and_can_be_undone(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws)
    set_clock("2026-05-04T10:00:00+02:00")
    asked = post(visitor, application_id, "/svar", answer="no")
    assert (asked.status, place_of(aws, application_id)) == (200, PlaceState.OFFERED)
    (form,) = asked.page.forms
    seen = post(visitor, application_id, "/svar", **dict(form.form_values()))
    assert (seen.status, place_of(aws, application_id)) == (303, PlaceState.DECLINED)
    shown = visitor.get(seen.headers["Location"]).words
    assert "kan dere endre svaret til plassen er gitt videre" in shown
    set_clock("2026-05-05T10:00:00+02:00")
    assert post(visitor, application_id, "/svar", answer="yes").status == 303
    assert place_of(aws, application_id) is PlaceState.ACCEPTED


@pytest.mark.parametrize("fields", [{}, {"answer": "maybe"}])
def test_answer_without_a_choice_is_asked_for_again(
    visitor: Visitor, aws: Wiring, fields: dict[str, str]
) -> None:
    application_id = offered(aws)
    seen = post(visitor, application_id, "/svar", **fields)
    assert (seen.status, place_of(aws, application_id)) == (422, PlaceState.OFFERED)
    assert seen.page.xpath("//title/text()")[0].startswith("Feil: Svar på plassen")
    (summary,) = seen.page.xpath("//a[@href='#answer']")
    assert summary.text_content() == "Velg ja eller nei"
    assert seen.page.get_element_by_id("answer").get("type") == "radio"


def test_answering_after_the_deadline_is_possible_and_said(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws)
    set_clock("2026-05-21T10:00:00+02:00")
    assert "Svarfristen var onsdag 20. mai 2026" in own(visitor, application_id, "/svar").words
    assert post(visitor, application_id, "/svar", answer="yes").status == 303


def test_answer_to_nothing_is_a_page_that_says_so(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    for seen in (
        own(visitor, receipt.id, "/svar"),
        post(visitor, receipt.id, "/svar", answer="yes"),
    ):
        assert (seen.status, seen.page.findtext(".//h1")) == (409, "Det er ingen plass å svare på")


def test_a_place_that_was_passed_on_is_not_answered(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws)
    application = read(aws, application_id)
    assert application.place is not None
    gone = application.place.model_copy(update={"state": PlaceState.PASSED_ON})
    aws.records.write(Put(application.but(place=gone)))
    assert "svar" not in ways(own(visitor, application_id))
    for seen in (
        own(visitor, application_id, "/svar"),
        post(visitor, application_id, "/svar", answer="yes"),
        post(visitor, application_id, "/svar", answer="no"),
    ):
        assert seen.status == 409


def test_claims_stand_with_state_and_sums(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    set_clock("2026-09-30T10:00:00+02:00")
    assert "Kravet sendes innen 16. oktober 2026." in own(visitor, application_id).words
    assert "Send reisekravet for samling 1 innen" in own(visitor, application_id).words
    send_claim(aws, application_id)
    words = own(visitor, application_id).words.replace("\xa0", " ")
    assert "Vår del er 265,00 kr, og kommunens del er 265,00 kr." in words
    assert "Send reisekravet for samling 1 innen" not in words


def test_nothing_secret_is_said_by_what_the_page_may_be_asked_to_say(
    visitor: Visitor, aws: Wiring
) -> None:
    receipt = send_in(aws)
    seen = own(visitor, receipt.id, "?gjort=<script>alert(1)</script>")
    assert (seen.status, "alert(1)" in seen.page.text_content()) == (200, False)


def test_looking_at_the_own_pages_changes_nothing(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws)
    accept(aws, application_id)
    before = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    for rest in ("", "/trekk", "/brev/1", "/svar", "/gruppe", "/samlinger", "/samlinger/S1"):
        assert own(visitor, application_id, rest).status == 200
    assert own(visitor, application_id, "/post").status == 200
    assert own(visitor, application_id, "?gjort=ja").status == 200
    assert boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"] == before


def test_no_page_of_the_case_has_a_field_without_a_label_or_an_id_twice(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = admitted(aws)
    set_clock("2026-06-04T10:00:00+02:00")
    for rest in ("", "/trekk", "/svar", "/gruppe", "/samlinger", "/samlinger/S1", "/post"):
        page = own(visitor, application_id, rest).page
        labels = set(page.xpath("//label/@for"))
        fields = page.xpath("//input[@type!='hidden'] | //select | //textarea")
        assert {each.get("id") for each in fields} <= labels
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))


def test_municipality_of_a_draft_may_be_anything(visitor: Visitor, aws: Wiring) -> None:
    draft = send_in(aws, "Et sted", submit=False, leader={}, contact={"email": "a@example.com"})
    assert "Et sted" in own(visitor, draft.id).words


def test_the_case_is_closed_on_a_shared_machine(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    assert post(visitor, receipt.id, "/lukk").status == 303
    assert visitor.get(f"/sak/{receipt.id}").status == 401
