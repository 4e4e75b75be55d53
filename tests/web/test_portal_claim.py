"""The municipality's travel claim on its own pages: opened, written, sent, followed."""

import boto3
import pytest

from kulturkontor.actions.change_settings import change_settings
from kulturkontor.application_rows import put
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claim_drafts import ClaimDraft, draft_key
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.judgement import LineState, ReasonCode
from kulturkontor.people import Attendance, LinkHolder, Presence, Right
from kulturkontor.records import Put
from tests.conftest import set_clock
from tests.office_factory import (
    admitted,
    all_mails,
    attest,
    claim_body,
    oslo,
    read,
    release_batch,
    seal,
    send_claim,
    send_in,
)
from tests.web.claim_writer import ClaimWriter, claims_of, upload
from tests.web.portal_visitor import Visitor

AFTER = "2026-09-28T10:00:00+02:00"


@pytest.fixture
def writer(aws: Wiring, visitor: Visitor) -> ClaimWriter:
    """At the claim of the first gathering, three days after it, with one receipt uploaded."""
    application_id = admitted(aws)
    set_clock(AFTER)
    visitor.open_case(application_id)
    return ClaimWriter(visitor, application_id, files=[upload(aws, application_id, 1)])


def money(words: str) -> str:
    return words.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-09-24T23:59:59+02:00", False),
        ("2026-09-25T00:00:00+02:00", True),
        ("2027-09-25T00:00:00+02:00", True),
    ],
    ids=["the day before the last", "the last day", "long after"],
)
def test_claim_opens_on_the_last_day_of_the_gathering(
    writer: ClaimWriter, moment: str, opened: bool
) -> None:
    set_clock(moment)
    words = writer.look().words
    assert ("Start reisekravet" in words) is opened
    assert ("Reisekravet åpner fredag 25. september 2026" in words) is not opened
    assert (writer.look("/reisende").status == 200) is opened


FORMS = ("/reisende", "/kostnader", "/kostnader/p1", "/konto", "/kontroll")


@pytest.mark.parametrize("path", FORMS)
def test_no_form_is_shown_or_saved_before_that(aws: Wiring, writer: ClaimWriter, path: str) -> None:
    set_clock("2026-09-24T10:00:00+02:00")
    seen = writer.look(path)
    assert (seen.status, seen.headers["Location"]) == (303, f"{writer.base}?lang=nb")
    assert writer.send(path, {}, "save").status == 403
    assert aws.records.read(ClaimDraft, draft_key(writer.application_id, "S1")) is None


def test_all_gatherings_are_shown_with_the_state_of_each_claim(
    aws: Wiring, writer: ClaimWriter
) -> None:
    send_claim(aws, writer.application_id)
    set_clock("2026-12-10T10:00:00+01:00")
    page = writer.visitor.get(f"/sak/{writer.application_id}/reisekrav?lang=nb").page
    rows = [money(" ".join(each.text_content().split())) for each in page.xpath("//main//li")]
    assert rows == [
        "Samling 1, 24.–25. september 2026 Vår del er 265,00 kr, og kommunens del 265,00 kr. "
        "Til kontroll",
        "Samling 2, 12.–13. november 2026 Fristen var 4. desember 2026. "
        "Kravet kan fortsatt sendes. Ikke sendt",
        "Samling 3, 18.–19. februar 2027 Åpner 19. februar 2027. Ikke åpnet",
        "Samling 4, 20.–21. mai 2027 Åpner 21. mai 2027. Ikke åpnet",
        "Samling 5, 16.–17. september 2027 Åpner 17. september 2027. Ikke åpnet",
        "Samling 6, 25.–26. november 2027 Åpner 26. november 2027. Ikke åpnet",
    ]


def test_whole_claim_by_line_by_sum_and_by_nobody_is_counted_to_the_ore(
    aws: Wiring, writer: ClaimWriter
) -> None:
    bill = upload(aws, writer.application_id, 2)
    assert writer.press("/reisende", "next").headers["Location"].endswith("/kostnader?lang=nb")
    writer.choose("p1", "lines")
    ticket = {f"receipt_{writer.files[0]}": "on"}
    writer.add("p1", "train", amount="kr 1 234,-", route="Bergen–Gardermoen", **ticket)
    writer.add("p1", "car", kilometres="100,5", with_p2="on")
    writer.add("p1", "overnight", amount="1.595,00", **ticket)
    writer.add("p1", "taxi", amount="333,33")
    writer.choose("p2", "total")
    totals = {"total_travel__total": "2345", f"total_receipt_{bill}": "on"}
    writer.press("/kostnader/p2", "next", **totals)
    writer.choose("p3", "lines")
    writer.add(
        "p3",
        "flight",
        currency="sek",
        foreign__amount="845",
        rate="1,0312",
        rate__date="2026-09-01",
        rate__source="Norges Bank",
        **ticket,
    )
    writer.choose("p4", "none")
    assert writer.press("/kostnader", "next").headers["Location"].endswith("/konto?lang=nb")
    assert writer.account().headers["Location"].endswith("/kontroll?lang=nb")
    shown = money(writer.look("/kontroll").words)
    # 1234,00 + 100,5 km à 6,30 = 1867,15 → 933,58; 2345,00 → 1172,50; 845 SEK = 871,36 → 435,68
    assert "Reise: 1 867,15 kr. Vi dekker 50 prosent av 1 867,15 kr, altså 933,58 kr." in shown
    assert "Reise: 2 345,00 kr. Vi dekker 50 prosent av 2 345,00 kr, altså 1 172,50 kr." in shown
    assert "845 SEK à 1,0312 kr (1. september 2026, Norges Bank)." in shown
    assert "100,5 km à 6,30 kr." in shown
    assert "Vi regner med å utbetale 4 136,76 kr" in shown
    assert "Kommunens del 2 541,75 kr" in shown
    assert "Venter på avklaring, ikke regnet med 333,33 kr" in shown
    assert "Linjen venter på kvittering. Last den opp" in shown
    sent = writer.submit()
    assert (sent.status, sent.calls) == (303, {"dynamodb": 3, "sqs": 1})
    (claim,) = claims_of(aws, writer.application_id)
    judged = claim.judgement
    assert (judged.council_ore, judged.municipality_ore, judged.held_ore) == (
        4136_76,
        2541_75,
        333_33,
    )
    assert [line.state for line in judged.lines] == [
        LineState.APPROVED,
        LineState.APPROVED,
        LineState.APPROVED,
        LineState.HELD,
        LineState.APPROVED,
        LineState.APPROVED,
    ]
    assert aws.records.read(ClaimDraft, draft_key(writer.application_id, "S1")) is None
    after = money(writer.visitor.get(sent.headers["Location"]).words)
    assert "Reisekravet er sendt. Vi har sendt en kvittering" in after
    assert "KFK2-2026-4601-S1" in after
    assert "Vi regner med å utbetale 4 136,76 kr" in after
    mail = all_mails(aws)[f"{writer.application_id}_claim_received_S1_1"]
    expected = ["Vi regner med å utbetale", "4\xa0136,76\xa0kr"]
    assert expected in mail.values["totals"]  # type: ignore[operator]
    assert len(mail.values["lines"] or []) == 1 + 6  # type: ignore[arg-type]


def test_money_given_back_is_taken_off_the_line_it_was_paid_for(
    aws: Wiring, writer: ClaimWriter
) -> None:
    writer.choose("p1", "lines")
    ticket = {f"receipt_{writer.files[0]}": "on"}
    writer.add("p1", "flight", amount="1000", **ticket)
    writer.add("p1", "flight", amount="-200,50", refunds="l1", **ticket)
    writer.rest_had_none("p1")
    writer.account()
    assert writer.submit().status == 303
    (claim,) = claims_of(aws, writer.application_id)
    assert [line.actual_ore for line in claim.judgement.lines] == [1000_00, -200_50]
    assert (claim.judgement.actual_ore, claim.judgement.council_ore) == (799_50, 399_75)
    assert "Kostet -200,50 kr." in money(writer.look().words)


def test_claim_settled_in_another_way_says_so(aws: Wiring, writer: ClaimWriter) -> None:
    writer.write_all().submit()
    (claim,) = claims_of(aws, writer.application_id)
    aws.records.write(Put(claim.but(state=ClaimState.SETTLED_OUTSIDE, voucher="B-17")))
    words = writer.look().words
    assert "Kravet er gjort opp på en annen måte enn ved utbetaling herfra." in words
    assert "Bilagsnummeret vårt er B-17." in words


def test_no_cost_is_an_answer(aws: Wiring, writer: ClaimWriter) -> None:
    writer.press("/kostnader", "next", no__cost="on")
    assert "Dere har meldt fra om at ingen hadde kostnader." in writer.look("/kontroll").words
    assert writer.submit().status == 303
    (claim,) = claims_of(aws, writer.application_id)
    assert (claim.claim.no_cost, claim.claim.lines, claim.claim.account_number) == (True, (), "")


def test_claim_must_be_declared(aws: Wiring, writer: ClaimWriter) -> None:
    writer.write_all()
    seen = writer.submit(declared=None)
    assert (seen.status, seen.page.findtext(".//title", "").strip()[:5]) == (422, "Feil:")
    assert "Bekreft at opplysningene stemmer." in seen.words
    assert claims_of(aws, writer.application_id) == []


def test_button_pressed_twice_sends_one_version(aws: Wiring, writer: ClaimWriter) -> None:
    writer.write_all()
    fields = writer.look("/kontroll").fields() | {"declared": "on"}
    answers = [writer.send("/kontroll", dict(fields), "send") for _ in range(4)]
    assert {each.headers["Location"] for each in answers} == {f"{writer.base}?gjort=sendt&lang=nb"}
    assert [each.version for each in claims_of(aws, writer.application_id)] == [1]
    assert sum(each.text == "claim_received" for each in all_mails(aws).values()) == 1


def test_what_another_has_changed_since_is_shown_before_it_is_sent(
    aws: Wiring, writer: ClaimWriter
) -> None:
    writer.write_all()
    fields = writer.look("/kontroll").fields() | {"declared": "on"}
    writer.press("/kostnader/p1", "save", lines_0_amount="5000")
    seen = writer.send("/kontroll", fields, "send")
    assert (seen.status, "5 000,00 kr" in money(seen.words)) == (409, True)
    assert "Noen andre har endret kravet imens" in seen.words
    assert claims_of(aws, writer.application_id) == []


def test_correction_is_a_new_version_with_its_difference(aws: Wiring, writer: ClaimWriter) -> None:
    writer.write_all().submit()
    assert "Rett kravet" in writer.look().words
    assert writer.look("/kontroll").words.count("Dere har ikke endret noe siden versjon 1.") == 1
    writer.press("/kostnader/p1", "next", lines_0_amount="600")
    assert "Dere har begynt på en rettelse som ikke er sendt." in writer.look().words
    writer.submit()
    first, second = claims_of(aws, writer.application_id)
    assert (first.state, second.state) == (ClaimState.RETURNED, ClaimState.RECEIVED)
    assert second.judgement.council_ore == 300_00
    words = money(writer.look().words)
    assert "Endret: Prøve Person 1, tog, fra 498,00 kr til 600,00 kr." in words
    assert "Vår del er 300,00 kr. Da er 0,00 kr gjort opp før, og 300,00 kr betales ut." in words


def test_correction_down_after_payment_is_owed_and_nothing_paid_is_touched(
    aws: Wiring, writer: ClaimWriter
) -> None:
    writer.write_all().submit()
    paid = _pay(aws, writer.application_id)
    writer.press("/kostnader/p1", "next", lines_0_amount="398")
    assert "Dere har fått for mye 50,00 kr" in money(writer.look("/kontroll").words)
    writer.submit()
    first, second = claims_of(aws, writer.application_id)
    assert first == paid
    assert second.settlement == (0, 50_00)
    assert "50,00 kr trekkes fra senere" in money(writer.look().words)


def _pay(aws: Wiring, application_id: str) -> TravelClaim:
    """Attested, sealed, released, and paid by the bank: the claim as it is kept then."""
    attest(aws, application_id)
    (batch,) = seal(aws)
    release_batch(aws, batch.id)
    (claim,) = claims_of(aws, application_id)
    changed = claim.but(state=ClaimState.PAID)
    aws.records.write(Put(changed))
    return claims_of(aws, application_id)[0]


def test_claim_at_the_bank_is_followed_and_cannot_be_changed(
    aws: Wiring, writer: ClaimWriter
) -> None:
    writer.write_all().submit()
    attest(aws, writer.application_id)
    assert "Kravet er godkjent og venter på utbetaling." in writer.look().words
    (batch,) = seal(aws)
    release_batch(aws, batch.id)
    words = writer.look().words
    assert "Kravet er på vei til banken." in words
    assert "Pengene ventes på konto 7. oktober 2026." in words
    assert "Kravet kan rettes igjen når utbetalingen er gjort." in words
    assert writer.look("/reisende").status == 303


def test_account_is_asked_for_again_when_the_bank_refused_it(
    aws: Wiring, writer: ClaimWriter
) -> None:
    writer.write_all().submit()
    (claim,) = claims_of(aws, writer.application_id)
    aws.records.write(Put(claim.but(state=ClaimState.BANK_REJECTED)))
    page = writer.look()
    assert "Banken avviste utbetalingen." in page.words
    link = page.page.xpath("//a[contains(., 'Rett kontonummeret')]/@href")
    assert link == [f"{writer.base}/konto?lang=nb"]
    account = writer.look("/konto")
    assert account.fields()["account_number"] == ""
    assert "Vi kunne ikke betale til kontonummeret vi hadde." in account.words
    writer.account(account__number="1234 56 78903")
    assert writer.submit().status == 303
    assert [each.claim.account_number for each in claims_of(aws, writer.application_id)] == [
        "99990012349",
        "12345678903",
    ]


def test_cancelled_gathering_can_be_claimed_at_once_and_is_held(
    aws: Wiring, writer: ClaimWriter
) -> None:
    _change_gatherings(aws, is_cancelled=True)
    set_clock("2026-09-10T10:00:00+02:00")
    assert "Samlingen er avlyst. Har dere betalt" in writer.look().words
    writer.write_all()
    assert "venter" in writer.look("/kontroll").words
    writer.submit()
    (claim,) = claims_of(aws, writer.application_id)
    assert claim.judgement.lines[0].reason is ReasonCode.GATHERING_CANCELLED
    assert (claim.judgement.council_ore, claim.judgement.held_ore) == (0, 498_00)


def _change_gatherings(aws: Wiring, **changes: object) -> None:
    first, *others = aws.programme.gatherings
    changed = [first.model_copy(update=changes), *others]
    change_settings(
        {"gatherings": [each.model_dump(mode="json") for each in changed]},
        by="stab",
        at=oslo("2026-09-01T10:00:00"),
        reason="Prøve",
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    aws.current_programme.refresh()


def test_municipality_that_has_withdrawn_may_still_claim_and_is_held(
    aws: Wiring, writer: ClaimWriter
) -> None:
    application = read(aws, writer.application_id)
    aws.records.write(*put(application.but(state="withdrawn")))
    assert "Kommunen er ikke lenger med i programmet." in writer.look().words
    writer.write_all().submit()
    (claim,) = claims_of(aws, writer.application_id)
    assert claim.judgement.lines[0].reason is ReasonCode.MUNICIPALITY_WITHDRAWN
    assert claim.judgement.council_ore == 0


def test_municipality_that_never_had_a_place_has_nothing_to_claim(
    aws: Wiring, visitor: Visitor
) -> None:
    receipt = send_in(aws)
    set_clock(AFTER)
    visitor.open_case(receipt.id)
    for path in ("", "/S1", "/S1/reisende"):
        assert visitor.get(f"/sak/{receipt.id}/reisekrav{path}").status == 404


def test_who_dropped_out_is_listed_and_may_claim_what_was_paid(
    aws: Wiring, writer: ClaimWriter
) -> None:
    said = Attendance(
        gathering="S1", participant="p1", presence=Presence.DROPPED_OUT, at=oslo(AFTER[:19])
    )
    aws.records.write(*put(read(aws, writer.application_id).but(attendance=(said,))))
    shown = writer.look("/reisende")
    assert "people.p1.travelled" not in shown.fields()
    assert "Har meldt frafall. Det som var betalt da, kan kreves." in shown.words
    writer.press("/reisende", "next", people_p1_travelled="on")
    writer.write_all().submit()
    (claim,) = claims_of(aws, writer.application_id)
    assert claim.judgement.lines[0].reason is ReasonCode.PARTICIPANT_DROPPED_OUT
    assert claim.judgement.lines[0].state is LineState.HELD


def test_late_claim_is_taken_and_marked(aws: Wiring, writer: ClaimWriter) -> None:
    set_clock("2026-10-17T00:00:00+02:00")
    assert "Fristen for kravet var 16. oktober 2026. Send det likevel." in writer.look().words
    writer.write_all()
    assert "Send det likevel." in writer.look("/kontroll").words
    writer.submit()
    assert claims_of(aws, writer.application_id)[0].is_late
    assert "Den kom etter fristen." in writer.look().words


def test_claim_needs_a_link_that_opens_claims(aws: Wiring, writer: ClaimWriter) -> None:
    for name, right, status in (("claims00", Right.CLAIMS, 200), ("members0", Right.MEMBERS, 403)):
        application = read(aws, writer.application_id)
        holder = LinkHolder(
            id=name,
            name="En Annen",
            email="annen@example.org",
            rights=frozenset({right}),
            added_at=oslo("2026-09-01T10:00:00"),
        )
        aws.records.write(*put(application.but(people=(holder,))))
        other = Visitor().open_case(writer.application_id, person=name)
        paths = ("", "/S1", "/S1/reisende", "/S1/kontroll")
        base = f"/sak/{writer.application_id}/reisekrav"
        assert {other.get(f"{base}{path}").status for path in paths} == {status}
        assert other.post_form(f"{base}/S1/reisende", {}).status == (303 if status == 200 else 403)


def test_looking_at_the_claims_writes_nothing(aws: Wiring, writer: ClaimWriter) -> None:
    send_claim(aws, writer.application_id, body=claim_body())
    before = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    for path in ("", *FORMS):
        assert writer.look(path).status == 200
    assert writer.look("/utregning.pdf").text.startswith("%PDF-")
    assert boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"] == before


def test_calculation_of_each_version_is_a_file(aws: Wiring, writer: ClaimWriter) -> None:
    assert writer.look("/utregning.pdf").status == 404
    writer.write_all().submit()
    writer.press("/kostnader/p1", "next", lines_0_amount="600")
    writer.submit()
    names = [
        writer.look("/utregning.pdf", **query).headers["Content-Disposition"]
        for query in ({}, {"versjon": "1"}, {"versjon": "2"})
    ]
    assert [each.partition("-S1-")[2] for each in names] == ['2.pdf"', '1.pdf"', '2.pdf"']
    assert writer.look("/utregning.pdf", versjon="3").status == 404
