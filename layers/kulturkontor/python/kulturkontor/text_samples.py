"""What a letter or mail looks like: written with invented values, links by their names alone."""

from typing import Any, Final, NamedTuple

from kulturkontor.decisions import DecisionKind, Outcome
from kulturkontor.documents import as_data
from kulturkontor.letters import LETTER, LetterData, write_letter
from kulturkontor.municipalities import municipality
from kulturkontor.programme import Language, Programme
from kulturkontor.programme_settings import with_changes
from kulturkontor.text_checks import Words
from kulturkontor.texts import Value
from kulturkontor.word_lists import word_list
from kulturkontor.wording import programme_values, template_of, write_own

_MUNICIPALITY: Final = "1114"
_RANK: Final = 3
_APPLICATIONS: Final = 55


class Seen(NamedTuple):
    """A text with values in place; blocks as `documents.as_data` gives them."""

    subject: str
    blocks: list[dict[str, Any]]


class Slot(NamedTuple):
    """Something that is put into a text: its name, what it is, and what it may look like."""

    name: str
    about: str
    sample: str


def in_other_words(programme: Programme, language: Language, name: str, words: Words) -> Programme:
    """The programme with that text, to look at it before it is kept."""
    return with_changes(programme, {"texts": {name: {language: words.together}}})


def see_text(programme: Programme, language: Language, name: str) -> Seen:
    """Raises TextError or LetterError for a text that cannot be written."""
    if name.startswith(LETTER):
        letter = sample_letter(programme, language, name)
        return Seen(letter.title, list(letter.blocks))
    of_programme = programme_values(programme, language).keys()
    slots = template_of(programme, language=language, name=name).slots
    given: dict[str, Value] = {
        slot: sample(slot, language, programme) for slot in slots - of_programme
    }
    document = write_own(programme, language=language, name=name, values=given)
    return Seen(document.subject, as_data(document))


def sample_letter(programme: Programme, language: Language, name: str) -> LetterData:
    is_closing = name == f"{LETTER}{DecisionKind.LIST_CLOSED}"
    return write_letter(
        programme=programme,
        municipality=municipality(_MUNICIPALITY),
        recipient_name=str(sample("contact", language, programme)),
        recipient_role="",
        reference=_reference(programme),
        received_at=programme.opens_at,
        outcome=Outcome.REJECTED if is_closing else Outcome(name.removeprefix(LETTER)),
        kind=DecisionKind.LIST_CLOSED if is_closing else DecisionKind.ANSWER,
        conditions=str(sample("conditions", language, programme)),
        reason=str(sample("reason", language, programme)),
        rank=_RANK,
        applications=_APPLICATIONS,
        places=programme.decision.places,
        answer_by=None,
        letter_date=programme.released_at.date(),
        language=language,
        is_late=False,
        is_incomplete=False,
    )


def slots_in_words(slots: frozenset[str], language: Language, programme: Programme) -> list[Slot]:
    """By name, with what each is and an example."""
    about = word_list(language, "text_slots")["about"]
    values = programme_values(programme, language)
    return [
        Slot(
            slot,
            about.get(slot, ""),
            _shown(values[slot] if slot in values else sample(slot, language, programme)),
        )
        for slot in sorted(slots)
    ]


def sample(slot: str, language: Language, programme: Programme) -> Value:
    """Its example; the name itself for what has none."""
    found: Value = _named(word_list(language, "text_slots")["samples"].get(slot, slot), programme)
    return found


def _named(value: Any, programme: Programme) -> Any:
    if isinstance(value, list):
        return [_named(each, programme) for each in value]
    return value.replace("{reference}", _reference(programme))


def _reference(programme: Programme) -> str:
    return f"{programme.reference_prefix}-{_MUNICIPALITY}"


def _shown(value: Value) -> str:
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, list) and value:
        return "; ".join(", ".join(row) if isinstance(row, list) else str(row) for row in value)
    return ""
