"""The key hidden in a form: makes sending it twice one application, and tells when the form was
opened.

A form that comes back faster than a person types, or with a field that people cannot see filled in,
is kept as `suspect` for staff to look at; it is never refused.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

FASTEST = timedelta(seconds=3)
KEY_FIELD = "key"
TRAP_FIELD = "website"

_KEY = re.compile(r"([a-z0-9]{8,40})\.([0-9]{1,11})\.([0-9a-f]{32})")


class FormKey(NamedTuple):
    """`key`: what the form is known by; `is_suspect`: no person seems to have filled it in;
    `is_ours`: the key is one that we made.
    """

    key: str
    is_suspect: bool
    is_ours: bool = True


def make_form_key(secret: bytes, form_id: str, opened_at: datetime) -> str:
    opened = int(opened_at.astimezone(UTC).timestamp())
    return f"{form_id}.{opened}.{_sign(secret, form_id, opened)}"


def read_form_key(secret: bytes, fields: Mapping[str, str], at: datetime) -> FormKey:
    """A form without a key of ours is known by what it says, so that it too is kept once."""
    trapped = bool(fields.get(TRAP_FIELD))
    match = _KEY.fullmatch(fields.get(KEY_FIELD, ""))
    if match is None or match[3] != _sign(secret, match[1], int(match[2])):
        said = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
        return FormKey(hashlib.sha256(said.encode()).hexdigest(), is_suspect=True, is_ours=False)
    too_fast = at - datetime.fromtimestamp(int(match[2]), UTC) < FASTEST
    return FormKey(match[0], is_suspect=trapped or too_fast)


def _sign(secret: bytes, form_id: str, opened: int) -> str:
    return hmac.new(secret, f"form|{form_id}|{opened}".encode(), hashlib.sha256).hexdigest()[:32]
