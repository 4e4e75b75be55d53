"""How often one network address may ask, per clock hour; only a hash that changes each hour is
kept.

Municipalities share addresses: a county's office network, and on the last day they all send. The
limits stop a script, not people. What needs a secret link is not limited here.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from kulturkontor.records import Key
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request


class Limit(NamedTuple):
    what: str
    per_hour: int


START = Limit("start", 120)
"""New applications; the same request sent again counts as well."""
NEW_LINK = Limit("new-link", 20)


def count_request(request: Request, limit: Limit) -> None:
    """One more in this hour; raises `too_many_requests` with the seconds until the next."""
    hour = request.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    ends = hour + timedelta(hours=1)
    key = Key(f"LIMIT#{_address_hash(request.doors.link_key(), request.address, hour)}", limit.what)
    if request.doors.counter.count_up(key, ends + timedelta(hours=1)) > limit.per_hour:
        wait = int((ends - request.at).total_seconds()) + 1
        raise ProblemError(
            "too_many_requests", headers={"Retry-After": str(wait)}, minutes=-(-wait // 60)
        )


def _address_hash(key: bytes, address: str, hour: datetime) -> str:
    text = f"address|{hour.isoformat()}|{address}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]
