"""A question about one line: asked by the council, answered by the municipality."""

from typing import Any

import pytest

from kulturkontor.actions.review_claims import rule_on_lines
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claims import ClaimState
from kulturkontor.judgement import LineRuling, LineState, ReasonCode
from kulturkontor.records import Put
from tests.conftest import set_clock
from tests.office_factory import admitted, all_mails, attest, oslo, seal, send_claim
from tests.web.claim_writer import ClaimWriter, claims_of, upload
from tests.web.portal_visitor import Visitor, token_of

QUESTION = "Hvorfor tok dere drosje?"


def a_claim(receipt: str) -> dict[str, Any]:
    ticket = {"date": "2026-09-24", "receipt_ids": [receipt]}
    return {
        "participants": [{"id": f"p{each}", "name": f"Prøve Person {each}"} for each in (1, 2)],
        "lines": [
            {"id": "l1", "participant": "p1", "kind": "train", "amount": "498,00", **ticket},
            {"id": "l2", "participant": "p1", "kind": "taxi", "amount": "612,00", **ticket},
            {"id": "l3", "participant": "p2", "kind": "bus", "amount": "98,00", **ticket},
        ],
        "account_number": "9999 00 12349",
        "vat": "included",
        "declared": True,
    }


def rule(here: Wiring, application_id: str, **rulings: tuple[str, str]) -> None:
    rule_on_lines(
        application_id,
        "S1",
        [
            LineRuling.model_validate(
                {"line_id": line, "verdict": verdict, "by": "", "reason": reason}
            ).model_copy(update={"internal": "Bare for oss."})
            for line, (verdict, reason) in rulings.items()
        ],
        by="saksbehandler@example.org",
        at=oslo("2026-09-29T10:00:00"),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


@pytest.fixture
def asked(aws: Wiring, visitor: Visitor) -> ClaimWriter:
    """The council has refused the bus and asks about the taxi."""
    application_id = admitted(aws)
    set_clock("2026-09-30T10:00:00+02:00")
    visitor.open_case(application_id)
    receipt = upload(aws, application_id, 1)
    send_claim(aws, application_id, at="2026-09-28T10:00:00", body=a_claim(receipt))
    rule(aws, application_id, l2=("ask", QUESTION), l3=("reject", "Bussen var gratis."))
    return ClaimWriter(visitor, application_id, files=[receipt])


def test_question_is_told_by_mail_and_on_the_claims_page(aws: Wiring, asked: ClaimWriter) -> None:
    (mail,) = [each for each in all_mails(aws).values() if each.text == "claim_question"]
    assert mail.values["questions"] == [
        f"Prøve Person 1, drosje, 24. september 2026, 612,00\xa0kr: {QUESTION}"
    ]
    assert set(mail.pages) == {"claim_link"}
    shown = asked.look()
    assert shown.words.count("Vi har et spørsmål") == 1
    assert QUESTION in shown.words
    links = shown.page.xpath("//a[contains(., 'Svar på spørsmålet')]/@href")
    assert set(links) == {f"{asked.base}/linje/l2?lang=nb"}


def test_what_only_the_council_reads_is_never_shown(asked: ClaimWriter) -> None:
    application = f"/api/applications/{asked.application_id}"
    token = token_of(asked.application_id)
    told = [
        asked.look().text,
        asked.look("/linje/l2").text,
        asked.visitor.get(f"/sak/{asked.application_id}/reisekrav").text,
        asked.visitor.api("GET", f"{application}/claims/S1", token=token).text,
        asked.visitor.api("GET", application, token=token).text,
    ]
    assert [each for each in told if "Bare for oss" in each or "saksbehandler" in each] == []
    assert "Bussen var gratis." in told[0]


def test_answer_makes_a_version_in_which_only_that_line_differs(
    aws: Wiring, asked: ClaimWriter
) -> None:
    shown = asked.look("/linje/l2")
    assert (shown.status, QUESTION in shown.words) == (200, True)
    assert shown.fields()["lines.0.amount"] == "612,00"
    seen = asked.press("/linje/l2", "send", reply="Det gikk ikke buss.", lines_0_amount="600")
    assert seen.headers["Location"] == f"{asked.base}?gjort=svart&lang=nb"
    assert seen.calls == {"dynamodb": 4, "sqs": 1}
    first, second = claims_of(aws, asked.application_id)
    changed = second.claim.lines[1]
    assert (changed.amount, changed.reply) == ("600", "Det gikk ikke buss.")
    assert [second.claim.lines[0], second.claim.lines[2]] == [
        first.claim.lines[0],
        first.claim.lines[2],
    ]
    assert [(each.line_id, each.verdict) for each in second.rulings] == [("l3", "reject")]
    assert [line.state for line in second.judgement.lines] == [
        LineState.APPROVED,
        LineState.APPROVED,
        LineState.REJECTED,
    ]
    words = asked.visitor.get(seen.headers["Location"]).words.replace("\xa0", " ")
    assert "Svaret er sendt, og kravet er regnet ut på nytt." in words
    assert "Svaret deres: Det gikk ikke buss." in words
    assert "Endret: Prøve Person 1, drosje, fra 612,00 kr til 600,00 kr." in words
    assert "Vi har et spørsmål" not in words


def test_answer_may_leave_the_line_as_it_is(aws: Wiring, asked: ClaimWriter) -> None:
    asked.press("/linje/l2", "send", reply="Det gikk ikke buss.")
    last = claims_of(aws, asked.application_id)[-1]
    assert (last.version, last.claim.lines[1].amount) == (2, "612,00")
    assert "Endret uten ny sum: Prøve Person 1, drosje" in asked.look().words


def test_answer_needs_words_and_a_line_that_fits_together(aws: Wiring, asked: ClaimWriter) -> None:
    empty = asked.press("/linje/l2", "send", lines_0_amount="600")
    assert (empty.status, empty.fields()["lines.0.amount"]) == (422, "600")
    wrong = asked.press("/linje/l2", "send", reply="Slik.", lines_0_amount="1.234")
    assert wrong.status == 422
    assert wrong.page.xpath("//div[contains(@class, 'summary')]//a/@href") == ["#lines.0.amount"]
    typed = wrong.fields()
    assert (typed["reply"].strip(), typed["lines.0.amount"]) == ("Slik.", "1.234")
    assert len(claims_of(aws, asked.application_id)) == 1


def test_receipt_that_was_uploaded_meanwhile_can_be_chosen(aws: Wiring, asked: ClaimWriter) -> None:
    fields = asked.look("/linje/l2").fields() | {"reply": "Her er den."}
    late = upload(aws, asked.application_id, 2)
    shown = asked.send("/linje/l2", fields, "refresh")
    assert shown.fields()["reply"].strip() == "Her er den."
    asked.send("/linje/l2", shown.fields() | {f"lines.0.receipt.{late}": "on"}, "send")
    last = claims_of(aws, asked.application_id)[-1]
    assert last.claim.lines[1].receipt_ids == (asked.files[0], late)


def test_the_rest_is_paid_while_the_question_waits_and_the_answer_afterwards(
    aws: Wiring, asked: ClaimWriter
) -> None:
    attest(aws, asked.application_id, at="2026-09-30T12:00:00")
    (claim,) = claims_of(aws, asked.application_id)
    assert (claim.state, claim.settlement.pay_ore) == (ClaimState.ATTESTED, 249_00)
    assert claim.judgement.lines[1].reason is ReasonCode.ASKED_BY_STAFF
    seal(aws)
    assert "Kravet kan rettes igjen når utbetalingen er gjort." in asked.look().words
    assert asked.look("/linje/l2").status == 303
    (claim,) = claims_of(aws, asked.application_id)
    aws.records.write(Put(claim.but(state=ClaimState.PAID)))
    asked.press("/linje/l2", "send", reply="Det gikk ikke buss.")
    second = claims_of(aws, asked.application_id)[-1]
    assert (second.judgement.council_ore, second.settlement) == (555_00, (306_00, 0))


@pytest.mark.parametrize(("line", "status"), [("l1", 303), ("l3", 303), ("l9", 404)])
def test_only_what_was_asked_about_can_be_answered(
    aws: Wiring, asked: ClaimWriter, line: str, status: int
) -> None:
    assert asked.look(f"/linje/{line}").status == status
    assert asked.send(f"/linje/{line}", {"reply": "Slik."}, "send").status == status
    assert len(claims_of(aws, asked.application_id)) == 1


def test_answer_sent_twice_is_one_version(aws: Wiring, asked: ClaimWriter) -> None:
    fields = asked.look("/linje/l2").fields() | {"reply": "Det gikk ikke buss."}
    answers = [asked.send("/linje/l2", dict(fields), "send").status for _ in range(3)]
    assert (answers, len(claims_of(aws, asked.application_id))) == ([303] * 3, 2)
