"""Whether staff's own words for a phrase can be put into a letter or mail: one line with just the
figures that the phrase has, and for a letter only what its fonts have.
"""

from collections.abc import Iterator
from typing import Final

from kulturkontor.own_phrases import FIXED_PHRASES, LETTER_PHRASES, STAFF, letter_phrases
from kulturkontor.programme import Language, Programme
from kulturkontor.text_checks import TextFault, faults_of_line, unprintable
from kulturkontor.texts import phrases, shipped_phrase

LONGEST_PHRASE: Final = 500
_PARTS: Final = {
    "preflight": (
        *("staff_verdict_", "staff_concern_", "staff_count_", "staff_problems_"),
        "staff_no_problems",
    ),
    "summary": (
        *("staff_waiting_", "staff_days_", "staff_deadline_", "staff_received", "staff_complete"),
        *("staff_incomplete", "staff_late", "staff_competing", "staff_withdrawn", "staff_drafts"),
        *("staff_suspect", "staff_and_more"),
    ),
}
"""What the phrases of these mails to staff begin with."""


def staff_phrases() -> tuple[str, ...]:
    """What the mails to staff are put together from, in the order of its file."""
    return tuple(key for key in phrases("nb") if key.startswith(STAFF) and key not in FIXED_PHRASES)


def phrase_groups() -> dict[str, dict[str, tuple[str, ...]]]:
    """The phrases as staff look for them: those of the letters, and of the mails to themselves; by
    the part that they stand in.
    """
    own: dict[str, list[str]] = {"preflight": [], "summary": [], "notices": []}
    for key in staff_phrases():
        part = next((each for each, begins in _PARTS.items() if key.startswith(begins)), "notices")
        own[part].append(key)
    return {"letters": LETTER_PHRASES, "staff": {part: tuple(keys) for part, keys in own.items()}}


def phrase_languages(group: str, programme: Programme) -> tuple[Language, ...]:
    return ("nb",) if group == "staff" else programme.languages


def editable_phrases(language: Language) -> tuple[str, ...]:
    return (*letter_phrases(), *(staff_phrases() if language == "nb" else ()))


def words_of_phrase(programme: Programme, language: Language, key: str) -> str:
    """As it stands for the programme now."""
    return programme.own_phrase(key, language) or shipped_phrase(language, key)


def find_phrase_faults(key: str, language: Language, words: str) -> list[TextFault]:
    """What must be mended before the phrase can be used."""
    if len(words) > LONGEST_PHRASE:
        return [TextFault(None, "phrase_too_long")]
    return list(_faults(key, language, words))


def _faults(key: str, language: Language, words: str) -> Iterator[TextFault]:
    allowed = phrases(language)[key]
    yield from faults_of_line(0, words, allowed)
    if "**" in words:
        yield TextFault(0, "bold_phrase")
    if key in letter_phrases():
        yield from unprintable([words])
    for slot in sorted(allowed):
        if f"{{{slot}}}" not in words:
            yield TextFault(None, "slot_missing", slot)
