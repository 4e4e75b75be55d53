"""Who has withdrawn is neither asked nor reminded of anything, and the place goes on."""

import pytest

from kulturkontor.actions import remind, withdraw
from kulturkontor.actions.answer import PlaceStateError
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome, PlaceState
from tests.office_factory import (
    STAFF,
    accept,
    all_mails,
    ask_to_withdraw,
    decide_all,
    letter,
    oslo,
    read,
    release,
    send_in,
)
from tests.web.office_browser import visit_office


def withdrawn(here: Wiring, *, confirmed: bool = True) -> str:
    """Admitted and told, then withdrawn before it answered."""
    receipt = send_in(here)
    assert receipt.reference is not None
    decide_all(here, [(receipt.reference, Outcome.ADMITTED)])
    release(here)
    letter(here, receipt.id)
    ask_to_withdraw(here, receipt.id, "2026-05-02T10:00:00")
    if confirmed:
        withdraw.confirm_withdrawal(
            receipt.id,
            by="stab",
            at=oslo("2026-05-03T10:00:00"),
            programme=here.programme,
            records=here.records,
            mail_queue=here.mail_queue,
        )
    return receipt.id


def test_a_withdrawn_application_cannot_accept_the_place_that_staff_offer_on(aws: Wiring) -> None:
    application_id = withdrawn(aws)
    with pytest.raises(PlaceStateError, match="withdrawn"):
        accept(aws, application_id, at="2026-05-04T10:00:00")
    place = read(aws, application_id).place
    assert place is not None
    assert place.state is PlaceState.OFFERED


@pytest.mark.parametrize("confirmed", [True, False], ids=["confirmed", "asked"])
@pytest.mark.parametrize("morning", ["2026-05-13", "2026-05-18", "2026-05-21"])
def test_nobody_who_has_withdrawn_is_reminded_of_an_answer(
    aws: Wiring, morning: str, confirmed: bool
) -> None:
    application_id = withdrawn(aws, confirmed=confirmed)
    before = all_mails(aws).keys()
    _remind(aws, morning)
    sent = all_mails(aws).keys() - before
    assert {each for each in sent if each.startswith(application_id)} == set()


def test_staff_are_told_of_the_place_of_who_has_withdrawn_and_not_asked_while_nobody_waits(
    aws: Wiring,
) -> None:
    application_id = withdrawn(aws)
    _remind(aws, "2026-05-04")
    _remind(aws, "2026-05-05")
    task = all_mails(aws)[f"staff_staff_notice_place_free_{application_id}_1_withdrawn"]
    assert "har trukket søknaden" in str(task.values["message"])
    staff = visit_office(aws, at="2026-05-05T10:00:00").sign_in("staff")
    (row,) = staff.get("/api/applications?place=free").json
    assert row["id"] == application_id
    assert "/applications?place=free" not in staff.get("/").text


def _remind(here: Wiring, day: str) -> None:
    remind.remind(
        now=oslo(f"{day}T08:00:00"),
        staff_address=STAFF,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
