"""A letter is written when its application is decided and released; else nothing happens."""

import hashlib

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import DecisionLetter, LetterState, Outcome
from kulturkontor.group_messages import Group, GroupMessage, Recipient, Words
from kulturkontor.letter_previews import LetterPreviews, previews_key
from kulturkontor.letter_versions import template_version
from kulturkontor.records import Put
from tests.conftest import set_clock
from tests.crash.world import World
from tests.functions.calling import APPLICATION, aws_calls, call, failed, state
from tests.office_factory import all_mails, decide_all, oslo, read, release

NOW = oslo("2026-04-30T09:01:00")


@pytest.fixture
def decided(office: Wiring) -> Wiring:
    decide_all(office, [("KFK2-2026-4601", Outcome.ADMITTED)])
    release(office)
    set_clock(NOW.isoformat())
    return office


def test_a_letter_is_written_once_with_its_mails(decided: Wiring) -> None:
    assert failed(call("issue_letter", "letter")) == 0
    assert aws_calls() == 5
    before = state(decided)
    assert failed(call("issue_letter", "letter")) == 0
    assert state(decided) == before
    ((key, pdf),) = World(decided).files().items()
    sha256 = hashlib.sha256(pdf).hexdigest()
    assert read(decided, APPLICATION).decisions[0].letter == DecisionLetter(
        state=LetterState.RENDERED,
        key=f"letters/kifk2/KFK2-2026-4601-1-{sha256[:16]}.pdf",
        sha256=sha256,
        template_version=template_version(decided.programme),
        mail_id=f"{APPLICATION}_letter_1",
        at=NOW,
        place_left=read(decided, APPLICATION).place,
    )
    assert key.endswith(f"{sha256[:16]}.pdf")
    told = {mail.id: mail.to for mail in all_mails(decided).values() if "letter" in mail.id}
    assert told == {
        f"{APPLICATION}_letter_1": "kontakt-4601@example.org",
        f"{APPLICATION}_letter_1_copy_leader": "leder-4601@example.org",
    }


@pytest.mark.parametrize(
    ("case", "failures"),
    [("unknown_application", 0), ("extra_field", 1), ("names_both", 1), ("not_json", 1)],
)
def test_what_names_no_letter_writes_none(decided: Wiring, case: str, failures: int) -> None:
    before = state(decided)
    assert failed(call("issue_letter", case)) == failures
    assert state(decided) == before


def test_drafts_of_all_letters_are_kept_and_nothing_is_sent(decided: Wiring) -> None:
    before = (read(decided, APPLICATION), all_mails(decided))
    assert failed(call("issue_letter", "previews")) == 0
    assert (read(decided, APPLICATION), all_mails(decided)) == before
    previews = decided.records.read(LetterPreviews, previews_key("kifk2"))
    assert previews is not None
    assert (previews.pages, previews.faults, previews.made_at) == ({"KFK2-2026-4601": 2}, {}, NOW)
    assert list(World(decided).files()) == [previews.object_key]


def test_nothing_is_written_before_the_release(office: Wiring) -> None:
    decide_all(office, [("KFK2-2026-4601", Outcome.ADMITTED)])
    before = state(office)
    assert failed(call("issue_letter", "letter")) == 0
    assert state(office) == before


def test_an_undecided_application_gets_no_letter(office: Wiring) -> None:
    release(office)
    before = state(office)
    assert failed(call("issue_letter", "letter")) == 0
    assert state(office) == before


def test_what_is_left_of_a_message_to_a_group_is_written_once(decided: Wiring) -> None:
    message = GroupMessage(
        id="message00001",
        programme="kifk2",
        group=Group.CONTACTS,
        words={"nb": Words(subject="Til dere", text="Hei")},
        by="anne@example.org",
        at=NOW,
        recipients=(Recipient(application=APPLICATION),),
    )
    decided.records.write(Put(message))
    assert failed(call("issue_letter", "message")) == 0
    after = state(decided)
    told = [mail.to for mail in all_mails(decided).values() if mail.text == "group_message"]
    assert told == ["kontakt-4601@example.org"]
    assert failed(call("issue_letter", "message")) == 0
    assert state(decided) == after
