"""A mailbox on loopback: everything handed to SES, newest first, as text, HTML and attachments."""

import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from local.post_office import Mail, PostOffice

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #ccc; padding: .4rem .6rem; text-align: left; }
pre { background: #f6f6f6; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
iframe { border: 1px solid #ccc; height: 40rem; width: 100%; }
"""


class Mailbox:
    """A context manager; `url` is where the mails are read while it is open."""

    def __init__(self, post_office: PostOffice, *, port: int = 0) -> None:
        class Reader(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, content = _page(post_office, self.path)
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Reader)
        self._server.daemon_threads = True
        self.url = f"http://localhost:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _page(post_office: PostOffice, path: str) -> tuple[int, str, bytes]:
    parts = [part for part in path.split("/") if part]
    mails = {str(mail.number): mail for mail in post_office.mails()}
    if not parts:
        return 200, "text/html; charset=utf-8", _list(list(mails.values())[::-1])
    mail = mails.get(parts[0])
    if mail is None:
        return 404, "text/plain; charset=utf-8", b"There is no such mail."
    if len(parts) == 1:
        return 200, "text/html; charset=utf-8", _one(mail)
    if parts[1] == "html":
        return 200, "text/html; charset=utf-8", _opening_outside(mail.body("html")).encode()
    return _attachment(mail, parts[1])


def _attachment(mail: Mail, number: str) -> tuple[int, str, bytes]:
    attached = list(mail.message.iter_attachments())
    if not number.isdigit() or int(number) >= len(attached):
        return 404, "text/plain; charset=utf-8", b"There is no such attachment."
    content = attached[int(number)].get_payload(decode=True)
    kind = attached[int(number)].get_content_type()
    return 200, kind, content if isinstance(content, bytes) else b""


def _opening_outside(page: str) -> str:
    return f'<base target="_top">{page}'


def _list(mails: list[Mail]) -> bytes:
    rows = "".join(
        f"<tr><td>{mail.number}</td><td>{_escaped(mail.recipients)}</td>"
        f'<td><a href="/{mail.number}">{_escaped(mail.message["subject"])}</a></td></tr>'
        for mail in mails
    )
    return _framed(
        "Mailbox",
        f"<table><tr><th>No.</th><th>To</th><th>Subject</th></tr>{rows}</table>"
        if rows
        else "<p>No mail yet.</p>",
    )


def _one(mail: Mail) -> bytes:
    headers = "".join(
        f"<tr><th>{_escaped(name)}</th><td>{_escaped(value)}</td></tr>"
        for name, value in mail.message.items()
    )
    files = "".join(
        f'<li><a href="/{mail.number}/{number}">{_escaped(part.get_filename())}</a></li>'
        for number, part in enumerate(mail.message.iter_attachments())
    )
    return _framed(
        str(mail.message["subject"]),
        f'<p><a href="/">All mail</a></p><table>{headers}</table><ul>{files}</ul>'
        f'<h2>HTML</h2><iframe title="HTML" src="/{mail.number}/html"></iframe>'
        f"<h2>Text</h2><pre>{_linked(mail.body())}</pre>",
    )


def _linked(text: str) -> str:
    words = (
        f'<a href="{html.escape(word)}">{html.escape(word)}</a>'
        if word.startswith(("http://", "https://"))
        else html.escape(word)
        for line in text.splitlines(keepends=True)
        for word in _words(line)
    )
    return "".join(words)


def _words(line: str) -> list[str]:
    """The words of a line and the blanks between them."""
    words: list[str] = []
    for character in line:
        if words and words[-1][-1].isspace() == character.isspace():
            words[-1] += character
        else:
            words.append(character)
    return words


def _escaped(value: object) -> str:
    return html.escape(", ".join(value) if isinstance(value, tuple) else str(value or ""))


def _framed(title: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{_escaped(title)}</title>'
        f"<style>{_STYLE}</style><h1>{_escaped(title)}</h1>{body}</html>"
    ).encode()
