"""Attested claims, confirmed accounts and debts for the tests of who is paid what."""

from datetime import UTC, datetime
from typing import Any

from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.payee_accounts import (
    Channel,
    Confirmation,
    ConfirmedAccount,
    MunicipalityAccount,
    OtherPayee,
)
from kulturkontor.receivables import Receivable
from tests.rules.claim_factory import ACCOUNT, claim, line, travel_claim

NOW = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
ATTESTER, CONFIRMER, CHOOSER = "anne@example.org", "bjarne@example.org", "eva@example.org"
OTHER_ACCOUNT = "99990012349"


def attested(
    pays_ore: int = 100_00,
    *,
    kommunenummer: str = "4601",
    gathering: str = "S1",
    overnight_ore: int = 0,
    paid_ore: int = 0,
    **changes: Any,
) -> TravelClaim:
    """A claim that somebody vouched for and that pays so much, of which so much is for nights."""
    made = travel_claim(claim(line("l1")))
    person = made.judgement.participants[0].model_copy(
        update={
            "travel_council_ore": pays_ore + paid_ore - overnight_ore,
            "overnight_council_ore": overnight_ore,
        }
    )
    others = tuple(
        each.model_copy(update={"travel_council_ore": 0, "overnight_council_ore": 0})
        for each in made.judgement.participants[1:]
    )
    judgement = made.judgement.model_copy(
        update={"council_ore": pays_ore + paid_ore, "participants": (person, *others)}
    )
    reference = f"KFK2-2026-{kommunenummer}"
    usual: dict[str, Any] = {
        "id": f"app{kommunenummer}-{gathering}-{changes.get('version', 1)}",
        "application_id": f"app{kommunenummer}",
        "reference": reference,
        "kommunenummer": kommunenummer,
        "gathering": gathering,
        "state": ClaimState.ATTESTED,
        "attested_by": ATTESTER,
        "attested_at": NOW,
        "judgement": judgement,
        "paid_ore": paid_ore,
    }
    return made.but(**usual | changes)


def confirmation(by: str = CONFIRMER) -> Confirmation:
    return Confirmation(by=by, at=NOW, channel=Channel.PHONE, spoke_to="Prøve Regnskap")


def account(
    kommunenummer: str = "4601", *, number: str = ACCOUNT, by: str = CONFIRMER, **changes: Any
) -> MunicipalityAccount:
    """The municipality's own account, confirmed."""
    own = ConfirmedAccount(account_number=number, confirmation=confirmation(by))
    usual: dict[str, Any] = {"programme": "kifk2", "kommunenummer": kommunenummer, "own": own}
    return MunicipalityAccount(**usual | changes)


def other_payee(**changes: Any) -> OtherPayee:
    usual: dict[str, Any] = {
        "name": "Prøve vertskommune",
        "organisation_number": "999999999",
        "account_number": OTHER_ACCOUNT,
        "reason": "Vertskommunen fører regnskapet.",
        "set_by": CHOOSER,
        "set_at": NOW,
    }
    return OtherPayee(**usual | changes)


def debt(
    amount_ore: int = 50_00,
    *,
    kommunenummer: str = "4601",
    gathering: str = "S1",
    version: int = 2,
    **changes: Any,
) -> Receivable:
    usual: dict[str, Any] = {
        "programme": "kifk2",
        "kommunenummer": kommunenummer,
        "municipality": "Bergen",
        "application_id": f"app{kommunenummer}",
        "reference": f"KFK2-2026-{kommunenummer}",
        "gathering": gathering,
        "claim_version": version,
        "amount_ore": amount_ore,
        "overnight_ore": 0,
        "owed_since": NOW,
        "revision": 1,
    }
    return Receivable(**usual | changes)
