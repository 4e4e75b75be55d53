"""Calendar files: all gatherings, one of them, and a feed of a case's own with its meetings.

A calendar program asks again and again, without cookies: what shows more than the announcement has
an address of its own, which opens nothing else.
"""

from aws_lambda_powertools.event_handler import Response

from kulturkontor.actions.read_known import read_known
from kulturkontor.applications import Application, application_key, rights_of
from kulturkontor.calendar_files import MEDIA_TYPE, calendar_file
from kulturkontor.decisions import PlaceState
from kulturkontor.links import InvalidLinkError, read_feed_token
from kulturkontor.participation import open_place
from kulturkontor.web.answers import Answer
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

_ENDING = ".ics"
_FOR_ALL = "public, max-age=300"
_FOR_ONE = "private, max-age=300"


def show_all(request: Request) -> Answer:
    data = calendar_file(
        request.programme, request.language, gatherings=request.programme.gatherings
    )
    return _answer(data, request.programme.id, _FOR_ALL)


def show_one(request: Request) -> Answer:
    """`S1.ics` is that gathering's; anything longer is a feed's secret part."""
    name = request.path["file"]
    if not name.endswith(_ENDING):
        raise ProblemError("not_found")
    wanted = name.removesuffix(_ENDING)
    gathering = request.programme.gathering(wanted)
    if gathering is None:
        return _show_feed(request, wanted)
    data = calendar_file(request.programme, request.language, gatherings=[gathering])
    return _answer(data, f"{request.programme.id}-{gathering.id}", _FOR_ALL)


def _show_feed(request: Request, token: str) -> Answer:
    """A dead address is one that is not there: a calendar cannot ask for a new link."""
    try:
        link = read_feed_token(request.doors.link_key(), token)
        application = request.doors.records.read(Application, application_key(link.application_id))
        if application is None:
            raise ProblemError("not_found")
        rights_of(application, link)
    except InvalidLinkError as fault:
        raise ProblemError("not_found") from fault
    application = read_known(application, request.doors.records)
    request.prefers = application.mail_language
    place = open_place(application)
    takes_part = place is not None and place.state is PlaceState.ACCEPTED
    data = calendar_file(
        request.programme,
        request.language,
        gatherings=request.programme.gatherings,
        meetings=request.programme.coordinator_meetings if takes_part else (),
    )
    return _answer(data, request.programme.id, _FOR_ONE)


def _answer(data: bytes, name: str, cache: str) -> Answer:
    headers = {
        "Cache-Control": cache,
        "Content-Disposition": f'attachment; filename="{name}{_ENDING}"',
        "Vary": "Accept-Encoding, Accept-Language",
    }
    content_type = f"{MEDIA_TYPE}; charset=utf-8; method=PUBLISH"
    return Response(
        200, content_type=content_type, body=data.decode(), headers=headers, compress=True
    )


ROUTES = (
    Route(method="GET", path="/kalender.ics", answer=show_all, right=None),
    Route(method="GET", path="/kalender/<file>", answer=show_one, right=None),
)
