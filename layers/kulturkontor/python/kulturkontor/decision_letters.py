"""The letter of an application's decision: the same for the one that is sent, for its preview, and
for the check that it can be written at all.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import Application
from kulturkontor.broken_texts import find_broken
from kulturkontor.decisions import Decision, DecisionKind, LetterState, Outcome, with_answer_day
from kulturkontor.letter_parts import Replaced
from kulturkontor.letters import LetterData, LetterError, write_letter
from kulturkontor.municipalities import municipality
from kulturkontor.own_phrases import phrase_of
from kulturkontor.printable import find_unprintable
from kulturkontor.programme import OSLO, Programme
from kulturkontor.release import Release
from kulturkontor.texts import TextError, phrase


class LetterFigures(NamedTuple):
    """What all letters of a release state alike."""

    applications: int
    places: int
    letter_date: date


def figures_of_release(release: Release) -> LetterFigures:
    return LetterFigures(release.applications, release.places, release.letter_date)


def figures_of(
    rows: Sequence[ApplicationRow], programme: Programme, now: datetime
) -> LetterFigures:
    """As a release would fix them now; its date is the day it is planned for."""
    day = max(programme.released_at, now).astimezone(OSLO).date()
    return LetterFigures(sum(bool(row.reference) for row in rows), programme.decision.places, day)


def decision_letter(
    application: Application, decision: Decision, figures: LetterFigures, programme: Programme
) -> LetterData:
    """The letter that tells the decision. Raises LetterError or TextError."""
    told = decision
    if decision.answer_by is None:
        told = with_answer_day(decision, figures.letter_date, programme)
    return write_letter(
        programme=programme,
        municipality=municipality(application.kommunenummer),
        recipient_name=application.answers.contact.name,
        recipient_role=application.answers.contact.role,
        reference=application.reference or "",
        received_at=application.received_at,
        outcome=decision.outcome,
        reason=decision.reason,
        rank=decision.rank,
        applications=figures.applications,
        places=figures.places,
        answer_by=told.answer_by,
        letter_date=_letter_day(decision, figures),
        language=decision.language,
        is_late=application.is_late,
        is_incomplete=not application.is_complete,
        copies=_copies(application),
        kind=decision.kind,
        conditions=decision.conditions,
        replaced=_replaced(application, decision, figures),
    )


def _letter_day(decision: Decision, figures: LetterFigures) -> date:
    """The release's day, or the later one on which the decision was final; of a letter that was
    sent by hand before the office was in use, its own day.
    """
    if decision.letter is not None and decision.letter.state is LetterState.OUTSIDE:
        return decision.letter.at.astimezone(OSLO).date()
    final = decision.confirmed_at or decision.decided_at
    return max(figures.letter_date, final.astimezone(OSLO).date())


def _replaced(
    application: Application, decision: Decision, figures: LetterFigures
) -> Replaced | None:
    if decision.kind is not DecisionKind.CORRECTION:
        return None
    earlier = [each for each in application.decisions if each.serial < decision.serial][-1]
    gave_place = earlier.outcome is Outcome.ADMITTED
    return Replaced(_letter_day(earlier, figures), decision.correction_reason, gave_place)


def find_letter_fault(
    application: Application, figures: LetterFigures, programme: Programme
) -> str:
    """Why the letter of the last decision would be held, in staff's words; empty when it would not,
    or when nothing is decided.
    """
    decision = application.decision
    if decision is None or decision.is_told:
        return ""
    try:
        letter = decision_letter(application, decision, figures, programme)
    except (LetterError, TextError) as fault:
        return fault_words(fault, programme)
    text = letter.model_dump_json()
    character = find_unprintable(text)
    if character is None:
        return ""
    place = text.index(character)
    return unprintable_words(character, text[max(0, place - 20) : place + 20].strip())


def fault_words(fault: ValueError, programme: Programme) -> str:
    """What staff must mend: their own words where those no longer fit, else the fact that is
    missing.
    """
    broken = find_broken(programme) if isinstance(fault, TextError) else []
    if not broken:
        return str(fault)
    texts = ", ".join(each.said for each in broken)
    return phrase_of(programme, "nb", "staff_letter_unfit", texts=texts)


def unprintable_words(character: str, where: str) -> str:
    return phrase(
        "nb",
        "letter_unprintable",
        character=character if character.isprintable() else "",
        code=" ".join(f"U+{ord(each):04X}" for each in character),
        where=where,
    )


def _copies(application: Application) -> tuple[str, ...]:
    """The leader who stands behind the application, where a copy goes to."""
    leader = application.answers.leader
    named = ", ".join(part for part in (leader.name, leader.role) if part)
    return (named,) if leader.email and named else ()
