"""The mails to reviewers: what they have been given, and what they have left. They name no
application and nobody in one; the link goes to the reviewer's own list, behind the sign-in.
"""

from datetime import datetime, timedelta
from typing import Final

from kulturkontor.days import format_moment
from kulturkontor.mails import Mail, Page, mail_id
from kulturkontor.office_users import OfficeUser
from kulturkontor.own_phrases import counted_of
from kulturkontor.programme import Programme

TOGETHER: Final = timedelta(minutes=15)
"""What is given to somebody by hand in the same quarter of an hour is told in one mail."""


def assigned_mail_id(user: OfficeUser, begun_at: datetime) -> str:
    """Of a dealing, or of the quarter of an hour in which applications are given by hand."""
    return mail_id("staff", "reviewer_assigned", user.id, begun_at.strftime("%Y%m%dT%H%M%S%f"))


def quarter_of(at: datetime) -> datetime:
    """When the quarter of an hour began."""
    return at - (at - at.replace(minute=0, second=0, microsecond=0)) % TOGETHER


def assigned(id: str, user: OfficeUser, count: int, programme: Programme, now: datetime) -> Mail:
    """`count`: how many they were given."""
    return _to_reviewer("reviewer_assigned", id, user, count, programme, now)


def reminder(
    user: OfficeUser, left: int, programme: Programme, now: datetime, days_left: int
) -> Mail:
    """`left`: how many they have not submitted points for; one mail for each deadline and day."""
    day = programme.last_assessment_day
    id = mail_id("staff", "reviewer_reminder", user.id, day, days_left)
    return _to_reviewer("reviewer_reminder", id, user, left, programme, now)


def _to_reviewer(
    text: str, id: str, user: OfficeUser, count: int, programme: Programme, now: datetime
) -> Mail:
    return Mail(
        id=id,
        programme=programme.id,
        to=user.email,
        language=user.language,
        text=text,
        values={
            "to_assess": counted_of(programme, user.language, "applications", count),
            "assess_by": format_moment(programme.assessment_closes_at, user.language),
        },
        pages={"assessment_link": Page(path="/assessment", label="assessment_link", office=True)},
        queued_at=now,
    )
