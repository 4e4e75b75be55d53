"""The release interrupted anywhere sends exactly the rest; a stop and a hand-over at once leave one
of them; a bounce is passed on once.
"""

import pytest

from kulturkontor.actions import control_release, deliveries, send
from kulturkontor.actions.check_release import read_standing
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import LetterState, Outcome
from kulturkontor.mails import MailEvent, MailState
from tests.conftest import messages
from tests.crash.faults import Faults
from tests.crash.interleavings import every_interleaving
from tests.crash.world import World
from tests.office_factory import (
    STAFF,
    all_mails,
    decide_all,
    let_begin,
    letter,
    oslo,
    read,
    release,
    send_in,
    send_one,
    send_open_mails,
    tick,
)

DAY = "2026-04-30T09:00:00"
NUMBERS = ("4601", "0301", "1103")


@pytest.fixture
def decided(aws: Wiring, world: World) -> list[str]:
    """Three applications that are decided and confirmed, the board's number put in; their receipts
    are sent.
    """
    receipts = [send_in(aws, number) for number in NUMBERS]
    outcomes = (Outcome.ADMITTED, Outcome.WAITLISTED, Outcome.REJECTED)
    pairs = zip(receipts, outcomes, strict=True)
    decide_all(aws, [(receipt.reference or "", outcome) for receipt, outcome in pairs])
    send_open_mails(aws, oslo("2026-04-20T11:00:00"))
    let_begin(aws, "2026-04-29T12:00:00")
    messages(aws.settings.letter_queue_url)
    world.faults.handed_over.clear()
    world.keep()
    return [receipt.id for receipt in receipts]


def carry_on(here: Wiring, world: World) -> None:
    """What happens of itself after a crash: ticks, the letter queue, the mail queue, events."""
    for minute in (5, 10, 15):
        at = f"2026-04-30T09:{minute:02}:00"
        tick(here, at)
        for task in messages(here.settings.letter_queue_url):
            letter(here, task["application"], at=at)
        world.settle_mails(oslo(at))
    tick(here, "2026-04-30T09:40:00")


def outcome(here: Wiring, world: World, ids: list[str]) -> object:
    """What every run must end in: each letter once, its mail handed over once, the books closed."""
    handed_over = sorted(tag for tag, _ in world.faults.handed_over if "_letter_" in tag)
    release_now = read_standing(here.programme, here.records).release
    return (
        [read(here, each).decisions[-1].letter_state for each in ids],
        handed_over,
        [all_mails(here)[f"{each}_letter_1"].state for each in ids],
        release_now and release_now.reported,
        len([each for each in all_mails(here) if "letters_closed" in each]),
    )


def test_a_release_interrupted_anywhere_sends_exactly_the_rest(
    aws: Wiring, world: World, faults: Faults, decided: list[str]
) -> None:
    mails = [f"{each}_letter_1{copy}" for each in decided for copy in ("", "_copy_leader")]
    wanted = (
        [LetterState.RENDERED] * 3,
        sorted(mails),
        [MailState.DELIVERED] * 3,
        ("closed",),
        1,
    )
    points = faults.points(lambda: tick(aws, DAY))
    wrong = {}
    for point in points:
        world.put_back()
        messages(aws.settings.letter_queue_url)
        faults.run(lambda: tick(aws, DAY), point)
        assert faults.fired
        carry_on(aws, world)
        if (found := outcome(aws, world, decided)) != wanted:
            wrong[str(point)] = found
    assert (len(points) > 10, wrong) == (True, {})


def test_running_the_release_again_afterwards_sends_nothing(
    aws: Wiring, world: World, decided: list[str]
) -> None:
    tick(aws, DAY)
    carry_on(aws, world)
    before = (world.state().mark, list(world.faults.handed_over))
    tick(aws, "2026-05-30T09:00:00")
    for each in decided:
        letter(aws, each, at="2026-05-30T09:00:00")
    send_open_mails(aws, oslo("2026-05-30T09:00:00"))
    assert (world.state().mark, list(world.faults.handed_over)) == before


def test_a_stop_and_a_hand_over_at_once_leave_exactly_one_of_them(
    aws: Wiring, world: World, faults: Faults, decided: list[str]
) -> None:
    """Either the mail was claimed first and goes, or the stop was written first and it stays."""
    release(aws)
    letter(aws, decided[0])
    mail_id = f"{decided[0]}_letter_1"
    world.keep()

    def stop() -> str:
        control_release.stop_letters(
            reason="Feil.",
            by="kari@example.org",
            at=oslo("2026-04-30T09:02:00"),
            programme=aws.programme,
            records=aws.records,
        )
        return all_mails(aws)[mail_id].state

    seen = set()
    orders = every_interleaving(
        [lambda: send_one(aws, mail_id, oslo("2026-04-30T09:02:00")), stop],
        faults=faults,
        before_each=world.put_back,
        but=("GetObject", "GetSecretValue", "GetParameter"),
    )
    for sent, state_at_stop in orders:
        state = all_mails(aws)[mail_id].state
        is_handed_over = mail_id in [tag for tag, _ in world.faults.handed_over]
        assert is_handed_over == (sent is send.Sending.SENT)
        assert state is (MailState.SENT if is_handed_over else MailState.QUEUED)
        # What still waited when the stop was written stays, whatever order the calls came in.
        assert not (state_at_stop is MailState.QUEUED and is_handed_over)
        seen.add(is_handed_over)
    assert seen == {True, False}


def test_a_bounce_interrupted_anywhere_reaches_the_second_contact_once(
    aws: Wiring, world: World, faults: Faults, decided: list[str]
) -> None:
    release(aws)
    letter(aws, decided[0])
    send_open_mails(aws, oslo("2026-04-30T09:02:00"))
    mail_id = f"{decided[0]}_letter_1"
    world.keep()

    def bounce() -> object:
        return deliveries.record_delivery(
            mail_id,
            MailEvent(kind="Bounce", at=oslo("2026-04-30T09:03:00"), detail="Permanent"),
            message_id="message",
            now=oslo("2026-04-30T09:03:05"),
            staff_address=STAFF,
            programme=aws.programme,
            records=aws.records,
            mail_queue=aws.mail_queue,
        )

    wrong = {}
    for point in faults.points(bounce):
        world.put_back()
        faults.run(bounce, point)
        assert faults.fired
        bounce()
        seconds = [each for each in all_mails(aws) if each.endswith("_second")]
        if seconds != [f"{mail_id}_second"]:
            wrong[str(point)] = seconds
    assert wrong == {}
