"""The municipality's own page behind its secret link. Looking changes nothing; only POST does."""

from aws_lambda_powertools.event_handler import Response

from kulturkontor.actions.receive_files import upload_form
from kulturkontor.actions.withdraw import withdraw
from kulturkontor.application_form import tidy
from kulturkontor.applications import ApplicationState, Right, phase
from kulturkontor.decisions import PlaceState
from kulturkontor.received_files import FileState, ReceivedFile, file_key
from kulturkontor.uploads import DEFAULT_LIMITS
from kulturkontor.web.answers import Answer, link, page, redirect
from kulturkontor.web.api_models import claim_receipt
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.own_case import read_own_case
from kulturkontor.web.own_page import DONE, own_page_values
from kulturkontor.web.portal_link import own_path, read_own
from kulturkontor.web.portal_place_api import PURPOSES, give_answer, promise
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route


def show_own_page(request: Request) -> Answer:
    case = read_own_case(by_cookie(request))
    request.prefers = case.application.language
    return page(
        request,
        "own.html",
        base=own_path(request),
        done=request.query.get("gjort") if request.query.get("gjort") in DONE else None,
        **own_page_values(request, case),
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
        at=request.at,
        programme=request.programme,
        records=linked,
        mail_queue=request.doors.mail_queue,
    )
    asked = receipt.state is ApplicationState.WITHDRAWAL_ASKED
    return redirect(request, own_path(request), gjort="trekk-bedt" if asked else "trukket")


def answer_by_form(request: Request) -> Answer:
    linked = by_cookie(request)
    answer = request.read_form().get("answer")
    if answer not in ("yes", "no"):
        return redirect(request, own_path(request), gjort="svar-mangler")
    application = give_answer(request, linked, accept=answer == "yes")
    accepted = application.place is not None and application.place.state is PlaceState.ACCEPTED
    return redirect(request, own_path(request), gjort="ja" if accepted else "nei")


def promise_by_form(request: Request) -> Answer:
    linked = by_cookie(request)
    fields = request.read_form()
    purpose = next((each for each in PURPOSES if each == fields.get("purpose")), PURPOSES[0])
    name = tidy(fields.get("name", ""))
    if not name:
        return redirect(request, own_path(request), gjort="filnavn-mangler")
    file, _ = promise(request, linked, purpose, name)
    return redirect(request, f"{own_path(request)}/fil/{file.id}")


def show_upload_form(request: Request) -> Answer:
    """The form goes straight to the bucket, and the browser comes back here."""
    linked = by_cookie(request)
    application = read_own(request, linked)
    file = linked.read(ReceivedFile, file_key(application.id, request.path["file_id"]))
    if file is None:
        raise ProblemError("not_found")
    if file.state is not FileState.WAITING:
        return redirect(request, own_path(request))
    back = link(request.language, own_path(request), gjort="fil")
    form = upload_form(
        file, uploads=request.doors.uploads, redirect_to=f"{request.doors.public_url}{back}"
    )
    origin = "/".join(str(form["url"]).split("/", 3)[:3])
    return page(
        request,
        "upload.html",
        send_to=f"{origin} {request.doors.public_url}",
        base=own_path(request),
        file=file,
        form=form,
        megabytes=DEFAULT_LIMITS.max_bytes // 1_000_000,
    )


def show_letter(request: Request) -> Answer:
    """A letter that was told, as it was sent."""
    application = read_own(request, by_cookie(request))
    serial = request.path["serial"]
    told = [each for each in application.decisions if each.is_told and str(each.serial) == serial]
    if not told or told[0].letter is None:
        raise ProblemError("not_found")
    name = f"{application.reference}{'' if serial == '1' else f'-{serial}'}.pdf"
    return Response(
        200,
        "application/pdf",
        request.doors.archive.read(told[0].letter.key),
        {"Content-Disposition": f'attachment; filename="{name}"'},
    )


def show_claim_page(request: Request) -> Answer:
    case = read_own_case(by_cookie(request))
    request.prefers = case.application.language
    gathering = request.programme.gathering(request.path["gathering"])
    if gathering is None or not any(each.is_told for each in case.application.decisions):
        raise ProblemError("not_found")
    claim = case.claims.get(gathering.id)
    return page(
        request,
        "claim.html",
        base=own_path(request),
        gathering=gathering,
        deadline=request.programme.claim_deadline(gathering),
        claim=claim,
        receipt=claim_receipt(claim, programme=request.programme, language=request.language)
        if claim
        else None,
    )


ROUTES = (
    Route(method="GET", path="/sak/<application_id>", answer=show_own_page, right=None),
    Route(method="GET", path="/sak/<application_id>/trekk", answer=ask_to_withdraw),
    Route(method="POST", path="/sak/<application_id>/trekk", answer=withdraw_by_form),
    Route(method="POST", path="/sak/<application_id>/svar", answer=answer_by_form),
    Route(method="POST", path="/sak/<application_id>/fil", answer=promise_by_form, right=None),
    Route(
        method="GET",
        path="/sak/<application_id>/fil/<file_id>",
        answer=show_upload_form,
        right=None,
    ),
    Route(method="GET", path="/sak/<application_id>/brev/<serial>", answer=show_letter, right=None),
    Route(
        method="GET",
        path="/sak/<application_id>/reisekrav/<gathering>",
        answer=show_claim_page,
        right=Right.CLAIMS,
    ),
)
