"""Who has a link to the case: others let in with rights of their own, the contact handed over, and
which of a municipality's applications counts.
"""

from pydantic import ValidationError

from kulturkontor.actions.choose import (
    ChoiceError,
    choose,
    rivals_of,
    to_choose_among,
    told_among,
)
from kulturkontor.actions.people import (
    NewPerson,
    PeopleError,
    hand_over,
    let_in,
    send_person_link,
    take_back,
)
from kulturkontor.application_form import SubmittedContact
from kulturkontor.claim_form import FieldError, field_errors
from kulturkontor.links import BY_LINK
from kulturkontor.people import Right
from kulturkontor.people_notices import RIGHTS_TO_GIVE
from kulturkontor.web.answers import Answer, page, redirect
from kulturkontor.web.linked import by_cookie
from kulturkontor.web.portal_link import case_cookie, own_path, read_own
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

DONE = frozenset({"gitt", "fjernet", "sendt"})
_CONTACT = ("name", "role", "email", "phone")


def show_people(request: Request) -> Answer:
    return _people(request, {}, None)


def give_access(request: Request) -> Answer:
    linked = by_cookie(request)
    fields = request.read_form()
    try:
        person = NewPerson(
            contact=_read_contact(fields, "person"),
            rights=frozenset(each for each in RIGHTS_TO_GIVE if f"right.{each}" in fields),
        )
        let_in(
            linked.link.application_id,
            person,
            person_id=request.doors.new_id(),
            by=BY_LINK,
            at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except PeopleError as fault:
        field = {"no_rights": "rights", "same_address": "person.email"}.get(fault.args[0], "person")
        return _people(request, fields, _refused(field, f"people_{fault.args[0]}"))
    except ProblemError as problem:
        return _people(request, fields, problem)
    return redirect(request, f"{own_path(request)}/tilgang", gjort="gitt")


def remove_access(request: Request) -> Answer:
    linked = by_cookie(request)
    take_back(
        linked.link.application_id,
        request.path["person_id"],
        by=BY_LINK,
        at=request.at,
        records=linked,
    )
    return redirect(request, f"{own_path(request)}/tilgang", gjort="fjernet")


def send_again(request: Request) -> Answer:
    linked = by_cookie(request)
    try:
        send_person_link(
            linked.link.application_id,
            request.path["person_id"],
            by=BY_LINK,
            at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except PeopleError as fault:
        raise ProblemError("not_found") from fault
    return redirect(request, f"{own_path(request)}/tilgang", gjort="sendt")


def _people(request: Request, fields: dict[str, str], problem: ProblemError | None) -> Answer:
    application = read_own(request, by_cookie(request))
    done = request.query.get("gjort", "")
    return page(
        request,
        "people.html",
        status=problem.status if problem else 200,
        base=own_path(request),
        application=application,
        rights=RIGHTS_TO_GIVE,
        fields=fields,
        problem=problem,
        errors=problem.messages(request.language) if problem else {},
        done=done if done in DONE and not problem else None,
    )


def show_hand_over(request: Request) -> Answer:
    return _hand_over_form(request, {}, None)


def receive_hand_over(request: Request) -> Answer:
    """The one who handed over has no link any more, so the next page is the open one."""
    linked = by_cookie(request)
    fields = request.read_form()
    try:
        contact = _read_contact(fields, "contact")
    except ProblemError as problem:
        return _hand_over_form(request, fields, problem)
    after = hand_over(
        linked.link.application_id,
        contact,
        by=BY_LINK,
        at=request.at,
        programme=request.programme,
        records=linked,
        mail_queue=request.doors.mail_queue,
    )
    if after.link_version == linked.link.version:
        return redirect(request, own_path(request))  # the same person as before
    answer = redirect(request, "/overlevert")
    answer.cookies = [case_cookie(request, after.id, "")]
    return answer


def show_handed_over(request: Request) -> Answer:
    return page(request, "handed_over.html")


def _hand_over_form(
    request: Request, fields: dict[str, str], problem: ProblemError | None
) -> Answer:
    application = read_own(request, by_cookie(request))
    return page(
        request,
        "hand_over.html",
        status=problem.status if problem else 200,
        base=own_path(request),
        contact=application.answers.contact,
        fields=fields,
        problem=problem,
        errors=problem.messages(request.language) if problem else {},
    )


def show_choice(request: Request) -> Answer:
    linked = by_cookie(request)
    application = read_own(request, linked)
    _, known = rivals_of(application, linked)
    live = to_choose_among(known)
    return page(
        request,
        "choose.html",
        base=own_path(request),
        application=application,
        live=live,
        is_settled=application in live and len(live) == 1,
        is_open=len(live) > 1 and application in live and not told_among(live),
    )


def receive_choice(request: Request) -> Answer:
    linked = by_cookie(request)
    chosen = request.read_form().get("application", "")
    try:
        choose(
            linked.link.application_id,
            chosen,
            by=BY_LINK,
            at=request.at,
            programme=request.programme,
            records=linked,
            mail_queue=request.doors.mail_queue,
        )
    except ChoiceError as fault:
        raise ProblemError("choice_not_open") from fault
    return redirect(request, f"{own_path(request)}/valg")


def _read_contact(fields: dict[str, str], start: str) -> SubmittedContact:
    """Raises `fields_invalid`, with the fields as the form calls them."""
    typed = {name: fields.get(f"{start}.{name}", "") for name in _CONTACT}
    try:
        return SubmittedContact.model_validate(typed)
    except ValidationError as fault:
        errors = [
            FieldError(f"{start}.{each.path}", each.code, each.values)
            for each in field_errors(fault)
        ]
        raise ProblemError("fields_invalid", errors=errors) from fault


def _refused(field: str, code: str) -> ProblemError:
    return ProblemError("fields_invalid", errors=[FieldError(field, code, {})])


_CASE = "/sak/<application_id>"
ROUTES = (
    Route(method="GET", path=f"{_CASE}/tilgang", answer=show_people, right=Right.CONTACT),
    Route(method="POST", path=f"{_CASE}/tilgang", answer=give_access, right=Right.CONTACT),
    Route(
        method="POST",
        path=f"{_CASE}/tilgang/<person_id>/fjern",
        answer=remove_access,
        right=Right.CONTACT,
    ),
    Route(
        method="POST",
        path=f"{_CASE}/tilgang/<person_id>/lenke",
        answer=send_again,
        right=Right.CONTACT,
    ),
    Route(method="GET", path=f"{_CASE}/overlever", answer=show_hand_over, right=Right.CONTACT),
    Route(method="POST", path=f"{_CASE}/overlever", answer=receive_hand_over, right=Right.CONTACT),
    Route(method="GET", path="/overlevert", answer=show_handed_over),
    Route(method="GET", path=f"{_CASE}/valg", answer=show_choice, right=Right.CONTACT),
    Route(method="POST", path=f"{_CASE}/valg", answer=receive_choice, right=Right.CONTACT),
)
