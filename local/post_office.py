"""Between send_mail and the emulator's SES: keeps each message whole, and can lose an answer on
purpose.

The emulator drops attachments and headers from its own list. Here each request is passed on
unchanged and kept as it was once SES has taken it. For an address in `lose_answer_to` the message
is passed on, then the connection is closed without an answer, once: what send_mail meets is a real
broken connection.
"""

import base64
import email.message
import email.policy
import http.client
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_NOT_PASSED_ON = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
_ACCEPTED = 200


@dataclass(frozen=True)
class Mail:
    """One message SES took, with what it was told about it."""

    number: int
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    tags: dict[str, str]
    raw: bytes

    @property
    def message(self) -> email.message.EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    def body(self, kind: str = "plain") -> str:
        """The text in that form, `plain` or `html`; empty if the message has none."""
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


class PostOffice:
    """A context manager; `url` is what send_mail takes for SES while it is open."""

    def __init__(self, emulator_port: int, *, port: int = 0, kept: Path | None = None) -> None:
        self.lose_answer_to: set[str] = set()
        self._emulator_port = emulator_port
        self._kept = kept
        self._lock = threading.Lock()
        self._mails = _read(kept) if kept and kept.exists() else []
        office = self

        class Counter(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                office._serve(self)

            do_GET = do_PUT = do_DELETE = do_POST

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Counter)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def mails(self, since: int = 0) -> list[Mail]:
        """What SES has taken, in order, after the first `since`."""
        with self._lock:
            return self._mails[since:]

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("content-length") or 0))
        connection = http.client.HTTPConnection("127.0.0.1", self._emulator_port, timeout=60)
        try:
            connection.putrequest(
                request.command, request.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in request.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        lost = False
        if request.path.endswith("/outbound-emails") and answer.status == _ACCEPTED:
            lost = self._keep(json.loads(body), json.loads(content)["MessageId"])
        if lost:
            request.close_connection = True
            return
        request.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _NOT_PASSED_ON:
                request.send_header(name, value)
        request.send_header("content-length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def _keep(self, sent: dict[str, Any], message_id: str) -> bool:
        """Keeps the message; true if its answer is to be lost."""
        destination = sent.get("Destination", {})
        recipients = tuple(each for group in destination.values() for each in group)
        with self._lock:
            mail = Mail(
                number=len(self._mails) + 1,
                message_id=message_id,
                sender=sent.get("FromEmailAddress", ""),
                recipients=recipients,
                tags={tag["Name"]: tag["Value"] for tag in sent.get("EmailTags", [])},
                raw=base64.b64decode(sent["Content"]["Raw"]["Data"]),
            )
            self._mails.append(mail)
            if self._kept:
                _append(self._kept, mail)
            lost = self.lose_answer_to.intersection(recipients)
            self.lose_answer_to -= lost
        return bool(lost)


def _append(file: Path, mail: Mail) -> None:
    line = vars(mail) | {"raw": base64.b64encode(mail.raw).decode()}
    with file.open("a", encoding="utf-8") as kept:
        kept.write(json.dumps(line) + "\n")


def _read(file: Path) -> list[Mail]:
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [
        Mail(
            **line | {"raw": base64.b64decode(line["raw"]), "recipients": tuple(line["recipients"])}
        )
        for line in lines
    ]
