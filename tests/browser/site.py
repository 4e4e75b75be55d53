"""A site on this machine: a browser's requests become HTTP API events for a function's handler."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.conftest import load_event

Resolve = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Site:
    address: str
    resolve: Resolve | None = None
    """The function that answers."""
    asked: list[str] = field(default_factory=list)
    """Every request, as `POST /soknad`."""
    one_at_a_time: Lock = field(default_factory=Lock)

    def answer(self, event: dict[str, Any]) -> dict[str, Any]:
        """One request at a time, as one process of a function has them."""
        http = event["requestContext"]["http"]
        with self.one_at_a_time:
            self.asked.append(f"{http['method']} {http['path']}")
            assert self.resolve is not None
            return self.resolve(event)


@contextmanager
def serve() -> Iterator[Site]:
    """A site on a free port; it answers once `resolve` is set."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _pass_on(self, site)

        do_POST = do_HEAD = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """The tests' output is for the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        site = Site(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield site
        server.shutdown()
        thread.join()


def _pass_on(handler: BaseHTTPRequestHandler, site: Site) -> None:
    answer = site.answer(_event(handler))
    body = answer.get("body") or ""
    data = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    handler.send_response(answer["statusCode"])
    for name, value in answer.get("headers", {}).items():
        handler.send_header(name, value)
    for cookie in answer.get("cookies", []):
        handler.send_header("Set-Cookie", cookie)
    handler.send_header("Content-Length", str(len(data)))
    with suppress(ConnectionError):  # a browser that has gone on does not wait for the rest
        handler.end_headers()
        handler.wfile.write(data)


def _event(handler: BaseHTTPRequestHandler) -> dict[str, Any]:
    """As the gateway makes it: small header names, cookies apart, a form's body in base64."""
    event = load_event("serve_portal", "front")
    parts = urlsplit(handler.path)
    headers = {name.lower(): value for name, value in handler.headers.items()}
    event["cookies"] = [each for each in headers.pop("cookie", "").split("; ") if each]
    event["headers"] = headers
    event["rawPath"], event["rawQueryString"] = unquote(parts.path), parts.query
    event["queryStringParameters"] = dict(parse_qsl(parts.query))
    event["requestContext"]["http"] |= {"method": handler.command, "path": event["rawPath"]}
    if sent := handler.rfile.read(int(headers.get("content-length", 0))):
        event["body"] = base64.b64encode(sent).decode()
        event["isBase64Encoded"] = True
    return event
