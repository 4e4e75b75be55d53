"""Whether a letter or mail in staff's own words can be sent: found when it is saved, told by line.

Staff's words may leave out what a text is given, but not what its reader cannot do without: a link,
the deadline, the reason. They may name what the text is given and what the programme gives by
itself. What is a list or a table stands on a line of its own. A letter shows only what its fonts
have, and no text holds a secret link.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from kulturkontor.letters import LETTER
from kulturkontor.markup import Template
from kulturkontor.needed_slots import needed_slots
from kulturkontor.printable import find_unprintable
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import STAFF_TEXTS, names, shipped, shipped_words
from kulturkontor.wording import programme_values

LONGEST_SUBJECT: Final = 200
LONGEST_BODY: Final = 10_000
_SUBJECT = "Emne: "
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SECRET = re.compile(r"[a-z0-9]{8,40}\.[0-9]{1,6}\.[A-Za-z0-9_-]{43}")
_NOT_MARKED = re.compile(r"#{3,}|#{1,2}(?!#| \S)|-(?=[^\s-])")
"""A heading too deep, without a space or without words, and an item without a space."""
_NOT_ALWAYS: Final = frozenset({"overnight_cover", "overnight_arrangement"})
"""What a programme may have nothing to say of: a line of its own, which then falls out."""


class TextFault(NamedTuple):
    """`line`: 0 for the subject, 1 for the first line below it, None for the text as a whole."""

    line: int | None
    code: str
    said: str = ""
    """What the fault is about: the placeholder, the character, the words."""


class Words(NamedTuple):
    """A text as it is written: its subject or heading, and what stands below."""

    subject: str
    body: str

    @property
    def together(self) -> str:
        return f"{_SUBJECT}{self.subject}\n\n{self.body}\n"


def editable_texts() -> tuple[str, ...]:
    """The letters first, then the mails, then what only staff get."""
    return tuple(
        sorted(
            names("nb"), key=lambda name: (not name.startswith(LETTER), name in STAFF_TEXTS, name)
        )
    )


def languages_of(name: str, programme: Programme) -> tuple[Language, ...]:
    """The written forms that the text goes out in: those of the programme, for staff bokmål."""
    return ("nb",) if name in STAFF_TEXTS else programme.languages


def words_of(programme: Programme, language: Language, name: str) -> Words:
    """As it stands for the programme now."""
    return _parted(programme.own_text(name, language) or shipped_words(language, name))


def shipped_text(language: Language, name: str) -> Words:
    return _parted(shipped_words(language, name))


def _parted(text: str) -> Words:
    subject, _, body = text.partition("\n")
    return Words(subject.removeprefix(_SUBJECT), body.strip("\n"))


def tidied(subject: str, body: str) -> Words:
    """As a browser sends it, with the line breaks and ends of a file."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Words(" ".join(subject.split()), "\n".join(line.rstrip() for line in lines).strip("\n"))


def allowed_slots(name: str, language: Language, programme: Programme) -> frozenset[str]:
    """What the text may name: what it is given, and what the programme gives by itself."""
    return shipped(language, name).slots | programme_values(programme, language).keys()


def find_faults(
    name: str, language: Language, words: Words, programme: Programme
) -> list[TextFault]:
    """What must be mended before the text can be used; in the order of its lines."""
    if not words.subject:
        return [TextFault(0, "no_subject")]
    if not words.body:
        return [TextFault(None, "no_body")]
    if len(words.subject) > LONGEST_SUBJECT or len(words.body) > LONGEST_BODY:
        return [TextFault(None, "too_long")]
    lines = (words.subject, *words.body.split("\n"))
    allowed = allowed_slots(name, language, programme)
    faults = [
        *_faults_of_subject(words.subject, name, language, programme),
        *(
            fault
            for number, line in enumerate(lines)
            for fault in faults_of_line(number, line, allowed)
        ),
        *_unbalanced(lines),
        *_not_alone(lines, name, language, programme),
        *(unprintable(lines) if name.startswith(LETTER) else []),
    ]
    given = {slot for line in lines for slot in _SLOT.findall(line)}
    missing = sorted(needed_slots(language, name) - given)
    ordered = sorted(faults, key=lambda fault: fault.line or 0)
    return [*ordered, *(TextFault(None, "slot_missing", slot) for slot in missing)]


def faults_of_line(number: int, line: str, allowed: frozenset[str]) -> Iterator[TextFault]:
    for slot in _SLOT.findall(line):
        if slot not in allowed:
            yield TextFault(
                number, "slot_meant" if meant_slot(slot, allowed) else "slot_unknown", slot
            )
    if "{" in (rest := _SLOT.sub("", line)) or "}" in rest:
        yield TextFault(number, "braces", line[:60])
    if number and _NOT_MARKED.match(line):
        yield TextFault(number, "mark", line[:60])
    if _SECRET.search(line):
        yield TextFault(number, "secret")


def meant_slot(slot: str, allowed: frozenset[str]) -> str:
    """The placeholder that somebody probably meant."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(slot, sorted(allowed), n=1)), "")


def _faults_of_subject(
    subject: str, name: str, language: Language, programme: Programme
) -> Iterator[TextFault]:
    for slot in _SLOT.findall(subject):
        if _is_link(slot) or slot in _alone(name, language, programme):
            yield TextFault(0, "not_in_subject", slot)
    if "**" in subject:
        yield TextFault(0, "bold_subject")


def _unbalanced(lines: Sequence[str]) -> Iterator[TextFault]:
    """Bold type ends in the paragraph it began in."""
    began, stars = 1, 0
    for number, line in enumerate((*lines[1:], ""), start=1):
        if not line or re.match(r"(#{1,2}|-) ", line):
            if stars % 2:
                yield TextFault(began, "bold")
            began, stars = number, 0
        began = number if not stars else began
        stars += line.count("**")


def _not_alone(
    lines: Sequence[str], name: str, language: Language, programme: Programme
) -> Iterator[TextFault]:
    alone = _alone(name, language, programme)
    paragraphs = ("", *lines[1:], "")
    for number, line in enumerate(paragraphs[1:-1], start=1):
        own = re.fullmatch(r"(- )?(\*\*)?\{[a-z0-9_]+\}(\*\*)?", line)
        is_item = line.startswith("- ")
        apart = is_item or not (paragraphs[number - 1] or paragraphs[number + 1])
        for slot in _SLOT.findall(line):
            if slot in alone and not (own and apart):
                yield TextFault(number, "not_alone", slot)


def _alone(name: str, language: Language, programme: Programme) -> frozenset[str]:
    """What may be a list, a table or nothing: in the shipped text it never stands in a line."""
    template = shipped(language, name)
    lines = [template.subject, *(part.pieces for part in template.parts if part.level)]
    longer = [part.pieces for part in template.parts if len(part.pieces) > 1]
    inline = {piece.slot for pieces in (*lines, *longer) for piece in pieces}
    of_programme = programme_values(programme, language).keys() - _NOT_ALWAYS
    own = _standing_alone(template) - inline - of_programme
    return frozenset(slot for slot in own | _NOT_ALWAYS if not _is_link(slot))


def _standing_alone(template: Template) -> set[str]:
    return {part.pieces[0].slot for part in template.parts if len(part.pieces) == 1} - {""}


def unprintable(lines: Sequence[str]) -> Iterator[TextFault]:
    for number, line in enumerate(lines):
        if character := find_unprintable(line):
            shown = f"«{character}» " if character.isprintable() else ""
            yield TextFault(number, "unprintable", f"{shown}(U+{ord(character):04X})")


def _is_link(slot: str) -> bool:
    return slot.endswith("_link")
