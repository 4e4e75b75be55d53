"""Secret links: an application's id, the link's version, and a signature over both.

Nothing secret is kept: a link is made when its mail is sent, and a new version makes all earlier
ones dead. Links stand in mails only, never in a letter: municipalities journal letters and may have
to disclose them.
"""

import base64
import hashlib
import hmac
import re
from typing import NamedTuple

_TOKEN = re.compile(r"^([a-z0-9]{8,40})\.([0-9]{1,6})\.([A-Za-z0-9_-]{43})$")


class InvalidLinkError(ValueError):
    """The link is not one of ours, or a newer one has replaced it; ask for a new link."""


class SecretLink(NamedTuple):
    application_id: str
    version: int


def make_token(key: bytes, link: SecretLink) -> str:
    """The secret part of a link; URL-safe."""
    signed = hmac.new(key, f"link|{link.application_id}|{link.version}".encode(), hashlib.sha256)
    signature = base64.urlsafe_b64encode(signed.digest()).decode().rstrip("=")
    return f"{link.application_id}.{link.version}.{signature}"


def read_token(key: bytes, token: str) -> SecretLink:
    """Whose link it is; raises InvalidLinkError. The caller compares the version with the
    application's.
    """
    match = _TOKEN.match(token)
    if match is None:
        raise InvalidLinkError
    link = SecretLink(match[1], int(match[2]))
    if not hmac.compare_digest(make_token(key, link), token):
        raise InvalidLinkError
    return link
