"""The municipality's own page: every state it can be in, and what may be done from it."""

import re

import boto3
import pytest

from kulturkontor.applications import ApplicationState
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.records import Put
from tests.conftest import set_clock
from tests.office_factory import (
    accept,
    admitted,
    decide_all,
    letter,
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
    letter(aws, receipt.id)
    return receipt.id


def test_own_page_shows_what_was_sent_in_the_language_of_the_application(
    visitor: Visitor, aws: Wiring
) -> None:
    receipt = send_in(aws, language="nn", motivation="Fleire born")
    seen = own(visitor, receipt.id)
    assert seen.status == 200
    assert seen.page.get("lang") == "nn"
    assert "KFK2-2026-4601" in seen.words
    assert "Fleire born" in seen.words
    assert own(visitor, receipt.id, "?lang=nb").page.get("lang") == "nb"
    assert seen.calls == {"dynamodb": 1}


@pytest.mark.parametrize(
    "rest", ["", "/rett", "/trekk", "/fil/0123456789abcdef", "/brev/1", "/reisekrav/S1"]
)
def test_page_behind_a_replaced_link_is_shut(visitor: Visitor, aws: Wiring, rest: str) -> None:
    receipt = send_in(aws)
    aws.records.write(Put(read(aws, receipt.id).but(link_version=2)))
    seen = own(visitor, receipt.id, rest)
    assert seen.status == 401
    assert seen.page.xpath("//a[starts-with(@href, '/ny-lenke')]") != []


@pytest.mark.parametrize("rest", ["/lagre", "/send", "/trekk", "/svar", "/fil"])
def test_nothing_is_done_by_a_replaced_link(visitor: Visitor, aws: Wiring, rest: str) -> None:
    receipt = send_in(aws)
    changed = read(aws, receipt.id).but(link_version=2)
    aws.records.write(Put(changed))
    seen = post(visitor, receipt.id, rest, answer="yes", name="plan.pdf")
    assert seen.status == 401
    assert read(aws, receipt.id) == changed.but(revision=changed.revision + 1)


def test_page_of_an_erased_application_says_it_is_gone(visitor: Visitor) -> None:
    assert own(visitor, "0" * 32).status == 410


def test_draft_tells_what_is_missing_and_is_finished(visitor: Visitor, aws: Wiring) -> None:
    draft = send_in(aws, submit=False, motivation="")
    assert "hvorfor dere søker, og hva dere vil utvikle" in own(visitor, draft.id).words
    fields = own(visitor, draft.id, "/rett").fields() | {"motivation": "Flere barn"}
    saved = post(visitor, draft.id, "/lagre", **fields, action="save")
    assert (saved.status, saved.calls) == (303, {"dynamodb": 2})
    assert saved.headers["Location"].startswith(f"/sak/{draft.id}?gjort=kladd")
    again = own(visitor, draft.id, "/rett").fields()
    sent = post(visitor, draft.id, "/send", **again, action="send")
    assert (sent.status, sent.calls) == (303, {"dynamodb": 2, "sqs": 1})
    application = read(aws, draft.id)
    assert (application.state, application.missing) == (ApplicationState.SUBMITTED, ())
    assert "Vi har sendt en kvittering til" in visitor.get(sent.headers["Location"]).words


def test_form_behind_the_link_holds_every_answer(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws, partners="Nabokommunen", earlier_participation="Nei")
    before = read(aws, receipt.id).answers
    fields = own(visitor, receipt.id, "/rett").fields()
    assert post(visitor, receipt.id, "/send", **fields, action="send").status == 303
    assert read(aws, receipt.id).answers == before


def test_two_who_edit_at_once_are_told_of_each_other(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    mine = own(visitor, receipt.id, "/rett").fields() | {"motivation": "Min tekst"}
    yours = own(visitor, receipt.id, "/rett").fields() | {"motivation": "Din tekst"}
    assert post(visitor, receipt.id, "/send", **yours, action="send").status == 303
    refused = post(visitor, receipt.id, "/send", **mine, action="send")
    assert (refused.status, refused.fields()["motivation"].strip()) == (409, "Min tekst")
    assert read(aws, receipt.id).answers.motivation == "Din tekst"
    knowing = post(visitor, receipt.id, "/send", **refused.fields(), action="send")
    assert knowing.status == 303
    assert read(aws, receipt.id).answers.motivation == "Min tekst"


def test_faulty_correction_keeps_what_was_typed(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    fields = own(visitor, receipt.id, "/rett").fields() | {"contact.email": "kari"}
    seen = post(visitor, receipt.id, "/send", **fields, action="send")
    assert (seen.status, seen.fields()["contact.email"]) == (422, "kari")
    assert read(aws, receipt.id).version == 1


def test_correction_after_the_deadline_keeps_what_was_typed(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    fields = own(visitor, receipt.id, "/rett").fields() | {"motivation": "For sent"}
    set_clock("2026-04-14T00:00:00+02:00")
    seen = post(visitor, receipt.id, "/send", **fields, action="send")
    assert (seen.status, seen.fields()["motivation"].strip()) == (403, "For sent")
    assert own(visitor, receipt.id).page.xpath("//a[contains(@href, '/rett')]") == []


def test_form_behind_the_link_adds_people_without_storing(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    fields = own(visitor, receipt.id, "/rett").fields()
    seen = post(visitor, receipt.id, "/send", **fields, action="add")
    assert (seen.status, "members.4.role" in seen.fields()) == (200, True)
    assert read(aws, receipt.id).version == 1


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


@pytest.mark.parametrize(
    ("answer", "state", "done"),
    [
        ("yes", PlaceState.ACCEPTED, "Dere har takket ja til plassen."),
        ("no", PlaceState.DECLINED, "Dere har takket nei til plassen."),
        ("maybe", PlaceState.OFFERED, "Velg ja eller nei"),
    ],
)
def test_offer_is_answered(
    visitor: Visitor, aws: Wiring, answer: str, state: PlaceState, done: str
) -> None:
    application_id = offered(aws)
    set_clock("2026-05-04T10:00:00+02:00")
    assert "Svar innen 20. mai 2026." in own(visitor, application_id).words
    seen = post(visitor, application_id, "/svar", answer=answer)
    place = read(aws, application_id).place
    assert place is not None
    assert (seen.status, place.state) == (303, state)
    assert done in visitor.get(seen.headers["Location"]).words


def test_answer_to_nothing_is_a_page_that_says_so(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    seen = post(visitor, receipt.id, "/svar", answer="yes")
    assert (seen.status, seen.page.findtext(".//h1")) == (409, "Det er ingen plass å svare på")


def test_claim_is_shown_with_its_result_in_words(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    assert "Vi har ikke mottatt noe krav" in own(visitor, application_id, "/reisekrav/S1").words
    send_claim(aws, application_id)
    for page in (own(visitor, application_id, "/reisekrav/S1"), own(visitor, application_id)):
        assert "KFK2-2026-4601-S1" in page.words
        assert "egen bil, 530,00 kr: godkjent." in page.words.replace("\xa0", " ")
        assert "Vi dekker 50 prosent av reisekostnadene." in page.words
    assert own(visitor, application_id, "/reisekrav/S9").status == 404


def test_nothing_secret_is_said_by_what_the_page_may_be_asked_to_say(
    visitor: Visitor, aws: Wiring
) -> None:
    receipt = send_in(aws)
    seen = own(visitor, receipt.id, "?gjort=<script>alert(1)</script>")
    assert (seen.status, "alert(1)" in seen.page.text_content()) == (200, False)


def test_looking_at_the_own_pages_changes_nothing(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws)
    accept(aws, application_id)
    promised = post(visitor, application_id, "/fil", purpose="receipts", name="tog.pdf")
    before = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    waiting = re.sub(r"\?.*", "", promised.headers["Location"])
    for rest in ("", "/rett", "/trekk", "/brev/1", "/reisekrav/S1", "?gjort=ja"):
        assert own(visitor, application_id, rest).status == 200
    assert visitor.get(waiting).status == 200
    assert boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"] == before


def test_own_page_has_no_field_without_a_label(visitor: Visitor, aws: Wiring) -> None:
    application_id = offered(aws)
    for rest in ("", "/rett", "/trekk"):
        page = own(visitor, application_id, rest).page
        labels = set(page.xpath("//label/@for"))
        fields = page.xpath("//input[@type!='hidden'] | //select | //textarea")
        assert {each.get("id") for each in fields} <= labels
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))


def test_municipality_of_a_draft_may_be_anything(visitor: Visitor, aws: Wiring) -> None:
    draft = send_in(aws, "Et sted", submit=False, leader={}, contact={"email": "a@example.com"})
    assert "Et sted" in own(visitor, draft.id).words
    assert own(visitor, draft.id, "/rett").fields()["municipality"] == "Et sted"
