"""Each letter word for word as it was read and approved: `tests/examples/letters/`.

After a change of a letter's words: `python -m tests.rules.test_letters_as_approved` writes them
anew; read each before it is committed.
"""

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from kulturkontor.decisions import DecisionKind, Outcome
from kulturkontor.letter_parts import Replaced
from kulturkontor.letters import LetterData
from tests.rules.letter_factory import a_letter, words_of

FOLDER: Final = Path(__file__).parents[1] / "examples" / "letters"
LETTERS: Final[dict[str, dict[str, Any]]] = {
    "admitted": {"outcome": Outcome.ADMITTED, "conditions": "Send planen innan 1. september."},
    "waitlisted": {"outcome": Outcome.WAITLISTED},
    "rejected": {"outcome": Outcome.REJECTED},
    "list_closed": {"outcome": Outcome.REJECTED, "kind": DecisionKind.LIST_CLOSED},
    "correction": {
        "outcome": Outcome.ADMITTED,
        "kind": DecisionKind.CORRECTION,
        "replaced": Replaced(day=date(2026, 4, 30), reason="Vi las feil rad.", gave_place=True),
        "letter_date": date(2026, 5, 4),
    },
    "correction_of_waitlisted": {
        "outcome": Outcome.ADMITTED,
        "kind": DecisionKind.CORRECTION,
        "replaced": Replaced(day=date(2026, 4, 30), reason="Vi las feil rad.", gave_place=False),
        "letter_date": date(2026, 5, 4),
    },
}
CASES: Final = [(language, name) for language in ("nb", "nn") for name in LETTERS]


def printed(letter: LetterData) -> str:
    """Everything that stands in the letter, in the order it is printed."""
    facts = [f"{label}: {', '.join(lines)}" for label, lines in letter.facts]
    head = [letter.sender, *letter.recipient, *facts, letter.title]
    return "\n".join([*head, words_of(letter), *letter.footer]) + "\n"


def letter_of(language: str, name: str) -> str:
    return printed(a_letter(language=language, **LETTERS[name]))


@pytest.mark.parametrize(("language", "name"), CASES)
def test_letter_reads_as_it_was_approved(language: str, name: str) -> None:
    approved = (FOLDER / f"{language}-{name}.txt").read_text("utf-8")
    assert letter_of(language, name) == approved


def test_no_approved_letter_is_left_without_its_letter() -> None:
    kept = {each.name for each in FOLDER.iterdir()}
    assert kept == {f"{language}-{name}.txt" for language, name in CASES}


if __name__ == "__main__":
    for each in CASES:
        (FOLDER / f"{'-'.join(each)}.txt").write_text(letter_of(*each), "utf-8")
