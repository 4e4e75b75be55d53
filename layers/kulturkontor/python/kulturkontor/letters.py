"""The decision letters: which written form, which facts, which words.

Written form: a municipality that has chosen nynorsk or bokmål is answered in it (språkvedtak,
språklova § 11 second paragraph; it binds state bodies, we follow it as good manners); a neutral one
is answered in the form it applied in. Staff may override. A letter never holds a link: it is
journalled and may be disclosed.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.days import format_date, format_days
from kulturkontor.decisions import DecisionKind, Outcome
from kulturkontor.documents import as_data
from kulturkontor.municipalities import Municipality, WrittenForm
from kulturkontor.programme import OSLO, Language, Programme
from kulturkontor.texts import Value, counted, fill, phrase
from kulturkontor.wording import programme_values, template_of

TEMPLATE_FOLDER = "letter_template"
LETTER = "letter_"
"""What the name of a letter's text begins with."""


class Replaced(NamedTuple):
    """The letter that a correction replaces: its day, and why."""

    day: date
    reason: str


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
    received_at: datetime,
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

    `received_at` is any zone's instant; `copies` are names with roles; `conditions` are this
    municipality's own. Raises LetterError.
    """
    if outcome is Outcome.WAITLISTED and rank is None:
        raise LetterError(f"{reference}: give the place on the waiting list")
    answer_day = answer_by or programme.decision.answer_by
    values: dict[str, Value] = {
        **programme_values(programme, language),
        "municipality": municipality.letter_name,
        "reference": reference,
        "received": format_date(received_at.astimezone(OSLO).date(), language),
        "reason": reason,
        "conditions": conditions,
        "replaces": _replaces(replaced, outcome, language),
        "feedback_by": format_date(_feedback_by(programme, letter_date), language),
        "answer_by": format_date(answer_day, language),
        "group_by": format_date(max(programme.decision.group_by, answer_day), language),
        "rank": rank or 0,
        "basis": _basis(
            programme,
            language,
            outcome,
            applications=applications,
            places=places,
            is_late=is_late,
            is_incomplete=is_incomplete,
        ),
        "gatherings": _gatherings(programme, language),
        "signature": _signature(programme, language),
    }
    name = f"{LETTER}{kind if kind is DecisionKind.LIST_CLOSED else outcome}"
    template = template_of(programme, language=language, name=name)
    wanted = {key: values[key] for key in template.slots & values.keys()}
    document = fill(template, language, wanted)
    person = ", ".join(part for part in (recipient_name, recipient_role) if part)
    orgnr = _in_threes(municipality.organisation_number)
    approved = phrase(language, "letter_approved")
    return LetterData(
        language=language,
        title=document.subject,
        sender=programme.organiser,
        recipient=(
            municipality.letter_name,
            person,
            phrase(language, "letter_orgnr", orgnr=orgnr),
        ),
        facts=(
            (phrase(language, "letter_reference"), (reference,)),
            (phrase(language, "letter_date"), (format_date(letter_date, language),)),
            (phrase(language, "letter_contact"), _contact(programme, language)),
        ),
        blocks=tuple(as_data(document)),
        footer=(approved, phrase(language, "letter_copy", copies="; ".join(copies)))
        if copies
        else (approved,),
        page_label=phrase(language, "letter_page", page="{page}", pages="{pages}"),
    )


def _replaces(replaced: Replaced | None, outcome: Outcome, language: Language) -> str:
    """What a correction says first; nothing in any other letter. Whoever has accepted already need
    not do it again.
    """
    if replaced is None:
        return ""
    day = format_date(replaced.day, language)
    said = phrase(language, "letter_replaces", day=day, reason=replaced.reason)
    if outcome is not Outcome.ADMITTED:
        return said
    return f"{said}\n\n{phrase(language, 'letter_answer_stands')}"


def _feedback_by(programme: Programme, letter_date: date) -> date:
    """A letter that goes later leaves as long to ask about it as those of the day."""
    decision = programme.decision
    return max(
        decision.feedback_by, letter_date + (decision.feedback_by - decision.released.date())
    )


def _basis(
    programme: Programme,
    language: Language,
    outcome: Outcome,
    *,
    applications: int,
    places: int,
    is_late: bool,
    is_incomplete: bool,
) -> str:
    """What the answer rests on: weighed against the others, or not since late or incomplete.

    Criteria are named only if they were published before the deadline.
    """
    if is_late or is_incomplete:
        key = {(True, False): "late", (False, True): "incomplete"}.get(
            (is_late, is_incomplete), "late_and_incomplete"
        )
        suffix = "_waitlisted" if outcome is Outcome.WAITLISTED else ""
        deadline = format_date(programme.last_application_day, language)
        return phrase(language, f"basis_{key}{suffix}", deadline=deadline)
    counts = {
        "applications": counted(language, "applications", applications),
        "places": counted(language, "places", places),
    }
    if applications <= places:
        return phrase(language, "basis_not_scarce", **counts)
    if programme.decision.criteria_published and programme.decision.criteria:
        criteria = _listed([each[language] for each in programme.decision.criteria], language)
        return phrase(language, "basis_weighed_criteria", criteria=criteria, **counts)
    return phrase(language, "basis_weighed", **counts)


def _listed(words: Sequence[str], language: Language) -> str:
    if len(words) == 1:
        return words[0]
    return phrase(language, "and", first=", ".join(words[:-1]), last=words[-1])


def _gatherings(programme: Programme, language: Language) -> list[list[str]]:
    header = [phrase(language, key) for key in ("gathering", "gathering_days", "gathering_place")]
    rows = [
        [each.number, format_days(each.first_day, each.last_day, language), each.place]
        for each in programme.gatherings
    ]
    return [header, *rows]


def _signature(programme: Programme, language: Language) -> str:
    lines = (programme.signature.name, programme.signature.title[language], programme.organiser)
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _in_threes(number: str) -> str:
    return "\N{NO-BREAK SPACE}".join(
        number[start : start + 3] for start in range(0, len(number), 3)
    )


def _contact(programme: Programme, language: Language) -> tuple[str, ...]:
    contact = programme.contact
    name = contact.name[language]
    return (
        name[:1].upper() + name[1:],
        contact.email,
        phrase(language, "letter_phone", phone=contact.phone),
    )


def template_version(programme: Programme) -> str:
    """SHA-256 over words, layout and fonts: what a letter is made of beside its facts. Staff's own
    words count where the programme has them.
    """
    own = sorted(
        (name, language, programme.own_text(name, language))
        for name in programme.texts
        for language in programme.languages
        if name.startswith(LETTER) and programme.own_text(name, language)
    )
    digest = hashlib.sha256(_shipped_version().encode())
    for words in own:
        digest.update(json.dumps(words).encode())
    return digest.hexdigest() if own else _shipped_version()


@cache
def _shipped_version() -> str:
    package = files("kulturkontor")
    folders = [package / TEMPLATE_FOLDER, package / TEMPLATE_FOLDER / "fonts"]
    folders += [package / "texts" / language for language in ("nb", "nn")]
    entries = [
        entry
        for folder in folders
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.startswith(LETTER) or entry.name.endswith((".typ", ".otf", "phrases.toml"))
    ]
    digest = hashlib.sha256()
    for entry in entries:
        if entry.is_file():
            digest.update(hashlib.sha256(entry.read_bytes()).digest())
    return digest.hexdigest()
