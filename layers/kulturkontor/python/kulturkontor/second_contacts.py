"""Who gets a letter when the contact's address does not take it: the leader who stands behind the
application, else the first other person whom the contact has let in to it.

The leader stands for the municipality and gets the letter as the contact would have, with the link
that answers it. Another person gets a link of their own, with the rights they were given.
"""

from datetime import datetime
from typing import Final, NamedTuple

from kulturkontor.applications import Application
from kulturkontor.mail_states import copy_of
from kulturkontor.mails import Mail
from kulturkontor.people import LinkHolder, Right

SECOND: Final = "second"
_MAY_READ: Final = frozenset({Right.CONTACT, Right.APPLY})


class SecondContact(NamedTuple):
    address: str
    holder: LinkHolder | None
    """None: the leader."""


def second_contact(application: Application, first: str) -> SecondContact | None:
    """Somebody with another address than the one that failed, if there is anybody."""
    failed = first.casefold()
    leader = application.answers.leader.email
    if leader and leader.casefold() != failed:
        return SecondContact(leader, None)
    return next(
        (
            SecondContact(holder.email, holder)
            for holder in application.people
            if holder.rights & _MAY_READ and holder.email and holder.email.casefold() != failed
        ),
        None,
    )


def second_try(mail: Mail, application: Application, now: datetime) -> Mail | None:
    """The same letter to the second contact; None when the municipality has named nobody else."""
    found = second_contact(application, mail.to)
    if found is None:
        return None
    copy = copy_of(mail, SECOND, to=found.address, now=now)
    holder = found.holder
    if holder is None:
        return copy
    own = {"person": holder.id, "link_version": holder.link_version}
    pages = {
        slot: page.model_copy(update=own) if page.application_id else page
        for slot, page in copy.pages.items()
    }
    return copy.but(pages=pages)
