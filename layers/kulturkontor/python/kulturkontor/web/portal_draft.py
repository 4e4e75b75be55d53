"""The application as a whole behind its link: the task list, and the draft to print."""

from aws_lambda_powertools.event_handler import Response

from kulturkontor.actions.edit import drop_corrections
from kulturkontor.people import Right
from kulturkontor.web.answers import Answer, page, redirect
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.portal_link import own_path, read_own
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route
from kulturkontor.web.task_list import task_list_values

PDF = "application/pdf"


def show_task_list(request: Request) -> Answer:
    application = read_own(request, by_cookie(request))
    return page(
        request,
        "tasks.html",
        is_dropped=request.query.get("gjort") == "angret",
        **task_list_values(request, application),
    )


def drop_by_form(request: Request) -> Answer:
    """Corrections that were not sent are forgotten; what was sent stands."""
    linked = by_cookie(request)
    drop_corrections(
        linked.link.application_id,
        person=linked.link.person,
        at=request.at,
        programme=request.programme,
        records=linked,
    )
    return redirect(request, f"{own_path(request)}/soknad", gjort="angret")


def show_pdf(request: Request) -> Answer:
    """For the leader who must approve it; `versjon=sendt` is the one that was received last. The
    typesetter is loaded only when it is asked for.
    """
    from kulturkontor.application_print import print_application

    application = read_own(request, by_cookie(request))
    as_sent = request.query.get("versjon") == "sendt" and application.reference is not None
    name = application.reference or "utkast"
    return Response(
        200,
        PDF,
        print_application(application, request.programme, request.language, as_sent=as_sent),
        {"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def lead_on(request: Request) -> Answer:
    """Where earlier mails lead."""
    return redirect(request, f"{own_path(request)}/soknad")


ROUTES = (
    Route(
        method="GET", path="/sak/<application_id>/soknad", answer=show_task_list, right=Right.APPLY
    ),
    Route(
        method="POST", path="/sak/<application_id>/angre", answer=drop_by_form, right=Right.APPLY
    ),
    Route(
        method="GET", path="/sak/<application_id>/soknad.pdf", answer=show_pdf, right=Right.APPLY
    ),
    Route(method="GET", path="/sak/<application_id>/rett", answer=lead_on, right=Right.APPLY),
)
