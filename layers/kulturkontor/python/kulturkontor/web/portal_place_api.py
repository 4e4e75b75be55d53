"""The JSON API after the decision, and of files: uploads, the answer to an offer, the group."""

from kulturkontor.actions.answer import answer_offer, register_participants
from kulturkontor.applications import Application
from kulturkontor.links import BY_LINK
from kulturkontor.people import Participants, Right
from kulturkontor.web.answers import Answer, as_json
from kulturkontor.web.api_models import (
    Files,
    NewFile,
    ParticipantsOut,
    PlaceAnswer,
    PlaceOut,
    PromisedFile,
)
from kulturkontor.web.linked import LinkedRecords, by_bearer
from kulturkontor.web.own_case import file_out, read_own_case
from kulturkontor.web.portal_files import promise_as_json
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route


def promise_upload(request: Request) -> Answer:
    return promise_as_json(request, by_bearer(request))


def show_files(request: Request) -> Answer:
    case = read_own_case(by_bearer(request))
    request.prefers = case.application.language
    return as_json(Files(files=tuple(file_out(each, request.language) for each in case.files)))


def answer_place(request: Request) -> Answer:
    linked = by_bearer(request)
    body = request.read_json(PlaceAnswer)
    application = give_answer(request, linked, accept=body.accept)
    if application.place is None:
        raise ProblemError("place_state")
    return as_json(PlaceOut(place=application.place))


def give_answer(request: Request, linked: LinkedRecords, *, accept: bool) -> Application:
    return answer_offer(
        linked.link.application_id,
        accept=accept,
        by=BY_LINK,
        at=request.at,
        programme=request.programme,
        records=linked,
        mail_queue=request.doors.mail_queue,
    )


def register_group(request: Request) -> Answer:
    linked = by_bearer(request)
    group = request.read_json(Participants)
    application = register_participants(
        linked.link.application_id,
        group,
        by=linked.link.by,
        at=request.at,
        programme=request.programme,
        records=linked,
        mail_queue=request.doors.mail_queue,
    )
    return as_json(ParticipantsOut(participants=application.participants))


_SECURED = (401, 404, 410)
_READ = (400, 413, 415, 422)

ROUTES = (
    Route(
        method="POST",
        path="/api/applications/<application_id>/files",
        answer=promise_upload,
        right=None,
        summary="Ask for a place to upload one file to",
        takes=NewFile,
        gives={201: PromisedFile},
        refuses=(*_SECURED, *_READ, 409),
        needs_link=True,
    ),
    Route(
        method="GET",
        path="/api/applications/<application_id>/files",
        answer=show_files,
        right=None,
        summary="The files, each with what became of it",
        gives={200: Files},
        refuses=_SECURED,
        needs_link=True,
    ),
    Route(
        method="POST",
        path="/api/applications/<application_id>/answer",
        answer=answer_place,
        summary="Accept or decline the place",
        takes=PlaceAnswer,
        gives={200: PlaceOut},
        refuses=(*_SECURED, *_READ, 409),
        needs_link=True,
    ),
    Route(
        method="PUT",
        path="/api/applications/<application_id>/participants",
        answer=register_group,
        right=Right.MEMBERS,
        summary="Register the whole group",
        takes=Participants,
        gives={200: ParticipantsOut},
        refuses=(*_SECURED, *_READ, 409),
        needs_link=True,
    ),
)
