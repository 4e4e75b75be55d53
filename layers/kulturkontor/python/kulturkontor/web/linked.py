"""Records as seen through a secret link: the application is shown only while the link is its
newest.

Every action reads the application anyway, so the check costs no call of its own and cannot be left
out.
"""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor.applications import Application, application_key, rights_of
from kulturkontor.links import SecretLink, read_token
from kulturkontor.people import Right
from kulturkontor.records import Change, Key, R, Record, Records
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request


class LinkedRecords:
    """`records.Records`; reading the link's application raises InvalidLinkError, or ProblemError
    when it is erased or the link does not open what is asked for.
    """

    def __init__(self, records: Records, link: SecretLink, right: Right | None) -> None:
        self.records = records
        self.link = link
        self.right = right

    def needing(self, right: Right | None) -> "LinkedRecords":
        """The same, for what needs that right."""
        return LinkedRecords(self.records, self.link, right)

    def read(self, kind: type[R], key: Key) -> R | None:
        found = self.records.read(kind, key)
        if key == application_key(self.link.application_id):
            self._check(found)
        return found

    def read_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]:
        return self.records.read_many(kind, keys)

    def read_mixed(self, kinds: Sequence[type[Record]], keys: Sequence[Key]) -> list[Record]:
        return self.records.read_mixed(kinds, keys)

    def list_partition(self, partition: str, kinds: dict[str, type[Record]]) -> list[Record]:
        found = self.records.list_partition(partition, kinds)
        if partition == application_key(self.link.application_id).partition:
            self._check(next((each for each in found if isinstance(each, Application)), None))
        return found

    def list_open(self, kind: type[R], work: str, before: datetime | None = None) -> list[R]:
        return self.records.list_open(kind, work, before)

    def write(self, *changes: Change) -> None:
        self.records.write(*changes)

    def list(self, kind: type[R], partition: str, prefix: str) -> list[R]:
        return self.records.list(kind, partition, prefix)

    def _check(self, found: Record | None) -> None:
        if not isinstance(found, Application):
            raise ProblemError("gone")
        held = rights_of(found, self.link)
        if self.right is not None and self.right not in held:
            raise ProblemError("no_right")


def by_token(request: Request, token: str) -> LinkedRecords:
    """Raises InvalidLinkError for a token that is not ours."""
    link = read_token(request.doors.link_key(), token)
    return LinkedRecords(request.doors.records, link, request.right)


def by_cookie(request: Request) -> LinkedRecords:
    """The link that a page was opened with: kept in a cookie of its own for each application, so
    that no address but the mail's holds the secret.
    """
    name = cookie_name(request.path["application_id"], is_secure=request.doors.is_secure)
    token = request.cookies.get(name)
    if token is None:
        raise ProblemError("link_needed")
    return _of_path(request, by_token(request, token))


def by_bearer(request: Request) -> LinkedRecords:
    """The link of the Authorization header, which must be of the application in the path."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise ProblemError("link_invalid")
    return _of_path(request, by_token(request, token.strip()))


def cookie_name(application_id: str, *, is_secure: bool) -> str:
    return f"{'__Host-' if is_secure else ''}case-{application_id[:12]}"


def case_path(application_id: str) -> str:
    """Where an application's own pages begin."""
    return f"/sak/{application_id}"


def _of_path(request: Request, linked: LinkedRecords) -> LinkedRecords:
    if linked.link.application_id != request.path["application_id"]:
        raise ProblemError("not_found")
    return linked
