"""Reviewers are told what they are given, and reminded of what they have left: in their own written
form, without the name of any applicant.
"""

import json

import pytest

from kulturkontor.actions.assess import save_scores
from kulturkontor.actions.assign import assign, unassign
from kulturkontor.actions.deal_out import deal_out, digest_of, plan_distribution
from kulturkontor.actions.read_assessments import read_round
from kulturkontor.actions.remind import remind
from kulturkontor.application_rows import put
from kulturkontor.assessments import Assessment
from kulturkontor.conflicts import Reviewing
from kulturkontor.mails import Mail, MailState, mails_partition
from kulturkontor.office_users import person_id
from kulturkontor.programme import Programme
from kulturkontor.programme_settings import with_changes
from kulturkontor.records import Put
from tests.actions.memory_records import MemoryRecords
from tests.office_factory import STAFF, oslo
from tests.rules.application_factory import KIFK2, an_application
from tests.rules.assessment_factory import a_user, given

VERA, PER = "vera@example.org", "per@example.org"
IDS = tuple(f"{number:032x}" for number in range(3))
CLOSING = with_changes(KIFK2, {"assessment": {"closes": "2026-04-28T00:00:00"}})


class Told:
    """The mail queue."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    def send(self, messages: object) -> None:
        assert isinstance(messages, list)
        self.mails += [each["mail"] for each in messages]


@pytest.fixture
def records() -> MemoryRecords:
    kept = MemoryRecords()
    for number, id in zip(("4601", "5001", "1103"), IDS, strict=True):
        kept.write(*put(an_application(number, id=id)))
    kept.write(Put(a_user(VERA, language="nn")), Put(a_user(PER)))
    return kept


def mails(records: MemoryRecords) -> list[Mail]:
    return records.list(Mail, mails_partition("kifk2"), "")


def give(records: MemoryRecords, number: int, at: str, email: str = VERA) -> Reviewing:
    return assign(
        person_id(email), IDS[number], by=STAFF, at=oslo(at), programme=CLOSING, records=records
    )


def take(records: MemoryRecords, number: int, at: str) -> Reviewing:
    return unassign(
        person_id(VERA), IDS[number], by=STAFF, at=oslo(at), programme=CLOSING, records=records
    )


def morning(records: MemoryRecords, day: str, programme: Programme = CLOSING) -> list[Mail]:
    before = {each.id for each in mails(records)}
    remind(
        now=oslo(f"{day}T08:00:00"),
        staff_address=STAFF,
        programme=programme,
        records=records,
        mail_queue=Told(),
    )
    return [each for each in mails(records) if each.id not in before]


def test_a_dealing_tells_each_reviewer_once_how_many(records: MemoryRecords) -> None:
    told = Told()
    at = oslo("2026-04-15T10:00:00")
    seen = digest_of(plan_distribution(read_round(CLOSING, records)))
    deal_out(seen, by=STAFF, at=at, programme=CLOSING, records=records, mail_queue=told)
    found = {each.to: each for each in mails(records)}
    assert sorted(found) == [PER, VERA]
    assert sorted(told.mails) == sorted(each.id for each in found.values())
    assert (found[VERA].language, found[PER].language) == ("nn", "nb")
    assert found[PER].values == {
        "to_assess": "tre søknader",
        "assess_by": "28. april 2026 kl. 00.00",
    }
    page = found[VERA].pages["assessment_link"]
    assert (page.path, page.office, page.application_id) == ("/assessment", True, None)
    kept = json.dumps([each.model_dump(mode="json") for each in found.values()])
    assert [each for each in ("Bergen", "KFK2-2026", *IDS) if each in kept] == []


def test_what_is_given_by_hand_in_one_quarter_is_one_mail(records: MemoryRecords) -> None:
    give(records, 0, "2026-04-15T10:02:00")
    give(records, 1, "2026-04-15T10:14:59")
    give(records, 2, "2026-04-15T10:15:00")
    first, second = sorted(mails(records), key=lambda each: each.queued_at)
    assert (first.values["to_assess"], second.values["to_assess"]) == ("to søknader", "éin søknad")
    assert first.not_before == oslo("2026-04-15T10:15:00")
    assert second.not_before == oslo("2026-04-15T10:30:00")


def test_what_is_taken_back_before_the_mail_goes_is_not_in_it(records: MemoryRecords) -> None:
    give(records, 0, "2026-04-15T10:02:00")
    give(records, 1, "2026-04-15T10:03:00")
    take(records, 0, "2026-04-15T10:04:00")
    (mail,) = mails(records)
    assert mail.values["to_assess"] == "éin søknad"
    take(records, 1, "2026-04-15T10:05:00")
    assert mails(records) == []
    give(records, 1, "2026-04-15T10:06:00")
    (mail,) = mails(records)
    sent = mail.but(state=MailState.SENT)
    records.write(Put(sent))
    take(records, 1, "2026-04-15T11:00:00")
    assert [each.but(revision=0) for each in mails(records)] == [sent.but(revision=0)]


def test_reviewers_are_reminded_of_what_they_have_left(records: MemoryRecords) -> None:
    """It closes at midnight, so the last day is the one before."""
    for number in (0, 1):
        give(records, number, "2026-04-15T10:00:00")
    give(records, 2, "2026-04-15T10:00:00", PER)
    assessed = save_scores(
        IDS[0],
        given(),
        submit=True,
        seen=0,
        by=VERA,
        at=oslo("2026-04-16T10:00:00"),
        programme=CLOSING,
        records=records,
    )
    assert isinstance(assessed, Assessment)
    assert morning(records, "2026-04-19") == []
    found = {each.to: each.values["to_assess"] for each in morning(records, "2026-04-20")}
    assert found == {VERA: "éin søknad", PER: "én søknad"}
    assert morning(records, "2026-04-20") == []
    assert len(morning(records, "2026-04-25")) == 2
    off = with_changes(CLOSING, {"assessment": {"enabled": False, "reminder_days": [6]}})
    assert morning(records, "2026-04-21", off) == []
