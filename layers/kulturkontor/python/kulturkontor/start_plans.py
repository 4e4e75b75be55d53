"""What a start sheet makes of one municipality: its application with the decision and the answer,
or its group. Who was there is in `start_attendance.py`, payments in `actions/start_payments.py`.

The same rows again make nothing. What the office knows otherwise is never written over: it is a
fault, told with its row.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from kulturkontor.application_form import Answers, Contact
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.audit import audit
from kulturkontor.claim_fields import name_key
from kulturkontor.days import add_working_days
from kulturkontor.decisions import (
    Decision,
    DecisionLetter,
    LetterState,
    Outcome,
    Place,
    PlaceState,
)
from kulturkontor.groups import GroupError, require_group, with_group
from kulturkontor.letters import letter_language
from kulturkontor.municipalities import municipality
from kulturkontor.municipality_guards import MunicipalityGuard, reference_of
from kulturkontor.people import Participant
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Change, Put
from kulturkontor.start_rows import MemberRow, MunicipalityRow
from kulturkontor.start_sheets import StartFault, StartFaultCode, fault

SOURCE = "start"
"""What an imported decision came from; the sheet's id follows."""
_NOON = time(12)
_ID_LENGTH = 12


class Desk(NamedTuple):
    """Who puts the sheet in, and when; `confirmed_by`: who said that it is written, once somebody
    has.
    """

    programme: Programme
    sheet_id: str
    by: str
    at: datetime
    confirmed_by: str = ""


class Planned(NamedTuple):
    """What some rows would change: the changes, how many of the rows are new, and what is wrong."""

    changes: tuple[Change, ...] = ()
    made: int = 0
    faults: tuple[StartFault, ...] = ()


def plan_municipality(
    row: MunicipalityRow,
    known: Application | None,
    guard: MunicipalityGuard | None,
    application_id: str,
    desk: Desk,
) -> Planned:
    """The application as it stands after a spring by hand. `known`: what an earlier sheet made."""
    digest = _digest(row)
    if known is not None:
        if known.request_digest == digest:
            return Planned()
        return _not_to_be(row, "municipality", StartFaultCode.IMPORTED_OTHERWISE)
    if guard is not None:
        return _not_to_be(row, "municipality", StartFaultCode.HAS_APPLICATION)
    application = _application(row, application_id, digest, desk)
    guard = MunicipalityGuard(
        programme=desk.programme.id,
        kommunenummer=row.municipality,
        applications=(application_id,),
    )
    note = audit(
        application,
        "import",
        by=desk.confirmed_by,
        at=desk.at,
        after=application.place.state if application.place else row.outcome,
    )
    return Planned((*put(application), Put(guard), note), 1)


def plan_members(rows: Sequence[MemberRow], application: Application, desk: Desk) -> Planned:
    """The group of a municipality that has taken its place, whole."""
    people = tuple(_participant(each) for each in rows)
    if frozenset(people) == frozenset(application.participants):
        return Planned()
    if application.participants:
        return _not_to_be(rows[0], "municipality", StartFaultCode.GROUP_DIFFERS)
    try:
        require_group(people, desk.programme)
    except GroupError as wrong:
        return _not_to_be(rows[0], "municipality", StartFaultCode(f"group_{wrong.args[0]}"))
    becomes = with_group(application, people, programme=desk.programme, at=desk.at)
    note = audit(
        application, "import_group", by=desk.confirmed_by, at=desk.at, after=str(len(people))
    )
    return Planned((*put(becomes), note), len(people))


def _application(row: MunicipalityRow, application_id: str, digest: str, desk: Desk) -> Application:
    programme = desk.programme
    decided_at = _noon(row.decided)
    form = municipality(row.municipality).written_form
    language = letter_language(form, programme.languages[0], row.language, programme)
    contact = Contact(
        name=row.contact_name,
        role=row.contact_role,
        email=row.contact_email,
        phone=row.contact_phone,
    )
    return Application(
        id=application_id,
        programme=programme.id,
        state=ApplicationState.SUBMITTED,
        answers=Answers(municipality=row.municipality, language=language, contact=contact),
        language=language,
        created_at=desk.at,
        saved_at=desk.at,
        saved_by=desk.by,
        reference=reference_of(programme, row.municipality, 0),
        received_at=_noon(row.received) if row.received else None,
        request_digest=digest,
        decisions=(
            Decision(
                serial=1,
                outcome=row.outcome,
                reason=row.reason,
                language=language,
                rank=row.rank,
                answer_by=_answer_by(row, desk) if row.outcome is Outcome.ADMITTED else None,
                decided_by=desk.by,
                decided_at=decided_at,
                source=f"{SOURCE}:{desk.sheet_id}",
                confirmed_by=desk.confirmed_by,
                confirmed_at=desk.at,
                letter=DecisionLetter(state=LetterState.OUTSIDE, at=decided_at),
            ),
        ),
        place=_place(row, decided_at, desk) if row.outcome is Outcome.ADMITTED else None,
    )


def _place(row: MunicipalityRow, decided_at: datetime, desk: Desk) -> Place:
    """A place that was declined is passed on, unless the sheet says that it still is free: nobody
    is offered one that somebody else was given by hand.
    """
    given_up = PlaceState.DECLINED if row.is_free else PlaceState.PASSED_ON
    states = {None: PlaceState.OFFERED, True: PlaceState.ACCEPTED, False: given_up}
    return Place(
        state=states[row.accepted],
        answer_by=_answer_by(row, desk),
        offered_at=decided_at,
        answered_at=None if row.accepted is None else desk.at,
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, _NOON, tzinfo=OSLO)


def _answer_by(row: MunicipalityRow, desk: Desk) -> date:
    """As the sheet says; else the programme's day, but never so near that it lapses at once."""
    rules = desk.programme.decision
    soonest = add_working_days(
        desk.at.astimezone(OSLO).date(), rules.waiting_list_answer_working_days, skip_july=True
    )
    return row.answer_by or max(rules.answer_by, soonest)


def _participant(row: MemberRow) -> Participant:
    """With an id that the same name always leads to."""
    digest = hashlib.sha256(name_key(row.name).encode()).hexdigest()
    return Participant(
        id=f"p{digest[:_ID_LENGTH]}",
        name=row.name,
        sector=row.sector,
        email=row.email,
        coordinator=row.coordinator and not row.only,
        only=row.only,
    )


def _digest(row: MunicipalityRow) -> str:
    """What the row says, wherever it stands."""
    said = row.model_dump_json(exclude={"number"})
    return hashlib.sha256(said.encode()).hexdigest()


def _not_to_be(row: MunicipalityRow | MemberRow, column: str, code: StartFaultCode) -> Planned:
    here = municipality(row.municipality).official_name
    return Planned(faults=(fault(row.number, column, code, here),))
