"""Ticks: each does its work once, and a missed, late or doubled one does no harm."""

import json

import pytest

from kulturkontor.application_rows import programme_partition, row_of
from kulturkontor.aws.table import _item
from kulturkontor.aws.wiring import Wiring
from kulturkontor.closing import Closing
from kulturkontor.decisions import Outcome
from kulturkontor.payments import BatchState, PaymentBatch
from kulturkontor.release import Release, release_key
from kulturkontor.retention import ErasurePlan
from tests.conftest import messages, set_clock
from tests.functions.calling import APPLICATION, aws_calls, call, state
from tests.office_factory import (
    STAFF,
    admitted,
    all_mails,
    attest,
    decide_all,
    let_begin,
    oslo,
    read,
    send_claim,
    send_in,
)
from tests.rules.application_factory import told

PARTITION = programme_partition("kifk2")
TICKS = (
    "send_staff_summary",
    "close_applications",
    "prepare_letters",
    "remind",
    "settle_travel",
    "sweep",
    "erase_expired",
)


@pytest.mark.parametrize("function", TICKS)
@pytest.mark.parametrize(
    "now",
    ["2026-03-23T07:30:00", "2026-04-14T00:02:00", "2026-04-29T09:00:00", "2028-01-01T03:30:00"],
)
def test_a_second_tick_changes_nothing(office: Wiring, function: str, now: str) -> None:
    set_clock(oslo(now).isoformat())
    call(function, "tick")
    before = state(office)
    call(function, "tick")
    assert state(office) == before


@pytest.mark.parametrize("function", TICKS)
def test_a_tick_on_an_empty_table_is_harmless(aws: Wiring, function: str) -> None:
    call(function, "tick")
    assert len(all_mails(aws)) <= 1


def test_the_summary_goes_to_staff_in_four_calls(office: Wiring) -> None:
    set_clock("2026-03-23T07:30:00+01:00")
    call("send_staff_summary", "tick")
    assert aws_calls() == 4
    (mail,) = [each for each in all_mails(office).values() if each.to == STAFF]
    assert (mail.text, mail.values["received_count"]) == ("staff_summary", 1)


def test_two_thousand_applications_are_one_page_of_a_query() -> None:
    """The summary's four calls rest on it: a page holds a megabyte of names and values."""
    item = _item(row_of(told()))
    size = sum(len(name) + len(str(next(iter(value.values())))) for name, value in item.items())
    assert 2_000 * size < 1_048_576


def test_closing_certifies_two_minutes_after_the_deadline(office: Wiring) -> None:
    found = {}
    for now in ("2026-04-14T00:01:59", "2026-04-14T00:02:00"):
        set_clock(oslo(now).isoformat())
        call("close_applications", "tick")
        found[now] = [
            each.applications for each in office.records.list(Closing, PARTITION, "CLOSING#")
        ]
    assert found == {"2026-04-14T00:01:59": [], "2026-04-14T00:02:00": [(APPLICATION,)]}


def test_what_was_received_in_time_but_stored_later_is_an_addendum(office: Wiring) -> None:
    set_clock("2026-04-14T00:02:00+02:00")
    call("close_applications", "tick")
    late = send_in(office, "0301", at="2026-04-13T23:59:59.900")
    send_in(office, "1103", at="2026-04-14T00:00:00")
    set_clock("2026-04-14T00:07:00+02:00")
    call("close_applications", "tick")
    closings = office.records.list(Closing, PARTITION, "CLOSING#")
    assert [(each.number, each.applications) for each in closings] == [
        (0, (APPLICATION,)),
        (1, (late.id,)),
    ]


def test_letters_are_released_at_their_time_and_queued_until_they_are_written(
    office: Wiring,
) -> None:
    decide_all(office, [("KFK2-2026-4601", Outcome.REJECTED)])
    let_begin(office, "2026-04-29T12:00:00")
    url = office.settings.letter_queue_url
    task = {"programme": "kifk2", "application": APPLICATION}
    found = {}
    for now in ("2026-04-30T08:59:59", "2026-04-30T09:00:00", "2026-04-30T09:05:00"):
        set_clock(oslo(now).isoformat())
        call("prepare_letters", "tick")
        found[now] = messages(url)
    assert found == {
        "2026-04-30T08:59:59": [],
        "2026-04-30T09:00:00": [task],
        "2026-04-30T09:05:00": [task],
    }
    known = office.records.read(Release, release_key("kifk2"))
    assert known is not None
    assert known.released_at == oslo("2026-04-30T09:00:00")


def test_settling_seals_a_batch_in_six_calls_and_writes_no_file(aws: Wiring) -> None:
    admitted(aws)
    send_claim(aws, APPLICATION)
    attest(aws, APPLICATION)
    set_clock("2026-10-05T06:00:00+02:00")
    call("settle_travel", "tick")
    assert aws_calls() == 6
    batches = aws.records.list(PaymentBatch, PARTITION, "BATCH#")
    assert [(each.id, each.state, each.count) for each in batches] == [
        ("KIFK2-20261005-1", BatchState.PROPOSED, 1)
    ]


def test_the_sweep_finds_lost_messages_and_emits_the_heartbeat(
    office: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    url = office.settings.mail_queue_url
    messages(url)
    set_clock("2026-03-20T10:05:00+01:00")
    capsys.readouterr()
    call("sweep", "tick")
    assert messages(url) == [{"programme": "kifk2", "mail": f"{APPLICATION}_receipt_1"}]
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [each["Heartbeat"] for each in metrics] == [[1.0]]


def test_erasing_waits_a_week_after_its_dry_run(office: Wiring) -> None:
    def contact_at(now: str) -> str:
        set_clock(oslo(now).isoformat())
        call("erase_expired", "tick")
        return read(office, APPLICATION).answers.contact.name

    nights = ("2027-04-30T03:30:00", "2027-05-01T03:30:00", "2027-05-07T03:30:00")
    assert [contact_at(each) for each in nights] == ["Kari Prøve"] * 3
    assert contact_at("2027-05-08T03:30:00") == ""
    (plan,) = office.records.list(ErasurePlan, PARTITION, "ERASURE#")
    assert [each.subject for each in plan.due] == [APPLICATION]
