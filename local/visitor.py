"""Somebody with a browser, as far as HTTP goes: cookies are kept, redirects are followed when asked
for.

Addresses of the emulator's HTTP APIs end in `.localhost`, which browsers and curl take for this
machine but Python's resolver may not: the connection goes to the loopback address, the name stays
in the Host header.
"""

import http.client
import json
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

_SEE_OTHER = frozenset({301, 302, 303})
_MOST_REDIRECTS = 10


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes
    url: str

    @property
    def text(self) -> str:
        return self.content.decode("utf-8")

    def json(self) -> Any:
        return json.loads(self.content)


class Visitor:
    """One person's cookies, kept per host. Methods raise `OSError` when nobody answers."""

    def __init__(self) -> None:
        self._cookies: dict[str, dict[str, str]] = {}

    def get(
        self, url: str, *, follow: bool = True, headers: dict[str, str] | None = None
    ) -> Answer:
        return self.request("GET", url, follow=follow, headers=headers)

    def post(
        self, url: str, fields: dict[str, str] | list[tuple[str, str]], *, follow: bool = True
    ) -> Answer:
        """Submits a form."""
        headers = {"content-type": "application/x-www-form-urlencoded", "origin": _origin(url)}
        return self.request("POST", url, urlencode(fields).encode(), headers=headers, follow=follow)

    def send_json(self, method: str, url: str, value: object, **headers: str) -> Answer:
        """Sends JSON; `headers` are named with underscores, as in `idempotency_key`."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        body = json.dumps(value, ensure_ascii=False).encode()
        return self.request(
            method, url, body, headers={"content-type": "application/json", **named}
        )

    def upload(self, url: str, fields: dict[str, str], name: str, content: bytes) -> Answer:
        """A presigned POST, as a browser's form sends it."""
        boundary = "kulturkontor-form-boundary"
        parts = [
            _part(boundary, f'name="{field}"', text.encode()) for field, text in fields.items()
        ]
        parts.append(_part(boundary, f'name="file"; filename="{name}"', content))
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
        return self.request("POST", url, body, headers=headers, follow=False)

    def request(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        *,
        headers: dict[str, str] | None = None,
        follow: bool = False,
    ) -> Answer:
        answer = self._once(method, url, body, headers or {})
        for _ in range(_MOST_REDIRECTS):
            if not follow or answer.status not in _SEE_OTHER:
                return answer
            answer = self._once("GET", urljoin(answer.url, answer.headers["location"]), None, {})
        return answer

    def _once(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        address = urlsplit(url)
        host = address.hostname or ""
        cookies = self._cookies.setdefault(host, {})
        sent = {"host": address.netloc, **headers}
        if cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection = http.client.HTTPConnection(_loopback(host), address.port or 80, timeout=60)
        try:
            path = (address.path or "/") + (f"?{address.query}" if address.query else "")
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        self._keep_cookies(cookies, response.headers.get_all("set-cookie") or [])
        received = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, received, content, url)

    @staticmethod
    def _keep_cookies(cookies: dict[str, str], lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    cookies.pop(name, None)
                else:
                    cookies[name] = morsel.value


def _loopback(host: str) -> str:
    return "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else host


def _origin(url: str) -> str:
    address = urlsplit(url)
    return f"{address.scheme}://{address.netloc}"


def _part(boundary: str, disposition: str, content: bytes) -> bytes:
    return (
        f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode()
        + content
        + b"\r\n"
    )
