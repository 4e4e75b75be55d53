"""One mail, whatever happens to the process that sends it."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from kulturkontor.actions import send
from kulturkontor.actions.send import Sending
from kulturkontor.aws.wiring import Wiring
from kulturkontor.mails import Mail, MailState, mail_key
from tests.conftest import messages
from tests.crash.faults import Faults
from tests.crash.interleavings import every_interleaving
from tests.crash.world import World
from tests.office_factory import oslo, send_in, send_one

NOW = oslo("2026-03-20T10:01:00")
TEMPLATE = Path(__file__).parents[2] / "template.yaml"


@pytest.fixture
def mail_id(aws: Wiring, world: World) -> str:
    send_in(aws)
    (mail,) = world.mails().values()
    world.keep()
    return mail.id


def test_one_or_two_faults_leave_one_mail(
    aws: Wiring, world: World, faults: Faults, mail_id: str
) -> None:
    """The second fault strikes wherever the redelivery still has a call to make."""
    singles, pairs = world.one_and_two_faults(
        lambda: send_one(aws, mail_id, NOW),
        lambda: send_one(aws, mail_id, NOW + timedelta(minutes=3)),
        lambda: _recover(world),
    )
    assert _other_than_one(singles) == {}
    assert _other_than_one(pairs) == {}
    assert (len(singles), len(pairs)) == (17, 94)


def test_a_late_event_and_staffs_button_make_two_copies_at_most_and_the_row_says_so(
    aws: Wiring, world: World, faults: Faults, mail_id: str
) -> None:
    def deliver() -> None:
        send_one(aws, mail_id, NOW)

    later = NOW + timedelta(minutes=3)
    wrong = {}
    for point in faults.points(deliver):
        world.put_back()
        faults.run(deliver, point)
        faults.run(lambda: send_one(aws, mail_id, later))
        world.sweep(later + send.GRACE)
        world.press_send_again(later + send.GRACE)
        world.settle_mails(later + send.GRACE)
        copies = Counter(tag for tag, _ in faults.handed_over)
        first = world.mails()[mail_id]
        sound = (
            max(copies.values()) == 1
            and 1 <= copies.total() <= 2
            and copies.total() - copies[mail_id] == first.copies
            and first.state is (MailState.DELIVERED if copies[mail_id] else MailState.UNCERTAIN)
        )
        if not sound:
            wrong[str(point)] = (copies, first.state)
    assert wrong == {}


def test_two_deliveries_at_once_hand_over_one_mail(
    aws: Wiring, world: World, faults: Faults, mail_id: str
) -> None:
    outcomes: Counter[tuple[int, frozenset[Sending]]] = Counter()
    for results in every_interleaving(
        [lambda: send_one(aws, mail_id, NOW), lambda: send_one(aws, mail_id, NOW)],
        faults=faults,
        before_each=world.put_back,
    ):
        outcomes[len(faults.handed_over), frozenset(results)] += 1
    assert set(outcomes) == {(1, frozenset({Sending.SENT, Sending.NOT_DUE}))}
    assert outcomes.total() > 10


@pytest.mark.parametrize(
    ("code", "status", "outcome", "state"),
    [
        pytest.param(
            "TooManyRequestsException", 429, Sending.LATER, MailState.QUEUED, id="throttled"
        ),
        pytest.param(
            "SendingPausedException", 400, Sending.LATER, MailState.QUEUED, id="sending-paused"
        ),
        pytest.param(
            "AccountSuspendedException", 400, Sending.LATER, MailState.QUEUED, id="suspended"
        ),
        pytest.param("MessageRejected", 400, Sending.REFUSED, MailState.FAILED, id="rejected"),
        pytest.param(
            "BadRequestException", 400, Sending.REFUSED, MailState.FAILED, id="bad-address"
        ),
        pytest.param(
            "MailFromDomainNotVerifiedException",
            400,
            Sending.REFUSED,
            MailState.FAILED,
            id="unverified-sender",
        ),
        pytest.param("InternalFailure", 500, Sending.UNKNOWN, MailState.CLAIMED, id="error-500"),
        pytest.param(
            "ServiceUnavailable", 503, Sending.UNKNOWN, MailState.CLAIMED, id="unavailable"
        ),
    ],
)
def test_what_ses_answers_decides_what_becomes_of_the_mail(
    aws: Wiring,
    faults: Faults,
    mail_id: str,
    code: str,
    status: int,
    outcome: Sending,
    state: MailState,
) -> None:
    faults.answer_with(code, status, operation="SendEmail")
    assert send_one(aws, mail_id, NOW) is outcome
    mail = aws.records.read(Mail, mail_key(aws.programme.id, mail_id))
    assert mail is not None
    assert (mail.state, mail.needs_staff, faults.handed_over) == (
        state,
        state is MailState.FAILED,
        [],
    )


def test_a_throttled_mail_waits_a_minute_and_is_then_sent_once(
    aws: Wiring, faults: Faults, mail_id: str
) -> None:
    faults.answer_with("TooManyRequestsException", 429, operation="SendEmail")
    send_one(aws, mail_id, NOW)
    faults.answer_with(None)
    assert [
        send_one(aws, mail_id, NOW + wait)
        for wait in (timedelta(seconds=59), send.WAIT, 2 * send.WAIT)
    ] == [Sending.NOT_DUE, Sending.SENT, Sending.NOT_DUE]
    assert [tag for tag, _ in faults.handed_over] == [mail_id]


def test_the_sweep_queues_a_mail_whose_message_was_lost_and_only_that(
    aws: Wiring, world: World, mail_id: str
) -> None:
    url = aws.settings.mail_queue_url
    messages(url)
    fresh = world.sweep(oslo("2026-03-20T10:00:30"))
    lost = world.sweep(oslo("2026-03-20T10:02:00"))
    assert (fresh, lost) == (
        {"queued_again": 0, "uncertain": 0},
        {"queued_again": 1, "uncertain": 0},
    )
    assert messages(url) == [{"programme": "kifk2", "mail": mail_id}]
    send_one(aws, mail_id, NOW)
    assert world.sweep(NOW + timedelta(hours=1)) == {"queued_again": 0, "uncertain": 0}


def test_the_grace_outlives_two_runs_of_the_function_that_sends() -> None:
    text = TEMPLATE.read_text("utf-8")
    function = text.split("  SendMailFunction:\n")[1].split("\n  SendMailFunctionLog:")[0]
    timeout = re.search(r"^ {6}Timeout: (\d+)$", function, re.MULTILINE)
    assert timeout is not None
    seconds = timedelta(seconds=int(timeout[1]))
    longest = max(2 * seconds, timedelta(minutes=30))
    assert (seconds, longest) == (send.SENDING_TIMEOUT, send.GRACE)


def _recover(world: World) -> tuple[int, int, int]:
    """Mails handed over without staff, in all, and how many mails still wait on anybody."""
    now = world.settle_mails(NOW + timedelta(minutes=3))
    alone = Counter(tag for tag, _ in world.faults.handed_over)
    world.press_send_again(now)
    world.settle_mails(now)
    every = Counter(tag for tag, _ in world.faults.handed_over)
    waiting = sum(mail.needs_staff for mail in world.mails().values())
    return max(alone.values(), default=0), every.total(), waiting


def _other_than_one(found: dict[str, tuple[int, int, int]]) -> dict[str, tuple[int, int, int]]:
    return {
        point: outcome for point, outcome in found.items() if outcome not in ((1, 1, 0), (0, 1, 0))
    }
