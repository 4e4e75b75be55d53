"""Which applications are closed to a visitor: before any route that names one does anything, and in
every list.

A conflict of interest binds the person whatever their roles; somebody who is a reviewer only reads
what is theirs to assess, where the programme says so.
"""

from collections.abc import Iterable

from kulturkontor.application_rows import ApplicationRow, programme_partition
from kulturkontor.conflicts import Bar, conflict_of
from kulturkontor.records import Key
from kulturkontor.sessions import Role
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_visit import Visit


def require_open_case(visit: Visit) -> None:
    """Raises OfficeError where the route names an application that is closed to the visitor.

    Reads the application's row where the visitor's own municipality is set, and the list where the
    route has its reference.
    """
    application_id = visit.params.get("application_id") or _of_mail(visit)
    reference = visit.params.get("reference")
    if reference and _has_bars(visit):
        application_id = _find_reference(visit, reference)
    if application_id:
        bar = bar_of(visit, application_id, _municipality_of(visit, application_id))
        if bar is not None:
            code = "not_assigned" if bar is Bar.NOT_ASSIGNED else "conflict_of_interest"
            raise OfficeError(403, code)


def open_rows(visit: Visit, rows: Iterable[ApplicationRow]) -> list[ApplicationRow]:
    """The rows of the applications that the visitor may read."""
    return [each for each in rows if bar_of(visit, each.id, each.kommunenummer) is None]


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


def _of_mail(visit: Visit) -> str:
    """A mail's id begins with the application it is about, if it is about one."""
    return visit.params.get("mail_id", "").partition("_")[0]


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
