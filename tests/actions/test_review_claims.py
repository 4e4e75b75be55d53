"""Claims as staff meet them: judged anew by what has become known since they came."""

from typing import Any

import pytest

from kulturkontor.actions import review_claims
from kulturkontor.actions.answer import register_participants
from kulturkontor.actions.change_settings import change_settings
from kulturkontor.actions.claim import answer_question
from kulturkontor.application_rows import put
from kulturkontor.applications import ApplicationState
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claim_steps import mark_paid
from kulturkontor.claims import TravelClaim
from kulturkontor.judgement import LineRuling
from kulturkontor.people import Attendance, Participants, Presence
from kulturkontor.received_files import FileState, ReceivedFile
from kulturkontor.records import Put
from tests.office_factory import (
    admitted,
    all_mails,
    attest,
    claim_body,
    group,
    oslo,
    read,
    seal,
    send_claim,
)

AT = oslo("2026-10-01T09:00:00")


def body(*lines: dict[str, Any], persons: int = 2) -> dict[str, Any]:
    people = [{"id": f"p{n}", "name": f"Prøve Person {n}"} for n in range(1, persons + 1)]
    return claim_body() | {"participants": people, "lines": list(lines)}


def toll(line_id: str, participant: str = "p1", **changes: object) -> dict[str, Any]:
    """A cost that needs no receipt, unless said otherwise."""
    return {
        "id": line_id,
        "participant": participant,
        "kind": "toll",
        "date": "2026-09-24",
        "amount": "100,00",
    } | changes


def train(line_id: str, participant: str = "p1", **changes: object) -> dict[str, Any]:
    return toll(line_id, participant, **({"kind": "train", "receipt_ids": ["ticket01"]} | changes))


def receipt(here: Wiring, application_id: str, sha256: str = "f00d") -> None:
    """An accepted PDF that lies with the application."""
    here.records.write(
        Put(
            ReceivedFile(
                id="ticket01",
                application_id=application_id,
                programme=here.programme.id,
                purpose="receipts",
                name="billett.pdf",
                state=FileState.ACCEPTED,
                promised_at=AT,
                media_type="application/pdf",
                sha256=sha256,
            )
        )
    )


def review(here: Wiring, application_id: str, gathering: str = "S1") -> TravelClaim:
    return review_claims.read_for_review(
        application_id, gathering, programme=here.programme, records=here.records
    ).claim


def rule(here: Wiring, application_id: str, *rulings: LineRuling, at: str = "") -> TravelClaim:
    return review_claims.rule_on_lines(
        application_id,
        "S1",
        rulings,
        by="stab",
        at=oslo(at) if at else AT,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def ruling(line_id: str, verdict: str, **changes: object) -> LineRuling:
    return LineRuling.model_validate(
        {"line_id": line_id, "verdict": verdict, "by": "", "reason": "Hvem kjørte?"} | changes
    )


def outcomes(claim: TravelClaim) -> dict[str, tuple[str, str]]:
    return {each.line_id: (each.state, each.reason) for each in claim.judgement.lines}


def questions(here: Wiring) -> list[dict[str, Any]]:
    return [dict(mail.values) for mail in all_mails(here).values() if mail.text == "claim_question"]


def test_question_goes_to_the_municipality_without_the_comment_for_the_council(
    aws: Wiring,
) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id, body=body(toll("a"), toll("b", "p2")))
    ruled = rule(aws, application_id, ruling("a", "ask", internal="Se sak 7"))
    (told,) = questions(aws)
    assert outcomes(ruled)["a"] == ("held", "asked_by_staff")
    assert [each.by for each in ruled.rulings] == ["stab"]
    assert "Hvem kjørte?" in str(told["questions"])
    assert "sak 7" not in str(told)
    assert ruled.rulings[0].internal == "Se sak 7"
    assert "sak 7" not in ruled.judgement.shown().model_dump_json()


def test_same_question_again_is_not_sent_again_but_another_is(aws: Wiring) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id, body=body(toll("a"), toll("b", "p2")))
    rule(aws, application_id, ruling("a", "ask"))
    both = (ruling("a", "ask"), ruling("b", "approve"))
    rule(aws, application_id, *both, at="2026-10-01T10:00:00")
    assert len(questions(aws)) == 1
    another = ruling("a", "ask", reason="Hvilken vei?")
    rule(aws, application_id, another, at="2026-10-01T11:00:00")
    assert len(questions(aws)) == 2


def test_answer_reopens_that_line_alone(aws: Wiring) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id, body=body(toll("a"), toll("b", "p2")))
    rule(aws, application_id, ruling("a", "ask"), ruling("b", "approve", approved_ore=40_00))
    answered = answer_question(
        application_id,
        "S1",
        "a",
        {"amount": "80,00"},
        "Bommen sto to ganger",
        received_at=oslo("2026-10-02T09:00:00"),
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    assert answered.version == 2
    assert answered.claim.lines[0].reply == "Bommen sto to ganger"
    assert [each.line_id for each in answered.rulings] == ["b"]
    assert outcomes(answered) == {
        "a": ("approved", "travel_covered"),
        "b": ("reduced", "reduced_by_staff"),
    }
    assert answered.judgement.council_ore == 40_00 + 20_00


def test_line_that_waits_for_its_receipt_is_paid_later_on_its_own(aws: Wiring) -> None:
    application_id = admitted(aws)
    lines = [toll("a"), train("b", amount="612,00", receipt_ids=[])]
    send_claim(aws, application_id, body=body(*lines))
    first = attest(aws, application_id)
    assert outcomes(first)["b"] == ("held", "receipt_missing")
    (batch,) = seal(aws)
    assert [each.amount_ore for each in batch.payments] == [50_00]
    aws.records.write(Put(mark_paid(review(aws, application_id))))

    receipt(aws, application_id)
    with_receipt = [toll("a"), train("b", amount="612,00")]
    send_claim(aws, application_id, at="2026-10-20T10:00:00", body=body(*with_receipt))
    later = attest(aws, application_id, at="2026-10-21T10:00:00")
    assert (later.version, later.paid_ore, later.settlement.pay_ore) == (2, 50_00, 306_00)


def test_same_receipt_of_two_municipalities_holds_the_later_one(aws: Wiring) -> None:
    bergen, stavanger = admitted(aws), admitted(aws, "1103")
    for each in (bergen, stavanger):
        receipt(aws, each)
    send_claim(aws, bergen, body=body(train("a")))
    second = send_claim(aws, stavanger, body=body(train("x", "p2", kind="bus", amount="7,00")))
    assert outcomes(second) == {"x": ("held", "possible_duplicate")}
    assert second.judgement.elsewhere == {"x": "KFK2-2026-4601-S1"}
    assert second.judgement.lines[0].like is None
    assert outcomes(review(aws, bergen)) == {"a": ("approved", "travel_covered")}

    rule(aws, bergen, ruling("a", "reject"))
    assert outcomes(review(aws, stavanger)) == {"x": ("approved", "travel_covered")}


def test_same_person_day_and_amount_is_found_across_claims_however_it_is_typed(
    aws: Wiring,
) -> None:
    bergen, stavanger = admitted(aws), admitted(aws, "1103")
    send_claim(aws, bergen, body=body(toll("a", amount="kr 1 234,50")))
    again = body(toll("z", "p2"), toll("x", amount="1.234,50"))
    again["participants"][0]["name"] = "PERSON 1, prøve"
    second = send_claim(aws, stavanger, body=again)
    assert outcomes(second) == {
        "z": ("approved", "travel_covered"),
        "x": ("held", "possible_duplicate"),
    }
    assert second.judgement.elsewhere == {"x": "KFK2-2026-4601-S1"}


def test_own_claim_of_another_gathering_is_compared_by_its_number(aws: Wiring) -> None:
    application_id = admitted(aws)
    receipt(aws, application_id)
    send_claim(aws, application_id, body=body(train("a")))
    later = send_claim(
        aws,
        application_id,
        "S2",
        at="2026-11-20T10:00:00",
        body=body(train("b", date="2026-11-12", amount="700,00")),
    )
    assert (outcomes(later)["b"], later.judgement.lines[0].like) == (
        ("held", "possible_duplicate"),
        "KFK2-2026-4601-S1",
    )


def test_correction_of_a_paid_claim_is_not_held_by_those_that_came_after_it(aws: Wiring) -> None:
    bergen, stavanger = admitted(aws), admitted(aws, "1103")
    send_claim(aws, bergen, body=body(toll("a")))
    send_claim(aws, stavanger, body=body(toll("x")))
    more = send_claim(aws, bergen, at="2026-10-09T10:00:00", body=body(toll("a"), toll("b", "p2")))
    assert {state for state, _ in outcomes(more).values()} == {"approved"}


def test_stranger_is_held_until_registered_as_a_substitute(aws: Wiring) -> None:
    application_id = admitted(aws)
    stranger = body(toll("a"), toll("b", "p7"), persons=2)
    stranger["participants"].append({"id": "p7", "name": "Ny Vikar"})
    send_claim(aws, application_id, body=stranger)
    assert outcomes(review(aws, application_id))["b"] == ("held", "not_registered")

    vikar = {"id": "vikar", "name": "Ny  VIKAR", "sector": "kultur", "only": ["S2"]}
    for only, told in ((["S2"], "not_registered"), (["S1"], "travel_covered")):
        people = [each.model_dump() for each in group().participants]
        register_participants(
            application_id,
            Participants.model_validate({"participants": [*people, vikar | {"only": only}]}),
            by="municipality",
            at=AT,
            programme=aws.programme,
            records=aws.records,
            mail_queue=aws.mail_queue,
        )
        assert outcomes(review(aws, application_id))["b"][1] == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("Prøve Person 1", "travel_covered", id="as registered"),
        pytest.param("Person 1, Prøve", "travel_covered", id="surname first"),
        pytest.param("Prøve Nygift", "travel_covered", id="a new surname"),
        pytest.param("En Annen", "not_registered", id="somebody else"),
    ],
)
def test_nobody_else_travels_under_the_id_of_one_who_is_registered(
    aws: Wiring, name: str, told: str
) -> None:
    application_id = admitted(aws)
    sent = body(toll("a"), persons=1)
    sent["participants"][0]["name"] = name
    assert outcomes(send_claim(aws, application_id, body=sent))["a"][1] == told


@pytest.mark.parametrize("presence", [Presence.DROPPED_OUT, Presence.STAYS_AWAY])
def test_one_who_did_not_come_after_all_waits_for_staff(aws: Wiring, presence: Presence) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id, body=body(toll("a"), toll("b", "p2")))
    application = read(aws, application_id)
    away = Attendance(gathering="S1", participant="p2", presence=presence, at=AT)
    elsewhere = Attendance(gathering="S2", participant="p1", presence=presence, at=AT)
    aws.records.write(*put(application.but(attendance=(away, elsewhere))))
    assert outcomes(review(aws, application_id)) == {
        "a": ("approved", "travel_covered"),
        "b": ("held", "participant_dropped_out"),
    }


@pytest.mark.parametrize("state", [ApplicationState.WITHDRAWN, ApplicationState.WITHDRAWAL_ASKED])
def test_claim_of_a_municipality_that_withdrew_waits_for_staff(
    aws: Wiring, state: ApplicationState
) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id, body=body(toll("a")))
    aws.records.write(*put(read(aws, application_id).but(state=state)))
    assert outcomes(review(aws, application_id)) == {"a": ("held", "municipality_withdrawn")}
    ruled = rule(aws, application_id, ruling("a", "approve", reason="Reisen var gjort"))
    assert ruled.judgement.council_ore == 50_00


def change(here: Wiring, changes: dict[str, Any]) -> None:
    change_settings(
        changes,
        by="stab",
        at=AT,
        reason="Prøve",
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    here.current_programme.refresh()


def test_claim_for_a_cancelled_gathering_waits_for_staff(aws: Wiring) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id, body=body(toll("a")))
    change(aws, {"gatherings": [{"id": "S1", "is_cancelled": True}]})
    assert outcomes(review(aws, application_id)) == {"a": ("held", "gathering_cancelled")}


def test_kilometres_of_a_new_year_wait_until_staff_have_put_in_its_rate(aws: Wiring) -> None:
    application_id = admitted(aws)
    in_february = claim_body(date="2027-02-18")
    send_claim(aws, application_id, "S3", at="2027-02-25T10:00:00", body=in_february)
    assert outcomes(review(aws, application_id, "S3")) == {"l1": ("held", "rate_unknown")}

    known = [each.model_dump(mode="json") for each in aws.programme.travel.car_rates]
    later = {"valid_from": "2027-01-01", "valid_to": "2027-12-31", "ore_per_km": 545}
    change(aws, {"travel": {"car_rates": [*known, later]}})
    judged = review(aws, application_id, "S3").judgement
    assert (judged.lines[0].ore_per_km, judged.council_ore) == (545, 272_50)
    assert judged.rules.car_rates[-1].ore_per_km == 545


def test_what_was_judged_keeps_the_rules_of_then(aws: Wiring) -> None:
    application_id = admitted(aws)
    sent = send_claim(aws, application_id)
    attested = attest(aws, application_id)
    change(aws, {"travel": {"share_percent": 40}})
    kept = review(aws, application_id)
    assert kept.judgement == attested.judgement
    assert kept.judgement.rules == sent.judgement.rules
    assert kept.judgement.rules.share_percent == 50
