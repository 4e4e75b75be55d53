"""The municipality's own page behind its secret link. Looking changes nothing; only POST does."""

from aws_lambda_powertools.event_handler import Response

from kulturkontor.actions.withdraw import withdraw
from kulturkontor.application_period import phase
from kulturkontor.applications import ApplicationState, rights_of
from kulturkontor.links import BY_LINK
from kulturkontor.web.answers import Answer, page, redirect
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.own_case import read_own_case
from kulturkontor.web.own_page import DONE, own_page_values
from kulturkontor.web.portal_link import own_path, read_known_own, read_own
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route


def show_own_page(request: Request) -> Answer:
    linked = by_cookie(request)
    case = read_own_case(linked)
    request.prefers = case.application.language
    rights = rights_of(case.application, linked.link)
    return page(
        request,
        "own.html",
        base=own_path(request),
        done=request.query.get("gjort") if request.query.get("gjort") in DONE else None,
        **own_page_values(request, case, rights),
    )


def ask_to_withdraw(request: Request) -> Answer:
    application = read_own(request, by_cookie(request))
    return page(
        request,
        "withdraw.html",
        base=own_path(request),
        application=application,
        phase=phase(request.programme, request.at),
    )


def withdraw_by_form(request: Request) -> Answer:
    linked = by_cookie(request)
    receipt = withdraw(
        linked.link.application_id,
        by=BY_LINK,
        at=request.at,
        programme=request.programme,
        records=linked,
        mail_queue=request.doors.mail_queue,
    )
    asked = receipt.state is ApplicationState.WITHDRAWAL_ASKED
    return redirect(request, own_path(request), gjort="trekk-bedt" if asked else "trukket")


def show_letter(request: Request) -> Answer:
    """A letter that was told, as it was sent."""
    application = read_known_own(request, by_cookie(request))
    serial = request.path["serial"]
    told = [
        each for each in application.decisions if each.has_letter and str(each.serial) == serial
    ]
    if not told or told[0].letter is None:
        raise ProblemError("not_found")
    name = f"{application.reference}{'' if serial == '1' else f'-{serial}'}.pdf"
    return Response(
        200,
        "application/pdf",
        request.doors.archive.read(told[0].letter.key),
        {"Content-Disposition": f'attachment; filename="{name}"'},
    )


ROUTES = (
    Route(method="GET", path="/sak/<application_id>", answer=show_own_page, right=None),
    Route(method="GET", path="/sak/<application_id>/trekk", answer=ask_to_withdraw),
    Route(method="POST", path="/sak/<application_id>/trekk", answer=withdraw_by_form),
    Route(method="GET", path="/sak/<application_id>/brev/<serial>", answer=show_letter, right=None),
)
