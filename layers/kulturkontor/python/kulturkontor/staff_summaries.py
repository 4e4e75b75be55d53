"""The summary of the working day: no personal names."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from kulturkontor.applications import ApplicationRow, ApplicationState
from kulturkontor.closing import counts_of
from kulturkontor.days import alphabetical, format_date, format_moment, is_working_day
from kulturkontor.decisions import is_place_free
from kulturkontor.mails import Mail, Value
from kulturkontor.municipalities import municipality
from kulturkontor.programme import OSLO, Programme
from kulturkontor.staff_mail import to_office
from kulturkontor.texts import counted, phrase

_LONGEST_LIST = 60


def staff_summary(
    rows: Sequence[ApplicationRow],
    waiting: Sequence[Mail],
    programme: Programme,
    now: datetime,
    to: str,
) -> Mail:
    """What came in since the last working day's summary, what lacks, what waits; per county."""
    today = now.astimezone(OSLO)
    since = _previous_summary(now)
    counts = counts_of(rows)
    new = [row for row in rows if row.reference and row.received and row.received >= since]
    lacking = [row for row in rows if row.reference and row.gaps and row.is_live]
    counties = Counter(
        municipality(row.kommunenummer).county for row in rows if row.reference and row.is_live
    )
    values: dict[str, Value] = {
        "today": format_date(today.date(), "nb"),
        "clock": today.strftime("%H.%M"),
        "received_count": counts["received"],
        "new_count": len(new),
        "lacking_count": len(lacking),
        "deadline_note": _deadline_note(programme, now),
        "counts": _summary_counts(rows, counts),
        "waiting_on_staff": _waiting(rows, waiting) or None,
        "previous": format_moment(since, "nb"),
        "new_applications": _named(new) or None,
        "lacking_applications": _named(lacking) or None,
        "counties": [
            f"{county}: {count}"
            for county, count in sorted(counties.items(), key=lambda each: alphabetical(each[0]))
        ]
        or None,
    }
    return to_office(programme, now, to, "staff_summary", values, today.date().isoformat())


def _previous_summary(now: datetime) -> datetime:
    """Summaries come on working days; what came since the last one is new."""
    here = now.astimezone(OSLO)
    day = here.date() - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return here.replace(year=day.year, month=day.month, day=day.day)


def _deadline_note(programme: Programme, now: datetime) -> str:
    deadline = format_date(programme.last_application_day, "nb")
    days = (programme.last_application_day - now.astimezone(OSLO).date()).days
    if days > 0:
        left = counted("nb", "days", days)
        return phrase("nb", "staff_days_to_deadline", days=left, deadline=deadline)
    name = "staff_deadline_today" if days == 0 else "staff_deadline_passed"
    return phrase("nb", name, deadline=deadline)


def _summary_counts(rows: Sequence[ApplicationRow], counts: dict[str, int]) -> list[str]:
    competing = sum(row.state is ApplicationState.COMPETING for row in rows)
    drafts = sum(row.state is ApplicationState.DRAFT for row in rows)
    figures = {
        **{key: counts[key] for key in ("received", "complete", "incomplete", "late")},
        "competing": competing,
        "withdrawn": counts["withdrawn"],
        "drafts": drafts,
    }
    return [phrase("nb", f"staff_{key}", count=count) for key, count in figures.items()]


def _waiting(rows: Sequence[ApplicationRow], mails: Sequence[Mail]) -> list[str]:
    asked = sum(row.state is ApplicationState.WITHDRAWAL_ASKED for row in rows)
    free = sum(
        is_place_free(row.place, is_withdrawn=row.state is ApplicationState.WITHDRAWN)
        for row in rows
    )
    held = sum(any(mark.s == "held" for mark in row.letters) for row in rows)
    states = Counter(mail.state for mail in mails)
    figures = {
        "withdrawals": asked,
        "free_places": free,
        "held_letters": held,
        "beds": sum(row.beds for row in rows),
        **{f"mails_{state}": count for state, count in states.items()},
    }
    return [
        phrase("nb", f"staff_waiting_{key}", count=count) for key, count in figures.items() if count
    ]


def _named(rows: Sequence[ApplicationRow]) -> list[str]:
    listed = sorted(
        (f"{municipality(row.kommunenummer).official_name} ({row.reference})" for row in rows),
        key=alphabetical,
    )
    more = len(listed) - _LONGEST_LIST
    if more <= 0:
        return listed
    return [*listed[:_LONGEST_LIST], phrase("nb", "staff_and_more", count=more)]

