"""A mail as the message that is sent: text and HTML in the recipient's language, with proper
headers.

Secret links are made here, when the mail is sent, and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr

from pydantic import BaseModel, ConfigDict

from kulturkontor.days import format_date
from kulturkontor.documents import Document, Link, Paragraph, Span, as_html, as_text
from kulturkontor.links import SecretLink, make_token
from kulturkontor.mails import Mail, Page
from kulturkontor.on_behalf import OnBehalf
from kulturkontor.own_words import GROUP_MESSAGE, fill_words
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import Value, phrase
from kulturkontor.wording import programme_values, write

MAX_MESSAGE_BYTES = 38 * 1024 * 1024
"""SES takes 40 MB after encoding."""
_SEVEN_BITS = "quoted-printable"
"""SES keeps to SMTP's seven bits; left to itself the library sends short lines in eight."""


class MessageTooLargeError(ValueError):
    """The mail with its enclosures is larger than SES takes; send them another way."""


class Sending(BaseModel):
    """Who sends, and where the pages are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sender: str
    reply_to: str
    public_url: str
    office_url: str


def write_message(
    mail: Mail, enclosures: list[bytes], *, sending: Sending, programme: Programme, link_key: bytes
) -> bytes:
    """The finished message. Raises TextError when the text and the mail's values do not fit."""
    document = write_document(mail, sending=sending, programme=programme, link_key=link_key)
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((programme.organiser, sending.sender))
    message["To"] = mail.to
    message["Reply-To"] = sending.reply_to
    message["Subject"] = document.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(as_text(document), cte=_SEVEN_BITS)
    message.add_alternative(as_html(document), subtype="html", cte=_SEVEN_BITS)
    for enclosure, data in zip(mail.enclosures, enclosures, strict=True):
        _enclose(message, data, enclosure.file_name)
    message["Content-Language"] = mail.language  # last, or it would go with the first part
    finished = message.as_bytes()
    if len(finished) > MAX_MESSAGE_BYTES:
        raise MessageTooLargeError(mail.id)
    return finished


def write_document(
    mail: Mail, *, sending: Sending, programme: Programme, link_key: bytes
) -> Document:
    """What the mail says. Raises TextError."""
    urls = {
        slot: _url(page, sending=sending, link_key=link_key) for slot, page in mail.pages.items()
    }
    links: dict[str, Value] = {
        slot: Link(label=phrase(mail.language, page.label), url=urls[slot])
        for slot, page in mail.pages.items()
        if page.label
    }
    document = document_of(mail, {**links, **_linked_items(mail, urls)}, programme)
    if mail.registered is None:
        return document
    said = Paragraph((Span(_in_words(mail.registered, mail.language)),))
    return replace(document, blocks=(said, *document.blocks))


def _linked_items(mail: Mail, urls: Mapping[str, str]) -> dict[str, Value]:
    """The lists of which each item is a link."""
    linked: dict[str, list[str | Link]] = {}
    for slot in (slot for slot, page in mail.pages.items() if not page.label):
        name, _, number = slot.partition(".")
        known = mail.values[name]
        words = [str(each) for each in known] if isinstance(known, list) else []
        items = linked.setdefault(name, list(words))
        items[int(number)] = Link(label=str(items[int(number)]), url=urls[slot])
    return dict(linked)


def document_of(mail: Mail, links: Mapping[str, Value], programme: Programme) -> Document:
    """What the mail says, with these links for its pages; staff's own words stand in their frame.
    Raises TextError.
    """
    values: dict[str, Value] = {**mail.values, **links}
    if mail.text == GROUP_MESSAGE:
        known = {**programme_values(programme, mail.language), **values}
        own = fill_words(str(values["subject"]), str(values["words"]), mail.language, known)
        values = {
            "subject": own.subject,
            "reference": values["reference"],
            "words": own.words,
            "about": values["about"],
            "application_link": values["application_link"],
        }
    return write(programme, language=mail.language, name=mail.text, values=values)


def _in_words(registered: OnBehalf, language: Language) -> str:
    """Who registered the step for the municipality, and from what source."""
    return phrase(
        language,
        f"registered_from_{registered.source}",
        by=registered.by,
        day=format_date(registered.day, language),
    )


def _enclose(message: EmailMessage, data: bytes, file_name: str) -> None:
    """A letter (PDF), or a calendar file, which mail programs offer to put in the calendar."""
    if not file_name.endswith(".ics"):
        message.add_attachment(data, maintype="application", subtype="pdf", filename=file_name)
        return
    message.add_attachment(
        data.decode(),
        subtype="calendar",
        params={"method": "PUBLISH"},
        filename=file_name,
        cte="base64",
    )


def _url(page: Page, *, sending: Sending, link_key: bytes) -> str:
    if page.path.startswith("https://"):
        return page.path
    base = sending.office_url if page.office else sending.public_url
    if page.application_id is None or page.link_version is None:
        return f"{base}{page.path}"
    link = SecretLink(page.application_id, page.link_version, page.person)
    wanted = f"?til={page.path}" if page.path else ""
    return f"{base}/s/{make_token(link_key, link)}{wanted}"
