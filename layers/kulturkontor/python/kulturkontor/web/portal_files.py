"""The municipality's own files: pages that show and take them, and what the pages' script asks.

A file never passes through us on its way in: the browser sends it to the bucket with a form that is
good for that one file. On its way out only the copy that was inspected and accepted is served.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, get_args

from aws_lambda_powertools.event_handler import Response

from kulturkontor.actions.receive_files import promise_file, remove_file, upload_form
from kulturkontor.application_form import tidy
from kulturkontor.applications import Application
from kulturkontor.downloads import disposition
from kulturkontor.own_files import RIGHTS, may_send
from kulturkontor.people import Right
from kulturkontor.received_files import (
    FileState,
    Purpose,
    ReceivedFile,
    Standing,
    file_key,
)
from kulturkontor.web.answers import Answer, as_json, link, page, redirect, text
from kulturkontor.web.api_models import NewFile, PromisedFile, UploadForm
from kulturkontor.web.files_section import (
    DONE_FIELD,
    accepted_kinds,
    files_section,
    limits,
    send_to,
)
from kulturkontor.web.linked import LinkedRecords, by_cookie
from kulturkontor.web.own_case import file_out, read_own_case
from kulturkontor.web.portal_link import (
    WANTED_FIELD,
    own_path,
    path_within,
    read_known_own,
    read_own,
)
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
PAGES: dict[Purpose, str] = {"attachments": "/vedlegg", "receipts": "/kvitteringer"}
"""The page of its own that each kind has."""
KIND_FIELD = "slag"
_LARGEST_ANSWER = 4_000_000
"""Bytes; an answer of ours holds 6 MB, and a file is a third longer in it."""


def show_attachments(request: Request) -> Answer:
    return _show(request, "attachments")


def show_receipts(request: Request) -> Answer:
    return _show(request, "receipts")


def show_list(request: Request) -> Answer:
    """The list alone, which the script puts in the place of the one on the page."""
    purpose = _purpose(request.query.get(KIND_FIELD))
    case = read_own_case(by_cookie(request).needing(RIGHTS[purpose]))
    request.prefers = case.application.language
    back = path_within(request.query.get(WANTED_FIELD, ""))
    return page(request, "files_list.html", files=files_section(request, case, purpose, back=back))


def promise_to_script(request: Request) -> Answer:
    return promise_as_json(request, by_cookie(request))


def promise_as_json(request: Request, linked: LinkedRecords) -> Answer:
    body = request.read_json(NewFile)
    needing = linked.needing(RIGHTS[body.purpose])
    application = read_known_own(request, needing)
    file, form = _promise(request, needing, application, body.purpose, body.name)
    promised = PromisedFile(
        file=file_out(file, request.language), form=UploadForm.model_validate(form)
    )
    return as_json(promised, HTTPStatus.CREATED)


def promise_by_form(request: Request) -> Answer:
    """A place for one file, and on to the page that sends it there."""
    fields = request.read_form()
    return start_upload(
        request,
        _purpose(fields.get("purpose")),
        name=fields.get("name", ""),
        back=path_within(fields.get("back", "")),
    )


def start_upload(request: Request, purpose: Purpose, *, name: str, back: str) -> Answer:
    """As the button «Legg til fil» does; `back`: the page of the case to come back to.

    A file without a name is called by its number, and gets its ending once it was looked at.
    """
    linked = by_cookie(request).needing(RIGHTS[purpose])
    case = read_own_case(linked)
    request.prefers = case.application.language
    number = 1 + sum(each.purpose == purpose for each in case.files)
    called = tidy(name) or text(request.language, f"files.unnamed_{purpose}", number=number)
    file, _ = _promise(request, linked, case.application, purpose, called)
    return redirect(request, f"{own_path(request)}/fil/{file.id}", **{WANTED_FIELD: back})


def _promise(
    request: Request,
    linked: LinkedRecords,
    application: Application,
    purpose: Purpose,
    name: str,
) -> tuple[ReceivedFile, dict[str, Any]]:
    return promise_file(
        application,
        file_id=request.doors.new_id(),
        purpose=purpose,
        name=name,
        at=request.at,
        records=linked,
        uploads=request.doors.uploads,
    )


def show_upload_form(request: Request) -> Answer:
    """The form goes straight to the bucket, and the browser comes back to where it was."""
    file, application = _own_file(request)
    back = path_within(request.query.get(WANTED_FIELD, ""))
    if file.standing(request.at) is not Standing.AWAITED or not may_send(application, file.purpose):
        return redirect(request, own_path(request) + back)
    told = {DONE_FIELD: f"sent-{file.purpose}"}
    come_back = link(request.language, own_path(request) + back, **told)
    form = upload_form(
        file, uploads=request.doors.uploads, redirect_to=request.doors.public_url + come_back
    )
    return page(
        request,
        "upload.html",
        send_to=(send_to(request), request.doors.public_url),
        base=own_path(request),
        back=back,
        file=file,
        form=form,
        accept=accepted_kinds(),
        limits=limits(),
    )


def show_content(request: Request) -> Answer:
    """The accepted copy, to be kept and not shown: what is in it has no say on our pages."""
    file, _ = _own_file(request)
    if file.state is not FileState.ACCEPTED:
        raise ProblemError("file_not_accepted")
    archive = request.doors.archive
    if file.size > _LARGEST_ANSWER:
        headers = {"Location": archive.presign_get(file.accepted_key, file_name=file.name)}
        return Response(HTTPStatus.FOUND, content_type=None, body="", headers=headers)
    headers = {
        "Content-Disposition": disposition(file.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    data = archive.read(file.accepted_key)
    return Response(HTTPStatus.OK, file.media_type, data, headers)


def remove_by_form(request: Request) -> Answer:
    back = path_within(request.read_form().get("back", ""))
    file, _ = _own_file(request)
    remove_file(
        file.application_id,
        file.id,
        at=request.at,
        records=by_cookie(request).needing(RIGHTS[file.purpose]),
    )
    told = {DONE_FIELD: f"removed-{file.purpose}"}
    return redirect(request, own_path(request) + back, **told)


def _show(request: Request, purpose: Purpose) -> Answer:
    case = read_own_case(by_cookie(request))
    request.prefers = case.application.language
    return page(
        request,
        "files.html",
        send_to=send_to(request),
        base=own_path(request),
        files=files_section(request, case, purpose, back=PAGES[purpose], level=0),
    )


def _own_file(request: Request) -> tuple[ReceivedFile, Application]:
    """The file of the path and its application, if the link opens files of its kind."""
    linked = by_cookie(request)
    file = linked.read(ReceivedFile, file_key(linked.link.application_id, request.path["file_id"]))
    application = read_own(request, linked.needing(RIGHTS[file.purpose]) if file else linked)
    if file is None:
        raise ProblemError("not_found")
    return file, application


def _purpose(given: str | None) -> Purpose:
    return next((each for each in PURPOSES if each == given), PURPOSES[0])


def _at(method: str, path: str, answer: Callable[[Request], Answer], right: Right | None) -> Route:
    return Route(method=method, path=f"/sak/<application_id>{path}", answer=answer, right=right)


ROUTES = (
    _at("GET", PAGES["attachments"], show_attachments, RIGHTS["attachments"]),
    _at("GET", PAGES["receipts"], show_receipts, RIGHTS["receipts"]),
    _at("GET", "/filer", show_list, None),
    _at("POST", "/filer", promise_to_script, None),
    _at("POST", "/fil", promise_by_form, None),
    _at("GET", "/fil/<file_id>", show_upload_form, None),
    _at("GET", "/fil/<file_id>/innhold", show_content, None),
    _at("POST", "/fil/<file_id>/fjern", remove_by_form, None),
)
"""What a file needs of its link depends on its kind, which only the file or the form tells."""
