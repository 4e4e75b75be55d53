"""The first page: the books as tables, and what waits on staff with a link to each."""

from dataclasses import dataclass
from typing import Final

from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.read_books import OfficeFile, books_of, read_office
from kulturkontor.applications import ApplicationRow, ApplicationState
from kulturkontor.claims import ClaimState
from kulturkontor.closing import counts_of
from kulturkontor.decisions import LetterState, is_place_free
from kulturkontor.payments import BatchState
from kulturkontor.sessions import Role
from kulturkontor.sheet_imports import SheetState
from kulturkontor.web.office_answers import Answer, as_json, page
from kulturkontor.web.office_visit import Handler, Visit


@dataclass(frozen=True)
class Task:
    """Something that waits on somebody: the key of its words, how many, and where it is done."""

    code: str
    count: int
    link: str


def show_overview(visit: Visit) -> Answer:
    if not visit.may(Role.STAFF, Role.FINANCE, Role.ADMIN):
        rows = read_rows(visit.programme, visit.records)
        return page(visit, "overview", books=None, applications=counts_of(rows), tasks=[])
    office = read_office(visit.programme, visit.records)
    return page(
        visit,
        "overview",
        books=books_of(office),
        applications=counts_of(office.rows),
        tasks=find_tasks(office, visit.roles),
    )


def show_books(visit: Visit) -> Answer:
    return as_json(books_of(read_office(visit.programme, visit.records)))


def find_tasks(office: OfficeFile, roles: frozenset[Role]) -> list[Task]:
    """What waits, for those roles; an administrator sees all of it."""
    staff = [
        *_application_tasks(office.rows),
        Task("mails", sum(mail.needs_staff for mail in office.mails), "/mails"),
        Task(
            "sheets",
            sum(sheet.state is SheetState.APPLYING for sheet in office.sheets),
            "/sheets",
        ),
        Task("beds_asked", sum(row.beds for row in office.rows), "/calendar"),
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


def _application_tasks(rows: list[ApplicationRow]) -> list[Task]:
    held = sum(mark.s is LetterState.HELD for row in rows for mark in row.letters)
    free = sum(
        is_place_free(row.place, is_withdrawn=row.state is ApplicationState.WITHDRAWN)
        for row in rows
    )
    return [
        _in_state(rows, ApplicationState.WITHDRAWAL_ASKED),
        _in_state(rows, ApplicationState.COMPETING),
        Task("letters_held", held, "/letters?state=held"),
        Task("places_free", free, "/applications?place=free"),
    ]


def _in_state(rows: list[ApplicationRow], state: ApplicationState) -> Task:
    count = sum(row.state is state for row in rows)
    return Task(state.value, count, f"/applications?state={state}")


def _claims(office: OfficeFile, state: ClaimState) -> int:
    return sum(row.state is state for row in office.claim_rows)


ROUTES: Final[dict[str, Handler]] = {"GET /": show_overview, "GET /api/books": show_books}
