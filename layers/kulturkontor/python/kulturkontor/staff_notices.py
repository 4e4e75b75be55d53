"""The mails to staff and finance: summary, preflight, and what needs a person. In bokmål; no
personal names.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from kulturkontor.applications import Application, ApplicationRow, ApplicationState
from kulturkontor.closing import Closing, counts_of
from kulturkontor.days import alphabetical, format_date, format_moment, is_working_day
from kulturkontor.decisions import DecisionLetter, Outcome, PlaceState, is_place_free
from kulturkontor.mails import Mail, Page, Value, mail_id
from kulturkontor.money import format_kroner
from kulturkontor.municipalities import municipality
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import OSLO, Programme
from kulturkontor.release import Concern
from kulturkontor.retention import ErasurePlan
from kulturkontor.sheet_imports import SheetImport
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
    return _to_office(programme, now, to, "staff_summary", values, today.date().isoformat())


def preflight(
    concerns: Sequence[Concern],
    rows: Sequence[ApplicationRow],
    days: int,
    programme: Programme,
    now: datetime,
    to: str,
) -> Mail:
    """What must be mended before the letters go, and what will be sent."""
    listed = [_concern(concern, programme) for concern in concerns]
    outcomes = Counter(row.outcome for row in rows if row.is_live and row.outcome)
    values: dict[str, Value] = {
        "days_left": counted("nb", "days", days),
        "problem_count": counted("nb", "staff_problems", len(concerns))
        if concerns
        else phrase("nb", "staff_no_problems"),
        "verdict": phrase("nb", f"staff_verdict_{'not_ready' if concerns else 'ready'}"),
        "problems": listed or None,
        "warnings": None,
        "counts": [
            phrase("nb", f"staff_count_{outcome}", count=outcomes[outcome]) for outcome in Outcome
        ],
    }
    return _to_office(programme, now, to, "preflight", values, days)


def letter_held(
    application: Application,
    letter: DecisionLetter,
    programme: Programme,
    now: datetime,
    to: str,
) -> Mail:
    here = municipality(application.kommunenummer)
    decided_at = application.decisions[-1].decided_at.astimezone(OSLO)
    return _notice(
        programme,
        now,
        to,
        ("letter_held", application.id, decided_at.strftime("%Y%m%dT%H%M%S%f")),
        phrase("nb", "staff_letter_held_title", reference=application.reference or ""),
        phrase("nb", "staff_letter_held", municipality=here.letter_name),
        [letter.held_because],
        [phrase("nb", "staff_letter_held_action")],
    )


def closed(
    closing: Closing, applications: int, programme: Programme, now: datetime, to: str
) -> Mail:
    """The application period is over: what was certified."""
    return _notice(
        programme,
        now,
        to,
        ("closed", closing.number),
        phrase("nb", "staff_closed_title"),
        phrase("nb", "staff_closed", applications=counted("nb", "applications", applications)),
        [phrase("nb", "staff_closed_hash", sha256=closing.sha256)],
        [],
    )


def sheet_faulty(sheet: SheetImport, programme: Programme, now: datetime, to: str) -> Mail:
    return _notice(
        programme,
        now,
        to,
        ("sheet_faulty", sheet.id),
        phrase("nb", "staff_sheet_faulty_title"),
        phrase("nb", "staff_sheet_faulty", count=sheet.faults),
        [],
        [phrase("nb", "staff_sheet_faulty_action")],
    )


def sheet_applied(sheet: SheetImport, programme: Programme, now: datetime, to: str) -> Mail:
    return _notice(
        programme,
        now,
        to,
        ("sheet_applied", sheet.id),
        phrase("nb", "staff_sheet_applied_title"),
        phrase("nb", "staff_sheet_applied", count=sheet.rows),
        [],
        [],
    )


def place_free(
    application: Application,
    state: PlaceState | ApplicationState,
    programme: Programme,
    now: datetime,
    to: str,
) -> Mail:
    """A task with one button: «tilby plassen til neste». `state`: declined, lapsed or withdrawn."""
    here = municipality(application.kommunenummer)
    return _notice(
        programme,
        now,
        to,
        ("place_free", application.id, len(application.decisions), state),
        phrase("nb", "staff_place_free_title", reference=application.reference or ""),
        phrase("nb", f"staff_place_{state}", municipality=here.letter_name),
        [],
        [phrase("nb", "staff_place_free_action")],
    )


def batch_proposed(batch: PaymentBatch, programme: Programme, now: datetime, to: str) -> Mail:
    return _notice(
        programme,
        now,
        to,
        ("batch_proposed", batch.id),
        phrase("nb", "staff_batch_title", batch=batch.id),
        phrase(
            "nb",
            "staff_batch",
            count=batch.count,
            amount=format_kroner(batch.control_sum_ore),
        ),
        [],
        [phrase("nb", "staff_batch_action")],
    )


def bank_report_faulty(
    key: str, because: str, programme: Programme, now: datetime, to: str
) -> Mail:
    return _notice(
        programme,
        now,
        to,
        ("bank_report_faulty", key),
        phrase("nb", "staff_bank_faulty_title"),
        phrase("nb", "staff_bank_faulty", because=because),
        [],
        [phrase("nb", "staff_bank_faulty_action")],
    )


def bank_report_read(
    message_id: str,
    paid: int,
    rejected: Sequence[str],
    unclear: Sequence[str],
    programme: Programme,
    now: datetime,
    to: str,
) -> Mail:
    return _notice(
        programme,
        now,
        to,
        ("bank_report", message_id),
        phrase("nb", "staff_bank_title", count=len(rejected)),
        phrase("nb", "staff_bank", paid=paid, rejected=len(rejected), unclear=len(unclear)),
        [*rejected, *unclear],
        [phrase("nb", "staff_bank_action")] if rejected or unclear else [],
    )


def erasure_planned(plan: ErasurePlan, programme: Programme, now: datetime, to: str) -> Mail:
    """The dry run: what will be erased when its notice is over."""
    terms = Counter(due.term for due in plan.due)
    return _notice(
        programme,
        now,
        to,
        ("erasure", plan.planned_at.astimezone(OSLO).date()),
        phrase("nb", "staff_erasure_title"),
        phrase("nb", "staff_erasure", day=format_date(plan.erased_from, "nb")),
        [phrase("nb", f"staff_erasure_{term}", count=count) for term, count in terms.items()],
        [phrase("nb", "staff_erasure_action")],
    )


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


def _concern(concern: Concern, programme: Programme) -> str:
    references = ", ".join(concern.references)
    if concern.code == "places_differ":
        return phrase(
            "nb",
            "staff_concern_places_differ",
            references=references,
            places=programme.decision.places,
        )
    return phrase("nb", f"staff_concern_{concern.code}", references=references)


def _notice(
    programme: Programme,
    now: datetime,
    to: str,
    what: tuple[object, ...],
    title: str,
    message: str,
    details: list[str],
    actions: list[str],
) -> Mail:
    values: dict[str, Value] = {
        "title": title,
        "heading": title[:1].upper() + title[1:],
        "message": message,
        "details": details or None,
        "actions": actions or None,
    }
    return _to_office(programme, now, to, "staff_notice", values, *what)


def _to_office(
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
