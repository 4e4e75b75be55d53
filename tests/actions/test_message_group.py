"""A message to a group: to exactly those, in their written form, and once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from kulturkontor.actions import message_group
from kulturkontor.actions.message_group import (
    find_recipients,
    read_mails_of,
    resume_messages,
    send_message,
    write_mails,
)
from kulturkontor.application_rows import put
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.group_messages import Group, GroupMessage, MessageError, Words
from kulturkontor.mails import Mail
from kulturkontor.own_words import WordsError
from kulturkontor.programme import Language
from kulturkontor.records import Change, Conflict
from tests.conftest import messages
from tests.office_factory import (
    accept,
    admitted,
    all_mails,
    composer,
    decide_all,
    oslo,
    post_letter,
    read,
    release,
    send_claim,
    send_in,
)

AT = oslo("2026-10-20T10:00:00")
NB = Words(subject="Til {municipality}", text="Hei, {name}\n\n**Viktig** fra {organiser}.")
NN = Words(subject="Til {municipality}", text="Hei, {name}\n\nViktig frå {organiser}.")
BOTH: dict[Language, Words] = {"nb": NB, "nn": NN}
KEY = "message00001"


def send(
    here: Wiring,
    group: Group,
    *,
    gathering: str = "",
    words: dict[Language, Words] = BOTH,
    count: int,
    key: str = KEY,
    records: Any = None,
) -> GroupMessage:
    return send_message(
        key,
        group,
        gathering,
        words,
        count=count,
        by="anne@example.org",
        at=AT,
        programme=here.programme,
        records=records or here.records,
        mail_queue=here.mail_queue,
        letter_queue=here.letter_queue,
    )


def written(here: Wiring, records: Any = None) -> GroupMessage:
    """What the function does with the queue's message."""
    return write_mails(
        KEY,
        at=AT,
        programme=here.programme,
        records=records or here.records,
        mail_queue=here.mail_queue,
    )


def found(here: Wiring, group: Group, gathering: str = "") -> list[str]:
    every = find_recipients(group, gathering, programme=here.programme, records=here.records)
    return [each.address for each in every]


def sent(here: Wiring) -> list[Mail]:
    return [each for each in all_mails(here).values() if each.text == "group_message"]


def country(here: Wiring) -> dict[str, str]:
    """One municipality of each kind, by what it is."""
    ids = {"taking part": admitted(here)}
    for number, what in (("5001", "waiting"), ("0301", "offered"), ("1103", "no group")):
        receipt = send_in(here, number)
        assert receipt.reference
        outcome = Outcome.WAITLISTED if what == "waiting" else Outcome.ADMITTED
        decide_all(here, [(receipt.reference, outcome)])
        ids[what] = receipt.id
    release(here)
    for what in ("waiting", "offered", "no group"):
        post_letter(here, ids[what])
    accept(here, ids["no group"])
    send_in(here, "1106", submit=False)
    send_claim(here, ids["taking part"])
    return ids


def test_each_group_is_exactly_those(aws: Wiring) -> None:
    country(aws)

    def contacts(*numbers: str) -> list[str]:
        return [f"kontakt-{each}@example.org" for each in numbers]

    assert found(aws, Group.CONTACTS) == contacts("0301", "1103", "4601", "5001")
    assert found(aws, Group.TAKING_PART) == contacts("1103", "4601")
    assert found(aws, Group.NOT_ANSWERED) == contacts("0301")
    assert found(aws, Group.WAITING_LIST) == contacts("5001")
    assert found(aws, Group.NO_GROUP) == contacts("1103")
    assert found(aws, Group.COORDINATORS) == ["person-1@example.org"]
    assert found(aws, Group.PARTICIPANTS, "S1") == [f"person-{n}@example.org" for n in range(1, 5)]
    assert found(aws, Group.SILENT, "S1") == contacts("1103", "4601")
    assert found(aws, Group.NO_CLAIM, "S1") == contacts("1103")
    assert found(aws, Group.NO_CLAIM, "S2") == contacts("1103", "4601")


def test_a_mail_to_each_in_their_own_written_form(aws: Wiring) -> None:
    send_in(aws, "4601")
    send_in(aws, "1103", language="nn")
    messages(aws.settings.mail_queue_url)
    message = send(aws, Group.CONTACTS, count=2)
    assert message.is_written
    mails = sent(aws)
    assert {each.language: each.to for each in mails} == {
        "nb": "kontakt-4601@example.org",
        "nn": "kontakt-1103@example.org",
    }
    queued = {each["mail"] for each in messages(aws.settings.mail_queue_url)}
    assert queued == {each.id for each in mails}
    texts = {each.language: composer(aws)(each, []).decode() for each in mails}
    assert "Viktig fr=C3=A5" in texts["nn"]
    assert "Viktig fra" in texts["nb"].replace("</strong>", "")
    assert "Hei, Kari Pr=C3=B8ve" in texts["nb"]


def test_the_same_button_twice_sends_once(aws: Wiring) -> None:
    send_in(aws)
    first = send(aws, Group.CONTACTS, count=1)
    send_in(aws, "5001")
    again = send(aws, Group.CONTACTS, count=2)
    assert again.recipients == first.recipients
    assert len(sent(aws)) == 1
    with pytest.raises(MessageError, match="key_reused"):
        send(aws, Group.CONTACTS, words={"nb": NN, "nn": NN}, count=1)


@pytest.mark.parametrize(
    ("group", "gathering", "words", "count", "code"),
    [
        (Group.WAITING_LIST, "", BOTH, 0, "nobody"),
        (Group.CONTACTS, "", BOTH, 3, "count_changed"),
        (Group.CONTACTS, "", {"nb": NB}, 2, "language_missing"),
        (Group.PARTICIPANTS, "S9", BOTH, 2, "no_gathering"),
        (Group.NO_CLAIM, "", BOTH, 2, "no_gathering"),
    ],
)
def test_what_is_not_as_it_was_shown_is_not_sent(
    aws: Wiring,
    group: Group,
    gathering: str,
    words: dict[Language, Words],
    count: int,
    code: str,
) -> None:
    send_in(aws, "4601")
    send_in(aws, "1103", language="nn")
    with pytest.raises(MessageError, match=code):
        send(aws, group, gathering=gathering, words=words, count=count)
    assert sent(aws) == []


def test_words_that_cannot_be_read_are_sent_to_nobody(aws: Wiring) -> None:
    send_in(aws)
    with pytest.raises(WordsError, match="placeholder"):
        send(aws, Group.CONTACTS, words={"nb": Words(subject="Hei", text="{token}")}, count=1)
    assert sent(aws) == []


def test_more_than_a_message_may_go_to_is_refused(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_group, "MOST", 1)
    send_in(aws, "4601")
    send_in(aws, "5001")
    with pytest.raises(MessageError, match="too_many"):
        found(aws, Group.CONTACTS)


class CrashError(Exception):
    """The process stops."""


class StopsAt:
    """The table, but the process stops before or after that write."""

    def __init__(self, here: Wiring, number: int, *, is_after: bool) -> None:
        self.records = here.records
        self.left = number
        self.is_after = is_after
        self.sizes: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.records, name)

    def write(self, *changes: Change) -> None:
        self.left -= 1
        self.sizes.append(len(changes))
        if self.left == 0 and not self.is_after:
            raise CrashError
        self.records.write(*changes)
        if self.left == 0:
            raise CrashError


def _applications(here: Wiring, numbers: Sequence[str]) -> None:
    """As many applications, without going through the form for each."""
    first = read(here, send_in(here, numbers[0]).id)
    for number in numbers[1:]:
        answers = first.answers.model_copy(update={"municipality": number})
        other = first.but(
            id=f"{number:0>32}", revision=0, reference=f"KFK2-2026-{number}", answers=answers
        )
        here.records.write(*put(other))


def _send_and_write(here: Wiring, records: StopsAt) -> None:
    send(here, Group.CONTACTS, count=5, records=records)
    written(here, records)


@pytest.mark.parametrize("is_after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_sending_that_stops_anywhere_is_taken_up_and_nobody_gets_two(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch, number: int, is_after: bool
) -> None:
    monkeypatch.setattr(message_group, "AT_ONCE", 2)
    _applications(aws, ("4601", "5001", "0301", "1103", "1106"))
    with pytest.raises(CrashError):
        _send_and_write(aws, StopsAt(aws, number, is_after=is_after))
    send(aws, Group.CONTACTS, count=5)
    done = written(aws)
    assert (done.written, len(done.recipients)) == (5, 5)
    assert len(sent(aws)) == 5
    assert len(read_mails_of(done, aws.records)) == 5


def test_what_stopped_is_taken_up_by_itself_after_a_while(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_group, "AT_ONCE", 2)
    _applications(aws, ("4601", "5001", "0301"))
    with pytest.raises(CrashError):
        send(aws, Group.CONTACTS, count=3, records=StopsAt(aws, 2, is_after=True))
    found = []
    for minutes in (1, 3):
        now = AT + timedelta(minutes=minutes)
        resumed = resume_messages(
            now=now,
            programme=aws.programme,
            records=aws.records,
            letter_queue=aws.letter_queue,
        )
        found.append((resumed, messages(aws.settings.letter_queue_url)))
    assert found == [(0, []), (1, [{"programme": "kifk2", "message": KEY}])]
    assert written(aws).is_written
    assert len(sent(aws)) == 3
    resumed = resume_messages(
        now=AT + timedelta(minutes=9),
        programme=aws.programme,
        records=aws.records,
        letter_queue=aws.letter_queue,
    )
    assert resumed == 0


def test_who_was_taken_out_meanwhile_gets_none(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_group, "AT_ONCE", 2)
    application_id = admitted(aws)
    with pytest.raises(CrashError):
        send(
            aws,
            Group.PARTICIPANTS,
            gathering="S1",
            count=4,
            records=StopsAt(aws, 2, is_after=True),
        )
    known = read(aws, application_id)
    aws.records.write(*put(known.but(participants=known.participants[:3])))
    message = written(aws)
    assert (message.written, len(sent(aws))) == (4, 3)


def test_two_at_once_share_the_work(aws: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_group, "AT_ONCE", 1)
    _applications(aws, ("4601", "5001", "0301"))

    class Busy(StopsAt):
        """Somebody else writes the next mail first."""

        def write(self, *changes: Change) -> None:
            self.left -= 1
            if self.left == 0:
                self.records.write(*changes)
                raise Conflict([])
            self.records.write(*changes)

    begun = send(aws, Group.CONTACTS, count=3, records=Busy(aws, 2, is_after=False))
    assert begun.written == 2
    assert written(aws).is_written
    assert len(sent(aws)) == 3
