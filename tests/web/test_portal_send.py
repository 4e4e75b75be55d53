"""Looking over, sending once however often the button is pressed, and the receipt."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kulturkontor.application_rows import put
from kulturkontor.applications import Application, ApplicationState, Extension
from kulturkontor.aws.wiring import Wiring
from kulturkontor.received_files import FileState, ReceivedFile
from kulturkontor.records import Put
from tests.conftest import set_clock
from tests.office_factory import all_mails, oslo, read, send_in
from tests.web.filled_form import TERMS, fill, page_of, press, send, start, written
from tests.web.portal_visitor import Visitor, token_of


def correct(visitor: Visitor, application: str, **changes: str) -> None:
    path = page_of(application, "kapasitet")
    assert press(visitor, path, visitor.get(path).fields() | changes, "next").status == 303


def attach(aws: Wiring, application: str, **changes: object) -> ReceivedFile:
    file = ReceivedFile(
        id="0123456789abcdef",
        application_id=application,
        programme="kifk2",
        purpose="attachments",
        name="Kulturplan.pdf",
        promised_at=oslo("2026-03-20T10:00:30"),
    ).but(**changes)
    aws.records.write(Put(file))
    return file


def extended(aws: Wiring, application: str) -> None:
    leave = Extension(
        until=oslo("2026-04-20T12:00:00"),
        given_by="stab",
        given_at=oslo("2026-04-14T09:00:00"),
        reason="Strømbrudd",
    )
    aws.records.write(*put(read(aws, application).but(extension=leave)))


def test_application_is_looked_over_sent_and_gets_its_receipt(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = written(visitor, aws).id
    words = visitor.get(page_of(draft, "send")).words
    assert "Flere barn" in words
    assert "Lederen har godkjent at kommunen søkerJa" in words
    seen = send(visitor, draft)
    assert (seen.status, seen.calls) == (303, {"dynamodb": 2, "sqs": 1})
    application = read(aws, draft)
    assert (application.state, application.missing, application.version) == ("submitted", (), 1)
    receipt = visitor.get(seen.headers["Location"])
    assert (receipt.status, receipt.calls) == (200, {"dynamodb": 1})
    for told in (
        "Vi tok imot søknaden 20. mars 2026 kl. 10.01.00.",
        "Referansen er KFK2-2026-4601.",
        "Flere barn",
        "Svarbrevet kommer 30. april 2026.",
        "ase@example.com",
    ):
        assert told in receipt.words


def test_receipt_mail_holds_every_answer_and_the_attachments(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    attach(aws, draft, state=FileState.ACCEPTED)
    attach(aws, draft, id="fedcba9876543210", state=FileState.REFUSED, name="virus.pdf")
    send(visitor, draft)
    mail = all_mails(aws)[f"{draft}_receipt_1"]
    answers = mail.values["answers"]
    assert isinstance(answers, list)
    assert "Hvorfor søker dere, og hva vil dere utvikle? Flere barn" in answers
    assert "Kommunen som søker: Bergen kommune" in answers
    assert "Kontaktperson, navn: Åse Øvrebø" in answers
    assert "Person 4: rektor, kultur" in answers
    assert len(answers) == 25
    assert (mail.values["attachments"], mail.values["reference"]) == (
        ["Kulturplan.pdf"],
        "KFK2-2026-4601",
    )
    assert "Kulturplan.pdf" in visitor.get(f"/sak/{draft}/kvittering").words


def test_application_sent_again_and_again_is_one(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    fields = visitor.get(page_of(draft, "send")).fields() | TERMS
    answers = {
        (seen.status, seen.headers["Location"])
        for seen in (press(visitor, page_of(draft, "send"), fields, "send") for _ in range(3))
    }
    assert answers == {(303, f"/sak/{draft}/kvittering?lang=nb")}
    assert (read(aws, draft).version, len(all_mails(aws))) == (1, 2)


def test_four_at_once_are_one_application(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    fields = visitor.get(page_of(draft, "send")).fields() | TERMS
    with ThreadPoolExecutor(4) as at_once:
        seen = list(
            at_once.map(
                lambda _: press(visitor, page_of(draft, "send"), fields, "send").status, range(4)
            )
        )
    assert (seen, read(aws, draft).version) == ([303] * 4, 1)


def test_incomplete_application_is_sent_and_the_receipt_says_so(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = start(visitor)
    seen = send(visitor, draft)
    assert "motivation" in [each.code for each in read(aws, draft).missing]
    assert "hvorfor dere søker" in visitor.get(seen.headers["Location"]).words


def test_blank_rows_are_not_sent(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    path = page_of(draft, "gruppe")
    gap = {f"members.1.{part}": "" for part in ("role", "sector")}
    press(visitor, path, visitor.get(path).fields() | gap, "next")
    send(visitor, draft)
    application = read(aws, draft)
    assert [member.role for member in application.answers.members] == ["rektor"] * 3
    assert [each.code for each in application.missing] == ["members_too_few"]


def test_what_it_cannot_be_sent_without_is_told_and_leads_there(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = start(visitor, contact_name="", municipality="")
    page = visitor.get(page_of(draft, "send")).page
    needed = {each.text_content() for each in page.cssselect("ul.ds-list a")}
    assert {"kommunen som søker", "navnet på kontaktpersonen"} <= needed
    refused = send(visitor, draft)
    assert refused.status == 422
    assert str(refused.page.findtext(".//title")).startswith("Feil: ")
    links = [str(each.get("href")) for each in refused.page.cssselect(".summary a")]
    assert links == ["#municipality", "#contact.name"]
    assert [refused.page.get_element_by_id(each[1:]).tag for each in links] == ["dt", "dt"]
    assert refused.fields()["accepts_cost_split"] == "on"
    assert read(aws, draft).state is ApplicationState.DRAFT


def test_answers_that_another_changed_meanwhile_are_looked_over_again(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = written(visitor, aws).id
    fields = visitor.get(page_of(draft, "send")).fields() | TERMS
    correct(visitor, draft, motivation="Noe helt annet")
    refused = press(visitor, page_of(draft, "send"), fields, "send")
    assert (refused.status, "Noe helt annet" in refused.words) == (409, True)
    assert read(aws, draft).state is ApplicationState.DRAFT
    knowing = press(visitor, page_of(draft, "send"), refused.fields(), "send")
    assert (knowing.status, read(aws, draft).missing) == (303, ())


def test_nothing_is_sent_while_an_attachment_is_unchecked(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    attach(aws, draft)
    fields = visitor.get(page_of(draft, "send")).fields() | TERMS
    refused = press(visitor, page_of(draft, "send"), fields, "send")
    assert (refused.status, "Vi kontrollerer et vedlegg." in refused.words) == (409, True)
    assert refused.page.xpath(f"//a[starts-with(@href, '/sak/{draft}/vedlegg')]")
    by_api = visitor.api(
        "PATCH",
        f"/api/applications/{draft}",
        {"submit": True, "answers": {}},
        token=token_of(draft),
    )
    assert (by_api.status, by_api.json["code"]) == (409, "files_waiting")
    assert read(aws, draft).state is ApplicationState.DRAFT
    set_clock("2026-03-20T11:00:30+01:00")
    assert press(visitor, page_of(draft, "send"), fields, "send").status == 303


@pytest.mark.parametrize("changes", [{"state": FileState.REFUSED}, {"purpose": "receipts"}])
def test_other_files_stop_nothing(
    visitor: Visitor, aws: Wiring, changes: dict[str, object]
) -> None:
    draft = written(visitor, aws).id
    attach(aws, draft, **changes)
    assert send(visitor, draft).status == 303


def sent(aws: Wiring, visitor: Visitor) -> Application:
    application = read(aws, send_in(aws).id)
    visitor.open_case(application.id)
    return application


def test_correction_is_a_new_version_once(visitor: Visitor, aws: Wiring) -> None:
    before = sent(aws, visitor)
    assert visitor.get(page_of(before.id, "send")).page.xpath("//form[@id='application']") == []
    correct(visitor, before.id, motivation="Rettet")
    assert "Send rettet søknad" in visitor.get(page_of(before.id, "send")).words
    fields = visitor.get(page_of(before.id, "send")).fields()
    for _ in range(2):
        assert press(visitor, page_of(before.id, "send"), fields, "send").status == 303
    after = read(aws, before.id)
    assert (after.answers.motivation, after.version, after.pending) == ("Rettet", 2, None)
    assert "Rettet" in visitor.get(f"/sak/{before.id}/kvittering").words


def test_the_json_api_leaves_corrections_of_the_pages_as_they_are(
    visitor: Visitor, aws: Wiring
) -> None:
    before = sent(aws, visitor)
    correct(visitor, before.id, motivation="Rettet")
    body = {"submit": True, "answers": {"partners": "Nabokommunen"}}
    seen = visitor.api("PATCH", f"/api/applications/{before.id}", body, token=token_of(before.id))
    after = read(aws, before.id)
    assert (seen.status, after.version) == (200, 2)
    assert (after.answers.motivation, after.answers.partners) == (
        before.answers.motivation,
        "Nabokommunen",
    )
    assert (after.working_answers.motivation, after.working_answers.partners) == (
        "Rettet",
        "Nabokommunen",
    )


def test_draft_can_be_sent_late_and_is_told_so(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    set_clock("2026-04-14T00:00:00+02:00")
    assert "merket som for sent sendt" in visitor.get(page_of(draft, "send")).words
    seen = send(visitor, draft)
    assert read(aws, draft).is_late
    assert "Søknaden kom etter fristen." in visitor.get(seen.headers["Location"]).words


def test_after_the_letters_nothing_is_sent(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    fields = visitor.get(page_of(draft, "send")).fields() | TERMS
    set_clock("2026-04-30T09:00:00+02:00")
    assert visitor.get(page_of(draft, "send")).page.xpath("//form[@id='application']") == []
    refused = press(visitor, page_of(draft, "send"), fields, "send")
    assert (refused.status, read(aws, draft).state) == (403, ApplicationState.DRAFT)


def test_leave_from_staff_makes_a_draft_in_time_once(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor)
    extended(aws, draft)
    set_clock("2026-04-16T10:00:00+02:00")
    assert "Dere har fått utsatt frist." in visitor.get(f"/sak/{draft}/soknad").words
    fill(visitor, draft)
    send(visitor, draft)
    application = read(aws, draft)
    assert (application.is_late, application.missing) == (False, ())
    assert application.extension is not None
    assert application.extension.used_at == oslo("2026-04-16T10:00:00")
    path = page_of(draft, "kapasitet")
    assert visitor.get(path).page.xpath("//form[@id='application']") == []


def test_leave_lets_a_sent_application_be_corrected_once(visitor: Visitor, aws: Wiring) -> None:
    before = sent(aws, visitor)
    extended(aws, before.id)
    set_clock("2026-04-16T10:00:00+02:00")
    correct(visitor, before.id, motivation="Rettet")
    send(visitor, before.id)
    after = read(aws, before.id)
    assert (after.answers.motivation, after.is_late, after.version) == ("Rettet", False, 2)


def test_leave_is_not_spent_by_what_was_in_time_anyway(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    extended(aws, draft)
    send(visitor, draft)
    leave = read(aws, draft).extension
    assert leave is not None
    assert leave.used_at is None


def test_terms_ticked_are_kept_when_the_language_changes(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    fields = visitor.get(page_of(draft, "send")).fields() | {"accepts_cost_split": "on"}
    seen = press(visitor, f"{page_of(draft, 'send')}?lang=nn", fields, "language")
    assert (seen.status, seen.page.get("lang")) == (200, "nn")
    assert seen.fields()["accepts_cost_split"] == "on"


def test_receipt_is_only_for_what_was_sent_and_for_who_has_the_link(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = start(visitor)
    seen = visitor.get(f"/sak/{draft}/kvittering")
    assert seen.headers["Location"] == f"/sak/{draft}/soknad?lang=nb"
    send(visitor, draft)
    assert visitor.get(f"/sak/{draft}/kvittering").status == 200
    assert Visitor().get(f"/sak/{draft}/kvittering").status == 401


def test_application_as_pdf(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    seen = visitor.get(f"/sak/{draft}/soknad.pdf")
    assert (seen.status, seen.headers["Content-Type"]) == (200, "application/pdf")
    assert seen.headers["Content-Disposition"] == 'inline; filename="utkast.pdf"'
    assert seen.text.startswith("%PDF-")
    send(visitor, draft)
    named = visitor.get(f"/sak/{draft}/soknad.pdf?versjon=sendt")
    assert named.headers["Content-Disposition"] == 'inline; filename="KFK2-2026-4601.pdf"'
