"""A place goes on to the next also where its letter never went: withdrawn first, or taken back."""

from typing import Any

import pytest

from kulturkontor.actions import control_release, offer_places, propose, withdraw
from kulturkontor.actions.decide import DecisionStateError, read_rows
from kulturkontor.actions.take_back_letter import take_back_letter
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import LetterState, Outcome, PlaceState, decision_digest
from kulturkontor.staff_tasks import count_tasks
from tests.actions.test_decisions import confirm
from tests.actions.test_decisions import propose as write_proposal
from tests.actions.test_settle_places import morning
from tests.office_factory import (
    accept,
    all_mails,
    decide_all,
    letter,
    oslo,
    post_letter,
    read,
    release,
    send_in,
)
from tests.web.office_browser import visit_office

AT = "2026-05-06T10:00:00"
Three = tuple[str, str, str]


def common(here: Wiring, at: str, by: str = "stab") -> dict[str, Any]:
    return {"by": by, "at": oslo(at), "programme": here.programme, "records": here.records}


def sent_in(here: Wiring, *outcomes: Outcome) -> list[str]:
    receipts = [send_in(here, each) for each in ("4601", "5001", "4204")]
    decide_all(
        here, [(each.reference or "", out) for each, out in zip(receipts, outcomes, strict=True)]
    )
    return [each.id for each in receipts]


@pytest.fixture
def offered(aws: Wiring) -> Three:
    """Who declined, who is offered the place but has no letter of it, and who waits behind."""
    first, second, third = sent_in(aws, Outcome.ADMITTED, Outcome.WAITLISTED, Outcome.WAITLISTED)
    release(aws)
    for each in (first, second, third):
        post_letter(aws, each)
    accept(aws, first, accept=False)
    offer(aws, first, "2026-05-05T10:00:00")
    return first, second, third


def offer(here: Wiring, free_id: str, at: str = AT) -> str:
    return offer_places.offer_next_place(
        free_id, letter_queue=here.letter_queue, **common(here, at)
    ).id


def withdraws(here: Wiring, application_id: str, asked: str = "2026-05-05T11:00:00") -> None:
    mails = {"mail_queue": here.mail_queue}
    withdraw.withdraw(application_id, **common(here, asked), **mails)
    withdraw.confirm_withdrawal(application_id, **common(here, "2026-05-05T12:00:00"), **mails)


def places_free(here: Wiring) -> int:
    return count_tasks(read_rows(here.programme, here.records), here.programme, oslo(AT))[
        "places_free"
    ]


def take_letter_back(here: Wiring, application_id: str) -> None:
    letter(here, application_id, at="2026-05-05T10:01:00")
    control_release.stop_letters(reason="Feil.", **common(here, "2026-05-05T10:02:00"))
    seen = decision_digest(read(here, application_id).decision)
    take_back_letter(application_id, seen=seen, **common(here, "2026-05-05T10:03:00"))


@pytest.mark.parametrize("is_taken_back", [False, True], ids=["unwritten", "taken-back"])
def test_the_place_of_who_withdrew_before_the_offers_letter_goes_on(
    aws: Wiring, offered: Three, is_taken_back: bool
) -> None:
    first, second, third = offered
    if is_taken_back:
        take_letter_back(aws, second)
    withdraws(aws, second)
    assert places_free(aws) == 1
    morning(aws, "2026-05-06T06:00:00")
    assert [key for key in all_mails(aws) if "place_free" in key and second in key] != []
    with pytest.raises(DecisionStateError, match="not_free"):
        offer(aws, first)
    assert offer(aws, second) == third
    place = read(aws, second).place
    assert place is not None
    assert (place.state, place.passed_on_to) == (PlaceState.PASSED_ON, third)
    assert places_free(aws) == 0
    with pytest.raises(DecisionStateError, match="not_free"):
        offer(aws, second)


@pytest.mark.parametrize(
    ("asked", "free"), [("2026-04-30T09:00:30", 1), ("2026-04-25T09:00:00", 0)]
)
def test_who_was_to_have_a_place_frees_it_only_by_withdrawing_after_the_release(
    aws: Wiring, asked: str, free: int
) -> None:
    first, second, _ = sent_in(aws, Outcome.ADMITTED, Outcome.WAITLISTED, Outcome.REJECTED)
    if free:
        release(aws)
        withdraws(aws, first, asked)
    else:
        withdraws(aws, first, asked)
        release(aws)
    post_letter(aws, second)
    assert places_free(aws) == free
    (row,) = [each for each in read_rows(aws.programme, aws.records) if each.id == first]
    assert row.has_free_place is bool(free)


def test_an_offer_whose_letter_was_taken_back_is_dropped_and_its_place_is_free_again(
    aws: Wiring, offered: Three
) -> None:
    first, second, _ = offered
    digest = decision_digest(read(aws, second).decision)
    with pytest.raises(DecisionStateError, match="follows_by_itself"):
        propose.take_back_proposal(second, seen=digest, **common(aws, "2026-05-05T10:00:30"))
    take_letter_back(aws, second)
    page = f"/decisions/{second}"
    staff = visit_office(aws, at=AT).sign_in("staff", email="b@example.org")
    assert "Dropp tilbudet" in staff.get(page).text
    digest = decision_digest(read(aws, second).decision)
    assert staff.post(f"{page}/take-back", {"seen": digest}).status == 303
    last, place = read(aws, second).decision, read(aws, first).place
    assert last is not None
    assert place is not None
    assert (last.outcome, last.is_told) == (Outcome.WAITLISTED, True)
    assert (place.state, place.passed_on_to) == (PlaceState.DECLINED, None)
    assert places_free(aws) == 1
    assert offer(aws, first) == second


def test_dropping_an_offer_of_a_place_that_no_letter_gave_leaves_it_with_who_withdrew(
    aws: Wiring, offered: Three
) -> None:
    _, second, third = offered
    withdraws(aws, second)
    offer(aws, second)
    take_letter_back(aws, third)
    seen = decision_digest(read(aws, third).decision)
    propose.take_back_proposal(third, seen=seen, **common(aws, AT))
    assert read(aws, second).place is None
    assert places_free(aws) == 1


@pytest.mark.parametrize("end", ["declined", "lapsed"])
def test_nobody_is_told_that_they_wait_for_the_place_they_gave_up(aws: Wiring, end: str) -> None:
    first, _, _ = sent_in(aws, Outcome.ADMITTED, Outcome.WAITLISTED, Outcome.REJECTED)
    release(aws)
    post_letter(aws, first)
    why = {"correction_reason": "Vi tok feil.", "rank": "2"}
    write_proposal(aws, first, Outcome.WAITLISTED, at="2026-05-18T10:00:00", **why)
    if end == "declined":
        accept(aws, first, at="2026-05-19T10:00:00", accept=False)
    else:
        morning(aws, "2026-05-21T06:00:00")
    with pytest.raises(DecisionStateError, match="place_is_free"):
        confirm(aws, first, at="2026-05-21T10:00:00")


def test_a_correction_to_the_list_that_was_confirmed_before_the_place_was_given_up_is_held(
    aws: Wiring,
) -> None:
    first, _, _ = sent_in(aws, Outcome.ADMITTED, Outcome.WAITLISTED, Outcome.REJECTED)
    release(aws)
    post_letter(aws, first)
    why = {"correction_reason": "Vi tok feil.", "rank": "2"}
    write_proposal(aws, first, Outcome.WAITLISTED, at="2026-05-18T10:00:00", **why)
    confirm(aws, first, at="2026-05-18T11:00:00")
    accept(aws, first, at="2026-05-19T10:00:00", accept=False)
    held = letter(aws, first, at="2026-05-19T10:05:00")
    assert held is not None
    assert (held.state, "gitt fra seg plassen" in held.held_because) == (LetterState.HELD, True)
    assert [key for key in all_mails(aws) if key == f"{first}_letter_2"] == []
