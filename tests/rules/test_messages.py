"""A mail as it is handed over: text and HTML alike, headers that nobody else can write."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest

from kulturkontor import messages
from kulturkontor.calendar_files import calendar_file
from kulturkontor.links import SecretLink, read_token
from kulturkontor.mails import Enclosure, Mail, Page
from kulturkontor.messages import MessageTooLargeError, Sending, write_message
from kulturkontor.programme import Language
from tests.rules.application_factory import ID, KIFK2, a_mail

KEY = b"a key for tests only"
SENDING = Sending(
    sender="kulturkontor@example.org",
    reply_to="svar@example.org",
    public_url="https://soknad.example.org",
    office_url="https://kontor.example.org",
)
ICS = calendar_file(KIFK2, "nb", gatherings=KIFK2.gatherings)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
ENCLOSURE = Enclosure(key="letters/x.pdf", file_name="KFK2-2026-4601.pdf", sha256="x")
COPY = {"text": "decision_copy", "enclosures": (ENCLOSURE,)}
COPY_VALUES = {
    "municipality": "Bergen kommune",
    "reference": "KFK2-2026-4601",
    "contact": "Kari Prøve",
    "outcome_sentence": "Bergen kommune er tatt opp.",
}
OWN_PAGE = Page(path="/reisekrav/S1", label="application_link", application_id=ID, link_version=2)


def raw(mail: Mail, *enclosures: bytes) -> bytes:
    return write_message(mail, list(enclosures), sending=SENDING, programme=KIFK2, link_key=KEY)


def read(mail: Mail, *enclosures: bytes) -> EmailMessage:
    parsed: Any = BytesParser(policy=policy.default).parsebytes(raw(mail, *enclosures))
    assert isinstance(parsed, EmailMessage)
    return parsed


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    assert part is not None
    content: str = part.get_content()
    return content


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_headers_say_from_whom_about_what_and_where_to_answer(language: Language) -> None:
    message = read(a_mail(language=language))
    programme = KIFK2.name[language]
    assert {key: message[key] for key in ("To", "Reply-To", "Content-Language")} == {
        "To": "kari@example.org",
        "Reply-To": "svar@example.org",
        "Content-Language": language,
    }
    (sender,) = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (KIFK2.organiser, SENDING.sender)
    assert programme in message["Subject"]
    assert "KFK2-2026-4601" in message["Subject"]


def test_text_and_html_say_the_same() -> None:
    message = read(a_mail())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    for kind in ("plain", "html"):
        assert "Bergen kommune" in body(message, kind)
        assert "Kari Prøve" in body(message, kind)
    assert '<html lang="nb"' in body(message, "html")


def test_a_message_goes_through_a_channel_of_seven_bits() -> None:
    """SES keeps to SMTP's seven bits: what is not ASCII must be encoded."""
    long = {"municipality": "Ål " + "æøå" * 30, "reference": "KFK2-2026-4601", "contact": "Ø"}
    for mail in (a_mail(), a_mail(values=long)):
        data = raw(mail)
        assert data.isascii()
        assert max(len(line) for line in data.split(b"\r\n")) <= 998
        assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "value",
    [
        "Kari\r\nBcc: andre@example.org",
        "Kari\nBcc: andre@example.org",
        "Kari\rBcc: andre@example.org",
        "Kari\x0bBcc: andre@example.org\x85\u2028",
    ],
)
def test_a_value_with_line_ends_cannot_write_a_header(value: str) -> None:
    values = {"municipality": value, "reference": value, "contact": value}
    message = read(a_mail(values=values))
    assert "Bcc" not in message
    assert len(message.get_all("Subject", [])) == 1
    assert sorted({key for key, _ in message.items()}) == [
        "Auto-Submitted",
        "Content-Language",
        "Content-Type",
        "From",
        "MIME-Version",
        "Reply-To",
        "Subject",
        "To",
    ]


@pytest.mark.parametrize("to", ["kari@example.org\r\nBcc: b@example.org", "kari@example.org\nX: y"])
def test_an_address_with_line_ends_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        raw(a_mail(to=to))


def test_markup_in_a_value_is_shown_and_not_obeyed() -> None:
    values = {"municipality": "<script>alert(1)</script>", "reference": "x", "contact": "<b>K"}
    found = body(read(a_mail(values=values)), "html")
    assert ("<script>" in found, "<b>K" in found, "&lt;script&gt;" in found) == (
        False,
        False,
        True,
    )


def test_an_attachment_is_whole_and_named_by_its_reference() -> None:
    message = read(a_mail(values=COPY_VALUES, **COPY), PDF)
    (attachment,) = message.iter_attachments()
    assert (
        attachment.get_filename(),
        attachment.get_content_type(),
        attachment.get_content(),
    ) == ("KFK2-2026-4601.pdf", "application/pdf", PDF)


def test_a_missing_attachment_stops_the_mail() -> None:
    with pytest.raises(ValueError, match="zip"):
        raw(a_mail(values=COPY_VALUES, **COPY))


def test_a_message_larger_than_ses_takes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(raw(a_mail(values=COPY_VALUES, **COPY), PDF))
    monkeypatch.setattr(messages, "MAX_MESSAGE_BYTES", size)
    assert len(raw(a_mail(values=COPY_VALUES, **COPY), PDF)) == size
    monkeypatch.setattr(messages, "MAX_MESSAGE_BYTES", size - 100)
    with pytest.raises(MessageTooLargeError):
        raw(a_mail(values=COPY_VALUES, **COPY), PDF)


def test_a_secret_link_is_made_as_the_mail_is_written() -> None:
    values = {"about": "Bergen kommune, referanse KFK2-2026-4601"}
    mail = a_mail(text="new_link", values=values, pages={"application_link": OWN_PAGE})
    message = read(mail)
    start = "https://soknad.example.org/s/"
    for kind in ("plain", "html"):
        text = body(message, kind)
        assert text.count(start) >= 1
        address = text.split(start)[1].split('"')[0].split()[0].rstrip(")>")
        token, _, path = address.partition("?til=")
        assert (read_token(KEY, token), path) == (SecretLink(ID, 2), "/reisekrav/S1")
    assert start not in mail.model_dump_json()


def test_a_calendar_file_goes_along_as_one_that_mail_programs_offer_to_keep() -> None:
    calendar = Enclosure(key="calendar/x.ics", file_name="kifk2-S1.ics", sha256="x")
    message = read(a_mail(**COPY | {"enclosures": (calendar,)}, values=COPY_VALUES), ICS)
    (part,) = message.iter_attachments()
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "PUBLISH")
    assert part.get_filename() == "kifk2-S1.ics"
    assert part.get_payload(decode=True) == ICS
