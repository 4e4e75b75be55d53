"""Take a letter back that was written and that nobody has been sent: the stop was the last chance.

Its mails are stopped for good, what it did to the place is undone, and the decision is a proposal
again, with the next serial: its new letter is another letter. The one taken back is kept beside the
decisions, as something that was never told.
"""

from datetime import datetime

from kulturkontor.actions.decide import DecisionStateError, read_to_decide
from kulturkontor.actions.propose import read_order
from kulturkontor.actions.read_known import read_letter_mails
from kulturkontor.application_rows import put
from kulturkontor.applications import Application
from kulturkontor.audit import audit
from kulturkontor.decisions import (
    Decision,
    DecisionLetter,
    LetterState,
    Place,
    decision_digest,
    proposed_anew,
)
from kulturkontor.made_known import place_without
from kulturkontor.mail_states import is_kept_back
from kulturkontor.mails import Mail, MailState
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, decide_again


def take_back_letter(
    application_id: str,
    *,
    seen: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> Application:
    """`seen`: the digest of the decision that the page showed. The mails are written as they were
    read, so that of this and a hand-over at the same moment one is done.

    Raises DecisionStateError: `changed_meanwhile`, `not_written`, `letter_gone`, `place_answered`,
    `sheet_applying`.
    """

    def attempt() -> Application:
        order = read_order(programme, records, by=by, at=at)
        application = read_to_decide(application_id, records)
        decision, letter = _written(application, seen)
        mails = _kept_back(read_letter_mails(application, [decision], records))
        place = _without(letter, application.place)
        gone = letter.model_copy(update={"state": LetterState.TAKEN_BACK})
        again = proposed_anew(
            decision, by=by, at=at, serial=application.next_serial, answer_by=None
        )
        changed = application.but(
            decisions=(*application.decisions[:-1], again),
            taken_back=(*application.taken_back, decision.model_copy(update={"letter": gone})),
            place=place,
        )
        note = audit(application, "letter_taken_back", by=by, at=at, before=decision.outcome)
        stopped = [Put(each.but(state=MailState.TAKEN_BACK, handled_by=by)) for each in mails]
        records.write(*put(changed), *stopped, note, Put(order))
        return changed

    return decide_again(attempt)


def _written(application: Application, seen: str) -> tuple[Decision, DecisionLetter]:
    decision = application.decision
    if decision is None or decision.letter is None or not decision.has_letter:
        raise DecisionStateError("not_written")
    if decision_digest(decision) != seen:
        raise DecisionStateError("changed_meanwhile")
    return decision, decision.letter


def _kept_back(mails: list[Mail]) -> list[Mail]:
    if not mails or not all(is_kept_back(each) for each in mails):
        raise DecisionStateError("letter_gone")
    return mails


def _without(letter: DecisionLetter, place: Place | None) -> Place | None:
    """Where a mail was claimed and given back by SES, its place may have been answered for."""
    if letter.place_found is None and place not in (None, letter.place_left):
        raise DecisionStateError("place_answered")
    return place_without(letter, place)
