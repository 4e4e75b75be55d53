"""What a municipality has written or said, registered for it: its answer, its withdrawal, another
contact. The group and who comes are in `office_on_behalf_group`.
"""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator

from kulturkontor.actions.apply import read_application
from kulturkontor.actions.on_behalf import (
    register_answer,
    register_contact,
    register_withdrawal,
)
from kulturkontor.application_form import Email, Line, Printed, SubmittedContact, required
from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import PlaceState
from kulturkontor.next_steps import open_place
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.web.source_form import SourceIn, frame_values

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


class ContactIn(SourceIn):
    name: Annotated[Printed, AfterValidator(required)]
    role: Printed = ""
    email: Annotated[Email, AfterValidator(required)]
    phone: Line = ""

    @property
    def contact(self) -> SubmittedContact:
        return SubmittedContact(**self.model_dump(exclude=set(SourceIn.model_fields)))


def show_steps(visit: Visit) -> Answer:
    application = read_application(visit.params["application_id"], visit.records)
    place = open_place(application)
    return page(
        visit,
        "on_behalf",
        **frame_values(visit, application),
        place=place if place and place.state is not PlaceState.PASSED_ON else None,
        may_withdraw=application.state in _WITHDRAWABLE,
        has_place=place is not None and place.state is PlaceState.ACCEPTED,
        gatherings=[each for each in visit.programme.gatherings if not each.is_cancelled],
        contact=application.answers.contact,
    )


def answer(visit: Visit) -> Answer:
    body = visit.sent(AnswerIn)
    changed = register_answer(
        visit.params["application_id"],
        accept=body.answer == "yes",
        registered=body.by(visit.by),
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json(changed) if visit.is_api else _back(visit)


def withdraw(visit: Visit) -> Answer:
    body = visit.sent(WithdrawalIn)
    receipt = register_withdrawal(
        visit.params["application_id"],
        registered=body.by(visit.by),
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json(receipt) if visit.is_api else _back(visit)


def change_contact(visit: Visit) -> Answer:
    body = visit.sent(ContactIn)
    changed = register_contact(
        visit.params["application_id"],
        body.contact,
        registered=body.by(visit.by),
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json(changed) if visit.is_api else _back(visit)


def _back(visit: Visit) -> Answer:
    return redirect(f"/applications/{visit.params['application_id']}#history")


_ONE: Final = "/applications/<application_id>/on-behalf"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_ONE}": show_steps,
    f"POST {_ONE}/answer": answer,
    f"POST {_ONE}/withdrawal": withdraw,
    f"POST {_ONE}/contact": change_contact,
    f"POST /api{_ONE}/answer": answer,
    f"POST /api{_ONE}/withdrawal": withdraw,
    f"POST /api{_ONE}/contact": change_contact,
}
