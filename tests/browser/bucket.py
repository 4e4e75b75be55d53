"""The uploads bucket as a browser meets it, on this machine.

It holds a form to its policy as S3 does (moto lets everything through), keeps what comes in moto's
bucket, and has it looked at by `inspect_upload`, at once or when the test says so.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from kulturkontor.aws.session import client
from tests.browser.site import Site
from tests.conftest import load_event
from tests.functions.calling import Context, failed, handler

_NAME = "kulturkontor-uploads"


@dataclass
class Bucket:
    portal: Site
    address: str = ""
    holds: bool = False
    """What comes is not looked at until `look`."""
    refuses: bool = False
    came: list[tuple[str, str]] = field(default_factory=list)
    """Key and version of each file, in the order they came."""
    _looked_at: int = 0

    def take(self, fields: dict[str, bytes]) -> tuple[int, dict[str, str], bytes]:
        """The answer to a form: its status, headers and body."""
        if self.refuses:
            return 403, {}, b""
        if fault := _fault(fields):
            return 400, {"Content-Type": "application/xml"}, f"<Error>{fault}</Error>".encode()
        key = fields["key"].decode()
        with self.portal.one_at_a_time:
            there = client("s3").put_object(Bucket=_NAME, Key=key, Body=fields["file"])
        self.came.append((key, str(there["VersionId"])))
        if not self.holds:
            self.look()
        back = fields.get("success_action_redirect")
        return (303, {"Location": back.decode()}, b"") if back else (204, {}, b"")

    def look(self) -> None:
        """What has come since is looked at."""
        for key, version in self.came[self._looked_at :]:
            self._looked_at += 1
            with self.portal.one_at_a_time:
                assert failed(handler("inspect_upload")(_created(key, version), Context())) == 0


def _fault(fields: dict[str, bytes]) -> str:
    """What S3 would say of a form that its policy does not allow."""
    conditions = json.loads(base64.b64decode(fields["policy"]))["conditions"]
    ranges = [each for each in conditions if isinstance(each, list) and len(each) == 3]
    for what, least, most in ranges:
        if what == "content-length-range" and not least <= len(fields["file"]) <= most:
            return "EntityTooLarge"
    told = {
        name: text for each in conditions if isinstance(each, dict) for name, text in each.items()
    }
    del told["bucket"]
    sent = {name: text.decode() for name, text in fields.items() if name in told}
    return "" if sent == told else "AccessDenied"


def _created(key: str, version: str) -> dict[str, Any]:
    event = load_event("inspect_upload", "attachment")
    body = json.loads(event["Records"][0]["body"])
    body["detail"]["object"] |= {"key": key, "version-id": version}
    event["Records"][0]["body"] = json.dumps(body)
    return event


@contextmanager
def open_bucket(portal: Site) -> Iterator[Bucket]:
    """A bucket on a free port, for the pages of that portal."""
    bucket = Bucket(portal)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            fields = _read(self.headers["Content-Type"], self.rfile.read(size))
            self._answer(*bucket.take(fields))

        def do_OPTIONS(self) -> None:
            self._answer(200, {"Access-Control-Allow-Methods": "POST"}, b"")

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            allowed = {"Access-Control-Allow-Origin": portal.address}
            for name, value in (headers | allowed | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """The tests' output is for the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        bucket.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield bucket
        server.shutdown()
        thread.join()


def _read(kind: str, body: bytes) -> dict[str, bytes]:
    """The fields of a form sent in parts."""
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields = {}
    for part in message.iter_parts():
        assert isinstance(part, EmailMessage)
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        fields[part.get_param("name", header="content-disposition")] = content
    return fields
