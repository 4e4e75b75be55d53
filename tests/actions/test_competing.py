"""A municipality's applications that the deadline no longer settles."""

import pytest

from kulturkontor.actions import choose, withdraw
from kulturkontor.applications import ApplicationState, application_key
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from tests.office_factory import (
    STAFF,
    all_mails,
    ask_to_withdraw,
    decide_all,
    letter,
    oslo,
    read,
    release,
    send_in,
)

LATE = "2026-04-14T10:00:00"


def confirm(here: Wiring, application_id: str) -> None:
    for step, by in ((withdraw.withdraw, "kontakt"), (withdraw.confirm_withdrawal, "stab")):
        step(
            application_id,
            by=by,
            at=oslo("2026-04-15T10:00:00"),
            programme=here.programme,
            records=here.records,
            mail_queue=here.mail_queue,
        )


def test_a_late_second_application_counts_when_the_first_is_withdrawn(aws: Wiring) -> None:
    first = send_in(aws)
    second = send_in(aws, key="second-of-4601", at=LATE)
    assert second.state is ApplicationState.COMPETING
    confirm(aws, first.id)
    assert read(aws, first.id).state is ApplicationState.WITHDRAWN
    assert read(aws, second.id).state is ApplicationState.SUBMITTED


def test_people_still_choose_between_two_that_are_left(aws: Wiring) -> None:
    first = send_in(aws)
    others = [send_in(aws, key=f"late-of-4601-{n}", at=LATE).id for n in (1, 2)]
    confirm(aws, first.id)
    assert {read(aws, each).state for each in others} == {ApplicationState.COMPETING}
    confirm(aws, others[0])
    assert read(aws, others[1]).state is ApplicationState.SUBMITTED


def test_the_first_keeps_counting_when_the_late_one_is_withdrawn(aws: Wiring) -> None:
    first = send_in(aws)
    second = send_in(aws, key="second-of-4601", at=LATE)
    confirm(aws, second.id)
    assert read(aws, first.id).state is ApplicationState.SUBMITTED


def choose_one(here: Wiring, application_id: str, chosen: str) -> None:
    choose.choose(
        application_id,
        chosen,
        by="municipality",
        at=oslo("2026-03-22T10:00:00"),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def states(here: Wiring, *ids: str) -> list[str]:
    return [read(here, each).state.value for each in ids]


def test_the_contact_who_chooses_the_other_settles_it_at_once(aws: Wiring) -> None:
    first, second = send_in(aws).id, send_in(aws, key="second-of-4601").id
    choose_one(aws, first, second)
    assert states(aws, first, second) == ["superseded", "submitted"]
    told = [mail for mail in all_mails(aws).values() if mail.text == "competition_settled"]
    assert len(told) == 2


def test_two_who_each_choose_their_own_leave_it_open(aws: Wiring) -> None:
    first, second = send_in(aws).id, send_in(aws, key="second-of-4601").id
    choose_one(aws, first, first)
    choose_one(aws, second, second)
    assert states(aws, first, second) == ["submitted", "competing"]
    choose_one(aws, second, first)
    assert states(aws, first, second) == ["submitted", "superseded"]
    rows = aws.records.list(AuditRow, application_key(second).partition, "AUDIT#")
    chosen = [(each.by, each.after) for each in rows if each.what == "choice"]
    assert sorted(chosen) == [
        ("municipality", "KFK2-2026-4601"),
        ("municipality", "KFK2-2026-4601-B"),
    ]


def test_of_three_it_is_settled_when_nobody_stands_against(aws: Wiring) -> None:
    ids = [send_in(aws, key=f"application-{n}-of-4601").id for n in range(3)]
    choose_one(aws, ids[0], ids[2])
    assert states(aws, *ids) == ["submitted", "competing", "competing"]
    choose_one(aws, ids[1], ids[2])
    assert states(aws, *ids) == ["superseded", "superseded", "submitted"]


def test_an_application_of_another_municipality_cannot_be_chosen(aws: Wiring) -> None:
    first = send_in(aws).id
    send_in(aws, key="second-of-4601")
    other = send_in(aws, "0301").id
    with pytest.raises(choose.ChoiceError, match="not_among"):
        choose_one(aws, first, other)


def test_withdrawing_one_of_two_leaves_the_other_to_count(aws: Wiring) -> None:
    first, second = send_in(aws).id, send_in(aws, key="second-of-4601").id
    ask_to_withdraw(aws, first, "2026-03-22T10:00:00")
    assert states(aws, first, second) == ["withdrawn", "submitted"]


def let_count(here: Wiring, application_id: str) -> None:
    choose.let_count(
        application_id,
        by=STAFF,
        reason="Kommunen har bedt om det",
        at=oslo("2026-04-16T10:00:00"),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def test_staff_choose_after_the_deadline_and_can_reverse_it(aws: Wiring) -> None:
    first = send_in(aws).id
    second = send_in(aws, key="second-of-4601", at=LATE).id
    let_count(aws, second)
    assert states(aws, first, second) == ["superseded", "submitted"]
    let_count(aws, first)
    assert states(aws, first, second) == ["submitted", "superseded"]


def test_staff_cannot_choose_when_a_letter_has_answered_one(aws: Wiring) -> None:
    first = send_in(aws)
    second = send_in(aws, key="second-of-4601", at=LATE).id
    decide_all(aws, [(first.reference or "", Outcome.REJECTED)])
    release(aws)
    letter(aws, first.id)
    with pytest.raises(choose.ChoiceError, match="told"):
        let_count(aws, second)


def told_one_beside_a_late_one(here: Wiring) -> tuple[str, str]:
    """The first is answered by a letter, the second still stands beside it."""
    first = send_in(here)
    second = send_in(here, key="second-of-4601", at=LATE).id
    decide_all(here, [(first.reference or "", Outcome.ADMITTED)])
    release(here)
    letter(here, first.id)
    return first.id, second


def test_the_contacts_choose_nothing_once_a_letter_has_answered_one_and_staff_settle_it_on_that_one(
    aws: Wiring,
) -> None:
    first, second = told_one_beside_a_late_one(aws)
    for own, chosen in ((first, second), (second, first)):
        with pytest.raises(choose.ChoiceError, match="told"):
            choose_one(aws, own, chosen)
    assert states(aws, first, second) == ["submitted", "competing"]
    let_count(aws, first)
    assert states(aws, first, second) == ["submitted", "superseded"]


def test_staff_are_offered_to_settle_it_on_the_told_one_only(aws: Wiring) -> None:
    known = [read(aws, each) for each in told_one_beside_a_late_one(aws)]
    assert [choose.may_count(each, known) for each in known] == [True, False]
    assert not choose.may_count(known[0], known[:1])


def keep(here: Wiring, application_id: str) -> None:
    withdraw.keep_application(
        application_id,
        by="kontakt",
        at=oslo("2026-04-16T10:00:00"),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def test_what_is_about_to_be_withdrawn_cannot_be_chosen(aws: Wiring) -> None:
    first = send_in(aws).id
    second = send_in(aws, key="second-of-4601", at=LATE).id
    ask_to_withdraw(aws, first)
    with pytest.raises(choose.ChoiceError, match="not_among"):
        choose_one(aws, second, first)
    with pytest.raises(choose.ChoiceError, match="not_among"):
        let_count(aws, first)
    assert states(aws, first, second) == ["withdrawal_asked", "competing"]


@pytest.mark.parametrize("withdraws", [0, 1, 2])
def test_who_keeps_its_application_stands_as_it_stood(aws: Wiring, withdraws: int) -> None:
    ids = [send_in(aws, key=f"application-{n}-of-4601", at=LATE).id for n in range(3)]
    before = states(aws, *ids)
    assert before == ["submitted", "competing", "competing"]
    ask_to_withdraw(aws, ids[withdraws])
    keep(aws, ids[withdraws])
    assert states(aws, *ids) == before


def test_one_that_a_letter_has_answered_counts_still_when_it_is_kept(aws: Wiring) -> None:
    first, second = told_one_beside_a_late_one(aws)
    ask_to_withdraw(aws, first)
    keep(aws, first)
    assert states(aws, first, second) == ["submitted", "competing"]


def test_who_keeps_it_after_staff_let_another_count_competes_and_alone_it_counts(
    aws: Wiring,
) -> None:
    first = send_in(aws).id
    second = send_in(aws, key="second-of-4601", at=LATE).id
    ask_to_withdraw(aws, first)
    let_count(aws, second)
    keep(aws, first)
    assert states(aws, first, second) == ["competing", "submitted"]
    ask_to_withdraw(aws, first)
    confirm(aws, second)
    keep(aws, first)
    assert states(aws, first, second) == ["submitted", "withdrawn"]
