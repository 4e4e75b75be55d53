"""Synthetic applications for the tests of rules: nobody in them exists."""

from datetime import UTC, datetime
from typing import Any

from kulturkontor.application_form import Answers
from kulturkontor.application_rows import ApplicationRow, row_of
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.decisions import Decision, DecisionLetter, LetterState, Outcome, Place, PlaceState
from kulturkontor.mails import Mail
from kulturkontor.programme import Programme, load_programme
from tests.office_factory import answers, oslo

KIFK2 = load_programme("kifk2")
ID = "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6"
RECEIVED = oslo("2026-03-20T10:00:00")
DECIDED = oslo("2026-04-20T10:00:00")


def an_application(municipality: str = "4601", **changes: Any) -> Application:
    """Received and complete, unless said otherwise."""
    usual = {
        "id": ID,
        "programme": "kifk2",
        "state": ApplicationState.SUBMITTED,
        "answers": Answers.model_validate(answers(municipality)),
        "language": "nb",
        "created_at": RECEIVED,
        "saved_at": RECEIVED,
        "received_at": RECEIVED,
        "reference": f"KFK2-2026-{municipality}",
        "version": 1,
    }
    return Application.model_validate(usual | changes)


def a_decision(outcome: Outcome = Outcome.ADMITTED, **changes: Any) -> Decision:
    usual = {
        "serial": 1,
        "outcome": outcome,
        "reason": "Slik ble det.",
        "language": "nb",
        "rank": 1 if outcome is Outcome.WAITLISTED else None,
        "decided_by": "stab",
        "decided_at": DECIDED,
        "source": "sheet-1",
    }
    return Decision.model_validate(usual | changes)


def a_letter(state: LetterState = LetterState.RENDERED, **changes: Any) -> DecisionLetter:
    usual = {
        "state": state,
        "key": "letters/kifk2/KFK2-2026-4601-1-abc.pdf",
        "sha256": "ab" * 32,
        "mail_id": f"{ID}_letter_1",
        "at": oslo("2026-04-30T09:01:00"),
    }
    return DecisionLetter.model_validate(usual | changes)


def told(
    outcome: Outcome = Outcome.ADMITTED, municipality: str = "4601", **changes: Any
) -> Application:
    """With its letter written, and where admitted a place offered."""
    language = changes.get("language", "nb")
    decision = a_decision(outcome, language=language, letter=a_letter())
    place = Place(
        state=PlaceState.OFFERED,
        answer_by=KIFK2.decision.answer_by,
        offered_at=oslo("2026-04-30T09:01:00"),
    )
    usual = {
        "decisions": (decision,),
        "place": place if outcome is Outcome.ADMITTED else None,
    }
    return an_application(municipality, **usual | changes)


def a_row(programme: Programme = KIFK2, **changes: Any) -> ApplicationRow:
    return row_of(an_application()).but(programme=programme.id, **changes)


def a_mail(**changes: Any) -> Mail:
    usual = {
        "id": f"{ID}_receipt_1",
        "programme": "kifk2",
        "to": "kari@example.org",
        "language": "nb",
        "text": "waiting_list_closed",
        "values": {
            "municipality": "Bergen kommune",
            "reference": "KFK2-2026-4601",
            "contact": "Kari Prøve",
        },
        "queued_at": datetime(2026, 3, 20, 9, 0, tzinfo=UTC),
    }
    return Mail.model_validate(usual | changes)
