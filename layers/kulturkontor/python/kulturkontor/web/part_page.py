"""One part of the application as a page: its questions, what is kept, and what another changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kulturkontor.application_fields import (
    MAX_MEMBERS,
    MEMBER_FIELDS,
    Fields,
    rows_of,
    write_fields,
)
from kulturkontor.application_form import Sector
from kulturkontor.application_parts import MEMBER, PARTS, Kind, Part, questions_of
from kulturkontor.application_period import can_write_part
from kulturkontor.application_words import AnsweredPart, answers_in_words, part_title
from kulturkontor.applications import Application
from kulturkontor.days import format_moment
from kulturkontor.edits import digests, edited_name
from kulturkontor.programme import Language
from kulturkontor.texts import phrase
from kulturkontor.web.answers import Answer, page, text
from kulturkontor.web.files_section import files_section, send_to
from kulturkontor.web.municipality_choice import (
    known_municipality,
    listed_names,
    place_in_words,
)
from kulturkontor.web.own_case import OwnCase
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.task_list import frame_values, last_saved, part_path

SEEN = "seen."
"""Before a field's name: the digest of what the page showed of it."""


class TheOther(NamedTuple):
    """What another has written in a field meanwhile, and who and when, in words."""

    text: str
    who: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How a part is shown beside what is kept: `fields` as typed, where they differ from that."""

    fields: Fields | None = None
    problem: ProblemError | None = None
    conflicts: tuple[str, ...] = ()
    rows: int = 0
    focus: str = ""
    done: str = ""
    values: Mapping[str, int] = field(default_factory=dict)
    """Of the text `done`."""


def show_part(request: Request, case: OwnCase, part: Part, person: str, shown: Shown) -> Answer:
    application, language = case.application, request.language
    kept = write_fields(application.working_answers)
    fields = kept if shown.fields is None else shown.fields
    can_write = can_write_part(application, part, request.programme, request.at)
    is_form = can_write or shown.problem is not None
    rows = max(len(rows_of(fields)), shown.rows, request.programme.application.min_members)
    problem = shown.problem
    return page(
        request,
        "part.html",
        status=problem.status if problem else 200,
        headers=problem.headers if problem else None,
        other_language=part_path(application.id, part) if is_form else None,
        is_shown_as_form=is_form,
        send_to=send_to(request),
        files=files_section(request, case, "attachments", back=f"/soknad/{part}"),
        sectors=[(str(each), phrase(language, f"sector_{each}")) for each in Sector],
        names=listed_names(),
        municipality_field=_as_listed(fields.get("municipality", "")),
        place_words=place_in_words(application.working_answers.municipality, language),
        saved=last_saved(request, application),
        section=_in_words(application, part, request),
        **_frame(request, application, part, person),
        fields=fields,
        rows=range(min(rows, MAX_MEMBERS)),
        seen=digests(kept, field_names(part, rows)),
        problem=problem,
        errors=problem.messages(language) if problem else {},
        conflicts={
            name: _the_other(application, name, kept.get(name, ""), language)
            for name in shown.conflicts
        },
        focus=shown.focus,
        done=text(language, f"apply.{shown.done}", **shown.values) if shown.done else "",
    )


def _frame(
    request: Request, application: Application, part: Part, person: str
) -> Mapping[str, Any]:
    parts = list(Part)
    place = parts.index(part)
    return {
        **frame_values(request, application),
        "part": part,
        "title": part_title(part, request.language),
        "number": place + 1,
        "parts": len(parts),
        "groups": PARTS[part],
        "member": MEMBER,
        "is_contact": not person,
        "limit": request.programme.application.max_text,
    }


def saved_words(application: Application, language: Language) -> str:
    """ "Lagret kl. 14.05"."""
    clock = format_moment(application.saved_at, language).rpartition("kl. ")[2]
    return text(language, "apply.saved_at", clock=clock)


def field_names(part: Part, rows: int) -> list[str]:
    """The fields that a part's page shows."""
    if part is Part.TEAM:
        return [f"members.{number}.{name}" for number in range(rows) for name in MEMBER_FIELDS]
    return [each.field for each in questions_of(part)]


def _in_words(application: Application, part: Part, request: Request) -> AnsweredPart:
    sections = answers_in_words(application.working_answers, request.programme, request.language)
    return next(each for each in sections if each.part is part)


def _as_listed(typed: str) -> str:
    known = known_municipality(typed)
    return known.listed_name if known else typed


def _the_other(application: Application, name: str, kept: str, language: Language) -> TheOther:
    edit = application.edited.get(edited_name(name))
    by = edit.by if edit else ""
    at = edit.at if edit else application.saved_at
    who = text(
        language,
        "conflict.by_name" if by else "conflict.by_contact",
        name=by,
        when=format_moment(at, language),
    )
    return TheOther(_kept_in_words(name, kept, language) or text(language, "conflict.blank"), who)


def _kept_in_words(name: str, kept: str, language: Language) -> str:
    kinds = {each.field: each.kind for groups in PARTS.values() for g in groups for each in g[1]}
    if kinds.get(name) is Kind.BOX:
        return text(language, "conflict.ticked" if kept else "conflict.not_ticked")
    if kinds.get(name) is Kind.LANGUAGE:
        return text(language, f"form.language_{kept}")
    if name.endswith(".sector") and kept:
        return phrase(language, f"sector_{kept}")
    return _as_listed(kept) if name == "municipality" else kept
