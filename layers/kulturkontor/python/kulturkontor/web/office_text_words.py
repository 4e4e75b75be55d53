"""Staff's own texts in words and on paper: what is wrong with one, how it differs from the shipped
one, what a letter looks like with it.
"""

from difflib import SequenceMatcher
from typing import NamedTuple

from kulturkontor.programme import Language, Programme
from kulturkontor.text_checks import LONGEST_BODY, TextFault, Words, meant_slot
from kulturkontor.text_samples import sample_letter
from kulturkontor.web.office_answers import Answer, file
from kulturkontor.web.office_texts import say


class Line(NamedTuple):
    """A line of the text beside the shipped one: `same`, `gone` or `new`."""

    kind: str
    words: str


def compared(before: Words, after: Words) -> list[Line]:
    """The lines of the text beside the shipped one; empty where they are the same."""
    if before == after:
        return []
    old, new = (f"{each.subject}\n{each.body}".split("\n") for each in (before, after))
    found: list[Line] = []
    for kind, start, end, first, last in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            found += [Line("same", each) for each in old[start:end]]
        else:
            found += [Line("gone", each) for each in old[start:end]]
            found += [Line("new", each) for each in new[first:last]]
    return [each for each in found if each.words]


def say_text_fault(language: Language, fault: TextFault, allowed: frozenset[str]) -> str:
    """`allowed`: the placeholders that the text may have."""
    said = say(
        language,
        f"text_faults.{fault.code}",
        said=fault.said,
        meant=meant_slot(fault.said, allowed),
        longest=LONGEST_BODY,
    )
    return say(language, "text_form.line", line=fault.line, said=said) if fault.line else said


def letter_as_pdf(programme: Programme, language: Language, name: str) -> Answer:
    """The letter with invented values and the word for a draft across each page. Raises TextError
    or LetterError for one that cannot be written.
    """
    from kulturkontor.typesetting import typeset_letter

    letter = sample_letter(programme, language, name)
    drafted = letter.model_copy(update={"draft": say(language, "texts.draft")})
    data = typeset_letter(drafted, at=programme.released_at)
    return file(data, name=f"{name}-{language}.pdf", media_type="application/pdf")
