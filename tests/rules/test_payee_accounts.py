"""Whose account a claim is paid to: confirmed by a second person, or it waits."""

from typing import Any

import pytest
from pydantic import ValidationError

from kulturkontor.payee_accounts import (
    AccountChangedError,
    AccountHold,
    ConfirmedAccount,
    ConfirmerError,
    MunicipalityAccount,
    Payee,
    choose_other,
    confirm_other,
    confirm_own,
    end_other,
    no_account,
    payee_of,
)
from kulturkontor.records import Key
from tests.rules.claim_factory import ACCOUNT
from tests.rules.money_factory import (
    ATTESTER,
    CHOOSER,
    CONFIRMER,
    OTHER_ACCOUNT,
    account,
    attested,
    confirmation,
    other_payee,
)

NOBODY = no_account("kifk2", "4601")
OWN = Payee("", "310000000", ACCOUNT, None)
OTHER = Payee("Prøve vertskommune", "999999999", OTHER_ACCOUNT, None)


@pytest.mark.parametrize(
    ("known", "found"),
    [
        pytest.param(NOBODY, AccountHold.FIRST_ACCOUNT, id="first"),
        pytest.param(account(number=OTHER_ACCOUNT), AccountHold.CHANGED_ACCOUNT, id="changed"),
        pytest.param(account(), OWN, id="confirmed"),
        pytest.param(account(by=ATTESTER), AccountHold.SAME_PERSON, id="by the attester"),
        pytest.param(
            account(by=ATTESTER.upper()), AccountHold.SAME_PERSON, id="by the attester in capitals"
        ),
        pytest.param(
            account(other=other_payee()), AccountHold.PAYEE_UNCONFIRMED, id="payee not confirmed"
        ),
        pytest.param(
            account(other=other_payee(confirmation=confirmation())), OTHER, id="payee confirmed"
        ),
        pytest.param(
            account(other=other_payee(confirmation=confirmation(ATTESTER))),
            AccountHold.SAME_PERSON,
            id="payee confirmed by the attester",
        ),
        pytest.param(
            MunicipalityAccount(
                programme="kifk2",
                kommunenummer="4601",
                other=other_payee(confirmation=confirmation()),
            ),
            OTHER,
            id="the municipality's own account need not be confirmed then",
        ),
    ],
)
def test_a_claim_is_paid_to_a_confirmed_account_or_waits(
    known: MunicipalityAccount, found: Payee | AccountHold
) -> None:
    assert payee_of(attested(), known) == found


def test_the_kid_goes_with_the_municipalitys_own_account_only() -> None:
    made = attested()
    asked = made.but(claim=made.claim.model_copy(update={"kid": "2345676"}))
    assert payee_of(asked, account()) == OWN._replace(kid="2345676")
    assert payee_of(asked, account(other=other_payee(confirmation=confirmation()))) == OTHER


def test_confirming_keeps_who_when_how_and_with_whom() -> None:
    assert confirm_own(NOBODY, attested(), confirmation()) == NOBODY.but(
        own=ConfirmedAccount(account_number=ACCOUNT, confirmation=confirmation())
    )


def test_whoever_attested_the_claim_cannot_confirm_its_account() -> None:
    with pytest.raises(ConfirmerError):
        confirm_own(NOBODY, attested(), confirmation(ATTESTER.title()))


def test_a_changed_account_keeps_the_one_before_it() -> None:
    before = account(number=OTHER_ACCOUNT)
    after = confirm_own(before, attested(), confirmation(CHOOSER))
    assert after.own is not None
    assert (after.own.account_number, after.history) == (ACCOUNT, (before.own,))


def test_another_payee_waits_for_somebody_else_than_who_chose_it() -> None:
    chosen = choose_other(account(), other_payee())
    with pytest.raises(ConfirmerError):
        confirm_other(chosen, confirmation(CHOOSER))
    confirmed = confirm_other(chosen, confirmation())
    assert confirmed.other == other_payee(confirmation=confirmation())
    ended = end_other(confirmed)
    assert (ended.other, ended.own, ended.history) == (None, account().own, (confirmed.other,))


def test_another_choice_of_payee_has_to_be_confirmed_anew() -> None:
    confirmed = confirm_other(choose_other(NOBODY, other_payee()), confirmation())
    again = choose_other(confirmed, other_payee(name="Prøve interkommunalt"))
    assert payee_of(attested(), again) is AccountHold.PAYEE_UNCONFIRMED
    assert again.history == (confirmed.other,)


def test_nothing_is_confirmed_or_ended_where_nobody_was_chosen() -> None:
    with pytest.raises(AccountChangedError):
        confirm_other(NOBODY, confirmation())
    with pytest.raises(AccountChangedError):
        end_other(NOBODY)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"account_number": "1234567"}, id="old postal account"),
        pytest.param({"account_number": "12345678904"}, id="wrong account"),
        pytest.param({"organisation_number": "999999998"}, id="wrong organisation number"),
        pytest.param({"reason": ""}, id="no reason"),
        pytest.param({"name": "x"}, id="no name"),
    ],
)
def test_a_payee_that_cannot_be_paid_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        other_payee(**changes)


def test_nobody_has_confirmed_anything_at_first() -> None:
    assert no_account("kifk2", "4601") == MunicipalityAccount(
        programme="kifk2", kommunenummer="4601"
    )


def test_an_account_lies_with_its_municipality_and_reads_the_same_after_it_was_stored() -> None:
    whole = account(other=other_payee(confirmation=confirmation()), history=(account().own,))
    assert whole.key == Key("MUNICIPALITY#kifk2#4601", "ACCOUNT")
    assert MunicipalityAccount.model_validate_json(whole.model_dump_json()) == whole
    assert CONFIRMER in whole.model_dump_json()
