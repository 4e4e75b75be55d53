"""One row per mail: claimed by one, and where SES's events put it, in whatever order they come."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.mail_states import (
    claim,
    copy_of,
    is_due,
    let_go,
    mark_failed,
    mark_sent,
    mark_uncertain,
    record_event,
    release,
    send_again,
    stop,
)
from kulturkontor.mails import (
    MAIL,
    STAFF,
    Enclosure,
    Mail,
    MailEvent,
    MailState,
    MailStateError,
    Page,
    as_json,
    carries_letter,
    is_letter_itself,
    mail_id,
)
from kulturkontor.on_behalf import OnBehalf, Source
from kulturkontor.records import Key, OpenWork
from tests.office_factory import oslo
from tests.rules.application_factory import a_mail

NOW = oslo("2026-03-20T10:01:00")


def event(kind: str, minutes: int = 0, detail: str = "") -> MailEvent:
    return MailEvent(kind=kind, at=NOW + timedelta(minutes=minutes), detail=detail)


SEND = event("Send")
DELAY = event("DeliveryDelay", 1)
SOFT = event("Bounce", 2, "Transient")
DELIVERY = event("Delivery", 3)
COMPLAINT = event("Complaint", 4)
HARD = event("Bounce", 5, "Permanent")
UNSURE = event("Bounce", 5, "Undetermined")
REJECT = event("Reject", 1)
EVERY = (SEND, DELAY, SOFT, DELIVERY, COMPLAINT, HARD, REJECT, event("Open", 6))


def after(mail: Mail, *events: MailEvent) -> Mail:
    for each in events:
        mail = record_event(mail, each, "message-1")
    return mail


@pytest.mark.parametrize(
    ("events", "state"),
    [
        pytest.param((SEND,), MailState.SENT, id="sent"),
        pytest.param((DELAY,), MailState.SENT, id="delay-alone-shows-that-it-went"),
        pytest.param((SEND, DELIVERY), MailState.DELIVERED, id="delivered"),
        pytest.param((SEND, DELAY, DELIVERY), MailState.DELIVERED, id="delayed-then-delivered"),
        pytest.param((COMPLAINT,), MailState.DELIVERED, id="complaint-shows-it-arrived"),
        pytest.param((SEND, HARD), MailState.BOUNCED, id="bounced"),
        pytest.param((SEND, UNSURE), MailState.BOUNCED, id="bounced-undetermined"),
        pytest.param((SEND, DELIVERY, HARD), MailState.BOUNCED, id="bounced-after-delivery"),
        pytest.param((SEND, DELAY, SOFT), MailState.BOUNCED, id="given-up-after-retries"),
        pytest.param((SEND, DELIVERY, SOFT), MailState.DELIVERED, id="out-of-office"),
        pytest.param((SEND, REJECT), MailState.FAILED, id="virus-found"),
    ],
)
def test_events_put_a_mail_where_they_say_in_any_order(
    events: tuple[MailEvent, ...], state: MailState
) -> None:
    ends = {after(claim(a_mail(), NOW), *order).state for order in permutations(events)}
    assert ends == {state}


@given(st.lists(st.sampled_from(EVERY), max_size=6), st.data())
def test_order_and_repetition_of_events_change_nothing(
    events: list[MailEvent], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*events, *events[:3]]))
    mail = claim(a_mail(), NOW)
    first, second = after(mail, *events), after(mail, *shuffled)
    assert (first.state, set(first.events), len(first.events)) == (
        second.state,
        set(second.events),
        len(second.events),
    )


@given(st.lists(st.sampled_from(EVERY), max_size=5), st.integers(0, 5))
def test_sess_answer_may_come_before_among_or_after_its_events(
    events: list[MailEvent], place: int
) -> None:
    mail = claim(a_mail(), NOW)
    marked = after(mark_sent(after(mail, *events[:place]), "message-1"), *events[place:])
    expected = after(mail, *events).state if {*events} - {EVERY[-1]} else MailState.SENT
    assert (marked.state, marked.message_id) == (expected, "message-1")


@pytest.mark.parametrize(
    ("state", "work", "needs_staff"),
    [
        pytest.param(MailState.QUEUED, MAIL, False, id="queued"),
        pytest.param(MailState.CLAIMED, MAIL, False, id="claimed"),
        pytest.param(MailState.SENT, None, False, id="sent"),
        pytest.param(MailState.DELIVERED, None, False, id="delivered"),
        pytest.param(MailState.BOUNCED, STAFF, True, id="bounced"),
        pytest.param(MailState.FAILED, STAFF, True, id="failed"),
        pytest.param(MailState.UNCERTAIN, STAFF, True, id="uncertain"),
        pytest.param(MailState.STOPPED, STAFF, True, id="stopped"),
    ],
)
def test_a_mail_waits_where_its_state_says_until_somebody_has_handled_it(
    state: MailState, work: str | None, needs_staff: bool
) -> None:
    mail = a_mail(state=state)
    expected = OpenWork(work, mail.queued_at) if work else None
    assert (mail.open_work, mail.needs_staff) == (expected, needs_staff)
    handled = mail.but(handled_by="stab")
    assert (handled.open_work, handled.needs_staff) == (expected if work == MAIL else None, False)


def test_a_claimed_mail_waits_since_it_was_claimed() -> None:
    assert claim(a_mail(), NOW).open_work == OpenWork(MAIL, NOW)


def test_a_released_mail_is_due_again_only_after_its_wait() -> None:
    mail = release(claim(a_mail(), NOW), now=NOW, wait=timedelta(minutes=1))
    assert [is_due(mail, NOW + timedelta(seconds=each)) for each in (0, 59, 60)] == [
        False,
        False,
        True,
    ]
    assert (mail.state, mail.claimed_at) == (MailState.QUEUED, None)


@pytest.mark.parametrize("state", [each for each in MailState if each is not MailState.QUEUED])
def test_only_a_queued_mail_is_due(state: MailState) -> None:
    assert not is_due(a_mail(state=state), NOW)


@pytest.mark.parametrize("state", [each for each in MailState if each is not MailState.CLAIMED])
def test_only_a_claimed_mail_becomes_uncertain(state: MailState) -> None:
    with pytest.raises(MailStateError, match=state):
        mark_uncertain(a_mail(state=state))


def test_a_late_event_settles_an_uncertain_mail() -> None:
    mail = mark_uncertain(claim(a_mail(), NOW))
    assert after(mail, SEND).state is MailState.SENT
    assert after(mail, event("Open")).state is MailState.UNCERTAIN


def test_a_refusal_is_noted_once_with_sess_own_code() -> None:
    mail = claim(a_mail(), NOW)
    once = mark_failed(mail, code="MessageRejected", now=NOW)
    assert once == mark_failed(once, code="MessageRejected", now=NOW)
    assert (once.state, once.events) == (
        MailState.FAILED,
        (event("refused", detail="MessageRejected"),),
    )


def test_a_copy_is_a_mail_of_its_own_with_the_same_text() -> None:
    letter = Enclosure(key="letters/a.pdf", file_name="svar.pdf", sha256="ab" * 32)
    page = Page(path="/", label="claim_link", application_id="a1", link_version=1)
    kept = {"enclosures": (letter,), "pages": {"claim_link": page}}
    mail = a_mail(state=MailState.BOUNCED, events=(HARD,), copies=1, handled_by="stab", **kept)
    assert send_again(mail, to="ny@example.org", now=NOW) == a_mail(
        id=f"{mail.id}_again2", to="ny@example.org", queued_at=NOW, **kept
    )
    assert send_again(mail, to=None, now=NOW).to == mail.to


def test_a_copy_says_like_its_original_that_staff_registered_the_step() -> None:
    phoned = OnBehalf(by="stab", source=Source.PHONE, day=NOW.date())
    mail = a_mail(state=MailState.BOUNCED, events=(HARD,), registered=phoned)
    assert copy_of(mail, "second", to="leder@example.org", now=NOW) == a_mail(
        id=f"{mail.id}_second", to="leder@example.org", queued_at=NOW, registered=phoned
    )


@pytest.mark.parametrize("state", [MailState.QUEUED, MailState.CLAIMED, MailState.STOPPED])
def test_what_is_on_its_way_or_stopped_is_not_sent_again(state: MailState) -> None:
    with pytest.raises(MailStateError, match=state):
        send_again(a_mail(state=state), to=None, now=NOW)


def test_a_mail_that_is_stopped_and_let_go_is_due_at_once_and_nobodys_work() -> None:
    waited = a_mail(not_before=NOW + timedelta(minutes=5))
    stopped = stop(waited)
    assert stopped == waited.but(state=MailState.STOPPED)
    assert let_go(stopped.but(handled_by="stab")) == a_mail()


@pytest.mark.parametrize("state", [each for each in MailState if each is not MailState.QUEUED])
def test_a_mail_that_somebody_has_taken_is_not_stopped(state: MailState) -> None:
    with pytest.raises(MailStateError) as refused:
        stop(a_mail(state=state))
    assert refused.value.args == (state,)


@pytest.mark.parametrize("state", [each for each in MailState if each is not MailState.STOPPED])
def test_only_a_stopped_mail_is_let_go(state: MailState) -> None:
    with pytest.raises(MailStateError) as refused:
        let_go(a_mail(state=state))
    assert refused.value.args == (state,)


@pytest.mark.parametrize(
    ("found", "carries", "itself"),
    [
        pytest.param("a1_letter_1", True, True, id="the-letters-own"),
        pytest.param("a1_letter_1_again1", True, False, id="sent-again"),
        pytest.param("a1_letter_1_second", True, False, id="to-the-second-contact"),
        pytest.param("a1_receipt_1", False, False, id="a-receipt"),
        pytest.param("a1_receipt_letter", False, False, id="of-another-thing-called-letter"),
        pytest.param("letter_receipt_1", False, False, id="of-an-owner-called-letter"),
        pytest.param("a1_letters_1", False, False, id="of-another-text"),
        pytest.param("a1", False, False, id="without-a-text"),
    ],
)
def test_an_id_tells_the_letters_mail_from_its_copies_and_from_others(
    found: str, carries: bool, itself: bool
) -> None:
    assert (carries_letter(found), is_letter_itself(found)) == (carries, itself)


def test_a_mail_that_waited_is_claimed_without_its_wait() -> None:
    waited = release(claim(a_mail(), NOW), now=NOW, wait=timedelta(minutes=5))
    assert claim(waited, NOW) == a_mail(state=MailState.CLAIMED, claimed_at=NOW)


def test_first_message_id_is_kept() -> None:
    once = record_event(a_mail(), SEND, "message-1")
    assert once.message_id == "message-1"
    assert record_event(once, DELIVERY, "message-2").message_id == "message-1"


def test_an_id_says_what_and_whom() -> None:
    assert mail_id("a1", "receipt", "S1", 2) == "a1_receipt_S1_2"
    assert mail_id("a1", "letter", "KFK2/2026 æ") == "a1_letter_KFK2-2026-"


@given(st.text(max_size=60), st.lists(st.one_of(st.text(max_size=20), st.integers()), max_size=3))
def test_an_id_holds_only_what_ses_takes_in_a_tag(owner: str, parts: list[object]) -> None:
    found = mail_id(owner, "receipt", *parts)
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def test_a_mail_lies_in_its_programmes_ledger_and_its_message_names_it() -> None:
    mail = a_mail()
    assert (mail.key, as_json(mail)) == (
        Key("MAILS#kifk2", mail.id),
        {"programme": "kifk2", "mail": mail.id},
    )
