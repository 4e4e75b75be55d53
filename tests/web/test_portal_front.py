"""The pages before there is a case, and what a reader meets when something is wrong."""

import re
from datetime import timedelta

import pytest

from kulturkontor.actions.change_settings import change_settings
from kulturkontor.application_parts import MEMBER, PARTS, Kind
from kulturkontor.aws.wiring import Wiring
from kulturkontor.programme import Language
from kulturkontor.web.answers import policy, text
from kulturkontor.web.portal_front import say_left
from kulturkontor.word_lists import word_list
from tests.conftest import set_clock
from tests.office_factory import oslo, send_in
from tests.web.portal_visitor import Visitor, token_of


@pytest.mark.parametrize(
    ("clock", "left"),
    [
        ("2026-03-17T11:59:00+01:00", "Åpner om 2 dager"),
        ("2026-03-19T11:59:00+01:00", "Åpner om et øyeblikk"),
        ("2026-03-19T12:00:00+01:00", "25 dager igjen"),
        ("2026-04-11T23:59:59+02:00", "2 dager igjen"),
        ("2026-04-12T00:00:01+02:00", "47 timer igjen"),
        ("2026-04-13T22:00:00+02:00", "2 timer igjen"),
        ("2026-04-13T22:00:01+02:00", "119 minutter igjen"),
        ("2026-04-13T23:58:01+02:00", "Mindre enn to minutter igjen"),
        ("2026-04-14T00:00:00+02:00", None),
        ("2026-05-01T00:00:00+02:00", None),
    ],
)
def test_front_page_tells_how_long_there_is_and_never_too_much(
    visitor: Visitor, clock: str, left: str | None
) -> None:
    set_clock(clock)
    found = visitor.get("/?lang=nb").page.xpath("//*[@id='left']/text()")
    assert found == ([] if left is None else [left])


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_script_of_the_time_left_has_the_words_that_the_server_uses(
    visitor: Visitor, language: Language
) -> None:
    left = visitor.get(f"/?lang={language}").page.get_element_by_id("left")
    words = {unit: left.get(f"data-{unit}") for unit in ("days", "hours", "minutes", "moment")}
    assert words == {
        unit: text(language, f"left.open_{unit}", count="#")
        for unit in ("days", "hours", "minutes", "moment")
    }
    assert left.get("data-seconds") == str(24 * 86400 + 13 * 3600)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_criteria_are_shown_only_when_they_are_published(
    visitor: Visitor, aws: Wiring, language: Language
) -> None:
    heading = text(language, "front.criteria_heading")
    assert heading not in visitor.get(f"/?lang={language}").words
    change_settings(
        {"decision": {"criteria_published": True}},
        by="stab",
        at=oslo("2026-03-20T10:00:00"),
        reason="Offentlige fra i dag.",
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    aws.current_programme.refresh()
    page = visitor.get(f"/?lang={language}").page
    (found,) = (each for each in page.cssselect("h2") if each.text == heading)
    told = [each.text for each in found.xpath("following-sibling::ul[1]/li")]
    assert told == [each[language] for each in aws.programme.decision.criteria]
    assert len(told) == 5


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_questions_page_has_every_question_of_the_form(
    visitor: Visitor, language: Language
) -> None:
    words = visitor.get(f"/sporsmal?lang={language}").words
    form = word_list(language, "pages_apply")["form"]
    asked = [each for groups in PARTS.values() for group in groups for each in group.questions]
    keys = {each.label for each in (*asked, *MEMBER) if each.kind is not Kind.MEMBERS}
    keys |= {each.hint for each in (*asked, *MEMBER) if each.hint}
    keys |= {group.heading for groups in PARTS.values() for group in groups}
    keys |= {group.intro for groups in PARTS.values() for group in groups if group.intro}
    values = {"max": 3000, "count": 4, "share": 50}
    assert [key for key in keys if form[key].format_map(values) not in words] == []
    must = words.count(text(language, "site.must"))
    assert must == sum(each.is_must for each in (*asked, *MEMBER) if each.kind is not Kind.MEMBERS)


def test_links_on_every_page_lead_to_help(visitor: Visitor) -> None:
    for path in ("/", "/sporsmal", "/kontakt", "/finnes/ikke"):
        links = visitor.get(f"{path}?lang=nn").page.xpath("//footer//a/@href")
        assert [each.partition("?")[0] for each in links[1:]] == [
            "/sporsmal",
            "/ny-lenke",
            "/kontakt",
            "/personvern",
            "/tilgjengelighet",
        ]
        assert all(each.endswith("lang=nn") for each in links[1:])


def test_policy_lets_a_page_send_only_where_it_says() -> None:
    bucket = "https://files.example.org"
    assert f"form-action 'self' {bucket}" in policy((bucket,))
    assert f"connect-src 'self' {bucket};" in policy((bucket,))
    assert bucket not in policy()
    assert "unsafe" not in policy((bucket,))
    assert "*" not in policy((bucket,))


def test_dead_link_is_gone_to_a_person_and_unfit_to_a_program(
    visitor: Visitor, aws: Wiring
) -> None:
    receipt = send_in(aws)
    dead = token_of(receipt.id, version=2)
    seen = visitor.get(f"/s/{dead}?lang=nb")
    assert (seen.status, seen.page.findtext(".//h1")) == (410, "Denne lenken gjelder ikke lenger")
    assert seen.page.xpath("//main//a/@href")[0] == "/ny-lenke?lang=nb"
    opened = visitor.open_case(receipt.id, version=2).get(f"/sak/{receipt.id}?lang=nb")
    assert opened.status == 410
    answer = visitor.api("GET", f"/api/applications/{receipt.id}", token=dead)
    assert (answer.status, answer.json["code"]) == (401, "link_invalid")
    wrong = visitor.get(f"/s/{dead[:-1]}?lang=nb")
    assert wrong.status == 401


def test_page_of_something_wrong_leads_on(visitor: Visitor, aws: Wiring) -> None:
    receipt = send_in(aws)
    visitor.open_case(receipt.id)
    case = f"/sak/{receipt.id}"
    missing = visitor.get(f"{case}/finnes-ikke?lang=nb")
    assert (missing.status, _leads_to(missing.page)) == (404, [case, "/"])
    elsewhere = visitor.ask(
        "POST", f"{case}/trekk", headers={"origin": "https://elsewhere.example.org"}
    )
    assert (elsewhere.status, _leads_to(elsewhere.page)) == (403, [f"{case}/trekk", "/"])
    assert _leads_to(visitor.get("/finnes/ikke").page) == ["/"]


def _leads_to(page: object) -> list[str]:
    links = page.xpath("//main//p[@class='actions']/a/@href")  # type: ignore[attr-defined]
    return [each.partition("?")[0] for each in links]


def test_too_many_tries_are_told_when_to_come_back_and_keep_what_was_typed(
    visitor: Visitor,
) -> None:
    for _ in range(21):
        seen = visitor.post_form("/ny-lenke", {"municipality": "", "email": "ase@example.org"})
    assert seen.status == 429
    assert re.fullmatch(r"\d+", seen.headers["Retry-After"])
    assert seen.page.get_element_by_id("email").get("value") == "ase@example.org"
    assert seen.page.findtext(".//title").startswith("Feil: ")


def test_say_left_counts_whole_units() -> None:
    assert say_left(timedelta(hours=48), "open", "nn") == "2 dagar igjen"
    assert say_left(timedelta(hours=47, minutes=59), "open", "nn") == "47 timar igjen"


def test_privacy_page_names_what_is_kept_of_each(visitor: Visitor) -> None:
    words = visitor.get("/personvern?lang=nb").words
    for what in ("egen lenke", "forfall", "kvitteringene", "Kontonummeret", "informasjonskapsel"):
        assert what in words
