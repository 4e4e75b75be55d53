"""Two persons decide; what was told is corrected by two; the waiting list has one order."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from kulturkontor.actions import confirm_decisions, offer_places, order_waiting_list
from kulturkontor.actions.answer import PlaceStateError
from kulturkontor.actions.decide import DecisionStateError, apply_decisions, read_rows
from kulturkontor.actions.propose import (
    WordingError,
    Written,
    propose_decision,
    take_back_proposal,
)
from kulturkontor.actions.release_letters import _has_pending_letter
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.conflicts import ConflictError
from kulturkontor.decisions import (
    DecisionKind,
    DecisionState,
    LetterState,
    Outcome,
    PlaceState,
    decision_digest,
    state_of,
)
from kulturkontor.office_users import OfficeUser
from kulturkontor.participation import open_place
from kulturkontor.records import Put
from kulturkontor.sheet_imports import SheetImport, SheetState
from kulturkontor.sheet_rows import DecisionIn
from kulturkontor.waiting_order import waiting, waiting_list
from tests.office_factory import (
    CONFIRMER,
    accept,
    all_mails,
    confirm_all,
    decide_all,
    hand_over,
    letter,
    oslo,
    post_letter,
    read,
    release,
    send_in,
)

KARI = "kari@example.org"
BERGEN, OSLO, STAVANGER, TRONDHEIM = "4601", "0301", "1103", "5001"
AT = "2026-04-20T10:00:00"


_SECONDS = count(1)


def later(at: str) -> datetime:
    """A moment of its own for each thing that is done."""
    return oslo(at) + timedelta(seconds=next(_SECONDS))


def seen(here: Wiring, application_id: str) -> str:
    return decision_digest(read(here, application_id).decision)


def propose(
    here: Wiring,
    application_id: str,
    outcome: Outcome | None = Outcome.ADMITTED,
    *,
    by: str = KARI,
    at: str = AT,
    known: str | None = None,
    **changes: Any,
) -> Application:
    written = Written(outcome=outcome, reason="Godt forankret.")._replace(**changes)
    return propose_decision(
        application_id,
        written,
        seen=seen(here, application_id) if known is None else known,
        by=by,
        at=later(at),
        programme=here.programme,
        records=here.records,
    )


def confirm(
    here: Wiring, *ids: str, by: str = CONFIRMER, at: str = AT
) -> confirm_decisions.Confirmed:
    return confirm_decisions.confirm_decisions(
        {each: seen(here, each) for each in ids},
        by=by,
        at=later(at),
        programme=here.programme,
        records=here.records,
    )


def state(here: Wiring, application_id: str) -> DecisionState:
    return state_of(read(here, application_id).decision)


def tell(here: Wiring, application_id: str, outcome: Outcome, reason: str = "Fordi.") -> str:
    """Decided, confirmed, released and told."""
    reference = read(here, application_id).reference or ""
    decide_all(here, [(reference, outcome)], reason=reason)
    release(here)
    post_letter(here, application_id)
    assert state(here, application_id) is DecisionState.TOLD
    return application_id


def codes(fault: pytest.ExceptionInfo[WordingError]) -> list[tuple[str, str]]:
    return [(each.column, each.code) for each in fault.value.faults]


def test_the_proposer_cannot_confirm_whatever_the_case_of_the_address(aws: Wiring) -> None:
    one, other = send_in(aws).id, send_in(aws, OSLO).id
    propose(aws, one)
    propose(aws, other, by="ola@example.org")
    with pytest.raises(DecisionStateError, match="own_proposal"):
        confirm(aws, one, other, by="Kari@Example.org")
    assert (state(aws, one), state(aws, other)) == (DecisionState.PROPOSED,) * 2
    assert confirm(aws, one, other).confirmed == 2
    assert (state(aws, one), state(aws, other)) == (DecisionState.CONFIRMED,) * 2


def test_what_was_changed_since_it_was_seen_is_not_confirmed(aws: Wiring) -> None:
    one, other = send_in(aws).id, send_in(aws, OSLO).id
    propose(aws, one)
    propose(aws, other)
    known = {each: seen(aws, each) for each in (one, other)}
    propose(aws, one, Outcome.REJECTED)
    done = confirm_decisions.confirm_decisions(
        known, by=CONFIRMER, at=later(AT), programme=aws.programme, records=aws.records
    )
    assert (done.confirmed, done.changed) == (1, 1)
    assert (state(aws, one), state(aws, other)) == (
        DecisionState.PROPOSED,
        DecisionState.CONFIRMED,
    )


def test_confirming_goes_on_where_it_was_stopped(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirm_decisions, "_AT_A_TIME", 2)
    ids = [send_in(aws, each).id for each in (BERGEN, OSLO, STAVANGER)]
    for each in ids:
        propose(aws, each)
    known = {each: seen(aws, each) for each in ids}
    assert confirm(aws, *sorted(ids)[:2]).confirmed == 2
    rest = confirm_decisions.confirm_decisions(
        known, by=CONFIRMER, at=later(AT), programme=aws.programme, records=aws.records
    )
    assert rest.confirmed == 1
    audited = [
        row.what
        for each in ids
        for row in aws.records.list(AuditRow, f"APPLICATION#{each}", "AUDIT#")
    ]
    assert sorted(audited) == ["confirmation"] * 3 + ["decision"] * 3


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"reason": "En annen."}, id="reason"),
        pytest.param({"conditions": "Send planen."}, id="conditions"),
        pytest.param({"language": "nn", "language_reason": "De ba om det."}, id="language"),
        pytest.param({"outcome": Outcome.REJECTED}, id="outcome"),
    ],
)
def test_any_change_must_be_confirmed_anew(aws: Wiring, changes: dict[str, Any]) -> None:
    one = send_in(aws, TRONDHEIM).id
    propose(aws, one)
    confirm(aws, one)
    propose(aws, one, by="ola@example.org", **changes)
    assert state(aws, one) is DecisionState.PROPOSED
    with pytest.raises(DecisionStateError, match="own_proposal"):
        confirm(aws, one, by="ola@example.org")
    assert confirm(aws, one, by=KARI).confirmed == 1


def test_the_same_proposal_again_changes_nothing(aws: Wiring) -> None:
    one = send_in(aws).id
    propose(aws, one)
    confirm(aws, one)
    before = read(aws, one)
    assert propose(aws, one, by="ola@example.org") == before
    assert read(aws, one) == before


def test_a_proposal_that_was_made_from_an_older_page_is_refused(aws: Wiring) -> None:
    one = send_in(aws).id
    propose(aws, one)
    with pytest.raises(DecisionStateError, match="changed_meanwhile"):
        propose(aws, one, Outcome.REJECTED, known="")
    assert read(aws, one).decisions[0].outcome is Outcome.ADMITTED


def test_a_sheet_leaves_what_it_does_not_change_as_confirmed(aws: Wiring) -> None:
    one, other = send_in(aws).id, send_in(aws, OSLO).id
    propose(aws, one)
    propose(aws, other)
    confirm(aws, one, other)
    rows = [
        DecisionIn(
            reference=f"KFK2-2026-{number}",
            outcome=Outcome.ADMITTED,
            rank=None,
            reason=reason,
            language=None,
        )
        for number, reason in ((BERGEN, "Godt forankret."), (OSLO, "En annen."))
    ]
    written = apply_decisions(
        rows,
        source="sheet-2",
        by="ola@example.org",
        at=later(AT),
        programme=aws.programme,
        records=aws.records,
    )
    assert written == 1
    assert (state(aws, one), state(aws, other)) == (
        DecisionState.CONFIRMED,
        DecisionState.PROPOSED,
    )


def test_page_and_sheet_lead_to_the_same_decision(aws: Wiring) -> None:
    one = send_in(aws, TRONDHEIM).id
    said = {
        "conditions": "Send planen.",
        "language": "nn",
        "language_reason": "De ba om det.",
        "reason": "Fordi.",
    }
    (by_page,) = propose(aws, one, **said).decisions
    take_back(aws, one)
    row = DecisionIn(
        reference=f"KFK2-2026-{TRONDHEIM}", outcome=Outcome.ADMITTED, rank=None, **said
    )
    apply_decisions(
        [row],
        source="page",
        by=KARI,
        at=later(AT),
        programme=aws.programme,
        records=aws.records,
    )
    (by_sheet,) = read(aws, one).decisions
    assert by_sheet == by_page.model_copy(update={"decided_at": by_sheet.decided_at})


def take_back(here: Wiring, application_id: str) -> Application:
    return take_back_proposal(
        application_id,
        seen=seen(here, application_id),
        by=KARI,
        at=later(AT),
        programme=here.programme,
        records=here.records,
    )


def test_only_what_is_confirmed_is_queued_and_written(aws: Wiring) -> None:
    one = send_in(aws).id
    propose(aws, one)
    (row,) = read_rows(aws.programme, aws.records)
    assert not _has_pending_letter(row)
    release(aws)
    assert letter(aws, one) is None
    assert {each for each in all_mails(aws) if each.startswith(one)} == {f"{one}_receipt_1"}
    confirm(aws, one, at="2026-04-30T09:02:00")
    (row,) = read_rows(aws.programme, aws.records)
    assert _has_pending_letter(row)


def test_a_confirmation_and_a_proposal_are_taken_back(aws: Wiring) -> None:
    one = send_in(aws).id
    propose(aws, one)
    confirm(aws, one)
    confirm_decisions.take_back_confirmation(
        one, seen=seen(aws, one), by=KARI, at=later(AT), records=aws.records
    )
    assert state(aws, one) is DecisionState.PROPOSED
    take_back(aws, one)
    assert state(aws, one) is DecisionState.UNDECIDED


def test_nothing_is_taken_back_once_it_is_told(aws: Wiring) -> None:
    one = tell(aws, send_in(aws).id, Outcome.ADMITTED)
    with pytest.raises(DecisionStateError, match="already_told"):
        take_back(aws, one)
    with pytest.raises(DecisionStateError, match="already_told"):
        confirm_decisions.take_back_confirmation(
            one, seen=seen(aws, one), by=KARI, at=later(AT), records=aws.records
        )


@pytest.mark.parametrize(
    ("outcome", "changes", "expected"),
    [
        pytest.param(None, {}, [("outcome", "outcome_missing")], id="no outcome"),
        pytest.param(Outcome.ADMITTED, {"reason": ""}, [("reason", "reason_missing")], id="why"),
        pytest.param(
            Outcome.REJECTED,
            {"conditions": "Nei."},
            [("conditions", "conditions_without_place")],
            id="conditions",
        ),
        pytest.param(
            Outcome.ADMITTED,
            {"language": "nn"},
            [("language_reason", "language_reason_missing")],
            id="language",
        ),
        pytest.param(
            Outcome.WAITLISTED, {"rank": "0"}, [("rank", "rank_not_a_number")], id="no rank"
        ),
        pytest.param(
            Outcome.ADMITTED, {"rank": "1"}, [("rank", "rank_without_waitlist")], id="rank"
        ),
    ],
)
def test_what_cannot_be_proposed_is_told_by_its_field(
    aws: Wiring, outcome: Outcome | None, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    one = send_in(aws, TRONDHEIM).id
    with pytest.raises(WordingError) as fault:
        propose(aws, one, outcome, **changes)
    assert codes(fault) == expected
    assert read(aws, one).decisions == ()


def test_a_number_of_the_waiting_list_is_given_once(aws: Wiring) -> None:
    first, second, third = (send_in(aws, each).id for each in (BERGEN, OSLO, STAVANGER))
    propose(aws, first, Outcome.WAITLISTED)
    propose(aws, second, Outcome.WAITLISTED)
    with pytest.raises(WordingError) as fault:
        propose(aws, third, Outcome.WAITLISTED, rank="2")
    assert codes(fault) == [("rank", "rank_repeated")]
    assert [row.rank for row in waiting(read_rows(aws.programme, aws.records))] == [1, 2]


def test_the_waiting_list_is_moved_and_closed_up_and_confirmed_anew(aws: Wiring) -> None:
    ids = [send_in(aws, each).id for each in (BERGEN, OSLO, STAVANGER)]
    for each in ids:
        propose(aws, each, Outcome.WAITLISTED)
    confirm(aws, *ids)
    move(aws, ids[2], up=True)
    assert in_order(aws) == [ids[0], ids[2], ids[1]]
    assert [state(aws, each) for each in ids] == [
        DecisionState.CONFIRMED,
        DecisionState.PROPOSED,
        DecisionState.PROPOSED,
    ]
    with pytest.raises(DecisionStateError, match="not_movable"):
        move(aws, ids[0], up=True)
    take_back(aws, ids[0])
    assert close_up(aws) == 2
    assert [(row.id, row.rank) for row in waiting(read_rows(aws.programme, aws.records))] == [
        (ids[2], 1),
        (ids[1], 2),
    ]
    assert close_up(aws) == 0


def test_nobody_moves_what_is_closed_to_them_also_by_moving_its_neighbour(aws: Wiring) -> None:
    ids = [send_in(aws, each).id for each in (BERGEN, OSLO, STAVANGER)]
    for each in ids:
        propose(aws, each, Outcome.WAITLISTED)
    aws.records.write(Put(OfficeUser(email="ola@example.org", municipality=OSLO)))
    with pytest.raises(ConflictError):
        move(aws, ids[0], up=False)
    take_back(aws, ids[0])
    with pytest.raises(ConflictError):
        close_up(aws)
    assert in_order(aws) == [ids[1], ids[2]]


def move(here: Wiring, application_id: str, *, up: bool) -> None:
    order_waiting_list.move(
        application_id,
        up=up,
        seen=seen(here, application_id),
        by="ola@example.org",
        at=later(AT),
        programme=here.programme,
        records=here.records,
    )


def close_up(here: Wiring) -> int:
    return order_waiting_list.close_up(
        by="ola@example.org", at=later(AT), programme=here.programme, records=here.records
    )


def in_order(here: Wiring) -> list[str]:
    return [row.id for row in waiting(read_rows(here.programme, here.records))]


def test_a_number_that_a_letter_has_told_stands(aws: Wiring) -> None:
    first = tell(aws, send_in(aws).id, Outcome.WAITLISTED)
    second = send_in(aws, OSLO).id
    propose(aws, second, Outcome.WAITLISTED)
    assert read(aws, second).decisions[0].rank == 2
    with pytest.raises(DecisionStateError, match="not_movable"):
        move(aws, second, up=True)
    assert in_order(aws) == [first, second]


def test_nothing_is_proposed_while_a_sheet_is_being_written(aws: Wiring) -> None:
    one = send_in(aws).id
    sheet = SheetImport(
        id="sheet0009",
        programme=aws.programme.id,
        kind="decisions",
        by="stab",
        state=SheetState.APPLYING,
        promised_at=later(AT),
    )
    aws.records.write(Put(sheet))
    with pytest.raises(DecisionStateError, match="sheet_applying"):
        propose(aws, one)


@pytest.mark.parametrize(
    ("becomes", "code"),
    [
        (ApplicationState.COMPETING, "competing"),
        (ApplicationState.WITHDRAWN, "not_to_decide"),
        (ApplicationState.SUPERSEDED, "not_to_decide"),
    ],
)
def test_who_gets_no_answer_is_not_decided(
    aws: Wiring, becomes: ApplicationState, code: str
) -> None:
    one = send_in(aws).id
    aws.records.write(*put(read(aws, one).but(state=becomes)))
    with pytest.raises(DecisionStateError, match=code):
        propose(aws, one)


def test_a_correction_is_a_decision_of_its_own_by_two_persons_and_offers_a_place(
    aws: Wiring,
) -> None:
    one = tell(aws, send_in(aws).id, Outcome.REJECTED)
    with pytest.raises(WordingError) as fault:
        propose(aws, one, at="2026-05-04T10:00:00")
    assert codes(fault) == [("correction_reason", "reason_missing")]
    propose(aws, one, at="2026-05-04T10:00:00", correction_reason="Vi leste feil.")
    application = read(aws, one)
    assert [(each.serial, each.kind) for each in application.decisions] == [
        (1, DecisionKind.ANSWER),
        (2, DecisionKind.CORRECTION),
    ]
    assert application.mail_language == "nb"
    assert letter(aws, one, at="2026-05-04T10:05:00") is None
    confirm(aws, one, at="2026-05-04T10:06:00")
    told = letter(aws, one, at="2026-05-04T10:07:00")
    hand_over(aws, one, at="2026-05-04T10:07:00")
    assert told is not None
    assert told.state is LetterState.RENDERED
    corrected = read(aws, one)
    assert corrected.place is not None
    assert corrected.place.state is PlaceState.OFFERED
    assert all_mails(aws)[told.mail_id].text == "decision_corrected"
    assert accept(aws, one).place is not None


def test_a_correction_takes_back_a_place_that_nobody_has_answered_for(aws: Wiring) -> None:
    one = tell(aws, send_in(aws).id, Outcome.ADMITTED)
    propose(aws, one, Outcome.REJECTED, correction_reason="Vi leste feil.")
    confirm(aws, one)
    post_letter(aws, one, at="2026-05-04T10:07:00")
    assert read(aws, one).place is None


def test_a_place_that_was_declined_cannot_be_taken_after_a_correction_to_no(aws: Wiring) -> None:
    one = tell(aws, send_in(aws).id, Outcome.ADMITTED)
    accept(aws, one, accept=False)
    propose(aws, one, Outcome.REJECTED, correction_reason="Vi leste feil.")
    confirm(aws, one)
    post_letter(aws, one, at="2026-05-04T12:00:00")
    with pytest.raises(PlaceStateError):
        accept(aws, one)
    assert open_place(read(aws, one)) is None


def test_a_correction_leaves_an_accepted_place_and_cannot_take_it(aws: Wiring) -> None:
    one = tell(aws, send_in(aws).id, Outcome.ADMITTED)
    propose(aws, one, Outcome.REJECTED, correction_reason="Vi leste feil.")
    confirm(aws, one)
    before = accept(aws, one).place
    held = letter(aws, one, at="2026-05-04T10:07:00")
    assert held is not None
    assert (held.state, "takket ja" in held.held_because) == (LetterState.HELD, True)
    assert read(aws, one).place == before
    take_back(aws, one)
    with pytest.raises(DecisionStateError, match="place_accepted"):
        propose(aws, one, Outcome.REJECTED, correction_reason="Vi leste feil.")
    propose(aws, one, conditions="Send planen.", correction_reason="Vi glemte et vilkår.")
    confirm(aws, one)
    post_letter(aws, one, at="2026-05-05T10:07:00")
    assert read(aws, one).place == before


def test_a_correction_that_corrects_nothing_is_refused(aws: Wiring) -> None:
    one = tell(aws, send_in(aws).id, Outcome.REJECTED, reason="Fordi.")
    with pytest.raises(DecisionStateError, match="nothing_corrected"):
        propose(aws, one, Outcome.REJECTED, reason="Fordi.", correction_reason="Feil.")


def test_who_is_about_to_be_corrected_is_not_offered_a_place(aws: Wiring) -> None:
    one = tell(aws, send_in(aws).id, Outcome.WAITLISTED)
    assert [row.id for row in waiting_list(read_rows(aws.programme, aws.records))] == [one]
    propose(aws, one, Outcome.REJECTED, correction_reason="Vi leste feil.")
    assert waiting_list(read_rows(aws.programme, aws.records)) == []


def test_an_offer_is_confirmed_by_who_makes_it_and_not_taken_back(aws: Wiring) -> None:
    free, next_one = send_in(aws).id, send_in(aws, OSLO).id
    references = [read(aws, each).reference or "" for each in (free, next_one)]
    decide_all(aws, [(references[0], Outcome.ADMITTED), (references[1], Outcome.WAITLISTED)])
    release(aws)
    for each in (free, next_one):
        post_letter(aws, each)
    declined = read(aws, free)
    assert declined.place is not None
    lapsed = declined.place.model_copy(update={"state": PlaceState.LAPSED})
    aws.records.write(*put(declined.but(place=lapsed)))
    aws.records.write(Put(OfficeUser(email="ola@example.org", municipality=OSLO)))
    with pytest.raises(ConflictError):
        offer_places.pass_on(
            free,
            by="ola@example.org",
            at=oslo("2026-05-21T09:00:00"),
            programme=aws.programme,
            records=aws.records,
        )
    offered = offer_places.pass_on(
        free, by=KARI, at=oslo("2026-05-21T10:00:00"), programme=aws.programme, records=aws.records
    )
    last = offered.decisions[-1]
    assert (last.kind, last.decided_by, last.confirmed_by) == (DecisionKind.OFFER, KARI, KARI)
    with pytest.raises(DecisionStateError, match="follows_by_itself"):
        take_back(aws, next_one)
    told = letter(aws, next_one, at="2026-05-21T10:05:00")
    assert told is not None
    assert all_mails(aws)[told.mail_id].text == "offer"


def test_the_confirmer_of_all_confirms_nothing_twice(aws: Wiring) -> None:
    propose(aws, send_in(aws).id)
    assert confirm_all(aws).confirmed == 1
    assert confirm_all(aws).confirmed == 0
