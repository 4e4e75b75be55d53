"""What a municipality knows of its decision: what it has been sent, whatever has been written."""

from datetime import date

import pytest

from kulturkontor.applications import Application
from kulturkontor.decisions import Decision, DecisionKind, LetterState, Outcome, Place, PlaceState
from kulturkontor.made_known import (
    as_known,
    gives_too_little_time,
    is_letter_kept_back,
    letter_mail_ids,
    place_without,
)
from kulturkontor.mails import Mail, MailState
from tests.office_factory import oslo
from tests.rules.application_factory import KIFK2, a_decision, a_letter, a_mail, an_application

AT = oslo("2026-04-30T09:01:00")
OFFERED = Place(state=PlaceState.OFFERED, answer_by=date(2026, 5, 20), offered_at=AT)
KEPT_BACK = (MailState.QUEUED, MailState.STOPPED, MailState.TAKEN_BACK, MailState.FAILED)


def written(
    serial: int = 1, outcome: Outcome = Outcome.ADMITTED, **places: Place | None
) -> Decision:
    letter = a_letter(LetterState.RENDERED).model_copy(
        update={"mail_id": f"a_letter_{serial}", **places}
    )
    return a_decision(serial=serial, outcome=outcome, letter=letter)


def mails(*states: MailState, of: str = "a_letter_1") -> dict[str, Mail]:
    """The contact's, the leader's and postmottak's, as many as there are."""
    ids = (of, f"{of}_copy_leader", f"{of}_copy_postmottak")
    return {each: a_mail(id=each, state=state) for each, state in zip(ids, states, strict=False)}


@pytest.mark.parametrize("state", MailState)
def test_a_letter_is_kept_back_until_it_is_claimed_for_sending_and_when_ses_never_took_it(
    state: MailState,
) -> None:
    assert is_letter_kept_back(written(), mails(state)) is (state in KEPT_BACK)


def test_one_copy_that_went_makes_the_decision_known() -> None:
    went = mails(MailState.STOPPED, MailState.STOPPED, MailState.SENT)
    stays = mails(MailState.STOPPED, MailState.QUEUED, MailState.STOPPED)
    assert [is_letter_kept_back(written(), each) for each in (went, stays)] == [False, True]
    assert letter_mail_ids(written()) == list(went)


def test_a_letter_that_failed_is_out_once_ses_took_it_or_what_staff_sent_again() -> None:
    failed = a_mail(id="a_letter_1", state=MailState.FAILED)
    again = a_mail(id="a_letter_1_again1", state=MailState.FAILED, copies=1)
    third = a_mail(id="a_letter_1_again1_again1", state=MailState.SENT)
    taken = failed.but(message_id="m")
    twice = [failed.but(copies=1), again]
    assert [
        is_letter_kept_back(written(), {each.id: each for each in found})
        for found in ([failed], [taken], twice, [*twice, third])
    ] == [True, False, True, False]


@pytest.mark.parametrize("state", [LetterState.OUTSIDE, LetterState.HELD, LetterState.PENDING])
def test_only_a_letter_of_ours_can_be_kept_back(state: LetterState) -> None:
    decision = a_decision(letter=a_letter(state))
    assert (letter_mail_ids(decision), is_letter_kept_back(decision, {})) == ([], False)


def test_a_letter_whose_mails_are_forgotten_went_long_ago() -> None:
    application = an_application(decisions=(written(),), place=OFFERED)
    assert as_known(application, {}) is application


def shown(application: Application, found: dict[str, Mail]) -> tuple[list[int], Place | None]:
    known = as_known(application, found)
    assert known.revision == application.revision
    return [each.serial for each in known.decisions if each.is_told], known.place


def test_neither_the_outcome_nor_the_place_of_a_letter_that_is_kept_back_is_shown() -> None:
    application = an_application(
        decisions=(written(place_found=None, place_left=OFFERED),), place=OFFERED
    )
    assert shown(application, mails(MailState.STOPPED)) == ([], None)
    assert shown(application, mails(MailState.DELIVERED)) == ([1], OFFERED)


def test_a_correction_that_is_kept_back_leaves_what_the_earlier_letter_told() -> None:
    first = written(place_found=None, place_left=OFFERED)
    second = written(2, Outcome.WAITLISTED, place_found=OFFERED, place_left=None)
    application = an_application(decisions=(first, second), place=None)
    sent = mails(MailState.SENT)
    kept_back = sent | mails(MailState.QUEUED, of="a_letter_2")
    assert shown(application, kept_back) == ([1], OFFERED)
    assert shown(application, sent | mails(MailState.SENT, of="a_letter_2")) == ([1, 2], None)
    assert shown(application, mails(*KEPT_BACK[:1]) | kept_back | mails(MailState.STOPPED)) == (
        [],
        None,
    )


def test_what_has_happened_to_the_place_since_stands_without_the_letter() -> None:
    letter = written(place_found=None, place_left=OFFERED).letter
    accepted = OFFERED.model_copy(update={"state": PlaceState.ACCEPTED, "answered_at": AT})
    assert letter is not None
    assert [place_without(letter, each) for each in (OFFERED, accepted)] == [None, accepted]


@pytest.mark.parametrize(
    ("day", "kind", "state", "is_late"),
    [
        pytest.param("2026-05-12", DecisionKind.ANSWER, MailState.STOPPED, False, id="in time"),
        pytest.param("2026-05-13", DecisionKind.ANSWER, MailState.STOPPED, True, id="too near"),
        pytest.param("2026-06-26", DecisionKind.ANSWER, MailState.FAILED, True, id="past, failed"),
        pytest.param("2026-06-26", DecisionKind.ANSWER, MailState.SENT, False, id="it went"),
        pytest.param("2026-05-13", DecisionKind.OFFER, MailState.QUEUED, True, id="an offer"),
    ],
)
def test_a_letter_goes_only_with_time_enough_to_answer(
    day: str, kind: DecisionKind, state: MailState, is_late: bool
) -> None:
    decision = written(place_left=OFFERED).model_copy(update={"kind": kind})
    application = an_application(decisions=(decision,), place=OFFERED)
    accepted = OFFERED.model_copy(update={"state": PlaceState.ACCEPTED})

    def is_too_late(of: Application) -> bool:
        return gives_too_little_time(
            of, decision, mails(state), today=date.fromisoformat(day), programme=KIFK2
        )

    assert is_too_late(application) is is_late
    assert not is_too_late(application.but(place=accepted))


def test_the_next_decision_has_a_serial_that_no_letter_had() -> None:
    none, one = an_application(), an_application(decisions=(a_decision(),))
    back = an_application(taken_back=(written(1), written(2)))
    assert [each.next_serial for each in (none, one, back)] == [1, 2, 3]
