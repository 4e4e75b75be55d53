"""The summary for staff: on the days they chose, with what they chose, and silent otherwise."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from kulturkontor.application_rows import ApplicationRow, LetterMark
from kulturkontor.applications import ApplicationState
from kulturkontor.decisions import LetterState
from kulturkontor.mails import Mail
from kulturkontor.programme import OSLO, Programme, load_programme
from kulturkontor.programme_settings import with_changes
from kulturkontor.release_control import Halt, ReleaseControl
from kulturkontor.staff_summaries import is_due, staff_summary
from kulturkontor.staff_tasks import count_release_tasks, count_tasks

KIFK2 = load_programme("kifk2")
AT = datetime(2026, 3, 25, 7, 30, tzinfo=OSLO)
STAFF = "stab@example.org"


def chosen(**summary: Any) -> Programme:
    return with_changes(KIFK2, {"summary": summary})


def row(number: str = "4601", **changes: Any) -> ApplicationRow:
    facts: dict[str, Any] = {
        "id": f"a{number}",
        "programme": "kifk2",
        "reference": f"KFK2-2026-{number}",
        "kommunenummer": number,
        "state": ApplicationState.SUBMITTED,
        "late": False,
        "gaps": 0,
        "received": AT - timedelta(days=5),
        "saved": AT - timedelta(days=5),
        "language": "nb",
    }
    return ApplicationRow(**{**facts, **changes})


def summary(*rows: ApplicationRow, programme: Programme = KIFK2, at: datetime = AT) -> Mail | None:
    return staff_summary(rows, [], programme, at, STAFF)


@pytest.mark.parametrize(
    ("rhythm", "weekday", "due"),
    [
        pytest.param("daily", 1, [30, 31, 1, 7, 8], id="daily: never on a holiday"),
        pytest.param("weekly", 1, [30, 7], id="monday, and the day after Easter Monday"),
        pytest.param("weekly", 3, [1, 8], id="wednesday"),
        pytest.param("weekly", 4, [7], id="thursday: Maundy Thursday is told after Easter"),
        pytest.param("never", 1, [], id="never"),
    ],
)
def test_a_summary_comes_on_the_days_that_were_chosen(
    rhythm: str, weekday: int, due: list[int]
) -> None:
    programme = chosen(rhythm=rhythm, weekday=weekday)
    days = [date(2026, 3, 30) + timedelta(days=n) for n in range(10)]
    assert [day.day for day in days if is_due(programme, day)] == due


def test_what_is_new_counts_from_the_summary_before() -> None:
    came = row(received=AT - timedelta(days=3), saved=AT - timedelta(days=3))
    daily = summary(came, row("4602", received=AT, saved=AT))
    weekly = summary(came, programme=chosen(rhythm="weekly", weekday=3))
    assert daily is not None
    assert weekly is not None
    assert (daily.values["new_count"], weekly.values["new_count"]) == (1, 1)
    assert weekly.values["previous"] == "18. mars 2026 kl. 07.30"


def test_only_the_chosen_sections_are_in_it() -> None:
    mail = summary(row(gaps=1, saved=AT), programme=chosen(sections=["lacking"]))
    assert mail is not None
    listed = ("counts", "waiting_on_staff", "new_applications", "lacking_applications", "counties")
    assert {name: mail.values[name] for name in listed if mail.values[name]} == {
        "lacking_applications": ["Bergen (KFK2-2026-4601)"]
    }


@pytest.mark.parametrize(
    ("at", "text"),
    [
        pytest.param("2026-03-18T07:30", None, id="before the round"),
        pytest.param("2026-03-25T07:30", "staff_nothing_new", id="in the round"),
        pytest.param("2026-05-06T07:30", "staff_nothing_new", id="in the week of the letters"),
        pytest.param("2026-05-08T07:30", None, id="after it"),
        pytest.param("2026-11-04T07:30", None, id="in the autumn"),
    ],
)
def test_nothing_new_is_said_while_the_round_goes_and_else_nothing(
    at: str, text: str | None
) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=OSLO)
    told = row(letters=(LetterMark(n=1, o="rejected", s=LetterState.RENDERED, c=True),))
    mail = summary(told.but(saved=now - timedelta(days=40)), at=now)
    assert (mail.text if mail else None) == text


def test_what_waits_is_told_also_when_nothing_is_new() -> None:
    mail = summary(row(beds=2, saved=AT - timedelta(days=40)), at=AT + timedelta(days=300))
    assert mail is not None
    assert "Endringer av senger som venter på svar: 2" in str(mail.values["waiting_on_staff"])


def test_there_is_one_mail_a_day_whichever_it_is() -> None:
    quiet, busy = summary(), summary(row(saved=AT))
    assert quiet is not None
    assert busy is not None
    assert quiet.id == busy.id == "staff_summary_2026-03-25"
    assert (quiet.text, busy.text) == ("staff_nothing_new", "staff_summary")


def test_what_waits_is_counted_by_what_has_to_be_done() -> None:
    pending = LetterMark(n=1, o="admitted", s=LetterState.PENDING)
    held = LetterMark(n=1, o="admitted", s=LetterState.HELD, c=True)
    told = held.model_copy(update={"s": LetterState.RENDERED})
    waits = told.model_copy(update={"o": "waitlisted"})
    rows = [
        row("4601", letters=(pending,)),
        row("4602", letters=(held,), beds=1),
        row("4603", letters=(held,), state=ApplicationState.WITHDRAWN),
        row("4611", asked="answered"),
        row("4612", state=ApplicationState.WITHDRAWAL_ASKED),
        row("4613", state=ApplicationState.COMPETING),
        row("4614", place="declined", letters=(told,)),
        row("4615", letters=(waits,), rank=1),
    ]
    assert count_tasks(rows, KIFK2, KIFK2.closes_at) == {
        "texts_broken": 0,
        "letters_held": 1,
        "places_free": 1,
        "withdrawal_asked": 1,
        "competing": 1,
        "decisions_to_confirm": 1,
        "decisions_to_make": 2,
        "asked_answered": 1,
        "beds_asked": 1,
    }
    assert count_tasks(rows, KIFK2, AT)["decisions_to_make"] == 0
    assert count_tasks(rows[:-1], KIFK2, AT)["places_free"] == 0, "nobody waits for it"
    list_ends = datetime.combine(KIFK2.decision.waiting_list_ends, time(12), OSLO)
    assert count_tasks(rows, KIFK2, list_ends)["places_free"] == 1
    assert count_tasks(rows, KIFK2, list_ends + timedelta(days=1))["places_free"] == 0


STOPPED = ReleaseControl(programme="kifk2", halt=Halt(by="kari@example.org", at=AT, reason="Feil"))


@pytest.mark.parametrize(
    ("control", "now", "expected"),
    [
        pytest.param(None, KIFK2.released_at - timedelta(minutes=1), (0, 0), id="before the time"),
        pytest.param(None, KIFK2.released_at, (0, 1), id="kept back when its time has come"),
        pytest.param(STOPPED, AT, (1, 0), id="stopped before the time"),
        pytest.param(STOPPED, KIFK2.released_at, (1, 1), id="stopped and kept back"),
    ],
)
def test_that_the_letters_stand_still_is_a_task_and_in_the_summary(
    control: ReleaseControl | None, now: datetime, expected: tuple[int, int]
) -> None:
    rows = [row(saved=AT - timedelta(days=40))]
    tasks = count_release_tasks(
        rows, None, control, sheet_is_applying=False, programme=KIFK2, now=now
    )
    assert (tasks["release_stopped"], tasks["release_kept_back"]) == expected
    mail = staff_summary(rows, [], KIFK2, now, STAFF, tasks)
    said = str(mail.values.get("waiting_on_staff")) if mail else ""
    assert [
        "Utsending av svarbrev som er stoppet: 1" in said,
        "Utsending av svarbrev som holdes igjen: 1" in said,
    ] == [bool(each) for each in expected]


def test_nothing_is_kept_back_when_nobody_waits_for_a_letter() -> None:
    now = KIFK2.released_at
    tasks = count_release_tasks([], None, None, sheet_is_applying=True, programme=KIFK2, now=now)
    assert tasks == {"release_stopped": 0, "release_kept_back": 0}
