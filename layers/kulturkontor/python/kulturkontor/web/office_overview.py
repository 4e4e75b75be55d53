"""The first page: the books as tables, and what waits on staff with a link to each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.read_assessments import read_round
from kulturkontor.actions.read_books import OfficeFile, books_of, read_office
from kulturkontor.assessments import is_open
from kulturkontor.claims import ClaimState
from kulturkontor.closing import counts_of
from kulturkontor.office_users import person_id
from kulturkontor.payments import BatchState
from kulturkontor.programme import Programme
from kulturkontor.sessions import Role
from kulturkontor.sheet_imports import SheetState
from kulturkontor.staff_tasks import count_release_tasks, count_tasks
from kulturkontor.web.office_answers import Answer, as_json, page
from kulturkontor.web.office_visit import Handler, Visit

_LINKS: Final = {
    "release_stopped": "/release",
    "release_kept_back": "/release",
    "texts_broken": "/texts",
    "letters_held": "/letters?state=held",
    "places_free": "/applications?place=free",
    "withdrawal_asked": "/applications?state=withdrawal_asked",
    "competing": "/applications?state=competing",
    "decisions_to_confirm": "/decisions?state=proposed",
    "decisions_to_make": "/decisions?state=undecided",
    "asked_answered": "/applications?asked=answered",
    "beds_asked": "/calendar",
}
"""Where what waits about the applications is done."""


@dataclass(frozen=True)
class Task:
    """Something that waits on somebody: the key of its words, how many, and where it is done."""

    code: str
    count: int
    link: str


def show_overview(visit: Visit) -> Answer:
    if not visit.may(Role.STAFF, Role.FINANCE, Role.ADMIN):
        rows = read_rows(visit.programme, visit.records)
        counts = counts_of(rows)
        return page(visit, "overview", books=None, applications=counts, tasks=_to_assess(visit))
    office = read_office(visit.programme, visit.records)
    return page(
        visit,
        "overview",
        books=books_of(office),
        applications=counts_of(office.rows),
        tasks=[
            *_to_assess(visit),
            *find_tasks(office, visit.roles, visit.programme, visit.now),
        ],
    )


def show_books(visit: Visit) -> Answer:
    return as_json(books_of(read_office(visit.programme, visit.records)))


def _to_assess(visit: Visit) -> list[Task]:
    """What waits on the visitor as a reviewer, as long as it can be assessed."""
    is_mine = visit.reviewing is not None and bool(visit.reviewing.assigned)
    if not is_mine or not is_open(visit.programme, visit.now):
        return []
    found = read_round(visit.programme, visit.records)
    me = found.reviewer(person_id(visit.by))
    left = found.left_to(me) if me else 0
    return [Task("to_assess", left, "/assessment")] if left else []


def find_tasks(
    office: OfficeFile, roles: frozenset[Role], programme: Programme, now: datetime
) -> list[Task]:
    """What waits, for those roles, the most urgent first; an administrator sees all of it."""
    applying = sum(sheet.state is SheetState.APPLYING for sheet in office.sheets)
    about_applications = count_release_tasks(
        office.rows,
        office.release,
        office.control,
        sheet_is_applying=applying > 0,
        programme=programme,
        now=now,
    ) | count_tasks(office.rows, programme, now)
    staff = [
        Task("mails", sum(mail.needs_staff for mail in office.mails), "/mails"),
        *(Task(code, count, _LINKS[code]) for code, count in about_applications.items()),
        Task("sheets", applying, "/sheets"),
        Task("claims_to_attest", _claims(office, ClaimState.RECEIVED), "/claims?state=received"),
        Task("accounts_to_confirm", len(office.held), "/accounts"),
        Task("claims_to_batch", _claims(office, ClaimState.ATTESTED), "/batches"),
        Task(
            "claims_rejected",
            _claims(office, ClaimState.BANK_REJECTED),
            "/claims?state=bank_rejected",
        ),
    ]
    proposed = sum(batch.state is BatchState.PROPOSED for batch in office.batches)
    unclear = sum(payment.is_unclear for batch in office.batches for payment in batch.payments)
    finance = [
        Task("accounts_to_confirm", len(office.held), "/accounts"),
        Task("batches_to_release", proposed, "/batches"),
        Task("payments_unclear", unclear, "/batches"),
    ]
    mine = [
        *(staff if roles & {Role.STAFF, Role.ADMIN} else []),
        *(finance if roles & {Role.FINANCE, Role.ADMIN} else []),
    ]
    return list(dict.fromkeys(task for task in mine if task.count))


def _claims(office: OfficeFile, state: ClaimState) -> int:
    return sum(row.state is state for row in office.claim_rows)


ROUTES: Final[dict[str, Handler]] = {"GET /": show_overview, "GET /api/books": show_books}
