"""A mail as its recipient will get it, for the page that staff read before they send it."""

from typing import Any

from kulturkontor.documents import as_data
from kulturkontor.mails import Mail
from kulturkontor.messages import document_of
from kulturkontor.programme import Programme
from kulturkontor.texts import phrase


def as_received(mail: Mail, programme: Programme) -> dict[str, Any]:
    """`to`, `language`, `subject` and `blocks` (text_parts.html writes them); of a link only its
    name, for it is not for us.
    """
    names = {
        slot: phrase(mail.language, each.label) for slot, each in mail.pages.items() if each.label
    }
    document = document_of(mail, names, programme)
    return {
        "to": mail.to,
        "language": mail.language,
        "subject": document.subject,
        "blocks": as_data(document),
    }
