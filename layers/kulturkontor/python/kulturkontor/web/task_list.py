"""The application's task list: each part with how far it has come, and what is lacking."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from kulturkontor.application_form import Answers, find_missing, find_warnings
from kulturkontor.application_parts import Part, Status, find_gaps, part_of, status_of
from kulturkontor.application_period import (
    can_send,
    can_write,
    has_extension,
    phase,
    reopened_parts,
)
from kulturkontor.application_words import gaps_in_words, part_title, warnings_in_words
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.days import format_moment
from kulturkontor.web.answers import link, text
from kulturkontor.web.linked import case_path
from kulturkontor.web.municipality_choice import known_municipality
from kulturkontor.web.request import Request

_COLOURS = {Status.NOT_STARTED: "neutral", Status.BEGUN: "info", Status.DONE: "success"}


class Gap(NamedTuple):
    words: str
    address: str
    """Where it is mended."""


def part_path(application_id: str, part: Part) -> str:
    return f"{case_path(application_id)}/soknad/{part}"


def frame_values(request: Request, application: Application) -> Mapping[str, Any]:
    """What every page about the whole application says of it."""
    place = known_municipality(application.working_answers.municipality)
    now = phase(request.programme, request.at)
    leave = application.extension
    extended = has_extension(application, request.at)
    return {
        "application": application,
        "base": case_path(application.id),
        "municipality": place.letter_name if place else application.working_answers.municipality,
        "is_draft": application.state is ApplicationState.DRAFT,
        "can_write": can_write(application, request.programme, request.at),
        "can_send": can_send(application, request.programme, request.at),
        "phase": now,
        "until": format_moment(leave.until, request.language) if leave and extended else "",
        "more": _more(request, application),
    }


def _more(request: Request, application: Application) -> Mapping[str, Any] | None:
    """What staff have asked for more of, as long as it may be sent: in their own words."""
    parts, question = reopened_parts(application, request.at), application.reopened
    if question is None or not parts:
        return None
    return {
        "message": question.message,
        "until": format_moment(question.until, request.language),
        "titles": [part_title(each, request.language) for each in question.parts],
        "parts": parts,
        "is_answered": question.answered_at is not None,
    }


def task_list_values(request: Request, application: Application) -> Mapping[str, Any]:
    return {
        **frame_values(request, application),
        "parts": [_entry(request, application, part) for part in Part],
        "saved": last_saved(request, application),
        **lacking_values(request, application),
    }


def lacking_values(
    request: Request, application: Application, *, besides: Part | None = None
) -> Mapping[str, Any]:
    """`needed`: what it cannot be sent without; `gaps`: what makes it incomplete, `besides` what
    the page itself asks for.
    """
    answers = application.working_answers
    missing = find_missing(answers, request.programme)
    needed = [each for each in find_gaps(answers, request.programme) if each not in missing]
    incomplete = [each for each in missing if part_of(each.field) is not besides]
    programme, language = request.programme, request.language

    def led(gaps: list[tuple[str, str]]) -> list[Gap]:
        return [Gap(words, _mended_at(request, application, field)) for field, words in gaps]

    return {
        "needed": led(gaps_in_words(needed, programme, language)),
        "gaps": led(gaps_in_words(incomplete, programme, language)),
        "warnings": warnings_in_words(find_warnings(answers, programme), language)
        if answers.members
        else [],
    }


def _mended_at(request: Request, application: Application, field: str) -> str:
    address = link(request.language, part_path(application.id, part_of(field)))
    return f"{address}#{field}"


def _entry(
    request: Request, application: Application, part: Part
) -> tuple[str, str, str, str, str]:
    """As the macro `part_list` takes it."""
    status = _status(request, application, part)
    return (
        part_title(part, request.language),
        link(request.language, part_path(application.id, part)),
        text(request.language, f"status.{status}"),
        _COLOURS[status],
        text(request.language, f"part_hint.{part}"),
    )


def _status(request: Request, application: Application, part: Part) -> Status:
    """Sending is done when there is nothing left to send."""
    answers: Answers = application.working_answers
    if part is Part.SEND and application.reference:
        return Status.BEGUN if application.pending else Status.DONE
    status = status_of(part, answers, request.programme)
    return Status.BEGUN if part is Part.SEND and status is Status.DONE else status


def last_saved(request: Request, application: Application) -> str:
    key = "apply.saved_by" if application.saved_by else "apply.saved"
    when = format_moment(application.saved_at, request.language)
    return text(request.language, key, when=when, who=application.saved_by)
