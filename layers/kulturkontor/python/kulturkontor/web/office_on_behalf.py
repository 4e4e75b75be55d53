"""What a municipality has written or said, registered for it: its answer, its withdrawal, another
contact, who else has a link. The group and the gatherings have modules of their own.
"""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator

from kulturkontor.actions.application_checks import read_application
from kulturkontor.actions.on_behalf_steps import (
    register_answer,
    register_contact,
    register_link_taken_back,
    register_new_link,
    register_person,
    register_withdrawal,
)
from kulturkontor.actions.people import NewPerson
from kulturkontor.actions.read_known import read_known
from kulturkontor.application_form import Email, Line, Printed, SubmittedContact, required
from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import PlaceState
from kulturkontor.participation import open_place
from kulturkontor.people import Right
from kulturkontor.people_notices import RIGHTS_TO_GIVE
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.web.source_form import SourceIn, frame_values, registrar

_WITHDRAWABLE: Final = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.COMPETING,
)


class AnswerIn(SourceIn):
    answer: Literal["yes", "no"]


class WithdrawalIn(SourceIn):
    """`sure`: the box that says that it is meant."""

    sure: Literal["yes"]


class _PersonIn(SourceIn):
    name: Annotated[Printed, AfterValidator(required)]
    email: Annotated[Email, AfterValidator(required)]


class ContactIn(_PersonIn):
    role: Printed = ""
    phone: Line = ""

    @property
    def contact(self) -> SubmittedContact:
        return SubmittedContact(**self.model_dump(exclude=set(SourceIn.model_fields)))


class AccessIn(_PersonIn):
    """A field for each right that can be given."""

    apply: bool = False
    members: bool = False
    claims: bool = False

    @property
    def person(self) -> NewPerson:
        rights = frozenset(Right(each) for each in RIGHTS_TO_GIVE if getattr(self, each))
        return NewPerson(contact=SubmittedContact(name=self.name, email=self.email), rights=rights)


class LinkIn(SourceIn):
    """`person`: the id of who has a link."""

    person: str
    link: Literal["renew", "take_back"]


def show_steps(visit: Visit) -> Answer:
    application = read_application(visit.params["application_id"], visit.records)
    place = open_place(read_known(application, visit.records))
    return page(
        visit,
        "on_behalf",
        **frame_values(visit, application),
        place=place if place and place.state is not PlaceState.PASSED_ON else None,
        may_withdraw=application.state in _WITHDRAWABLE,
        has_place=place is not None and place.state is PlaceState.ACCEPTED,
        gatherings=[each for each in visit.programme.gatherings if not each.is_cancelled],
        contact=application.answers.contact,
        rights=RIGHTS_TO_GIVE,
    )


def answer(visit: Visit) -> Answer:
    body = visit.sent(AnswerIn)
    return _done(visit, register_answer(registrar(visit, body), accept=body.answer == "yes"))


def withdraw(visit: Visit) -> Answer:
    body = visit.sent(WithdrawalIn)
    return _done(visit, register_withdrawal(registrar(visit, body)))


def change_contact(visit: Visit) -> Answer:
    body = visit.sent(ContactIn)
    return _done(visit, register_contact(registrar(visit, body), body.contact))


def give_access(visit: Visit) -> Answer:
    body, new_id = visit.sent(AccessIn), visit.doors.new_id()
    return _done(visit, register_person(registrar(visit, body), body.person, person_id=new_id))


def change_link(visit: Visit) -> Answer:
    body = visit.sent(LinkIn)
    does = register_new_link if body.link == "renew" else register_link_taken_back
    does(registrar(visit, body), body.person)
    return _done(visit, read_application(visit.params["application_id"], visit.records).people)


def _done(visit: Visit, registered: object) -> Answer:
    if visit.is_api:
        return as_json(registered)
    return redirect(f"/applications/{visit.params['application_id']}#history")


_ONE: Final = "/applications/<application_id>/on-behalf"
_STEPS: Final[dict[str, Handler]] = {
    "answer": answer,
    "withdrawal": withdraw,
    "contact": change_contact,
    "access": give_access,
    "link": change_link,
}
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_ONE}": show_steps,
    **{f"POST {_ONE}/{step}": does for step, does in _STEPS.items()},
    **{f"POST /api{_ONE}/{step}": does for step, does in _STEPS.items()},
}
