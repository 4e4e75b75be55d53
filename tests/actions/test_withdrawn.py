"""Who has withdrawn is neither asked nor reminded of anything, and the place goes on."""

import pytest

from kulturkontor.actions import apply
from kulturkontor.actions.answer import PlaceStateError
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome, PlaceState
from tests.office_factory import accept, decide_all, letter, oslo, read, release, send_in


def withdrawn(here: Wiring, *, confirmed: bool = True) -> str:
    """Admitted and told, then withdrawn before it answered."""
    receipt = send_in(here)
    assert receipt.reference is not None
    decide_all(here, [(receipt.reference, Outcome.ADMITTED)])
    release(here)
    letter(here, receipt.id)
    apply.withdraw(
        receipt.id,
        at=oslo("2026-05-02T10:00:00"),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    if confirmed:
        apply.confirm_withdrawal(
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
