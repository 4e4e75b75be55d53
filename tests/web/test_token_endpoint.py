"""The token endpoint asked over HTTP: what is sent, and which answers are the person's to mend."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qs

import pytest

from kulturkontor.actions.sign_in import SignInError, TokenAnswer
from kulturkontor.aws.login import TokenEndpoint


class _Endpoint(HTTPServer):
    """Answers each request as it was told to, and keeps what came."""

    status = 200
    content = b"{}"
    came: tuple[str, dict[str, list[str]]] = ("", {})

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.came = (self.path, parse_qs(body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def endpoint() -> Iterator[_Endpoint]:
    with _Endpoint(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(endpoint: _Endpoint) -> TokenAnswer:
    client = TokenEndpoint(login_url=endpoint.address, client_id="office")
    return client.exchange(
        code="the code", verifier="v&v", redirect_uri="https://kontor.example.org/callback"
    )


def test_the_code_is_exchanged_without_a_secret(endpoint: _Endpoint) -> None:
    endpoint.content = json.dumps({"id_token": "a.b.c", "access_token": "d"}).encode()
    answer = ask(endpoint)
    assert answer == TokenAnswer("a.b.c", answer.received_at)
    assert abs(answer.received_at - datetime.now(UTC)) < timedelta(seconds=10)
    assert endpoint.came == (
        "/oauth2/token",
        {
            "grant_type": ["authorization_code"],
            "client_id": ["office"],
            "code": ["the code"],
            "redirect_uri": ["https://kontor.example.org/callback"],
            "code_verifier": ["v&v"],
        },
    )


@pytest.mark.parametrize(
    ("status", "content"),
    [
        pytest.param(400, b'{"error": "invalid_grant"}', id="used code"),
        pytest.param(200, b"<html>", id="no JSON"),
        pytest.param(200, b"[]", id="no object"),
        pytest.param(200, b'{"access_token": "d"}', id="no id token"),
        pytest.param(200, b"\xff", id="no UTF-8"),
    ],
)
def test_an_answer_without_a_token_sends_the_person_back(
    endpoint: _Endpoint, status: int, content: bytes
) -> None:
    endpoint.status, endpoint.content = status, content
    with pytest.raises(SignInError):
        ask(endpoint)


def test_a_fault_of_the_service_is_raised(endpoint: _Endpoint) -> None:
    endpoint.status = 503
    with pytest.raises(HTTPError):
        ask(endpoint)
