"""Words that staff write themselves for one message, in the light markup of the texts.

A recipient's name, the municipality and a few facts of the programme may stand in braces; nothing
else is filled in, and a value is never read as markup.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from kulturkontor.markup import Template, TextError, parse_template
from kulturkontor.programme import Language
from kulturkontor.refusals import Refusal
from kulturkontor.texts import Blocks, Value, fill

GROUP_MESSAGE: Final = "group_message"
"""The text around them: who sends it, and which application it is about."""
OF_RECIPIENT: Final = ("name", "municipality", "reference")
OF_PROGRAMME: Final = ("programme", "organiser", "contact_email", "contact_phone")
PLACEHOLDERS: Final = (*OF_RECIPIENT, *OF_PROGRAMME)


class WordsError(Refusal):
    """The words cannot be sent as they stand; `args[0]` says why: `empty`, `markup`,
    `placeholder`.
    """

    status = 422
    codes_begin = "words_"


class Filled(NamedTuple):
    subject: str
    words: Blocks


def check_words(subject: str, text: str) -> None:
    """Raises WordsError."""
    if not subject.strip() or not text.strip():
        raise WordsError("empty")
    try:
        template = _template(subject, text)
    except TextError as fault:
        raise WordsError("markup") from fault
    if template.slots - set(PLACEHOLDERS):
        raise WordsError("placeholder")


def fill_words(subject: str, text: str, language: Language, values: Mapping[str, Value]) -> Filled:
    """`values`: at least those of PLACEHOLDERS that the words name. Raises TextError."""
    template = _template(subject, text)
    named = {name: values[name] for name in template.slots & set(PLACEHOLDERS)}
    document = fill(template, language, named)
    return Filled(document.subject, Blocks(document.blocks))


def _template(subject: str, text: str) -> Template:
    one_line = " ".join(subject.split())
    return parse_template("message", f"Emne: {one_line}\n\n{text}")
