"""What actions need from outside beside `records.Records`; `kulturkontor.aws` has them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from kulturkontor.mails import Mail, as_json
from kulturkontor.records import Change, Key, Put, Records
from kulturkontor.refusals import Refusal


class Queue(Protocol):
    def send(self, messages: Iterable[Mapping[str, object]]) -> None:
        """Best effort: what is lost here is found by `sweep` from the records."""
        ...


class Archive(Protocol):
    def read(self, key: str, *, version: str | None = None, limit: int | None = None) -> bytes: ...

    def write_once(self, key: str, data: bytes | BinaryIO, *, media_type: str) -> bool: ...


class ServedArchive(Archive, Protocol):
    def presign_get(self, key: str, *, file_name: str, seconds: int = 60) -> str: ...


class Uploads(Protocol):
    @property
    def name(self) -> str:
        """The bucket's."""
        ...

    @property
    def origin(self) -> str:
        """Where browsers send files to, as `https://bucket.example`."""
        ...

    def presign_post(
        self,
        key: str,
        *,
        media_type: str | None,
        max_bytes: int,
        seconds: int,
        redirect_to: str | None = None,
    ) -> dict[str, Any]: ...


class Counter(Protocol):
    def count_up(self, key: Key, expires_at: datetime) -> int: ...


class Sender(Protocol):
    def send(self, mail_id: str, *, to: str, message: bytes) -> str:
        """Hand one finished message over; its message id. Raises one of the three errors below."""
        ...


class SendLaterError(Exception):
    """SES did not take the message now (its rate or a pause): try again later."""


class SendRefusedError(Exception):
    """SES will never take this message as it is: a person must look. The message is SES's own
    code.
    """


class SendUnknownError(Exception):
    """Nobody answered: the message may or may not have gone. Do not send again; wait for SES's
    event.
    """


class Accounts(Protocol):
    """The sign-in service's own accounts."""

    def invite(self, email: str) -> bool:
        """A mail with a password for once; again if the first was not used. False if the account is
        in use already, and no mail goes.
        """
        ...

    def shut_out(self, email: str) -> None:
        """Every account with that address is disabled and signed out; none is no fault. Raises
        AccountsLaterError.
        """
        ...

    def let_in(self, email: str) -> None:
        """The opposite of `shut_out`, and raises as it does."""
        ...


class AccountsLaterError(Exception):
    """The sign-in service did not do it, or not all of it: try again later."""


class FileMissingError(Refusal):
    """The bucket has no such file (or not that version of it)."""

    status = 404
    code = "file_missing"


def commit(
    changes: Iterable[Change], mails: Iterable[Mail], *, records: Records, mail_queue: Queue
) -> None:
    """The change and its mails in one transaction; the queue is told afterwards, best effort."""
    outgoing = list(mails)
    records.write(*changes, *(Put(mail) for mail in outgoing))
    if outgoing:
        mail_queue.send([as_json(mail) for mail in outgoing])
