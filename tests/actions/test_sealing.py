"""What the week's run puts into batches."""

from datetime import datetime

import pytest

from kulturkontor import sealing
from kulturkontor.aws.table import Table
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claims import TravelClaim, put_claim
from kulturkontor.records import R
from tests.office_factory import admitted, attest, claim_body, seal, send_claim


def test_everything_is_sealed_though_the_index_follows_the_table_with_a_delay(
    aws: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "MOST_PAYMENTS", 1)
    application_id = admitted(aws)
    for gathering, day in {"S1": "2026-09-24", "S2": "2026-11-12"}.items():
        send_claim(
            aws, application_id, gathering, at="2026-11-20T10:00:00", body=claim_body(date=day)
        )
        attest(aws, application_id, gathering)
    as_it_was = Table.list_open(aws.records, TravelClaim, "claim-to-batch")

    def list_late(
        self: Table, kind: type[R], work: str, before: datetime | None = None
    ) -> list[TravelClaim]:
        return as_it_was

    monkeypatch.setattr(Table, "list_open", list_late)
    sealed = seal(aws, "2026-11-30T06:00:00")
    assert [[each.claim_number[-2:] for each in batch.payments] for batch in sealed] == [
        ["S1"],
        ["S2"],
    ]


def test_claims_of_another_programme_are_left_to_its_own_run(aws: Wiring) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id)
    claim = attest(aws, application_id)
    other = claim.but(revision=0, id="other-S1-1", application_id="other", programme="annet")
    aws.records.write(*put_claim(other, row_revision=0))
    (batch,) = seal(aws)
    assert [each.claim_id for each in batch.payments] == [claim.id]
