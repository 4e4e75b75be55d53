"""Signing in and out: what is asked of the sign-in service, and what is not believed."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.actions.sign_in import SignInError, find_session
from kulturkontor.aws.wiring import Wiring
from kulturkontor.sessions import Session, session_key
from kulturkontor.web.login import Person, begin, read_id_token, seal, unseal
from tests.office_factory import oslo
from tests.web.office_browser import CLIENT, ISSUER, REAL_TIME, make_token, visit_office

CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "exp": int(REAL_TIME.timestamp()) + 60,
    "nonce": "n",
    "token_use": "id",
    "email": "Kari@Example.org",
    "cognito:groups": ["staff"],
    "sub": "ignored",
}


def read(claims: dict[str, Any]) -> Person:
    return read_id_token(
        make_token(claims), issuer=ISSUER, client_id=CLIENT, nonce="n", now=REAL_TIME
    )


def test_a_good_token_says_who_signed_in_with_which_groups() -> None:
    assert read(CLAIMS) == Person(email="kari@example.org", groups=("staff",))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({"iss": "https://issuer.example.com"}, "iss", id="another issuer"),
        pytest.param({"aud": "another"}, "aud", id="for another client"),
        pytest.param({"token_use": "access"}, "malformed", id="an access token"),
        pytest.param({"nonce": "m"}, "nonce", id="of another sign-in"),
        pytest.param({"exp": int(REAL_TIME.timestamp()) - 61}, "exp", id="expired"),
        pytest.param({"email": None}, "malformed", id="without an address"),
        pytest.param({"cognito:groups": "staff"}, "malformed", id="groups as one text"),
        pytest.param({"exp": "soon"}, "malformed", id="an expiry that is no number"),
    ],
)
def test_a_token_that_is_not_ours_for_now_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(SignInError, match=f"^{why}$"):
        read(CLAIMS | change)


@given(st.text(max_size=60))
def test_any_text_that_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(SignInError):
        read_id_token(text, issuer=ISSUER, client_id=CLIENT, nonce="n", now=REAL_TIME)


def test_the_sign_in_page_is_asked_for_a_code_with_pkce_state_and_nonce(aws: Wiring) -> None:
    browser = visit_office(aws)
    answer = browser.get("/login?next=/batches")
    address = urlsplit(answer.location)
    asked = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}{address.path}" == (
        f"{aws.settings.login_url}/oauth2/authorize"
    )
    assert {
        name: asked[name] for name in ("response_type", "client_id", "redirect_uri", "scope")
    } == {
        "response_type": ["code"],
        "client_id": [CLIENT],
        "redirect_uri": [f"{aws.settings.office_url}/callback"],
        "scope": ["openid email"],
    }
    assert asked["code_challenge_method"] == ["S256"]
    assert len({*asked["state"], *asked["nonce"], *asked["code_challenge"]}) == 3


def test_signing_in_leads_to_the_page_that_was_wanted(aws: Wiring) -> None:
    browser = visit_office(aws)
    asked = browser.get("/login?next=/batches")
    back = urlsplit(browser.sign_in_service.authorize(asked.location))
    assert browser.get(f"{back.path}?{back.query}").location == "/batches"


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example.com/", "//elsewhere.example.com", "/\\elsewhere", "x", ""]
)
def test_signing_in_never_leads_away_from_the_office(aws: Wiring, wanted: str) -> None:
    doors = visit_office(aws).doors
    assert begin(doors, wanted=wanted, now=REAL_TIME).next == "/"


def test_the_browser_gets_a_cookie_that_only_our_own_pages_over_tls_receive(aws: Wiring) -> None:
    browser = visit_office(aws)
    browser.get("/login")
    assert [each.partition("=")[0] for each in browser.set_cookies] == ["__Host-login"]
    browser.sign_in("staff")
    cookie = next(each for each in browser.set_cookies if each.startswith("__Host-session="))
    parts = [each.strip() for each in cookie.split(";")]
    assert {each.lower() for each in parts[1:]} == {
        "path=/",
        "secure",
        "httponly",
        "samesite=lax",
        "max-age=28800",
    }


@pytest.mark.parametrize(
    ("url", "stage", "name"),
    [
        ("http://0000a002.execute-api.localhost:4566", "dev", "session"),
        ("http://kontor.example.org", "prod", "__Host-session"),
        ("https://kontor.example.org", "dev", "__Host-session"),
    ],
)
def test_only_a_stage_on_plain_http_has_a_plain_cookie(
    aws: Wiring, url: str, stage: str, name: str
) -> None:
    browser = visit_office(aws, office_url=url, stage=stage).sign_in("staff")
    assert name in browser.cookies
    cookie = next(each for each in browser.set_cookies if each.startswith(f"{name}="))
    assert ("Secure" in cookie) is (name != "session")


def test_the_table_holds_the_hash_of_the_session_and_not_its_id(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff", email="Kari@Example.org")
    session_id = browser.cookies["__Host-session"]
    session = aws.records.read(Session, session_key(session_id))
    assert session is not None
    assert session_id not in session.model_dump_json() + str(session.key)
    assert (session.email, session.ends_at) == ("kari@example.org", oslo("2026-04-02T18:00:00"))
    assert session.expires_at == REAL_TIME + timedelta(hours=8)


def test_a_session_ends_after_eight_hours(aws: Wiring) -> None:
    browser = visit_office(aws, at="2026-04-02T10:00:00").sign_in("staff")
    browser.set_clock("2026-04-02T17:59:59")
    assert browser.get("/applications").status == 200
    browser.set_clock("2026-04-02T18:00:00")
    assert browser.get("/applications").status == 302
    assert browser.get("/api/applications").code == "signed_out"


def test_signing_out_deletes_the_session_and_ends_the_one_at_the_service(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    session_id = browser.cookies["__Host-session"]
    answer = browser.post("/logout")
    assert answer.location.startswith(f"{aws.settings.login_url}/logout?client_id={CLIENT}&")
    assert browser.cookies == {}
    at = oslo("2026-04-02T10:00:00")
    assert find_session(session_id, programme_id="kifk2", now=at, records=aws.records) is None
    browser.cookies["__Host-session"] = session_id
    assert browser.get("/api/me").code == "signed_out"


def test_signing_out_twice_is_as_good_as_once(aws: Wiring) -> None:
    first = visit_office(aws).sign_in("staff")
    second = visit_office(aws)
    second.cookies = dict(first.cookies)
    token = second.csrf
    assert first.post("/logout").status == 303
    assert second.send("POST", "/logout", f"csrf={token}").status == 302


def test_a_session_cookie_in_the_header_counts_as_well(aws: Wiring) -> None:
    browser = visit_office(aws).sign_in("staff")
    held = browser.cookies.pop("__Host-session")
    answer = browser.get("/api/me", cookie=f"theme=dark; __Host-session={held}")
    assert answer.json["email"] == "kari@example.org"


def test_a_code_is_taken_only_from_the_browser_that_asked(aws: Wiring) -> None:
    attacker, victim = visit_office(aws), visit_office(aws)
    back = urlsplit(attacker.sign_in_service.authorize(attacker.get("/login").location))
    assert victim.get(f"{back.path}?{back.query}").status == 400
    victim.get("/login")
    assert victim.get(f"{back.path}?{back.query}").status == 400
    assert victim.get("/api/me").code == "signed_out"


def test_a_sign_in_that_takes_too_long_must_begin_again(aws: Wiring) -> None:
    browser = visit_office(aws, at="2026-04-02T10:00:00")
    back = urlsplit(browser.sign_in_service.authorize(browser.get("/login").location))
    browser.set_clock("2026-04-02T10:10:01")
    assert browser.get(f"{back.path}?{back.query}").status == 400


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied", "?code=x", "?code=x&state=y", "?code=%ff&state=%00"]
)
def test_a_forged_way_back_is_refused_in_words(aws: Wiring, query: str) -> None:
    browser = visit_office(aws)
    browser.get("/login")
    answer = browser.get(f"/callback{query}")
    assert answer.status == 400
    assert "Innloggingen lyktes ikke" in answer.words


def test_a_token_of_another_client_gives_no_session(aws: Wiring) -> None:
    browser = visit_office(aws)
    browser.sign_in_service.claims = {"aud": "another"}
    back = urlsplit(browser.sign_in_service.authorize(browser.get("/login").location))
    assert browser.get(f"{back.path}?{back.query}").status == 400
    assert "__Host-session" not in browser.cookies


@given(st.text(max_size=80))
def test_a_cookie_we_did_not_make_is_not_read(value: str) -> None:
    with pytest.raises(SignInError):
        unseal(value, b"key")


def test_a_sealed_attempt_is_read_with_its_own_key_only(aws: Wiring) -> None:
    attempt = begin(visit_office(aws).doors, wanted="/", now=REAL_TIME)
    assert unseal(seal(attempt, b"key"), b"key") == attempt
    with pytest.raises(SignInError):
        unseal(seal(attempt, b"key"), b"another")
