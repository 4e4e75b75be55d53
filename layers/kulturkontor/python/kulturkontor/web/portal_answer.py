"""Accept or decline the place. A «no» is confirmed first, and can be undone until the place is
passed on.
"""

from kulturkontor.decisions import PlaceState
from kulturkontor.participation import open_place
from kulturkontor.programme import OSLO
from kulturkontor.web.answers import Answer, page, redirect, text
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.portal_link import own_path, read_known_own
from kulturkontor.web.portal_place_api import give_answer
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

CONFIRMED = "confirmed"


def show_answer_form(request: Request) -> Answer:
    return _form(request, None)


def receive_answer(request: Request) -> Answer:
    linked = by_cookie(request)
    fields = request.read_form()
    answer = fields.get("answer")
    if answer not in ("yes", "no"):
        return _form(request, ProblemError("answer_missing"))
    if answer == "no" and CONFIRMED not in fields:
        return _ask_again(request)
    application = give_answer(request, linked, accept=answer == "yes")
    accepted = application.place is not None and application.place.state is PlaceState.ACCEPTED
    return redirect(request, own_path(request), gjort="ja" if accepted else "nei")


def _form(request: Request, problem: ProblemError | None) -> Answer:
    application = read_known_own(request, by_cookie(request))
    place = open_place(application)
    if place is None or place.state is PlaceState.PASSED_ON:
        raise ProblemError("place_state")
    answers = {PlaceState.ACCEPTED: "yes", PlaceState.DECLINED: "no"}
    return page(
        request,
        "answer.html",
        status=problem.status if problem else 200,
        base=own_path(request),
        place=place,
        is_late=request.at.astimezone(OSLO).date() > place.answer_by,
        fields={"answer": answers.get(place.state, "")},
        problem=problem,
        errors={"answer": text(request.language, "answer.missing")} if problem else {},
    )


def _ask_again(request: Request) -> Answer:
    application = read_known_own(request, by_cookie(request))
    place = open_place(application)
    if place is None or place.state is PlaceState.PASSED_ON:
        raise ProblemError("place_state")
    return page(request, "answer_no.html", base=own_path(request), application=application)


_PATH = "/sak/<application_id>/svar"
ROUTES = (
    Route(method="GET", path=_PATH, answer=show_answer_form),
    Route(method="POST", path=_PATH, answer=receive_answer),
)
