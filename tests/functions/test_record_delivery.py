"""SES's events find their mail by its tag; each is noted once, in whatever order they come."""

from datetime import datetime
from itertools import permutations

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.mails import Mail, MailEvent, MailState, mail_key
from tests.crash.world import World
from tests.functions.calling import APPLICATION, aws_calls, call, failed, state

MESSAGE = "0110018f0b6c7a5e-5d4c3b2a-1f0e-4d3c-8b2a-190807060504-000000"


def mail(here: Wiring) -> Mail:
    found = here.records.read(Mail, mail_key("kifk2", f"{APPLICATION}_receipt_1"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("case", "state", "kind", "at", "detail"),
    [
        ("send", MailState.SENT, "Send", "2026-03-20T09:01:01Z", ""),
        ("delivery", MailState.DELIVERED, "Delivery", "2026-03-20T09:02:00Z", ""),
        ("bounce_permanent", MailState.BOUNCED, "Bounce", "2026-03-20T09:03:00Z", "Permanent"),
        ("bounce_transient", MailState.BOUNCED, "Bounce", "2026-03-20T21:03:00Z", "Transient"),
        ("complaint", MailState.DELIVERED, "Complaint", "2026-03-21T09:03:00Z", ""),
        ("reject", MailState.FAILED, "Reject", "2026-03-20T09:01:02Z", ""),
        ("delivery_delay", MailState.SENT, "DeliveryDelay", "2026-03-20T09:33:00Z", ""),
    ],
)
def test_an_event_is_noted_on_its_mail_once(
    office: Wiring, case: str, state: MailState, kind: str, at: str, detail: str
) -> None:
    before = mail(office)
    assert [failed(call("record_delivery", case)) for _ in range(2)] == [0, 0]
    event = MailEvent(kind=kind, at=datetime.fromisoformat(at), detail=detail)
    assert mail(office) == before.but(
        state=state, events=(event,), message_id=MESSAGE, revision=before.revision + 1
    )


def test_events_out_of_order_leave_the_mail_the_same(office: Wiring) -> None:
    world = World(office)
    world.keep()
    ends = set()
    for order in permutations(("send", "delivery", "bounce_permanent")):
        world.put_back()
        for case in order:
            call("record_delivery", case)
        after = mail(office)
        ends.add((after.state, frozenset(after.events)))
    assert [end for end, _ in ends] == [MailState.BOUNCED]


@pytest.mark.parametrize(
    ("case", "failures"),
    [
        ("without_our_tag", 0),
        ("unknown_mail", 0),
        ("other_source", 1),
        ("malformed_time", 1),
        ("not_json", 1),
    ],
)
def test_what_is_about_no_mail_of_ours_changes_nothing(
    office: Wiring, case: str, failures: int
) -> None:
    before = state(office)
    assert failed(call("record_delivery", case)) == failures
    assert state(office) == before


def test_an_event_takes_two_calls(office: Wiring) -> None:
    call("record_delivery", "delivery")
    assert aws_calls() == 2
