"""Letters of synthetic people, for the tests of words and of print."""

from datetime import UTC, date, datetime
from typing import Any

from kulturkontor.decisions import Outcome
from kulturkontor.letters import LetterData, write_letter
from kulturkontor.municipalities import municipality
from kulturkontor.programme import load_programme

PROGRAMME = load_programme("kifk2")
RELEASED_AT = PROGRAMME.released_at


def a_letter(outcome: Outcome = Outcome.REJECTED, **changes: Any) -> LetterData:
    facts: dict[str, Any] = {
        "programme": PROGRAMME,
        "municipality": municipality("1114"),
        "recipient_name": "Kari Nordmann",
        "recipient_role": "kulturskolerektor",
        "reference": "KFK2-2026-1114",
        "received_at": datetime(2026, 4, 10, 22, 30, tzinfo=UTC),
        "outcome": outcome,
        "reason": "Arbeidet er godt forankret.",
        "rank": 3 if outcome is Outcome.WAITLISTED else None,
        "applications": 55,
        "places": 16,
        "answer_by": None,
        "letter_date": date(2026, 4, 30),
        "language": "nb",
        "is_late": False,
        "is_incomplete": False,
    }
    return write_letter(**{**facts, **changes})


def words_of(letter: LetterData) -> str:
    """The blocks as lines, to look for words in."""
    lines = []
    for block in letter.blocks:
        spans = [block["spans"]] if "spans" in block else block.get("items", [])
        lines += ["".join(span["text"] for span in each) for each in spans]
        lines += [" | ".join(row) for row in block.get("rows", [])]
    return "\n".join(lines)
