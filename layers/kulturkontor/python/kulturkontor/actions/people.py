"""The contact lets others in, takes a link back, and hands the case over to a colleague.

Each person has a link of their own with rights of its own; a link that was taken back is dead at
once. What is done after the deadline is allowed as well: people leave their jobs all year.
"""

from collections.abc import Collection
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from kulturkontor import people_notices
from kulturkontor.actions.application_checks import read_application
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_form import Contact, SubmittedContact
from kulturkontor.application_rows import put
from kulturkontor.applications import Application
from kulturkontor.audit import audit
from kulturkontor.people import LinkHolder, Right
from kulturkontor.people_notices import RIGHTS_TO_GIVE
from kulturkontor.programme import Programme
from kulturkontor.records import Records, decide_again
from kulturkontor.refusals import Refusal

MOST_PEOPLE = 12


class PeopleError(Refusal):
    """The person cannot be given a link; `args[0]` is the code of what is wrong: `no_rights`,
    `too_many`, `same_address`, `unknown_person`.
    """

    codes_begin = "people_"


class NewPerson(BaseModel):
    """Somebody to be let in; the contact's rules for names and addresses hold for them too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: SubmittedContact
    rights: frozenset[Right]


def let_in(
    application_id: str,
    person: NewPerson,
    *,
    person_id: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> LinkHolder:
    """A link of their own, by mail. Somebody already let in gets the new rights and a new link."""
    rights = person.rights & frozenset(RIGHTS_TO_GIVE)
    if not rights:
        raise PeopleError("no_rights")

    def attempt() -> LinkHolder:
        application = read_application(application_id, records)
        address = person.contact.email
        if address.casefold() == application.answers.contact.email.casefold():
            raise PeopleError("same_address")
        known = next(
            (each for each in application.people if each.email.casefold() == address.casefold()),
            None,
        )
        if known is not None and (known.name, known.rights) == (person.contact.name, rights):
            return known  # the same button twice
        if known is None and len(application.people) >= MOST_PEOPLE:
            raise PeopleError("too_many")
        holder = LinkHolder(
            id=known.id if known else person_id,
            name=person.contact.name,
            email=address,
            rights=rights,
            link_version=known.link_version + 1 if known else 1,
            added_at=at,
        )
        others = [each for each in application.people if each is not known]
        changed = application.but(people=(*others, holder))
        note = audit(
            application,
            f"link#{holder.id}#{holder.link_version}",
            by=by,
            at=at,
            before=_said(known.rights) if known else "",
            after=_said(rights),
        )
        mail = people_notices.link_given(changed, holder, programme, at)
        commit([*put(changed), note], [mail], records=records, mail_queue=mail_queue)
        return holder

    return decide_again(attempt)


def take_back(
    application_id: str, person_id: str, *, by: str, at: datetime, records: Records
) -> None:
    """The link is dead from now on; taken back twice is taken back."""

    def attempt() -> None:
        application = read_application(application_id, records)
        gone = next((each for each in application.people if each.id == person_id), None)
        if gone is None:
            return
        rest = tuple(each for each in application.people if each.id != person_id)
        what = f"link_removed#{person_id}#{gone.link_version}"
        note = audit(application, what, by=by, at=at, before=_said(gone.rights))
        records.write(*put(application.but(people=rest)), note)

    decide_again(attempt)


def send_person_link(
    application_id: str,
    person_id: str,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> None:
    """A new link to somebody who lost theirs; the one before is dead."""

    def attempt() -> None:
        application = read_application(application_id, records)
        known = {each.id: each for each in application.people}
        if person_id not in known:
            raise PeopleError("unknown_person")
        holder = known[person_id].model_copy(
            update={"link_version": known[person_id].link_version + 1}
        )
        changed = application.but(people=tuple((known | {person_id: holder}).values()))
        what = f"link_renewed#{person_id}#{holder.link_version}"
        note = audit(application, what, by=by, at=at, after=_said(holder.rights))
        mail = people_notices.link_given(changed, holder, programme, at)
        commit([*put(changed), note], [mail], records=records, mail_queue=mail_queue)

    decide_again(attempt)


def hand_over(
    application_id: str,
    contact: SubmittedContact,
    *,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """Another contact from now on: every link of the one before is dead, and both are told.

    What was sent stays as it was sent; only whom the office writes to changes.
    """

    becomes = Contact.model_validate(contact.model_dump())

    def attempt() -> Application:
        before = read_application(application_id, records)
        if before.answers.contact == becomes:
            return before
        after = before.but(
            answers=before.answers.model_copy(update={"contact": becomes}),
            pending=before.pending and before.pending.model_copy(update={"contact": becomes}),
            people=tuple(
                each for each in before.people if each.email.casefold() != contact.email.casefold()
            ),
            link_version=before.link_version + 1,
            saved_at=at,
        )
        mails = people_notices.handed_over(before, after, programme, at)
        note = audit(
            before,
            f"contact#{after.link_version}",
            by=by,
            at=at,
            before=str(before.link_version),
            after=str(after.link_version),
        )
        commit([*put(after), note], mails, records=records, mail_queue=mail_queue)
        return after

    return decide_again(attempt)


def _said(rights: Collection[Right]) -> str:
    return ",".join(sorted(rights))
