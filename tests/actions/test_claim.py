"""Claims as they are sent: once, whoever presses the button, and however often."""

from collections.abc import Callable
from typing import Any

import pytest

from kulturkontor.actions.claim import send_draft, submit_claim
from kulturkontor.actions.claim_drafts import (
    Changed,
    discard_claim_draft,
    save_claim_draft,
)
from kulturkontor.actions.claim_files import ClaimRefusedError
from kulturkontor.application_rows import put
from kulturkontor.applications import ApplicationState
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claim_drafts import ClaimDraft, DraftLine, draft_key
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.decisions import PlaceState
from kulturkontor.records import Change, Put
from tests.office_factory import (
    admitted,
    all_mails,
    attest,
    claim_body,
    oslo,
    read,
    seal,
    send_claim,
    send_in,
)

AT = oslo("2026-09-28T10:00:00")


class Overtaken:
    """Records where somebody else is faster: just before the first write, they do theirs."""

    def __init__(self, records: Any, first: Callable[[], object]) -> None:
        self._records = records
        self._first: Callable[[], object] | None = first

    def write(self, *changes: Change) -> None:
        first, self._first = self._first, None
        if first is not None:
            first()
        self._records.write(*changes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)


def write_draft(here: Wiring, application_id: str, **changes: object) -> ClaimDraft:
    """A claim of one drive of a hundred kilometres, not sent."""

    def change(draft: ClaimDraft) -> ClaimDraft:
        line = DraftLine(id="l1", kind="car", date="2026-09-24", kilometres="100")
        people = tuple(
            each.model_copy(update={"way": "lines", "lines": (line,)})
            if each.id == "p1"
            else each.model_copy(update={"way": "none"})
            for each in draft.people
        )
        told = {"people": people, "account_number": "9999 00 12349", "vat": "included"}
        return draft.model_copy(update=told | changes)

    return save(here, application_id, change)


def save(
    here: Wiring,
    application_id: str,
    change: Callable[[ClaimDraft], ClaimDraft],
    *,
    form: str = "",
    records: Any = None,
) -> ClaimDraft:
    return save_claim_draft(
        application_id,
        "S1",
        lambda draft: Changed(change(draft)),
        part="costs",
        piece="costs",
        person="",
        form=form or repr(change),
        at=AT,
        programme=here.programme,
        records=records or here.records,
    ).draft


def send(here: Wiring, application_id: str, revision: int, records: Any = None) -> TravelClaim:
    return send_draft(
        application_id,
        "S1",
        seen_revision=revision,
        declared=True,
        received_at=AT,
        programme=here.programme,
        records=records or here.records,
        mail_queue=here.mail_queue,
    )


def claims_of(here: Wiring, application_id: str) -> list[TravelClaim]:
    return here.records.list(TravelClaim, f"APPLICATION#{application_id}", "CLAIM#S1#")


def test_two_who_send_the_same_draft_at_once_send_one_version(aws: Wiring) -> None:
    application_id = admitted(aws)
    draft = write_draft(aws, application_id)
    overtaken = Overtaken(aws.records, lambda: send(aws, application_id, draft.revision))
    claim = send(aws, application_id, draft.revision, overtaken)
    assert [each.version for each in claims_of(aws, application_id)] == [1]
    assert (claim.version, claim.judgement.council_ore) == (1, 265_00)
    assert sum(each.text == "claim_received" for each in all_mails(aws).values()) == 1
    assert aws.records.read(ClaimDraft, draft_key(application_id, "S1")) is None


def test_draft_that_was_saved_meanwhile_is_not_sent_unseen(aws: Wiring) -> None:
    application_id = admitted(aws)
    draft = write_draft(aws, application_id)
    overtaken = Overtaken(aws.records, lambda: write_draft(aws, application_id, kid=""))
    with pytest.raises(ClaimRefusedError, match="draft_changed"):
        send(aws, application_id, draft.revision, overtaken)
    assert claims_of(aws, application_id) == []


def test_draft_that_says_the_same_as_the_claim_makes_no_version(aws: Wiring) -> None:
    application_id = admitted(aws)
    draft = write_draft(aws, application_id)
    send(aws, application_id, draft.revision)
    again = save(aws, application_id, lambda each: each, form="again")
    assert send(aws, application_id, again.revision).version == 1
    assert aws.records.read(ClaimDraft, draft_key(application_id, "S1")) is None
    assert [each.version for each in claims_of(aws, application_id)] == [1]


def test_two_who_save_at_once_each_build_on_what_the_other_saved(aws: Wiring) -> None:
    application_id = admitted(aws)

    def theirs(draft: ClaimDraft) -> ClaimDraft:
        return draft.model_copy(update={"kid": "theirs"})

    def mine(draft: ClaimDraft) -> ClaimDraft:
        return draft.model_copy(update={"vat": "mine"})

    overtaken = Overtaken(aws.records, lambda: save(aws, application_id, theirs))
    saved = save(aws, application_id, mine, records=overtaken)
    assert (saved.kid, saved.vat) == ("theirs", "mine")


def test_draft_is_thrown_away_once(aws: Wiring) -> None:
    application_id = admitted(aws)
    write_draft(aws, application_id)
    for _ in range(2):
        discard_claim_draft(application_id, "S1", records=aws.records)
    assert aws.records.read(ClaimDraft, draft_key(application_id, "S1")) is None


def test_same_claim_again_is_the_one_that_is_there_also_on_its_way_to_the_bank(
    aws: Wiring,
) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id)
    attest(aws, application_id)
    seal(aws)
    assert send_claim(aws, application_id).state is ClaimState.IN_BATCH
    with pytest.raises(ClaimRefusedError, match="being_paid"):
        send_claim(aws, application_id, body=claim_body(kilometres="120"))


def test_payment_that_the_bank_rejected_is_repeated_by_sending_the_same(aws: Wiring) -> None:
    application_id = admitted(aws)
    claim = send_claim(aws, application_id)
    (kept,) = claims_of(aws, application_id)
    aws.records.write(Put(kept.but(state=ClaimState.BANK_REJECTED)))
    assert send_claim(aws, application_id).version == claim.version + 1


@pytest.mark.parametrize(
    ("state", "place"),
    [
        (ApplicationState.WITHDRAWN, PlaceState.ACCEPTED),
        (ApplicationState.WITHDRAWAL_ASKED, PlaceState.ACCEPTED),
        (ApplicationState.WITHDRAWN, PlaceState.PASSED_ON),
        (ApplicationState.SUBMITTED, PlaceState.DECLINED),
    ],
)
def test_who_has_given_up_the_place_may_claim_and_waits_for_staff(
    aws: Wiring, state: ApplicationState, place: PlaceState
) -> None:
    application_id = admitted(aws)
    application = read(aws, application_id)
    assert application.place is not None
    given_up = application.place.model_copy(update={"state": place})
    aws.records.write(*put(application.but(state=state, place=given_up)))
    judged = send_claim(aws, application_id).judgement
    assert (judged.council_ore, judged.held_ore) == (0, 530_00)
    assert judged.lines[0].reason == "municipality_withdrawn"


def test_who_never_took_the_place_may_not(aws: Wiring) -> None:
    receipt = send_in(aws)
    with pytest.raises(ClaimRefusedError, match="no_place"):
        submit_claim(
            receipt.id,
            "S1",
            claim_body(),
            received_at=AT,
            programme=aws.programme,
            records=aws.records,
            mail_queue=aws.mail_queue,
        )
