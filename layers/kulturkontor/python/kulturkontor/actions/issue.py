"""One letter: written, kept, and put in the outbox; or held, with the reason, while the others
go.
"""

import hashlib
from datetime import date, datetime
from typing import Final

from kulturkontor import decision_notices, staff_notices
from kulturkontor.actions.ports import Archive, Queue, commit
from kulturkontor.application_rows import put
from kulturkontor.applications import STANDING, Application, application_key
from kulturkontor.decision_letters import (
    decision_letter,
    fault_words,
    figures_of_release,
    unprintable_words,
)
from kulturkontor.decisions import (
    Decision,
    DecisionLetter,
    LetterState,
    Outcome,
    PlaceState,
    is_own_place_free,
    place_after,
    with_answer_day,
)
from kulturkontor.letter_versions import template_version
from kulturkontor.letters import LetterError
from kulturkontor.mails import mail_id
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Records, decide_again
from kulturkontor.release import Release, release_key
from kulturkontor.release_control import ReleaseControl, control_key
from kulturkontor.texts import TextError, phrase
from kulturkontor.typesetting import UnprintableTextError, typeset_letter


class PlaceAcceptedError(ValueError):
    """A correction would take a place that the municipality has accepted."""


class PlaceGivenUpError(ValueError):
    """A correction would say that who has given up its place waits: it is not on the list."""


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
    release = _begun_release(programme, records)
    if release is None:
        return None

    def attempt() -> DecisionLetter | None:
        application = records.read(Application, application_key(application_id))
        decision = application.decision if application else None
        if application is None or decision is None or not _is_to_be_told(application):
            return decision.letter if decision else None
        decision = with_answer_day(decision, now.astimezone(OSLO).date(), programme)
        try:
            _require_place(application, decision)
            pdf = _write(application, decision, release, programme)
        except _FAULTS as fault:
            because = _why(fault, programme)
            held = DecisionLetter(state=LetterState.HELD, held_because=because, at=now)
            changed = _with_letter(application, held)
            mail = staff_notices.letter_held(changed, held, programme, now, staff_address)
            commit(put(changed), [mail], records=records, mail_queue=mail_queue)
            return held
        sha256 = hashlib.sha256(pdf).hexdigest()
        place = place_after(decision, application.place, now, programme)
        letter = DecisionLetter(
            state=LetterState.RENDERED,
            key=f"letters/{programme.id}/{application.reference}-{decision.serial}-{sha256[:16]}.pdf",
            sha256=sha256,
            template_version=template_version(programme),
            mail_id=mail_id(application.id, "letter", decision.serial),
            at=now,
            place_found=application.place,
            place_left=place,
        )
        archive.write_once(letter.key, pdf, media_type="application/pdf")
        changed = _with_letter(application, letter, decision.answer_by).but(place=place)
        mails = decision_notices.decision(changed, letter, programme, now, copy_to_postmottak)
        commit(put(changed), mails, records=records, mail_queue=mail_queue)
        return letter

    return decide_again(attempt)


_FAULTS: Final = (
    UnprintableTextError,
    PlaceAcceptedError,
    PlaceGivenUpError,
    LetterError,
    TextError,
)
"""What holds one letter back, for staff to mend."""


def _require_place(application: Application, decision: Decision) -> None:
    """The municipality may have answered after the correction was proposed, or its time may have
    run out: raises PlaceAcceptedError or PlaceGivenUpError.
    """
    place = application.place
    is_accepted = place is not None and place.state is PlaceState.ACCEPTED
    if is_accepted and decision.outcome is not Outcome.ADMITTED:
        raise PlaceAcceptedError
    if is_own_place_free(decision.outcome, place):
        raise PlaceGivenUpError


def _why(fault: ValueError, programme: Programme) -> str:
    """What staff must mend; a fact that is missing is named as the letter names it."""
    if isinstance(fault, PlaceAcceptedError):
        return phrase("nb", "letter_place_accepted")
    if isinstance(fault, PlaceGivenUpError):
        return phrase("nb", "letter_place_given_up")
    if isinstance(fault, UnprintableTextError):
        return unprintable_words(fault.character, fault.where)
    return fault_words(fault, programme)


def _begun_release(programme: Programme, records: Records) -> Release | None:
    """The release, unless it has not begun or somebody has stopped it."""
    keys = [release_key(programme.id), control_key(programme.id)]
    found = records.read_mixed([Release, ReleaseControl], keys)
    if any(isinstance(each, ReleaseControl) and each.halt for each in found):
        return None
    return next((each for each in found if isinstance(each, Release)), None)


def _is_to_be_told(application: Application) -> bool:
    live = application.state in STANDING
    decision = application.decision
    return live and decision is not None and decision.is_to_be_told


def _with_letter(
    application: Application, letter: DecisionLetter, answer_by: date | None = None
) -> Application:
    told = application.decisions[-1].model_copy(update={"letter": letter, "answer_by": answer_by})
    return application.but(decisions=(*application.decisions[:-1], told))


def _write(
    application: Application,
    decision: Decision,
    release: Release,
    programme: Programme,
) -> bytes:
    final = decision.confirmed_at or decision.decided_at
    letter = decision_letter(application, decision, figures_of_release(release), programme)
    return typeset_letter(letter, at=max(release.released_at, final))
