"""What the portal is handed from outside: the only way its routes reach records, files, mail and
time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kulturkontor.actions.ports import Counter, Queue, ServedArchive, Uploads
from kulturkontor.programme import Programme
from kulturkontor.records import Records


@dataclass(frozen=True, kw_only=True)
class PortalDoors:
    current_programme: Callable[[], Programme]
    records: Records
    mail_queue: Queue
    uploads: Uploads
    archive: ServedArchive
    counter: Counter
    link_key: Callable[[], bytes]
    """Signs secret links and form keys, and hides client addresses."""
    received_at: Callable[[dict[str, Any]], datetime]
    """When a request reached the API: deadlines are judged by it."""
    new_id: Callable[[], str]
    """At least 128 bits that nobody can guess, as `[a-z0-9]{8,40}`."""
    public_url: str

    @property
    def programme(self) -> Programme:
        return self.current_programme()

    @property
    def is_secure(self) -> bool:
        """Cookies go over TLS only, but on a developer's machine."""
        return self.public_url.startswith("https:")
