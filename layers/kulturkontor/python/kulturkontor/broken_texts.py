"""Staff's own words that no longer fit the product: a later version gives a text other things to
put in, or wants something in it that was not wanted before.

A mail then goes in the product's words and a letter is held, so nobody loses anything meanwhile;
staff are told which words to mend.
"""

from typing import Final, NamedTuple, get_args

from kulturkontor.markup import Pieces, TextError, parse_line
from kulturkontor.own_phrases import STAFF, unfit_phrases
from kulturkontor.programme import Language, Programme
from kulturkontor.release_checks import Concern
from kulturkontor.text_checks import editable_texts, find_faults, languages_of, words_of
from kulturkontor.texts import shipped, shipped_phrase
from kulturkontor.wording import template_of

_LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


class Broken(NamedTuple):
    """A text, or a phrase of them, by its name."""

    language: Language
    name: str
    is_phrase: bool = False

    @property
    def address(self) -> str:
        """Where it is mended, below the page of the texts."""
        if not self.is_phrase:
            return f"{self.language}/{self.name}"
        return f"phrases/{'staff' if self.name.startswith(STAFF) else 'letters'}"

    @property
    def said(self) -> str:
        """As staff know it: the product's own subject or words, without what is put in."""
        return f"«{_without_slots(self._pieces)}» ({self.language})"

    @property
    def _pieces(self) -> Pieces:
        if not self.is_phrase:
            return shipped(self.language, self.name).subject
        return parse_line(self.name, shipped_phrase(self.language, self.name))


def find_broken(programme: Programme) -> list[Broken]:
    texts = [
        Broken(language, name)
        for name in editable_texts()
        for language in languages_of(name, programme)
        if is_broken(programme, language, name)
    ]
    unfit = [
        Broken(language, key, is_phrase=True)
        for language in _LANGUAGES
        for key in sorted(unfit_phrases(programme, language))
    ]
    return [*texts, *unfit]


def find_text_concerns(programme: Programme) -> list[Concern]:
    """What the preflight says of them."""
    if not (broken := find_broken(programme)):
        return []
    return [
        Concern(
            code="texts_broken",
            references=tuple(each.said for each in broken),
            ids=tuple(each.address for each in broken),
        )
    ]


def is_broken(programme: Programme, language: Language, name: str) -> bool:
    """Whether staff have put the text in words that would be refused now."""
    if not programme.own_text(name, language):
        return False
    try:
        template_of(programme, language=language, name=name)
    except TextError:
        return True
    return bool(find_faults(name, language, words_of(programme, language, name), programme))


def _without_slots(pieces: Pieces) -> str:
    return "".join("…" if piece.slot else piece.words for piece in pieces)
