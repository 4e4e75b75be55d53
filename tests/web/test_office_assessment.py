"""Reviewers assess, staff deal out and read the ranking: in the pages and the JSON."""

import csv
import io
import re

import pytest

from kulturkontor.actions import decide
from kulturkontor.actions.change_settings import change_settings
from kulturkontor.applications import application_key
from kulturkontor.assessments import Assessment, assessment_key
from kulturkontor.audit import AuditRow
from kulturkontor.aws.session import calls
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.office_users import person_id
from kulturkontor.sessions import Role
from tests.office_factory import decide_all, oslo, send_in
from tests.rules.assessment_factory import CRITERIA, given
from tests.web.assessors import (
    ANNE,
    AT,
    PER,
    VERA,
    give,
    known,
    reviewer,
    score,
    scores_form,
    sent_by,
    staff,
)
from tests.web.office_browser import Browser


def kept(here: Wiring, application_id: str, email: str = VERA) -> Assessment:
    found = here.records.read(Assessment, assessment_key(here.programme.id, application_id, email))
    assert found is not None
    return found


def rules(here: Wiring, **changes: object) -> None:
    change_settings(
        {"assessment": changes},
        by=ANNE,
        at=oslo(AT),
        reason="",
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    here.current_programme.refresh()


@pytest.fixture
def vera(aws: Wiring) -> Browser:
    return reviewer(aws)


def test_a_reviewer_without_applications_is_told_so(vera: Browser) -> None:
    words = vera.get("/assessment").words
    assert "Du har ikke fått noen søknader å vurdere." in words
    assert "Fordel søknadene" not in words


def test_a_reviewer_saves_a_draft_submits_and_changes_it(aws: Wiring, vera: Browser) -> None:
    (one,) = sent_by(aws, "4601")
    give(aws, one)
    assert "Du har 1 av 1 igjen." in vera.get("/assessment").words
    half = scores_form("", step="draft") | {f"points-{CRITERIA[0]}": "2"}
    assert vera.post(f"/assessment/{one}/scores", half).location.endswith("?kept=draft")
    assert kept(aws, one).submitted_at is None
    assert "kladd" in vera.get("/assessment").words
    shown = vera.get(f"/assessment/{one}")
    assert "Planen sier hvordan." in shown.text
    assert "Vi vil nå flere barn." in shown.words
    answer = vera.post(f"/assessment/{one}/scores", scores_form(4, seen=1))
    assert answer.location.endswith("?kept=submitted")
    assert kept(aws, one).submitted_at == oslo(AT)
    assert "Vurderingen er levert." in vera.get(f"/assessment/{one}?kept=submitted").words
    vera.post(f"/assessment/{one}/scores", scores_form(5, seen=2))
    assert {each.points for each in kept(aws, one).given.scores.values()} == {5}
    assert "Du har 0 av 1 igjen." in vera.get("/assessment").words


def test_what_is_lacking_is_said_and_what_was_typed_is_kept_on_the_page(
    aws: Wiring, vera: Browser
) -> None:
    (one,) = sent_by(aws, "4601")
    give(aws, one)
    form = scores_form(4) | {f"points-{CRITERIA[1]}": "", f"reason-{CRITERIA[2]}": ""}
    answer = vera.post(f"/assessment/{one}/scores", form)
    assert answer.status == 422
    assert "Tverrfaglig gruppe: velg poeng" in answer.words
    assert "Kapasitet og vilje: skriv en begrunnelse" in answer.words
    assert answer.text.count("Planen sier hvordan.") == len(CRITERIA) - 1
    assert answer.text.count("<option selected>4</option>") == len(CRITERIA) - 1
    assert aws.records.read(Assessment, assessment_key("kifk2", one, VERA)) is None


def test_a_text_that_cannot_be_kept_is_said_to_be_so(aws: Wiring, vera: Browser) -> None:
    (one,) = sent_by(aws, "4601")
    give(aws, one)
    form = scores_form(4) | {"comment": "x" * 2001}
    answer = vera.post(f"/assessment/{one}/scores", form)
    assert (answer.status, "En tekst er for lang" in answer.words) == (422, True)


def test_what_was_submitted_is_not_replaced_by_half_of_it(aws: Wiring, vera: Browser) -> None:
    (one,) = sent_by(aws, "4601")
    give(aws, one)
    score(aws, one, 4)
    assert "Lagre kladd" not in vera.get(f"/assessment/{one}").words
    answer = vera.post(f"/assessment/{one}/scores", scores_form("", step="draft", seen=1))
    assert (answer.status, "velg poeng" in answer.words) == (422, True)
    assert kept(aws, one).given == given(4)


def test_two_windows_do_not_overwrite_each_other(aws: Wiring, vera: Browser) -> None:
    (one,) = sent_by(aws, "4601")
    give(aws, one)
    score(aws, one, 4)
    answer = vera.post(f"/assessment/{one}/scores", scores_form(2, seen=0))
    assert (answer.status, "endret i et annet vindu" in answer.words) == (409, True)
    assert "<option selected>2</option>" in answer.text
    assert kept(aws, one).given == given(4)
    assert 'name="seen" value="1"' in answer.text


def test_only_whose_it_is_can_score(aws: Wiring) -> None:
    (one,) = sent_by(aws, "4601")
    browser = staff(aws)
    assert "Lever vurderingen" not in browser.get(f"/assessment/{one}").words
    answer = browser.post_json(f"/api/assessment/{one}/scores", {"submit": False})
    assert (answer.status, answer.code) == (409, "assessment_not_mine")


def test_it_closes(aws: Wiring, vera: Browser) -> None:
    (one,) = sent_by(aws, "4601")
    give(aws, one)
    score(aws, one, 4)
    vera.set_clock("2026-04-30T08:59:00")
    vera.sign_in("reviewer", email=VERA)
    assert "Lever på nytt" in vera.get(f"/assessment/{one}").words
    vera.set_clock("2026-04-30T09:00:00")
    page = vera.get(f"/assessment/{one}").words
    assert "Vurderingen er lukket" in page
    assert "4 av 5" in page
    body = {"scores": given(1).model_dump()["scores"], "submit": True, "seen": 1}
    assert vera.post_json(f"/api/assessment/{one}/scores", body).code == "assessment_closed"


def test_others_scores_are_hidden_until_ones_own_is_submitted(aws: Wiring, vera: Browser) -> None:
    (one,) = sent_by(aws, "4601")
    known(aws, PER)
    give(aws, one)
    give(aws, one, PER)
    score(aws, one, 2, PER)
    score(aws, one, 4, submit=False)
    before = vera.get(f"/assessment/{one}").words
    assert (PER in before, "Du ser hva de andre har gitt når du har levert" in before) == (
        False,
        True,
    )
    assert vera.get(f"/api/assessment/{one}").json["others"] is None
    vera.post(f"/assessment/{one}/scores", scores_form(5, seen=1))
    after = vera.get(f"/assessment/{one}").words
    assert (PER in after, "2 av 5" in after) == (True, True)
    (other,) = vera.get(f"/api/assessment/{one}").json["others"]
    assert other["email"] == PER


def test_others_scores_are_shown_at_once_where_the_programme_says_so(
    aws: Wiring, vera: Browser
) -> None:
    (one,) = sent_by(aws, "4601")
    known(aws, PER)
    give(aws, one)
    give(aws, one, PER)
    score(aws, one, 2, PER)
    rules(aws, own_score_first=False)
    assert PER in vera.get(f"/assessment/{one}").words


def test_a_declared_conflict_shuts_the_application_and_its_scores_count_no_more(
    aws: Wiring, vera: Browser
) -> None:
    one, other = sent_by(aws, "4601", "5001")
    for each in (one, other):
        give(aws, each)
        score(aws, each, 4)
    asked = vera.get(f"/assessment/{one}/conflict").words
    assert "Inhabil for Bergen?" in asked
    assert "Vi vil nå flere barn." not in asked
    form = {"reason": "Broren min er kommunalsjef."}
    assert vera.post(f"/assessment/{one}/conflict", form).location == "/assessment"
    assert vera.get(f"/assessment/{one}").status == 403
    assert "meldt inhabil" in vera.get("/assessment").words
    ranking = staff(aws).get("/api/assessment/ranking").json["ranking"]
    assert {each["application_id"]: each["totals"] for each in ranking} == {other: [20], one: []}
    rows = aws.records.list(AuditRow, application_key(one).partition, "AUDIT#")
    assert (f"conflict#{VERA}", VERA, "Broren min er kommunalsjef.") in [
        (each.what, each.by, each.after) for each in rows
    ]


def test_a_conflict_needs_a_reason(aws: Wiring, vera: Browser) -> None:
    (one,) = sent_by(aws, "4601")
    give(aws, one)
    assert vera.post(f"/assessment/{one}/conflict", {"reason": " "}).status == 422
    assert vera.get(f"/assessment/{one}").status == 200


@pytest.mark.parametrize("kind", ["declared", "own municipality"])
def test_whoever_has_a_conflict_is_never_given_the_application(
    aws: Wiring, vera: Browser, kind: str
) -> None:
    one, other = sent_by(aws, "4601", "5001")
    if kind == "declared":
        give(aws, one)
        vera.post(f"/assessment/{one}/conflict", {"reason": "Søsteren min."})
        staff(aws).post(
            f"/assessment/reviewers/{person_id(VERA)}/unassign", {"application_id": one}
        )
    else:
        known(aws, VERA, Role.REVIEWER, municipality="4601")
    browser = staff(aws)
    address = f"/assessment/reviewers/{person_id(VERA)}"
    assert f'value="{one}">Bergen' not in browser.get(address).text
    answer = browser.post_json(f"/api{address}/assign", {"application_id": one})
    assert answer.code == "assessment_conflict"
    plan = browser.get("/api/assessment/distribution").json
    assert one not in plan["new"]
    assert person_id(VERA) in plan["new"][other]


def test_staff_lift_a_mistaken_conflict_with_a_reason_and_nobody_their_own(
    aws: Wiring, vera: Browser
) -> None:
    (one,) = sent_by(aws, "4601")
    give(aws, one)
    score(aws, one, 4)
    vera.post(f"/assessment/{one}/conflict", {"reason": "Feil kommune."})
    address = f"/assessment/reviewers/{person_id(VERA)}"
    browser = staff(aws)
    assert "Feil kommune." in browser.get(address).words
    assert browser.post(f"{address}/lift", {"application_id": one, "reason": ""}).status == 422
    body = {"application_id": one, "reason": "Hun mente Bærum."}
    own = reviewer(aws, VERA, "staff").post_json(f"/api{address}/lift", body)
    assert own.code == "assessment_own"
    assert browser.post(f"{address}/lift", body).location == address
    assert reviewer(aws).get(f"/assessment/{one}").status == 200
    rows = aws.records.list(AuditRow, application_key(one).partition, "AUDIT#")
    assert (f"conflict_lifted#{VERA}", ANNE, "Feil kommune.", "Hun mente Bærum.") in [
        (each.what, each.by, each.before, each.after) for each in rows
    ]
    assert browser.get("/api/assessment/ranking").json["ranking"][0]["totals"] == [20]


def test_staff_see_the_dealing_before_it_is_done_and_do_exactly_that(aws: Wiring) -> None:
    ids = sent_by(aws, "4601", "5001", "1103")
    for email in (VERA, PER, "ida@example.org"):
        known(aws, email)
    browser = staff(aws)
    page = browser.get("/assessment/distribution")
    assert "Del ut 6 tildelinger" in page.words
    seen = browser.get("/api/assessment/distribution").json["seen"]
    assert aws.records.list(Assessment, "ASSESSMENT#kifk2", "SCORES#") == []
    assert browser.post("/assessment/distribution", {"seen": seen}).location == "/assessment"
    progress = browser.get("/api/assessment").json["progress"]
    loads = {each["email"]: each["assigned"] for each in progress}
    assert len(ids) * 2 == sum(loads.values())
    assert sorted(loads.values()) == [0, 2, 2, 2]
    assert "Det er ingenting å fordele." in browser.get("/assessment/distribution").words


def test_a_preview_that_no_longer_holds_is_not_done(aws: Wiring) -> None:
    sent_by(aws, "4601")
    known(aws, VERA)
    known(aws, PER)
    browser = staff(aws)
    seen = browser.get("/api/assessment/distribution").json["seen"]
    known(aws, PER, Role.REVIEWER, municipality="4601")
    known(aws, ANNE, Role.STAFF, municipality="4601")
    answer = visit_as_other_staff(aws).post("/assessment/distribution", {"seen": seen})
    assert (answer.status, "endret" in answer.words.casefold()) == (409, True)
    assert [each["assigned"] for each in browser.get("/api/assessment").json["progress"]] == [0] * 4


def visit_as_other_staff(here: Wiring) -> Browser:
    return reviewer(here, "ola@example.org", "staff")


def test_staff_give_and_take_back_by_hand(aws: Wiring) -> None:
    (one,) = sent_by(aws, "4601")
    person = known(aws, VERA)
    browser = staff(aws)
    address = f"/assessment/reviewers/{person}"
    assert browser.post(f"{address}/assign", {"application_id": one}).location == address
    assert "0 av 1 er levert." in browser.get(address).words
    assert browser.post(f"{address}/assign", {"application_id": one}).status == 303
    browser.post(f"{address}/unassign", {"application_id": one})
    assert "Ingen søknader er tildelt." in browser.get(address).words
    rows = aws.records.list(AuditRow, application_key(one).partition, "AUDIT#")
    assert [each.what for each in rows if "assigned" in each.what] == [
        f"assigned#{VERA}",
        f"unassigned#{VERA}",
    ]


@pytest.mark.parametrize(
    ("person", "application", "code"),
    [
        ("nobody", "one", "assessment_no_reviewer"),
        ("finance", "one", "assessment_no_reviewer"),
        ("vera", "nothing", "unknown"),
        ("vera", "draft", "unknown"),
    ],
)
def test_what_cannot_be_assigned_is_refused(
    aws: Wiring, person: str, application: str, code: str
) -> None:
    people = {"vera": known(aws, VERA), "finance": known(aws, PER, Role.FINANCE)}
    applications = {
        "one": sent_by(aws, "4601")[0],
        "draft": send_in(aws, "5001", submit=False).id,
    }
    answer = staff(aws).post_json(
        f"/api/assessment/reviewers/{people.get(person, person)}/assign",
        {"application_id": applications.get(application, application)},
    )
    assert answer.code == code


def test_the_ranking_stands_beside_the_balance(aws: Wiring) -> None:
    bergen, trondheim, stavanger = sent_by(aws, "4601", "5001", "1103")
    for each, points in ((bergen, (2, 3)), (trondheim, (5, 4))):
        for email, point in zip((VERA, PER), points, strict=True):
            known(aws, email)
            give(aws, each, email)
            score(aws, each, point, email)
    rows = {row.id: row.reference for row in decide.read_rows(aws.programme, aws.records)}
    decide_all(
        aws,
        [(rows[bergen] or "", Outcome.ADMITTED), (rows[trondheim] or "", Outcome.REJECTED)],
        at="2026-04-16T09:00:00",
    )
    browser = staff(aws)
    told = browser.get("/api/assessment/ranking").json
    assert [
        (each["application_id"], each["rank"], each["median"], each["totals"], each["outcome"])
        for each in told["ranking"]
    ] == [
        (trondheim, 1, "22.5", [20, 25], "rejected"),
        (bergen, 2, "12.5", [10, 15], "admitted"),
        (stavanger, None, None, [], None),
    ]
    assert told["balance"][1] == {
        "kind": "size",
        "shares": [["large", 3, 1]],
        "applied": 3,
        "admitted": 1,
    }
    page = browser.get("/assessment/ranking").words
    assert "22,5" in page
    assert "(bekreftet)" in page
    assert "Trøndelag" in page


def test_the_ranking_can_be_carried_out(aws: Wiring) -> None:
    (one,) = sent_by(aws, "4601")
    for email, points in ((VERA, 4), (PER, 3)):
        known(aws, email)
        give(aws, one, email)
        score(aws, one, points, email)
    browser = staff(aws)
    text = browser.get("/assessment/ranking/export?as=csv").text
    (row,) = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";")
    assert (row["Nr."], row["Kommune"], row["Median"], row["deling"]) == (
        "1",
        "Bergen",
        "17,5",
        "3,5",
    )
    assert browser.get("/assessment/ranking/export?as=xlsx").status == 200
    assert browser.get("/assessment/ranking/export?as=pdf").status == 404


def test_the_ranking_hides_what_its_reader_is_not_to_see(aws: Wiring) -> None:
    own_first, closed, shown = sent_by(aws, "4601", "5001", "1103")
    known(aws, VERA)
    browser = staff(aws)
    for each in (own_first, closed, shown):
        give(aws, each)
        score(aws, each, 4)
    give(aws, own_first, ANNE)
    known(aws, ANNE, Role.STAFF, municipality="5001")
    ranking = browser.get("/api/assessment/ranking").json["ranking"]
    assert [(each["application_id"], each["hidden"], each["totals"]) for each in ranking] == [
        (shown, "", [20]),
        (own_first, "own_first", []),
    ]
    words = browser.get("/assessment/ranking").words
    assert ("1 rad er skjult fordi du er inhabil" in words, "Trondheim" in words) == (True, False)
    assert "Vises når du har levert din egen vurdering" in words


def test_deciding_needs_no_assessment(aws: Wiring) -> None:
    rules(aws, enabled=False)
    (one,) = sent_by(aws, "4601")
    rows = {row.id: row.reference or "" for row in decide.read_rows(aws.programme, aws.records)}
    decide_all(aws, [(rows[one], Outcome.ADMITTED)])
    assert decide.read_rows(aws.programme, aws.records)[0].outcome == Outcome.ADMITTED


def test_a_conflict_is_declared_and_lifted_where_nothing_is_assessed(aws: Wiring) -> None:
    rules(aws, enabled=False)
    one, other = sent_by(aws, "4601", "5001")
    berit, anne = reviewer(aws, "berit@example.org", "staff"), staff(aws)
    address = f"/assessment/{one}/conflict"
    assert f'href="{address}"' in berit.get(f"/applications/{one}").text
    asked = berit.get(address).words
    assert ("Inhabil for Bergen?" in asked, "foreslå og bekrefte svaret" in asked) == (True, True)
    assert berit.post(address, {"reason": "Jeg er gift med rektor."}).location == "/assessment"
    shut = [f"/applications/{one}", f"/decisions/{one}", address]
    assert [berit.get(each).status for each in shut] == [403, 403, 403]
    assert re.findall(r'<option value="(\w+)">', berit.get("/assessment").text) == [other]
    person = f"/assessment/reviewers/{person_id('berit@example.org')}"
    assert f'href="{person}#conflicts">berit@example.org</a> (1)' in anne.get("/assessment").text
    lifting = {"application_id": one, "reason": "Feil rektor."}
    assert berit.post(f"{person}/lift", lifting).status == 409
    assert anne.post(f"{person}/lift", lifting).location == person
    assert berit.get(f"/applications/{one}").status == 200
    assert "Ingen har meldt at de er inhabile." in anne.get("/assessment").words


def test_a_reviewer_declares_a_conflict_before_anything_is_dealt(
    aws: Wiring, vera: Browser
) -> None:
    """They read whose application it is, and nothing else, and are never dealt it."""
    one, other = sent_by(aws, "4601", "5001")
    front = vera.get("/assessment").text
    assert set(re.findall(r'<option value="(\w+)">', front)) == {one, other}
    chosen = vera.get(f"/assessment/conflict?application_id={one}")
    assert (chosen.status, chosen.location) == (303, f"/assessment/{one}/conflict")
    asked = vera.get(chosen.location).words
    assert ("Bergen" in asked, "Vi vil nå flere barn." in asked) == (True, False)
    assert "foreslå og bekrefte svaret" not in asked
    assert vera.get(f"/assessment/{one}").status == 403
    assert vera.post(chosen.location, {"reason": "Søsteren min."}).location == "/assessment"
    plan = staff(aws).get("/api/assessment/distribution").json
    assert {each: person_id(VERA) in of for each, of in plan["new"].items()} == {other: True}


def test_a_reviewer_who_is_shut_out_counts_no_more(aws: Wiring) -> None:
    (one,) = sent_by(aws, "4601")
    known(aws, VERA)
    give(aws, one)
    score(aws, one, 4)
    known(aws, VERA, Role.FINANCE)
    browser = staff(aws)
    assert browser.get("/api/assessment/ranking").json["ranking"][0]["totals"] == []
    words = browser.get(f"/assessment/reviewers/{person_id(VERA)}").words
    assert "Kan ikke vurdere lenger" in words


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/assessment", 4),
        ("/assessment/ranking", 4),
        ("/assessment/distribution", 5),
        ("/assessment/{id}", 5),
    ],
)
def test_a_page_costs_few_calls_however_many_there_are(
    aws: Wiring, address: str, most: int
) -> None:
    ids = sent_by(aws, "4601", "5001", "1103", "0301")
    browser = staff(aws)
    for each in ids:
        give(aws, each, ANNE)
        score(aws, each, 3, ANNE)
    calls.clear()
    assert browser.get(address.format(id=ids[0])).status == 200
    assert calls.total() <= most


def test_the_first_page_tells_a_reviewer_what_is_left_and_nobody_else(aws: Wiring) -> None:
    one, other = send_in(aws).id, send_in(aws, "5001").id
    known(aws, VERA)
    give(aws, one)
    give(aws, other)
    vera, task = reviewer(aws), '<a href="/assessment"><span class="count">{}</span> {}</a>'
    assert task.format(2, "søknader du skal vurdere") in vera.get("/").text
    score(aws, one, 3)
    assert task.format(1, "søknad du skal vurdere") in vera.get("/").text
    score(aws, other, 3)
    seen = [browser.get("/").words for browser in (vera, staff(aws))]
    assert ["du skal vurdere" in each for each in seen] == [False, False]
