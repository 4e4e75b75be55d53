"""Erase what has been kept long enough: planned one night, done a week later, all versions of all
files.

What is erased of an application: its answers, persons, versions, files, letters, staff's notes and
the addresses and values of its mails. What stays: the slim row without personal data, decisions by
outcome, and, for their own term, the accounting papers.
"""

from datetime import datetime

from kulturkontor import erasure_notices
from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.erase_accounting import Files, erase_accounting, write_in_parts
from kulturkontor.actions.erase_assessment import erase_assessment
from kulturkontor.application_form import Answers
from kulturkontor.application_rows import programme_partition, put
from kulturkontor.applications import Application, ApplicationVersion, application_key
from kulturkontor.audit import AuditRow
from kulturkontor.claim_drafts import ClaimDraft
from kulturkontor.claims import ClaimRow
from kulturkontor.decisions import Decision
from kulturkontor.mails import Mail
from kulturkontor.notes import Note
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import OSLO, Programme
from kulturkontor.received_files import REMOVED, ReceivedFile, RemovedFile
from kulturkontor.records import Change, Conflict, Put, Records, Remove, decide_again
from kulturkontor.retention import NOTICE, Due, ErasurePlan, Term, find_due
from kulturkontor.rooming import ROOMING, RoomingList, without_persons

_SAID_OF_DECISIONS = (
    *("reason", "conditions", "correction_reason", "language_reason"),
    *("decided_by", "confirmed_by"),
)


def erase_expired(
    *,
    now: datetime,
    staff_address: str,
    programme: Programme,
    records: Records,
    uploads: Files,
    archive: Files,
) -> dict[str, int]:
    """What was planned this night and what was erased: of an earlier plan, and of files that their
    senders took back.

    The mail about a plan is taken up by `sweep`.
    """
    removed = _erase_removed(now, records, uploads, archive)
    partition = programme_partition(programme.id)
    plans = records.list(ErasurePlan, partition, "ERASURE#")
    erased = 0
    for plan in plans:
        if plan.done_at is None and plan.planned_at <= now - NOTICE:
            for due in plan.due:
                _erase(due, programme, records, uploads, archive)
            records.write(Put(plan.but(done_at=now)))
            erased += len(plan.due)
    planned = frozenset((due.term, due.subject) for plan in plans for due in plan.due)
    due_now = find_due(
        read_rows(programme, records),
        records.list(ClaimRow, partition, "CLAIM#"),
        records.list(PaymentBatch, partition, "BATCH#"),
        planned,
        programme,
        now.astimezone(OSLO).date(),
    )
    if due_now:
        try:
            plan = ErasurePlan(programme=programme.id, planned_at=now, due=due_now)
            mail = erasure_notices.erasure_planned(plan, programme, now, staff_address)
            records.write(Put(plan), Put(mail))
        except Conflict:
            return {"planned": 0, "erased": erased, "removed": removed}
    return {"planned": len(due_now), "erased": erased, "removed": removed}


def _erase_removed(now: datetime, records: Records, uploads: Files, archive: Files) -> int:
    waiting = records.list_open(RemovedFile, REMOVED, before=now)
    for each in waiting:
        archive.erase(archive.versions(each.accepted_folder))
        uploads.erase(uploads.versions(each.object_key))
        records.write(Remove(each))
    return len(waiting)


def _erase(
    due: Due, programme: Programme, records: Records, uploads: Files, archive: Files
) -> None:
    if due.term is Term.ACCOUNTING:
        erase_accounting(int(due.subject), programme, records, archive)
    else:
        _erase_application(due.subject, programme, records, uploads, archive)


def _erase_application(
    application_id: str, programme: Programme, records: Records, uploads: Files, archive: Files
) -> None:
    """Children first, the head last, so that a crash in between is simply done again."""
    partition = application_key(application_id).partition
    found = records.list_partition(
        partition,
        {
            "APPLICATION": Application,
            "VERSION": ApplicationVersion,
            "CLAIMDRAFT": ClaimDraft,
            "FILE": ReceivedFile,
            "NOTE": Note,
            "AUDIT": AuditRow,
        },
    )
    head = next((each for each in found if isinstance(each, Application)), None)
    attachments = [
        each for each in found if isinstance(each, ReceivedFile) and each.purpose == "attachments"
    ]
    prefixes = [each.accepted_key for each in attachments if each.sha256]
    if head is not None and head.reference:
        prefixes += [
            f"letters/{programme.id}/{head.reference}-{each.serial}-"
            for each in (*head.decisions, *head.taken_back)
        ]
    for prefix in prefixes:
        archive.erase(archive.versions(prefix))
    uploads.erase(uploads.versions(f"attachments/{application_id}/"))
    gone: list[Change] = [
        Remove(each)
        for each in found
        if isinstance(each, (ApplicationVersion, ClaimDraft, Note))
        or (isinstance(each, AuditRow) and not each.is_of_money)
    ]
    write_in_parts([*gone, *(Remove(each) for each in attachments)], records)
    erase_assessment(application_id, programme, records)
    _erase_mails(application_id, programme, records)
    _erase_beds(application_id, programme, records)
    if head is not None:

        def forget() -> None:
            known = records.read(Application, head.key)
            if known is not None:
                records.write(*put(_without_persons(known)))

        decide_again(forget)


def _without_persons(application: Application) -> Application:
    """The head without anything about persons: municipality, state, outcomes."""
    answers = Answers(
        municipality=application.answers.municipality, language=application.answers.language
    )
    return application.but(
        answers=answers,
        decisions=_unsaid(application.decisions),
        taken_back=_unsaid(application.taken_back),
        participants=(),
        attendance=(),
        check_ins=(),
        people=(),
        pending=None,
        edited={},
        extension=None,
        reopened=None,
        saved_by="",
        first_answer={},
        link_version=application.link_version + 1,
    )


def _unsaid(decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    return tuple(
        each.model_copy(update=dict.fromkeys(_SAID_OF_DECISIONS, "")) for each in decisions
    )


def _erase_beds(application_id: str, programme: Programme, records: Records) -> None:
    """The hotel's lists keep how many beds there were; the names go."""
    for each in records.list(RoomingList, programme_partition(programme.id), ROOMING):
        without = without_persons(each, application_id)
        if without != each:
            records.write(Put(without))


def _erase_mails(application_id: str, programme: Programme, records: Records) -> None:
    """The ledger keeps each mail's state and times; address and values go."""
    mails = records.list(Mail, f"MAILS#{programme.id}", f"{application_id}_")
    write_in_parts(
        [Put(each.but(to="", values={}, pages={}, enclosures=())) for each in mails if each.to],
        records,
    )
