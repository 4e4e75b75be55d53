"""What is put into letters and mails, in staff's own words where they have written some: the lines
of the letterhead, what an answer rests on, who pays for what, how persons and days are counted.

Which phrases they may change stands in `LETTER_PHRASES` and `is_staff_phrase`; what they may not,
in `FIXED_PHRASES` with the reason.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from kulturkontor.markup import Pieces, TextError, parse_line, slots_of
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import number, phrase, phrases

LETTER_PHRASES: Final[dict[str, tuple[str, ...]]] = {
    "head": (
        *("letter_reference", "letter_date", "letter_contact", "letter_phone", "letter_orgnr"),
        *("letter_copy", "letter_page", "letter_replaces", "letter_answer_stands"),
        "letter_received_earlier",
    ),
    "basis": (
        *("basis_weighed", "basis_weighed_criteria", "basis_not_scarce"),
        *("basis_late", "basis_incomplete", "basis_late_and_incomplete"),
        *("basis_late_waitlisted", "basis_incomplete_waitlisted"),
        "basis_late_and_incomplete_waitlisted",
    ),
    "table": ("gathering", "gathering_days", "gathering_place"),
    "costs": (
        *("travel_cover", "travel_cover_limited", "overnight_cover", "overnight_refund"),
        *("overnight_central", "own_cover", "own_cover_all_travel"),
    ),
    "counts": tuple(
        f"{noun}_{how}"
        for noun in (
            *("applications", "places", "persons", "all_gatherings"),
            *("days", "working_days", "months"),
        )
        for how in ("one", "many")
    ),
}
"""By the part of the letter that they stand in."""
STAFF: Final = "staff_"
"""What a phrase of the mails to staff begins with; they are in bokmål only."""
FIXED_PHRASES: Final[dict[str, str]] = {
    "letter_approved": "what the system does: nobody signs by hand, two persons have confirmed",
    "letter_draft": "a letter that is only looked at must not pass for one that was sent",
    "and": "how the language joins the last of several words",
    "staff_start_reason": "kept with each imported payment, as the reason it was put in",
    **{f"number_{count}": "how the language writes numbers" for count in range(2, 13)},
}
"""What letters and mails to staff have that cannot be put in other words, and why."""


def phrase_of(programme: Programme, language: Language, key: str, **values: str | int) -> str:
    """The phrase with exactly its values: as staff have put it, else, or where their words no
    longer fit, as it was shipped. Raises TextError as `texts.phrase`.
    """
    own = programme.own_phrase(key, language)
    if not own or not fits(language, key, own):
        return phrase(language, key, **values)
    pieces = _parsed(f"{language}/phrases {key}", own)
    return "".join(str(values[piece.slot]) if piece.slot else piece.words for piece in pieces)


def counted_of(programme: Programme, language: Language, key: str, count: int) -> str:
    """A count with its noun, as `texts.counted`."""
    if count == 1:
        return phrase_of(programme, language, f"{key}_one")
    return phrase_of(programme, language, f"{key}_many", count=number(language, count))


def fits(language: Language, key: str, words: str) -> bool:
    """Whether the words can be read, and have just what the phrase has."""
    try:
        pieces = _parsed(f"{language}/phrases {key}", words)
    except TextError:
        return False
    return slots_of(pieces) == phrases(language).get(key)


def unfit_phrases(programme: Programme, language: Language) -> Iterator[str]:
    """The keys of staff's own phrases that no longer fit; one of a phrase that is there no more
    says nothing to anybody.
    """
    for key in programme.phrases:
        own = programme.own_phrase(key, language)
        if own and key in phrases(language) and not fits(language, key, own):
            yield key


def require_own_phrases(programme: Programme, language: Language) -> None:
    """Raises TextError for a phrase of the letters that no longer fits."""
    if unfit := set(unfit_phrases(programme, language)) & set(letter_phrases()):
        raise TextError(f"{language}/phrases: {min(unfit)} no longer fits")


def letter_phrases() -> tuple[str, ...]:
    return tuple(key for keys in LETTER_PHRASES.values() for key in keys)


@lru_cache(maxsize=400)
def _parsed(where: str, words: str) -> Pieces:
    return parse_line(where, words)
