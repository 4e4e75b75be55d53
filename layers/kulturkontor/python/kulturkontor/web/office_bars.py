"""Which applications are closed to a visitor: before any route that names one does anything, and in
every list. What a list leaves out is counted, so that its sums still add up.

A conflict of interest binds the person whatever their roles; somebody who is a reviewer only reads
what is theirs to assess, where the programme says so.
"""

from collections.abc import Callable, Iterable
from typing import Final, Generic, NamedTuple, TypeVar

from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.conflicts import Bar, conflict_of
from kulturkontor.records import Key
from kulturkontor.sessions import Role
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Visit
from kulturkontor.web.reviewers_view import only_assesses, row_as_sent

T = TypeVar("T")
_CONFLICT: Final = "/assessment/<application_id>/conflict"
_DECLARES: Final = frozenset({f"GET {_CONFLICT}", f"POST {_CONFLICT}", f"POST /api{_CONFLICT}"})


class Parted(NamedTuple, Generic[T]):
    """What of a list the visitor may see, and how many are left out."""

    open: list[T]
    closed: int


def require_open_case(visit: Visit) -> None:
    """Raises OfficeError where the route names an application that is closed to the visitor.

    Reads the application's row where the visitor's own municipality is set, and the list where the
    route has its reference.
    """
    application_id = visit.params.get("application_id")
    reference = visit.params.get("reference")
    if reference and _has_bars(visit):
        application_id = _find_reference(visit, reference)
    if application_id:
        require_open(visit, application_id)
    if closed_names(visit) & set(mail_names(visit.params.get("mail_id", ""))):
        raise OfficeError(403, "conflict_of_interest")
    number = visit.params.get("kommunenummer") or visit.params.get("debt_id", "").partition("-")[0]
    if number:
        require_open_municipality(visit, number)


def require_open(visit: Visit, application_id: str) -> None:
    """Raises OfficeError where the application is closed to the visitor. What is not dealt to them
    is open to one thing: to say that they have a conflict.
    """
    bar = bar_of(visit, application_id, _municipality_of(visit, application_id))
    if bar is not None and not (bar is Bar.NOT_ASSIGNED and visit.route in _DECLARES):
        code = "not_assigned" if bar is Bar.NOT_ASSIGNED else "conflict_of_interest"
        raise OfficeError(403, code)


def require_open_municipality(visit: Visit, kommunenummer: str) -> None:
    """Raises OfficeError for the visitor's own, or where its application is closed to them."""
    closed = {row.kommunenummer for row in _closed_rows(visit)}
    if kommunenummer in closed | {visit.own_municipality}:
        raise OfficeError(403, "conflict_of_interest")


def part(visit: Visit, things: Iterable[T], about: Callable[[T], Iterable[str]]) -> Parted[T]:
    """`about`: ids or references of the applications that a thing is about."""
    closed, every = closed_names(visit), list(things)
    left = [each for each in every if closed.isdisjoint(about(each))]
    return Parted(left, len(every) - len(left))


def mail_names(mail_id: str) -> list[str]:
    """A mail's id holds that of the application it is about: first, or where it is to staff, in
    between.
    """
    return mail_id.split("_")


def closed_names(visit: Visit) -> frozenset[str]:
    """The ids and references of what is closed to the visitor; reads the list where there may be
    any.
    """
    return frozenset(
        name for row in _closed_rows(visit) for name in (row.id, row.reference) if name
    )


def closed_words(visit: Visit, count: int) -> str:
    """How many rows a list leaves out; empty where it leaves out none."""
    if count < 2:
        return say(visit.language, "base.closed_one") if count else ""
    return say(visit.language, "base.closed_many", count=count)


def _closed_rows(visit: Visit) -> list[ApplicationRow]:
    if not _has_bars(visit):
        return []
    rows = visit.records.list(
        ApplicationRow, programme_partition(visit.programme.id), "APPLICATION#"
    )
    return [each for each in rows if bar_of(visit, each.id, each.kommunenummer) is not None]


def open_rows(visit: Visit, rows: Iterable[ApplicationRow]) -> list[ApplicationRow]:
    """The rows of the applications that the visitor may read, with what they may see of each."""
    shown = [each for each in rows if bar_of(visit, each.id, each.kommunenummer) is None]
    return [row_as_sent(each) for each in shown] if only_assesses(visit) else shown


def bar_of(visit: Visit, application_id: str, kommunenummer: str) -> Bar | None:
    """Why the application is closed to the visitor, if it is."""
    conflict = conflict_of(
        application_id,
        kommunenummer,
        municipality=visit.own_municipality,
        reviewing=visit.reviewing,
    )
    if conflict is None and _reads_own_only(visit) and not is_mine(visit, application_id):
        return Bar.NOT_ASSIGNED
    return conflict


def is_mine(visit: Visit, application_id: str) -> bool:
    """Whether it is the visitor's to assess."""
    return visit.reviewing is not None and application_id in visit.reviewing.assigned


def _reads_own_only(visit: Visit) -> bool:
    rules = visit.programme.assessment
    is_reviewer_only = visit.may(Role.REVIEWER) and not visit.may(Role.STAFF, Role.ADMIN)
    return is_reviewer_only and rules.enabled and rules.only_assigned


def _has_bars(visit: Visit) -> bool:
    has_declared = visit.reviewing is not None and bool(visit.reviewing.conflicts)
    return has_declared or bool(visit.own_municipality) or _reads_own_only(visit)


def _municipality_of(visit: Visit, application_id: str) -> str:
    if not visit.own_municipality:
        return ""
    key = Key(programme_partition(visit.programme.id), f"APPLICATION#{application_id}")
    row = visit.records.read(ApplicationRow, key)
    return row.kommunenummer if row else ""


def _find_reference(visit: Visit, reference: str) -> str:
    partition = programme_partition(visit.programme.id)
    rows = visit.records.list(ApplicationRow, partition, "APPLICATION#")
    return next((each.id for each in rows if each.reference == reference), "")
