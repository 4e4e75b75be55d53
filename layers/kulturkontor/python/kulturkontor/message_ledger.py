"""What became of a message to a group: each recipient once, with the state of their mail."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from kulturkontor.group_messages import GroupMessage, mail_id_of
from kulturkontor.mails import Mail, MailState

NOT_YET: Final = "not_yet"
"""The mail is not written: the sending stopped on the way."""
GONE: Final = "gone"
"""Taken out of the group, or without an address, between the choice and the writing."""
STATES: Final = (*MailState, NOT_YET, GONE)


class LedgerRow(NamedTuple):
    application: str
    municipality: str
    name: str
    address: str
    mail: str
    """Its id; empty where none was written."""
    state: str


def ledger_of(message: GroupMessage, mails: Iterable[Mail]) -> list[LedgerRow]:
    """In the order of the recipients. `mails`: those of the message that are there."""
    known = {each.id: each for each in mails}
    rows = []
    for number, each in enumerate(message.recipients):
        mail = known.get(mail_id_of(message.id, each))
        if mail is None:
            state = GONE if number < message.written else NOT_YET
            rows.append(LedgerRow(each.application, "", "", "", "", state))
        else:
            place, name = (str(mail.values.get(key, "")) for key in ("municipality", "name"))
            rows.append(LedgerRow(each.application, place, name, mail.to, mail.id, mail.state))
    return rows
