import re
from collections.abc import Iterator

import boto3
import pytest
from lxml import html

from kulturkontor.aws.wiring import Wiring
from kulturkontor.web.portal import AREAS, routes_of
from tests.conftest import messages, set_clock
from tests.office_factory import answers, send_in
from tests.web.filled_form import START, press
from tests.web.portal_visitor import Seen, Visitor


@pytest.mark.parametrize(
    ("moment", "state", "can_apply"),
    [
        ("2026-03-19T11:59:59+01:00", "Søknaden åpner snart", False),
        ("2026-03-19T12:00:00+01:00", "Nå kan dere søke", True),
        ("2026-04-13T23:59:59+02:00", "Nå kan dere søke", True),
        ("2026-04-14T00:00:00+02:00", "Søknadsfristen er ute", True),
        ("2026-04-30T09:00:00+02:00", "Søknadsperioden er avsluttet", False),
    ],
)
def test_front_page_tells_the_phase_and_its_times(
    visitor: Visitor, moment: str, state: str, can_apply: bool
) -> None:
    set_clock(moment)
    seen = visitor.get("/")
    assert seen.page.get_element_by_id("state").text_content() == state
    assert "13. april 2026 kl. 23.59" in seen.words
    assert bool(seen.page.cssselect('a[href^="/soknad"]')) == can_apply


def test_front_page_tells_shares_and_gatherings(visitor: Visitor) -> None:
    words = visitor.get("/").words
    assert "50 prosent av de faktiske reisekostnadene for hver deltaker" in words
    assert "24.–25. september 2026, Gardermoen" in words
    assert "25.–26. november 2027, Gardermoen" in words


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [("/", "nn-NO", "nn"), ("/", "en", "nb"), ("/?lang=nb", "nn", "nb"), ("/?lang=x", "", "nb")],
)
def test_page_is_in_the_language_asked_for(
    visitor: Visitor, path: str, accepted: str, language: str
) -> None:
    seen = visitor.get(path, **{"accept-language": accepted})
    assert seen.page.get("lang") == language
    assert seen.headers["Content-Language"] == language


def test_links_keep_the_language(visitor: Visitor) -> None:
    links = visitor.get("/?lang=nn").page.xpath("//a/@href[starts-with(., '/')]")
    others = [each for each in links if not each.endswith("lang=nn")]
    assert others == ["/?lang=nb"]


def test_new_link_page_answers_every_municipality_alike(visitor: Visitor, aws: Wiring) -> None:
    send_in(aws)
    messages(aws.settings.mail_queue_url)
    seen = [visitor.post_form("/ny-lenke", {"municipality": each}) for each in ("4601", "1103")]
    assert [(each.status, each.headers["Location"]) for each in seen] == [
        (303, "/ny-lenke?sendt=ja&lang=nb")
    ] * 2
    assert len(messages(aws.settings.mail_queue_url)) == 1
    assert visitor.post_form("/ny-lenke", {"municipality": ""}).status == 422


def test_privacy_page_names_the_terms_of_the_programme(visitor: Visitor) -> None:
    words = visitor.get("/personvern").words
    assert "90 dager etter søknadsfristen" in words
    assert "tolv måneder etter svarbrevet" in words
    assert "5 år etter slutten av regnskapsåret" in words


def public_pages(visitor: Visitor) -> Iterator[Seen]:
    for path in (
        *("/", "/soknad", "/sporsmal", "/personvern", "/tilgjengelighet"),
        *("/kontakt", "/ny-lenke", "/nowhere"),
    ):
        for language in ("nb", "nn"):
            yield visitor.get(f"{path}?lang={language}")


def test_pages_hold_no_script_of_their_own_and_load_only_what_is_ours(visitor: Visitor) -> None:
    for seen in public_pages(visitor):
        assert seen.page.xpath("//script[not(@src)] | //style | //*[@style] | //iframe") == []
        assert seen.page.xpath("//@*[starts-with(name(), 'on')]") == []
        loaded = seen.page.xpath("//link/@href | //img/@src | //script/@src")
        assert [each for each in loaded if not each.startswith("/assets/")] == []


def test_every_field_has_a_label_and_every_id_is_one_elements(visitor: Visitor) -> None:
    for seen in public_pages(visitor):
        ids = seen.page.xpath("//@id")
        assert len(ids) == len(set(ids))
        labels = set(seen.page.xpath("//label/@for"))
        fields = seen.page.xpath("//input[@type!='hidden'] | //select | //textarea")
        assert {each.get("id") for each in fields} <= labels


@pytest.mark.parametrize("path", ["/", "/api/programme", "/nowhere", "/api/nowhere", "/soknad"])
def test_every_answer_is_protected(visitor: Visitor, path: str) -> None:
    headers = visitor.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert {"default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"} <= set(
        policy.split("; ")
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    kept = "private, no-cache" if path == "/soknad" else "no-store"
    assert headers["Cache-Control"] == kept
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_assets_are_compressed_and_kept_for_good(visitor: Visitor) -> None:
    address = visitor.get("/").page.xpath("//link[@rel='stylesheet']/@href")[0]
    seen = visitor.get(address)
    assert seen.headers["Content-Encoding"] == "gzip"
    assert seen.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    plain = visitor.get(address, **{"accept-encoding": "identity"})
    assert (plain.text, "Content-Encoding" in plain.headers) == (seen.text, False)


def test_head_is_a_get_without_a_body(visitor: Visitor) -> None:
    seen = visitor.ask("HEAD", "/")
    assert (seen.status, seen.text) == (200, "")


def test_looking_changes_nothing(visitor: Visitor, aws: Wiring) -> None:
    send_in(aws)
    before = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    for route in (route for area in AREAS for route in routes_of(area)):
        if route.method == "GET":
            visitor.get(re.sub("<[a-z_]+>", "x", route.path))
    after = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    assert after == before


def test_fault_of_ours_is_a_page_and_logs_no_content(
    visitor: Visitor, aws: Wiring, caplog: pytest.LogCaptureFixture
) -> None:
    boto3.client("dynamodb").delete_table(TableName=aws.settings.table_name)
    body = {"submit": True, "answers": answers()}
    seen = visitor.api("POST", "/api/applications", body, idempotency_key="a-key-of-mine")
    assert (seen.status, seen.json["code"]) == (500, "fault")
    page = press(visitor, "/soknad", START, "start")
    assert (page.status, html.fromstring(page.text).findtext(".//h1")) == (
        500,
        "Noe gikk galt hos oss",
    )
    faults = [vars(each) for each in caplog.records if each.getMessage() == "fault"]
    assert [each["fault"] for each in faults] == ["ResourceNotFoundException"] * 2
    logged = str(faults)
    assert [word for word in ("Prøve", "Øvrebø", "ase@", "4601") if word in logged] == []
