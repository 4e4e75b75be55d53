"""Secret links: an application's id, whose link it is, its version, and a signature over all three.

Nothing secret is kept: a link is made when its mail is sent, and a new version makes all earlier
ones dead. The contact's own link names no person. Links stand in mails only, never in a letter:
municipalities journal letters and may have to disclose them.
"""

import base64
import hashlib
import hmac
import re
from typing import NamedTuple

BY_LINK = "municipality"
"""Who did it, in the audit: whoever has the secret link of the municipality's contact."""

_TOKEN = re.compile(r"^([a-z0-9]{8,40})\.(?:([a-z0-9]{8,40})\.)?([0-9]{1,6})\.([A-Za-z0-9_-]{43})$")


class InvalidLinkError(ValueError):
    """The link is not one of ours, or a newer one has replaced it; ask for a new link."""


class DeadLinkError(InvalidLinkError):
    """A link of ours that a newer one has replaced, or that was taken back."""


class SecretLink(NamedTuple):
    """`person`: the id of a further person with a link of their own; empty for the contact."""

    application_id: str
    version: int
    person: str = ""

    @property
    def by(self) -> str:
        """Who did what is done with it, in the audit: the person's id, never a name."""
        return self.person or BY_LINK


def make_token(key: bytes, link: SecretLink) -> str:
    """The secret part of a link; URL-safe."""
    return _sign(key, "link", link)


def read_token(key: bytes, token: str) -> SecretLink:
    """Whose link it is; raises InvalidLinkError. The caller compares the version with that of the
    application or person.
    """
    return _read(key, "link", token)


def make_feed_token(key: bytes, link: SecretLink) -> str:
    """The secret part of the address of a calendar that is subscribed to: it opens nothing else,
    as calendars keep it where others may see it.
    """
    return _sign(key, "calendar", link)


def read_feed_token(key: bytes, token: str) -> SecretLink:
    """As `read_token`, for the address of a calendar."""
    return _read(key, "calendar", token)


def _sign(key: bytes, purpose: str, link: SecretLink) -> str:
    said = f"{link.application_id}.{f'{link.person}.' if link.person else ''}{link.version}"
    signed = hmac.new(key, f"{purpose}|{said}".encode(), hashlib.sha256)
    signature = base64.urlsafe_b64encode(signed.digest()).decode().rstrip("=")
    return f"{said}.{signature}"


def _read(key: bytes, purpose: str, token: str) -> SecretLink:
    match = _TOKEN.match(token)
    if match is None:
        raise InvalidLinkError
    link = SecretLink(match[1], int(match[3]), match[2] or "")
    if not hmac.compare_digest(_sign(key, purpose, link), token):
        raise InvalidLinkError
    return link
