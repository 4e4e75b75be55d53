"""Settings and texts as JSON: told, planned, changed and refused as on the pages."""

from typing import Any

import pytest

from kulturkontor.actions.edit_settings import read_known
from kulturkontor.aws.wiring import Wiring
from kulturkontor.programme import Programme
from kulturkontor.text_checks import shipped_text
from tests.web.office_browser import Browser, Seen, visit_office

REASON = "Styret har vedtatt det."
TEXT = "/api/texts/nb/draft_link"


def now(here: Wiring) -> Programme:
    return read_known(here.programme, here.records).programme


@pytest.fixture
def staff(aws: Wiring) -> Browser:
    return visit_office(aws).sign_in("staff")


def change(browser: Browser, values: dict[str, Any], seen: int = 0) -> Seen:
    return browser.post_json("/api/settings", {"values": values, "reason": REASON, "seen": seen})


def test_settings_are_told_planned_changed_and_told_again(aws: Wiring, staff: Browser) -> None:
    told = staff.get("/api/settings").json
    assert told["revision"] == 0
    decision = told["sections"]["decision"]
    assert (decision["owner"], decision["values"]["decision.places"]) == ("staff", 16)
    assert told["sections"]["application"]["locked"] == {"application.opens": "has_opened"}
    wanted = {
        "decision.places": 17,
        "decision.preflight_days": [10, 3],
        "decision.offer_by_itself": True,
        "signature.title": {"nb": "Leder", "nn": "Leiar"},
        "travel.rates_asked_above": {"DKK": 11},
        "travel.receipt_free_up_to_ore": 12_550,
    }
    planned = staff.post_json("/api/settings/plan", {"values": wanted}).json
    assert planned["after"] == wanted
    assert planned["effects"]["decision.places"] == [
        {
            "code": "admitted",
            "words": "0 søknader har fått plass, og det blir 17 plasser.",
            "is_warning": False,
        }
    ]
    assert now(aws) == aws.programme
    made = change(staff, wanted)
    values = [each["values"] for each in made.json["sections"].values()]
    stands = {path: value for each in values for path, value in each.items()}
    assert (made.status, made.json["revision"]) == (200, 1)
    assert {path: stands[path] for path in wanted} == wanted
    history = staff.get("/api/settings/history").json
    assert [(each["number"], each["reason"]) for each in history] == [(1, REASON)]
    late = change(staff, {"decision.places": 18})
    assert (late.status, late.code) == (409, "changed_meanwhile")
    assert change(staff, stands, seen=1).code == "settings_nothing_changed"


@pytest.mark.parametrize(
    ("path", "value", "code", "words"),
    [
        ("decision.places", "mange", "no_count", "Skriv et helt tall uten desimaler."),
        ("decision.places", True, "no_value", "Verdien har ikke riktig form."),
        ("decision.places", 0, "greater_than_equal", "Tallet må være minst 1."),
        ("decision.places", [1], "no_value", "Verdien har ikke riktig form."),
        ("overnight.mode", "tent", "no_choice", "Velg et av alternativene."),
        ("summary.sections", ["weather"], "no_choice", "Velg et av alternativene."),
        ("name", {"nb": "🎻", "nn": "a"}, "unprintable", "«🎻» (U+1F3BB)"),
        ("name", {"nb": None}, "no_value", "Verdien har ikke riktig form."),
        ("travel.rates_asked_above", {"krone": 1}, "no_limits", "tre bokstaver"),
        ("decision.released", "2026-04-02T09:00", "closes_before_released", "må stenge før"),
        ("decision.group_by", "2026-05-01", "group_by_after_answer_by", "Flytt en av dem."),
        ("application.opens", "2026-03-20T12:00", "has_opened", "Søknaden er åpnet."),
        ("gatherings", [], "no_field", "Det finnes ingen innstilling"),
    ],
)
def test_a_setting_is_refused_by_its_field_in_words(
    staff: Browser, path: str, value: Any, code: str, words: str
) -> None:
    answer = change(staff, {path: value})
    assert (answer.status, answer.code) == (422, "settings")
    (fault,) = answer.json["errors"]
    assert (fault["code"], words in fault["message"]) == (code, True), fault
    assert fault["field"] == (path if code != "closes_before_released" else "programme")


def test_finances_settings_are_finances_and_a_change_has_a_reason(aws: Wiring) -> None:
    staff = visit_office(aws).sign_in("staff")
    assert change(staff, {"payment.gbat10": True}).status == 403
    finance = visit_office(aws).sign_in("finance")
    assert change(finance, {"payment.gbat10": True}).status == 200
    assert change(finance, {"decision.places": 3}, seen=1).code == "no_role"
    bare = {"values": {"decision.places": 3}, "reason": " ", "seen": 1}
    assert staff.post_json("/api/settings", bare).code == "invalid"


def test_a_text_is_told_previewed_kept_and_put_back(aws: Wiring, staff: Browser) -> None:
    told = staff.get(TEXT).json
    assert (told["is_own"], told["is_broken"], told["revision"]) == (False, False, 0)
    assert [each["name"] for each in told["slots"] if each["is_needed"]] == [
        *("deadline", "draft_link", "privacy_link")
    ]
    sent = {"subject": "Kort", "body": told["body"], "reason": REASON, "seen": 0}
    seen = staff.post_json(f"{TEXT}/preview", sent).json
    assert (seen["subject"], seen["effects"][0]["code"]) == ("Kort", "mails_from_now")
    assert now(aws).texts == {}
    assert staff.post_json(TEXT, sent).json["subject"] == "Kort"
    assert staff.post_json(TEXT, sent | {"subject": "Nei"}).code == "changed_meanwhile"
    assert staff.post_json(TEXT, sent | {"seen": 1}).code == "settings_nothing_changed"
    (listed,) = [each for each in staff.get("/api/texts").json if each["is_own"]]
    assert (listed["name"], listed["language"], listed["is_broken"]) == ("draft_link", "nb", False)
    assert staff.post_json(f"{TEXT}/original", {"seen": 1}).json["is_own"] is False
    assert staff.get("/api/texts/nn/staff_summary").status == 404


def test_what_is_wrong_with_a_text_is_told_by_its_field(staff: Browser) -> None:
    body = shipped_text("nb", "draft_link").body.replace("{deadline}", "snart")
    answer = staff.post_json(TEXT, {"subject": "a", "body": body, "reason": "", "seen": 0})
    assert (answer.status, answer.code) == (422, "invalid")
    assert answer.json["errors"] == [
        {
            "field": "body",
            "code": "slot_missing",
            "message": "{deadline} må være med. Uten det kan ikke mottakeren bruke teksten.",
        },
        {
            "field": "reason",
            "code": "reason",
            "message": "Skriv hvorfor, så de andre forstår endringen.",
        },
    ]


def test_phrases_are_told_changed_and_refused_by_name(aws: Wiring, staff: Browser) -> None:
    address = "/api/texts/phrases/letters"
    told = staff.get(address).json["phrases"]
    assert told["gathering.nn"] == {"words": "Samling", "is_own": False, "is_broken": False}
    sent = {"words": {"gathering.nn": "Nr."}, "reason": REASON, "seen": 0}
    made = staff.post_json(address, sent).json
    assert made["phrases"]["gathering.nn"] == {"words": "Nr.", "is_own": True, "is_broken": False}
    back = {"words": {"gathering.nn": ""}, "reason": REASON, "seen": 1}
    assert staff.post_json(address, back).json["phrases"]["gathering.nn"] == told["gathering.nn"]
    for name, words, code in (
        ("travel_cover.nb", "alt", "slot_missing"),
        ("letter_approved.nb", "Underskrevet", "extra_forbidden"),
        ("staff_closed.nn", "Slutt", "extra_forbidden"),
    ):
        refused = staff.post_json(address, {"words": {name: words}, "reason": REASON, "seen": 2})
        (fault,) = refused.json["errors"]
        assert (refused.status, fault["field"], fault["code"]) == (422, name, code)
    assert staff.get("/api/texts/phrases/none").status == 404
