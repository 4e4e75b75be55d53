"""What the mornings do: the waiting list ends with a letter, a free place goes on by itself only
where the setting says so.
"""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.remind import remind
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import DecisionKind, Outcome, PlaceState
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import with_changes
from tests.actions.test_decisions import confirm, propose
from tests.office_factory import (
    STAFF,
    all_mails,
    decide_all,
    hand_over,
    letter,
    oslo,
    post_letter,
    read,
    release,
    send_in,
    send_open_mails,
)

Told = tuple[str, str]
BY_ITSELF = {"decision": {"offer_by_itself": True}}


@pytest.fixture
def told(aws: Wiring) -> Told:
    """One who was admitted and one who waits, both with their letters."""
    first, second = send_in(aws), send_in(aws, "5001")
    decide_all(
        aws,
        [(first.reference or "", Outcome.ADMITTED), (second.reference or "", Outcome.WAITLISTED)],
    )
    release(aws)
    post_letter(aws, first.id)
    post_letter(aws, second.id)
    return first.id, second.id


def morning(here: Wiring, at: str, programme: Programme | None = None) -> dict[str, int]:
    return remind(
        now=oslo(at),
        staff_address=STAFF,
        programme=programme or here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def test_a_lapsed_place_is_staffs_task_unless_the_setting_says_otherwise(
    aws: Wiring, told: Told
) -> None:
    first, second = told
    done = morning(aws, "2026-05-21T08:00:00")
    assert (done["lapsed"], done["offered"]) == (1, 0)
    assert any("place_free" in mail for mail in all_mails(aws))
    assert len(read(aws, second).decisions) == 1
    place = read(aws, first).place
    assert place is not None
    assert place.state is PlaceState.LAPSED


def test_a_missed_morning_is_made_good_and_none_is_reminded_twice(aws: Wiring, told: Told) -> None:
    first, _ = told
    send_open_mails(aws, oslo("2026-04-30T09:02:00"))
    reminded = []
    for day in ("05-11", "05-14", "05-15", "05-16", "05-19", "05-20", "05-21"):
        before = {mail for mail in all_mails(aws) if "answer_reminder" in mail}
        morning(aws, f"2026-{day}T08:00:00")
        new = {mail for mail in all_mails(aws) if "answer_reminder" in mail} - before
        reminded += [(day, mail.removeprefix(f"{first}_answer_reminder_")) for mail in new]
    assert (aws.programme.decision.answer_by, reminded) == (
        date(2026, 5, 20),
        [("05-14", "1_7"), ("05-19", "1_2")],
    )


def test_a_place_goes_on_by_itself_where_the_setting_says_so(aws: Wiring, told: Told) -> None:
    first, second = told
    by_itself = with_changes(aws.programme, BY_ITSELF)
    morning(aws, "2026-05-21T08:00:00", by_itself)
    done = morning(aws, "2026-05-22T08:00:00", by_itself)
    offer = read(aws, second).decisions[-1]
    assert (offer.kind, offer.decided_by, offer.confirmed_by) == (
        DecisionKind.OFFER,
        "remind",
        "remind",
    )
    assert done["offered"] == 0
    place = read(aws, first).place
    assert place is not None
    assert (place.state, place.passed_on_to) == (PlaceState.PASSED_ON, second)
    assert not any("place_free" in mail for mail in all_mails(aws))
    (row,) = [
        row
        for row in aws.records.list(AuditRow, f"APPLICATION#{second}", "AUDIT#")
        if row.what == "offer"
    ]
    assert row.by == "remind"
    assert release(aws, at="2026-05-21T08:05:00")["letters"] == 1


def test_the_next_ones_deadline_is_in_working_days_and_not_in_july(aws: Wiring, told: Told) -> None:
    first, second = told
    by_itself = with_changes(aws.programme, BY_ITSELF)
    morning(aws, "2026-06-29T08:00:00", by_itself)
    assert read(aws, first).place is not None
    post_letter(aws, second, at="2026-06-29T08:01:00")
    assert read(aws, second).decisions[-1].answer_by == date(2026, 8, 6)


def test_nobody_to_offer_to_leaves_the_place_with_staff(aws: Wiring, told: Told) -> None:
    by_itself = with_changes(aws.programme, BY_ITSELF)
    assert morning(aws, "2026-08-16T08:00:00", by_itself)["offered"] == 0
    assert any("place_free" in mail for mail in all_mails(aws))


def test_the_list_stays_open_on_its_last_day(aws: Wiring, told: Told) -> None:
    assert morning(aws, "2026-08-15T08:00:00")["closed"] == 0
    assert len(read(aws, told[1]).decisions) == 1


def test_the_list_ends_with_one_letter_to_each_who_waits(aws: Wiring, told: Told) -> None:
    _, second = told
    done = [morning(aws, f"2026-08-{day}T08:00:00")["closed"] for day in (16, 17)]
    assert done == [1, 0]
    end = read(aws, second).decisions[-1]
    assert (end.serial, end.kind, end.outcome, end.confirmed_by) == (
        2,
        DecisionKind.LIST_CLOSED,
        Outcome.REJECTED,
        "remind",
    )
    assert release(aws, at="2026-08-16T08:05:00")["letters"] == 1
    written = letter(aws, second, at="2026-08-16T08:06:00")
    hand_over(aws, second, at="2026-08-16T08:06:00")
    assert written is not None
    words = _words(aws, written.key)
    assert "Dato 16. august 2026" in words
    assert "Ventelisten er avsluttet" in words
    mail = all_mails(aws)[written.mail_id]
    assert (mail.text, [each.sha256 for each in mail.enclosures]) == (
        "waiting_list_closed",
        [written.sha256],
    )
    assert [row.rank for row in read_rows(aws.programme, aws.records)] == [None, None]


def test_a_correction_says_what_it_replaces_and_conditions_are_printed(
    aws: Wiring, told: Told
) -> None:
    first, _ = told
    propose(
        aws,
        first,
        conditions="Send oss planen før samlingen.",
        correction_reason="Vi glemte et vilkår.",
        at="2026-05-04T10:00:00",
    )
    confirm(aws, first, at="2026-05-04T11:00:00")
    written = letter(aws, first, at="2026-05-04T11:05:00")
    hand_over(aws, first, at="2026-05-04T11:05:00")
    assert written is not None
    words = _words(aws, written.key)
    for said in (
        "Dette brevet erstatter svarbrevet vårt av 30. april 2026. Vi glemte et vilkår.",
        "Særskilte vilkår for dere Send oss planen før samlingen.",
        "Dato 4. mai 2026",
    ):
        assert said in words


def test_a_letter_without_conditions_has_no_heading_for_them(aws: Wiring, told: Told) -> None:
    kept = read(aws, told[0]).decisions[0].letter
    assert kept is not None
    words = _words(aws, kept.key)
    assert ("Særskilte vilkår" in words, "erstatter" in words) == (False, False)


def _words(here: Wiring, key: str) -> str:
    pages = PdfReader(BytesIO(here.archive.read(key))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
