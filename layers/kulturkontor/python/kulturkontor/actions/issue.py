"""One letter: written, kept, and put in the outbox; or held, with the reason, while the others
go.
"""

import hashlib
from datetime import datetime

from kulturkontor import decision_notices, staff_notices
from kulturkontor.actions.ports import Archive, Queue, commit
from kulturkontor.applications import (
    Application,
    ApplicationState,
    application_key,
    put,
)
from kulturkontor.decisions import (
    Decision,
    DecisionLetter,
    LetterState,
    Outcome,
    Place,
    PlaceState,
)
from kulturkontor.letters import template_version, write_letter
from kulturkontor.mails import mail_id
from kulturkontor.municipalities import municipality
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Records, decide_again
from kulturkontor.release import Release, release_key
from kulturkontor.texts import phrase
from kulturkontor.typesetting import UnprintableTextError, typeset_letter


def issue_letter(
    application_id: str,
    *,
    now: datetime,
    copy_to_postmottak: bool,
    staff_address: str,
    programme: Programme,
    records: Records,
    archive: Archive,
    mail_queue: Queue,
) -> DecisionLetter | None:
    """The letter as it stands afterwards; the same request again finds it done. None: nothing to
    tell (yet).
    """
    release = records.read(Release, release_key(programme.id))
    if release is None:
        return None

    def attempt() -> DecisionLetter | None:
        application = records.read(Application, application_key(application_id))
        decision = application.decision if application else None
        if application is None or decision is None or not _is_to_be_told(application):
            return decision.letter if decision else None
        try:
            pdf = _write(application, decision, release, programme)
        except UnprintableTextError as fault:
            because = phrase(
                "nb",
                "letter_unprintable",
                character=fault.character if fault.character.isprintable() else "",
                code=fault.code,
                where=fault.where,
            )
            held = DecisionLetter(state=LetterState.HELD, held_because=because, at=now)
            changed = _with_letter(application, held)
            mail = staff_notices.letter_held(changed, held, programme, now, staff_address)
            commit(put(changed), [mail], records=records, mail_queue=mail_queue)
            return held
        sha256 = hashlib.sha256(pdf).hexdigest()
        letter = DecisionLetter(
            state=LetterState.RENDERED,
            key=f"letters/{programme.id}/{application.reference}-{decision.serial}-{sha256[:16]}.pdf",
            sha256=sha256,
            template_version=template_version(),
            mail_id=mail_id(application.id, "letter", decision.serial),
            at=now,
        )
        archive.write_once(letter.key, pdf, media_type="application/pdf")
        changed = _with_letter(application, letter)
        if decision.outcome is Outcome.ADMITTED:
            changed = changed.but(place=place_of(decision, now, programme))
        mails = decision_notices.decision(changed, letter, programme, now, copy_to_postmottak)
        commit(put(changed), mails, records=records, mail_queue=mail_queue)
        return letter

    return decide_again(attempt)


def _is_to_be_told(application: Application) -> bool:
    live = application.state in (ApplicationState.SUBMITTED, ApplicationState.COMPETING)
    decision = application.decision
    return live and decision is not None and decision.is_to_be_told


def place_of(decision: Decision, at: datetime, programme: Programme) -> Place:
    return Place(
        state=PlaceState.OFFERED,
        answer_by=decision.answer_by or programme.decision.answer_by,
        offered_at=at,
    )


def _with_letter(application: Application, letter: DecisionLetter) -> Application:
    told = application.decisions[-1].model_copy(update={"letter": letter})
    return application.but(decisions=(*application.decisions[:-1], told))


def _write(
    application: Application,
    decision: Decision,
    release: Release,
    programme: Programme,
) -> bytes:
    here = municipality(application.kommunenummer)
    decided_day = decision.decided_at.astimezone(OSLO).date()
    letter = write_letter(
        programme=programme,
        municipality=here,
        recipient_name=application.answers.contact.name,
        recipient_role=application.answers.contact.role,
        reference=application.reference or "",
        received_at=application.received_at or application.saved_at,
        outcome=decision.outcome,
        reason=decision.reason,
        rank=decision.rank,
        applications=release.applications,
        places=release.places,
        answer_by=decision.answer_by,
        letter_date=max(release.letter_date, decided_day),
        language=decision.language,
        is_late=application.is_late,
        is_incomplete=not application.is_complete,
        copies=_copies(application),
    )
    return typeset_letter(letter, at=max(release.released_at, decision.decided_at))


def _copies(application: Application) -> tuple[str, ...]:
    """The leader who stands behind the application, where a copy goes to."""
    leader = application.answers.leader
    named = ", ".join(part for part in (leader.name, leader.role) if part)
    return (named,) if leader.email and named else ()
