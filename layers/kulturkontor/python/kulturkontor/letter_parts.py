"""The parts of a decision letter that are put together from its facts: what the answer rests on,
what a correction replaces, the table of gatherings, who signs, whom to ask.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kulturkontor.days import format_date, format_days
from kulturkontor.decisions import Outcome
from kulturkontor.own_phrases import counted_of, phrase_of
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import phrase


class Replaced(NamedTuple):
    """The letter that a correction replaces: its day, why, and whether it gave a place."""

    day: date
    reason: str
    gave_place: bool


def replaces(
    programme: Programme, replaced: Replaced | None, outcome: Outcome, language: Language
) -> str:
    """What a correction says first; nothing in any other letter. Whoever has accepted the place of
    the earlier one need not do it again.
    """
    if replaced is None:
        return ""
    day = format_date(replaced.day, language)
    said = phrase_of(programme, language, "letter_replaces", day=day, reason=replaced.reason)
    if outcome is not Outcome.ADMITTED or not replaced.gave_place:
        return said
    return f"{said}\n\n{phrase_of(programme, language, 'letter_answer_stands')}"


def feedback_by(programme: Programme, letter_date: date) -> date:
    """A letter that goes later leaves as long to ask about it as those of the day."""
    decision = programme.decision
    return max(
        decision.feedback_by, letter_date + (decision.feedback_by - decision.released.date())
    )


def basis(
    programme: Programme,
    language: Language,
    outcome: Outcome,
    *,
    applications: int,
    places: int,
    is_late: bool,
    is_incomplete: bool,
) -> str:
    """What the answer rests on: weighed against the others, or not since late or incomplete.

    Criteria are named only if they were published before the deadline.
    """
    if is_late or is_incomplete:
        key = {(True, False): "late", (False, True): "incomplete"}.get(
            (is_late, is_incomplete), "late_and_incomplete"
        )
        suffix = "_waitlisted" if outcome is Outcome.WAITLISTED else ""
        deadline = format_date(programme.last_application_day, language)
        return phrase_of(programme, language, f"basis_{key}{suffix}", deadline=deadline)
    counts = {
        "applications": counted_of(programme, language, "applications", applications),
        "places": counted_of(programme, language, "places", places),
    }
    if applications <= places:
        return phrase_of(programme, language, "basis_not_scarce", **counts)
    if programme.decision.criteria_published and programme.decision.criteria:
        criteria = _listed([each[language] for each in programme.decision.criteria], language)
        return phrase_of(programme, language, "basis_weighed_criteria", criteria=criteria, **counts)
    return phrase_of(programme, language, "basis_weighed", **counts)


def _listed(words: Sequence[str], language: Language) -> str:
    if len(words) == 1:
        return words[0]
    return phrase(language, "and", first=", ".join(words[:-1]), last=words[-1])


def gatherings(programme: Programme, language: Language) -> list[list[str]]:
    header = [
        phrase_of(programme, language, key)
        for key in ("gathering", "gathering_days", "gathering_place")
    ]
    rows = [
        [each.number, format_days(each.first_day, each.last_day, language), each.place]
        for each in programme.planned_gatherings
    ]
    return [header, *rows]


def signature(programme: Programme, language: Language) -> str:
    lines = (programme.signature.name, programme.signature.title[language], programme.organiser)
    return "\n".join(dict.fromkeys(line for line in lines if line))


def in_threes(number: str) -> str:
    return "\N{NO-BREAK SPACE}".join(
        number[start : start + 3] for start in range(0, len(number), 3)
    )


def contact(programme: Programme, language: Language) -> tuple[str, ...]:
    contact = programme.contact
    name = contact.name[language]
    return (
        name[:1].upper() + name[1:],
        contact.email,
        phrase_of(programme, language, "letter_phone", phone=contact.phone),
    )
