"""A change is made only from our own pages, with the session's token; looking changes nothing."""

import re
from pathlib import Path
from typing import Any

import boto3
import pytest

from kulturkontor import web
from kulturkontor.aws.wiring import Wiring
from kulturkontor.web.office_access import ACCESS
from tests.conftest import ENVIRONMENT
from tests.office_factory import admitted, send_claim, send_in
from tests.web.office_browser import Browser, visit_office

OWN = ENVIRONMENT["OFFICE_URL"]
_CARRIES_TOKEN = re.compile(r"\bcsrf\(session\)|\bkept\(\)|name=\"csrf\"")
"""Each page's own `kept` begins with the token."""
TO_THE_BUCKET = (
    'parts.html: class="stack" method="post" action="{{ form.url }}" enctype="multipart/form-data">'
)
"""It brings a signature of its own."""
FORM = {"content-type": "application/x-www-form-urlencoded"}


def make_sheet(browser: Browser, token: str, headers: dict[str, str]) -> int:
    return browser.send("POST", "/sheets", f"csrf={token}", FORM | headers).status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"origin": OWN, "sec-fetch-site": "same-origin"}, 303, id="our own page"),
        pytest.param({"origin": OWN}, 303, id="a browser without fetch metadata"),
        pytest.param({}, 303, id="no browser"),
        pytest.param({"origin": "https://elsewhere.example.com"}, 403, id="another origin"),
        pytest.param({"origin": "null"}, 403, id="a hidden origin"),
        pytest.param({"origin": OWN.replace("https", "http")}, 403, id="our name without TLS"),
        pytest.param({"origin": f"{OWN}.example.com"}, 403, id="a name that begins like ours"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="cross-site"),
        pytest.param({"origin": OWN, "sec-fetch-site": "same-site"}, 403, id="a sister's page"),
        pytest.param({"sec-fetch-site": "none"}, 403, id="typed by hand"),
    ],
)
def test_a_form_counts_only_from_our_own_origin(
    aws: Wiring, headers: dict[str, str], status: int
) -> None:
    browser = visit_office(aws).sign_in("staff")
    assert make_sheet(browser, browser.csrf, headers) == status


def test_a_form_needs_the_token_of_its_own_session(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    another = visit_office(aws).sign_in("staff")
    statuses = [make_sheet(browser, token, {}) for token in ("", "æøå", another.csrf, browser.csrf)]
    assert statuses == [403, 403, 403, 303]


def test_the_api_takes_the_token_in_a_header(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    without = browser.send("POST", "/api/sheets", "{}", {"content-type": "application/json"})
    assert (without.status, without.code) == (403, "csrf")
    assert browser.post_json("/api/sheets").status == 201


def test_no_change_is_made_without_a_token(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff", "finance", "admin", "reviewer")
    taken = {}
    for route in (each for each in ACCESS if each.startswith("POST ")):
        path = route.removeprefix("POST ").replace("<", "").replace(">", "")
        answer = browser.send("POST", path, "{}", {"content-type": "application/json"})
        if answer.status != 403:
            taken[route] = answer.status
    assert taken == {}


def test_every_form_that_posts_to_us_carries_the_token() -> None:
    templates = Path(web.__file__).parent / "templates" / "office"
    forms = {
        f"{each.name}: {form.splitlines()[0]}": form.split("</form>")[0]
        for each in templates.glob("*.html")
        for form in each.read_text("utf-8").split("<form ")[1:]
        if 'method="post"' in form.splitlines()[0]
    }
    assert len(forms) > 100
    without = [name for name, form in forms.items() if not _CARRIES_TOKEN.search(form)]
    assert without == [TO_THE_BUCKET]


def test_looking_at_every_page_changes_nothing(aws: Wiring) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id)
    send_in(aws, "5001")
    browser = visit_office(aws, at="2026-10-01T12:00:00").sign_in("staff", "finance")
    before = everything()
    for route in sorted(each for each in ACCESS if each.startswith("GET ")):
        if route in ("GET /login", "GET /callback"):
            continue
        path = route.removeprefix("GET ").replace("<application_id>", application_id)
        browser.get(path.replace("<gathering>", "S1"))
    assert everything() == before


def everything() -> list[Any]:
    items = boto3.client("dynamodb").scan(TableName=ENVIRONMENT["TABLE_NAME"])["Items"]
    return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))
