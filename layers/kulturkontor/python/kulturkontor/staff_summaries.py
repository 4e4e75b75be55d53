"""The summary for staff, daily or weekly: no personal names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import ApplicationState
from kulturkontor.closing import counts_of
from kulturkontor.days import alphabetical, format_date, format_moment, is_working_day
from kulturkontor.mails import Mail, Value, mail_id
from kulturkontor.municipalities import municipality
from kulturkontor.own_phrases import counted_of, phrase_of
from kulturkontor.programme import OSLO, Programme
from kulturkontor.programme_rules import SummarySection
from kulturkontor.staff_mail import to_office
from kulturkontor.staff_tasks import count_tasks

_LONGEST_LIST = 60
_WEEK = timedelta(days=7)


def is_due(programme: Programme, day: date) -> bool:
    """Whether a summary comes on that day: a working day, or the chosen day of the week. If that is
    a holiday, the next working day has it.
    """
    rules = programme.summary
    if rules.rhythm == "never" or not is_working_day(day):
        return False
    if rules.rhythm == "daily":
        return True
    chosen = day - timedelta(days=(day.isoweekday() - rules.weekday) % 7)
    return not any(is_working_day(chosen + timedelta(days=n)) for n in range((day - chosen).days))


def staff_summary(
    rows: Sequence[ApplicationRow],
    waiting: Sequence[Mail],
    programme: Programme,
    now: datetime,
    to: str,
    release_tasks: Mapping[str, int] | None = None,
) -> Mail | None:
    """What came in since the summary before, what lacks, what waits; of that, what staff have
    chosen. With nothing new a short word while the round goes, else no mail. `release_tasks`: of
    `count_release_tasks`.
    """
    since = _previous_summary(programme, now)
    tasks = _waiting(rows, waiting, release_tasks or {}, programme, now)
    if tasks or any(row.saved >= since for row in rows):
        return _summary(rows, tasks, programme, now, to, since)
    return _nothing_new(rows, programme, now, to, since) if _is_round(programme, now) else None


def _is_round(programme: Programme, now: datetime) -> bool:
    """From the opening until the letters have gone and a week has passed."""
    return programme.opens_at <= now < programme.released_at + _WEEK


def _nothing_new(
    rows: Sequence[ApplicationRow], programme: Programme, now: datetime, to: str, since: datetime
) -> Mail:
    values: dict[str, Value] = {
        "today": format_date(now.astimezone(OSLO).date(), "nb"),
        "previous": format_moment(since, "nb"),
        "received_count": counts_of(rows)["received"],
        "deadline_note": _deadline_note(programme, now),
    }
    return _of_the_day(programme, now, to, "staff_nothing_new", values)


def _summary(
    rows: Sequence[ApplicationRow],
    tasks: list[str],
    programme: Programme,
    now: datetime,
    to: str,
    since: datetime,
) -> Mail:
    today = now.astimezone(OSLO)
    counts = counts_of(rows)
    new = [row for row in rows if row.reference and row.received and row.received >= since]
    lacking = [row for row in rows if row.reference and row.gaps and row.is_live]
    sections: dict[SummarySection, tuple[str, list[str]]] = {
        "counts": ("counts", _summary_counts(rows, counts, programme)),
        "waiting": ("waiting_on_staff", tasks),
        "new": ("new_applications", _named(new, programme)),
        "lacking": ("lacking_applications", _named(lacking, programme)),
        "counties": ("counties", _by_county(rows)),
    }
    values: dict[str, Value] = {
        "today": format_date(today.date(), "nb"),
        "clock": today.strftime("%H.%M"),
        "received_count": counts["received"],
        "new_count": len(new),
        "lacking_count": len(lacking),
        "deadline_note": _deadline_note(programme, now),
        "previous": format_moment(since, "nb"),
        **{
            slot: (lines or None) if section in programme.summary.sections else None
            for section, (slot, lines) in sections.items()
        },
    }
    return _of_the_day(programme, now, to, "staff_summary", values)


def _of_the_day(
    programme: Programme, now: datetime, to: str, text: str, values: dict[str, Value]
) -> Mail:
    """One mail a day, whichever of the two it is."""
    day = now.astimezone(OSLO).date().isoformat()
    return to_office(programme, now, to, text, values, day).but(id=mail_id("staff", "summary", day))


def _previous_summary(programme: Programme, now: datetime) -> datetime:
    """When the summary before this one came; what came since is new."""
    here = now.astimezone(OSLO)
    day = here.date() - timedelta(days=1)
    while not is_due(programme, day):
        day -= timedelta(days=1)
    return here.replace(year=day.year, month=day.month, day=day.day)


def _deadline_note(programme: Programme, now: datetime) -> str:
    deadline = format_date(programme.last_application_day, "nb")
    days = (programme.last_application_day - now.astimezone(OSLO).date()).days
    if days > 0:
        left = counted_of(programme, "nb", "days", days)
        return phrase_of(programme, "nb", "staff_days_to_deadline", days=left, deadline=deadline)
    name = "staff_deadline_today" if days == 0 else "staff_deadline_passed"
    return phrase_of(programme, "nb", name, deadline=deadline)


def _summary_counts(
    rows: Sequence[ApplicationRow], counts: dict[str, int], programme: Programme
) -> list[str]:
    competing = sum(row.state is ApplicationState.COMPETING for row in rows)
    drafts = sum(row.state is ApplicationState.DRAFT for row in rows)
    figures = {
        **{key: counts[key] for key in ("received", "complete", "incomplete", "late")},
        "competing": competing,
        "withdrawn": counts["withdrawn"],
        "drafts": drafts,
    }
    return [
        phrase_of(programme, "nb", f"staff_{key}", count=count) for key, count in figures.items()
    ]


def _by_county(rows: Sequence[ApplicationRow]) -> list[str]:
    counties = Counter(
        municipality(row.kommunenummer).county for row in rows if row.reference and row.is_live
    )
    ordered = sorted(counties.items(), key=lambda each: alphabetical(each[0]))
    return [f"{county}: {count}" for county, count in ordered]


def _waiting(
    rows: Sequence[ApplicationRow],
    mails: Sequence[Mail],
    release_tasks: Mapping[str, int],
    programme: Programme,
    now: datetime,
) -> list[str]:
    states = Counter(mail.state for mail in mails)
    figures = {
        **release_tasks,
        **{f"mails_{state}": count for state, count in states.items()},
        **count_tasks(rows, programme, now),
    }
    return [
        phrase_of(programme, "nb", f"staff_waiting_{key}", count=count)
        for key, count in figures.items()
        if count
    ]


def _named(rows: Sequence[ApplicationRow], programme: Programme) -> list[str]:
    listed = sorted(
        (f"{municipality(row.kommunenummer).official_name} ({row.reference})" for row in rows),
        key=alphabetical,
    )
    more = len(listed) - _LONGEST_LIST
    if more <= 0:
        return listed
    return [*listed[:_LONGEST_LIST], phrase_of(programme, "nb", "staff_and_more", count=more)]
