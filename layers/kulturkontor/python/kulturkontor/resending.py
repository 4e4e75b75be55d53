"""A mail that is sent once more: whose address it was, and what the copy opens.

An address that was wrong is corrected where it is kept, so that the next mail goes right. Whoever
got mail at the wrong address has a link: it is dead from then on, and the copy carries the new one.
A copy opens the case only for those whom the case is open to as it stands now.
"""

from collections.abc import Callable
from typing import NamedTuple

from kulturkontor.application_form import Answers
from kulturkontor.applications import Application
from kulturkontor.mails import Mail, Page


class Mended(NamedTuple):
    """`places`: where the address was kept, as the history calls them."""

    application: Application
    places: tuple[str, ...]


def mend_address(application: Application, wrong: str, right: str) -> Mended:
    """The address corrected wherever it is kept; no places where nobody of the application has
    it, where it is erased, and where the other one is the contact's or the leader's already: they
    stay who they are, and the copy only goes to them.
    """
    becomes, places = application, list[str]()
    if not wrong or right.casefold() in {wrong.casefold(), *_in_charge(application)}:
        return Mended(application, ())
    for place, mend in _PLACES.items():
        mended = mend(becomes, wrong.casefold(), right)
        if mended != becomes:
            becomes = mended
            places.append(place)
    return Mended(becomes, tuple(places))


def _in_charge(application: Application) -> set[str]:
    answers = application.answers
    return {answers.contact.email.casefold(), answers.leader.email.casefold()}


def _mend_contact(application: Application, wrong: str, right: str) -> Application:
    """As when the case is handed over: who has a link of their own at that address is the contact
    now.
    """
    mended = _with_answers(application, lambda each: _contact(each, wrong, right))
    if application.answers.contact.email.casefold() != wrong:
        return mended
    return mended.but(
        link_version=application.link_version + 1,
        people=tuple(
            each for each in application.people if each.email.casefold() != right.casefold()
        ),
    )


def _mend_leader(application: Application, wrong: str, right: str) -> Application:
    return _with_answers(application, lambda each: _leader(each, wrong, right))


def _mend_people(application: Application, wrong: str, right: str) -> Application:
    people = tuple(
        each.model_copy(update={"email": right, "link_version": each.link_version + 1})
        if each.email.casefold() == wrong
        else each
        for each in application.people
    )
    return application if people == application.people else application.but(people=people)


def _mend_group(application: Application, wrong: str, right: str) -> Application:
    group = tuple(
        each.model_copy(update={"email": right}) if each.email.casefold() == wrong else each
        for each in application.participants
    )
    return application if group == application.participants else application.but(participants=group)


_PLACES = {
    "contact_address": _mend_contact,
    "leader_address": _mend_leader,
    "person_address": _mend_people,
    "member_address": _mend_group,
}


def _with_answers(application: Application, mend: Callable[[Answers], Answers]) -> Application:
    """What was sent, and the corrections that are not sent yet."""
    answers = mend(application.answers)
    pending = application.pending and mend(application.pending)
    if (answers, pending) == (application.answers, application.pending):
        return application
    return application.but(answers=answers, pending=pending)


def _contact(answers: Answers, wrong: str, right: str) -> Answers:
    if answers.contact.email.casefold() != wrong:
        return answers
    contact = answers.contact.model_copy(update={"email": right})
    return answers.model_copy(update={"contact": contact})


def _leader(answers: Answers, wrong: str, right: str) -> Answers:
    if answers.leader.email.casefold() != wrong:
        return answers
    leader = answers.leader.model_copy(update={"email": right})
    return answers.model_copy(update={"leader": leader})


def as_it_stands(copy: Mail, application: Application) -> Mail:
    """The copy with the links that its recipient has now, and the contact's name as it is now. For
    anybody else its links stay as they were: those that a newer one has replaced open nothing.
    """
    pages = {
        slot: _page(page, copy.to.casefold(), application) for slot, page in copy.pages.items()
    }
    contact = application.answers.contact
    if not is_of_contact(copy) or copy.to.casefold() != contact.email.casefold():
        return copy.but(pages=pages)
    values = dict(copy.values)
    values.update((slot, contact.name) for slot in ("contact", "name") if slot in values)
    return copy.but(pages=pages, values=values)


def is_of_contact(mail: Mail) -> bool:
    """Whether it carries the link of whoever is the contact."""
    return any(page.application_id and not page.person for page in mail.pages.values())


def _page(page: Page, to: str, application: Application) -> Page:
    version = _version(page, to, application) if page.application_id == application.id else None
    return page.model_copy(update={"link_version": version}) if version else page


def _version(page: Page, to: str, application: Application) -> int | None:
    """The link that opens that page to whom the copy goes; the leader stands in for the contact,
    as in `second_contacts`.
    """
    if page.person:
        holders = [each for each in application.people if each.id == page.person]
        own = [each.link_version for each in holders if each.email.casefold() == to]
        return own[0] if own else None
    return application.link_version if to in _in_charge(application) else None
