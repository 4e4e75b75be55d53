"""Whether staff's own words for a phrase can be put into a letter or mail: one line with just the
figures that the phrase has, and for a letter only what its fonts have.
"""

from collections.abc import Iterator
from typing import Final

from kulturkontor.own_phrases import FIXED_PHRASES, STAFF, letter_phrases
from kulturkontor.programme import Language, Programme
from kulturkontor.text_checks import TextFault, faults_of_line, unprintable
from kulturkontor.texts import phrases, shipped_phrase

LONGEST_PHRASE: Final = 500


def staff_phrases() -> tuple[str, ...]:
    """What the mails to staff are put together from, in the order of its file."""
    return tuple(
        key for key in phrases("nb") if key.startswith(STAFF) and key not in FIXED_PHRASES
    )


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
