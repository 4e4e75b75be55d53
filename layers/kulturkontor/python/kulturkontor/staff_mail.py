"""How a mail to staff or finance is made: one text for all notices, with its title, what it is
about and what to do.
"""

from datetime import datetime

from kulturkontor.mails import Mail, Page, Value, mail_id
from kulturkontor.programme import Programme


def notice(
    programme: Programme,
    now: datetime,
    to: str,
    what: tuple[object, ...],
    title: str,
    message: str,
    details: list[str],
    actions: list[str],
) -> Mail:
    """A notice to the office; the same `what` again is the same mail."""
    values: dict[str, Value] = {
        "title": title,
        "heading": title[:1].upper() + title[1:],
        "message": message,
        "details": details or None,
        "actions": actions or None,
    }
    return to_office(programme, now, to, "staff_notice", values, *what)


def to_office(
    programme: Programme,
    now: datetime,
    to: str,
    text: str,
    values: dict[str, Value],
    *parts: object,
) -> Mail:
    return Mail(
        id=mail_id("staff", text, *parts),
        programme=programme.id,
        to=to,
        language="nb",
        text=text,
        values=values,
        pages={"office_link": Page(path="/", label="office_link", office=True)},
        queued_at=now,
    )
