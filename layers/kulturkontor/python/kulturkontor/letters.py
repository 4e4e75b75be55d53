"""The decision letters: which written form, which facts, which words.

Written form: a municipality that has chosen nynorsk or bokmål is answered in it (språkvedtak,
språklova § 11 second paragraph; it binds state bodies, we follow it as good manners); a neutral one
is answered in the form it applied in. Staff may override. A letter never holds a link: it is
journalled and may be disclosed.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor import letter_parts
from kulturkontor.days import format_date
from kulturkontor.decisions import DecisionKind, Outcome
from kulturkontor.documents import as_data
from kulturkontor.letter_parts import Replaced
from kulturkontor.municipalities import Municipality, WrittenForm
from kulturkontor.own_phrases import phrase_of, require_own_phrases
from kulturkontor.programme import OSLO, Language, Programme
from kulturkontor.texts import Value, fill, phrase
from kulturkontor.wording import programme_values, template_of

TEMPLATE_FOLDER = "letter_template"
LETTER = "letter_"
"""What the name of a letter's text begins with."""


class LetterError(ValueError):
    """The letter lacks a fact it must state; the message names it."""


class LetterData(BaseModel):
    """Everything that is printed, in print order; blocks as `documents.as_data` gives them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language
    title: Annotated[str, Field(min_length=1)]
    sender: str
    recipient: tuple[str, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    """Label and lines: reference, date, contact."""
    blocks: tuple[dict[str, Any], ...]
    footer: tuple[str, ...]
    page_label: str
    """With `{page}` and `{pages}`, which only the typesetting knows."""
    draft: str = ""
    """The word across each page of a letter that is only being looked at."""


def letter_language(
    written_form: WrittenForm,
    application_language: Language,
    override: Language | None,
    programme: Programme,
) -> Language:
    """The language of the letter, of those the programme has."""
    chosen: dict[WrittenForm, Language] = {"nynorsk": "nn", "bokmål": "nb"}
    return programme.language(override or chosen.get(written_form, application_language))


def write_letter(
    *,
    programme: Programme,
    municipality: Municipality,
    recipient_name: str,
    recipient_role: str,
    reference: str,
    received_at: datetime | None,
    outcome: Outcome,
    reason: str,
    rank: int | None,
    applications: int,
    places: int,
    answer_by: date | None,
    letter_date: date,
    language: Language,
    is_late: bool,
    is_incomplete: bool,
    copies: Sequence[str] = (),
    kind: DecisionKind = DecisionKind.ANSWER,
    conditions: str = "",
    replaced: Replaced | None = None,
) -> LetterData:
    """The letter of one decision. `answer_by` None means the programme's own.

    `received_at` is any zone's instant, None where nobody knows it; `copies` are names with roles;
    `conditions` are this municipality's own. Raises LetterError, and TextError where staff's own
    words no longer fit: a decision is told in the words they chose or waits for them.
    """
    require_own_phrases(programme, language)
    if outcome is Outcome.WAITLISTED and rank is None:
        raise LetterError(f"{reference}: give the place on the waiting list")
    answer_day = answer_by or programme.decision.answer_by
    values: dict[str, Value] = {
        **programme_values(programme, language),
        "municipality": municipality.letter_name,
        "reference": reference,
        "received": format_date(received_at.astimezone(OSLO).date(), language)
        if received_at
        else phrase_of(programme, language, "letter_received_earlier"),
        "reason": reason,
        "conditions": conditions,
        "replaces": letter_parts.replaces(programme, replaced, outcome, language),
        "feedback_by": format_date(letter_parts.feedback_by(programme, letter_date), language),
        "answer_by": format_date(answer_day, language),
        "group_by": format_date(max(programme.decision.group_by, answer_day), language),
        "rank": rank or 0,
        "basis": letter_parts.basis(
            programme,
            language,
            outcome,
            applications=applications,
            places=places,
            is_late=is_late,
            is_incomplete=is_incomplete,
        ),
        "gatherings": letter_parts.gatherings(programme, language),
        "signature": letter_parts.signature(programme, language),
    }
    name = f"{LETTER}{kind if kind is DecisionKind.LIST_CLOSED else outcome}"
    template = template_of(programme, language=language, name=name)
    wanted = {key: values[key] for key in template.slots & values.keys()}
    document = fill(template, language, wanted)
    person = ", ".join(part for part in (recipient_name, recipient_role) if part)
    orgnr = letter_parts.in_threes(municipality.organisation_number)
    approved = phrase(language, "letter_approved")
    copied = "; ".join(copies)
    return LetterData(
        language=language,
        title=document.subject,
        sender=programme.organiser,
        recipient=(
            municipality.letter_name,
            person,
            phrase_of(programme, language, "letter_orgnr", orgnr=orgnr),
        ),
        facts=(
            (phrase_of(programme, language, "letter_reference"), (reference,)),
            (phrase_of(programme, language, "letter_date"), (format_date(letter_date, language),)),
            (
                phrase_of(programme, language, "letter_contact"),
                letter_parts.contact(programme, language),
            ),
        ),
        blocks=tuple(as_data(document)),
        footer=(approved, phrase_of(programme, language, "letter_copy", copies=copied))
        if copies
        else (approved,),
        page_label=phrase_of(programme, language, "letter_page", page="{page}", pages="{pages}"),
    )
