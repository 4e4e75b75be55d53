"""What an application says, written and sent for the municipality from its mail or letter."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import StrictBool, ValidationError

from kulturkontor.actions.application_checks import read_application
from kulturkontor.actions.on_behalf_application import register_application
from kulturkontor.application_fields import (
    MAX_MEMBERS,
    Fields,
    read_answers,
    rows_of,
    write_fields,
)
from kulturkontor.application_form import Sector
from kulturkontor.application_parts import PARTS, Kind
from kulturkontor.application_period import can_send, can_write
from kulturkontor.application_words import part_title, questions_in_words
from kulturkontor.applications import ApplicationState
from kulturkontor.receipts import Receipt
from kulturkontor.web.municipality_choice import municipality_options
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_faults import (
    TOLD,
    FieldFault,
    OfficeError,
    as_office_error,
    field_faults,
)
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.web.source_form import SourceIn, frame_values, read_source, registrar

_SPARE_ROWS = 2


class ApplicationIn(SourceIn):
    """`answers` holds the fields that change, each whole; `version` is the one that was read;
    `submit` sends it.
    """

    answers: dict[str, Any]
    submit: StrictBool
    version: int


def show_application(visit: Visit) -> Answer:
    return _application_page(visit)


def receive_application(visit: Visit) -> Answer:
    sent = dict(visit.form)
    version = sent.get("version", "")
    try:
        source = read_source(visit)
        body = ApplicationIn(
            **source.model_dump(),
            answers=_without_blank_members(read_answers(sent)),
            submit=sent.get("action") == "send",
            version=int(version) if version.isdecimal() else -1,
        )
        _register(visit, body)
    except TOLD as fault:
        return _application_page(visit, fields=sent, problem=as_office_error(fault))
    return redirect(f"/applications/{visit.params['application_id']}#history")


def take_application(visit: Visit) -> Answer:
    return as_json(_register(visit, visit.sent(ApplicationIn)))


def _register(visit: Visit, body: ApplicationIn) -> Receipt:
    by = registrar(visit, body)
    try:
        return register_application(by, body.answers, submit=body.submit, version=body.version)
    except ValidationError as fault:
        raise OfficeError(422, "invalid", errors=field_faults(fault)) from fault


def _without_blank_members(answers: dict[str, Any]) -> dict[str, Any]:
    return {**answers, "members": [each for each in answers["members"] if any(each.values())]}


def _application_page(
    visit: Visit, *, fields: Fields | None = None, problem: OfficeError | None = None
) -> Answer:
    application = read_application(visit.params["application_id"], visit.records)
    shown = write_fields(application.working_answers) if fields is None else fields
    rows = max(len(rows_of(shown)), visit.programme.application.min_members) + _SPARE_ROWS
    is_draft = application.state is ApplicationState.DRAFT
    return page(
        visit,
        "on_behalf_application",
        status=problem.status if problem else 200,
        **frame_values(visit, application),
        fields=shown,
        version=shown.get("version", application.revision),
        parts_of_form=[
            (part_title(part, visit.language), groups) for part, groups in PARTS.items()
        ],
        kinds=Kind,
        questions=questions_in_words(visit.programme, visit.language),
        municipalities=municipality_options(shown.get("municipality", "")),
        rows=range(min(rows, MAX_MEMBERS)),
        sectors=list(Sector),
        limit=visit.programme.application.max_text,
        may_save=is_draft and can_write(application, visit.programme, visit.now),
        may_send=can_send(application, visit.programme, visit.now),
        problem=problem,
        wrong=_wrong(problem.errors if problem else ()),
    )


def _wrong(errors: tuple[FieldFault, ...]) -> Mapping[str, FieldFault]:
    return {each.field: each for each in errors}


_HERE: Final = "/applications/<application_id>/on-behalf/application"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_HERE}": show_application,
    f"POST {_HERE}": receive_application,
    f"POST /api{_HERE}": take_application,
}
