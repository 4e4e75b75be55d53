"""What fills more than one answer of DynamoDB is read to its end.

A query gives 1 MB at a time, a read of many keys 16 MB.
"""

from datetime import timedelta

import pytest

from kulturkontor.audit import AuditRow
from kulturkontor.aws.session import calls
from kulturkontor.aws.wiring import Wiring
from kulturkontor.mails import MAIL, Mail, mail_key
from kulturkontor.records import Put
from tests.office_factory import oslo

AT = oslo("2026-03-20T10:00:00")
MANY = 50
AT_A_TIME = 10
"""Of a transaction, which takes 4 MB."""
WORDS = "x" * 350_000


@pytest.fixture
def mails(aws: Wiring) -> list[str]:
    """The ids of mails of 17 MB in all, in order."""
    made = [
        Mail(
            id=f"mail{number:04}",
            programme="kifk2",
            to="kontakt@example.org",
            language="nb",
            text="receipt",
            values={"words": WORDS},
            queued_at=AT + timedelta(seconds=number),
        )
        for number in range(MANY)
    ]
    for start in range(0, MANY, AT_A_TIME):
        aws.records.write(*map(Put, made[start : start + AT_A_TIME]))
    calls.clear()
    return [each.id for each in made]


def test_a_list_of_more_than_one_megabyte_is_whole(aws: Wiring, mails: list[str]) -> None:
    found = aws.records.list(Mail, "MAILS#kifk2", "")
    assert [each.id for each in found] == mails
    assert calls["dynamodb"] > MANY / 3


def test_open_work_of_more_than_one_megabyte_is_whole(aws: Wiring, mails: list[str]) -> None:
    assert [each.id for each in aws.records.list_open(Mail, MAIL)] == mails
    assert calls["dynamodb"] > MANY / 3


def test_many_keys_of_more_than_sixteen_megabytes_are_all_read(
    aws: Wiring, mails: list[str]
) -> None:
    found = aws.records.read_many(Mail, [mail_key("kifk2", each) for each in mails])
    assert [each.id for each in found] == mails
    assert calls["dynamodb"] == 2


def test_a_partition_of_more_than_one_megabyte_is_whole(aws: Wiring) -> None:
    rows = [
        AuditRow(subject="PROGRAMME#kifk2", what=f"step{number}", by="stab", at=AT, after=WORDS)
        for number in range(AT_A_TIME)
    ]
    aws.records.write(*map(Put, rows))
    calls.clear()
    found = aws.records.list_partition("PROGRAMME#kifk2", {"AUDIT": AuditRow})
    assert [each.key for each in found] == [each.key for each in rows]
    assert calls["dynamodb"] > AT_A_TIME / 3
