"""Whose account a municipality's claims are paid to, and who has made sure of it.

A claim brings an account number. The first one and each change waits until somebody at the council
has confirmed it by another channel than the claim came by; whoever attests the claim cannot be the
one who confirms its account. Another payee (a host municipality, an intermunicipal company) is a
decision by staff with a reason, never the applicant's, and a second person confirms it too.
Source: the office's control against fraud with account numbers.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.claims import TravelClaim
from kulturkontor.payments import AccountNumber, OrganisationNumber
from kulturkontor.records import Key, Record
from kulturkontor.refusals import Refusal

MOST_HISTORY: Final = 50


class Channel(StrEnum):
    """How the confirmation was got. E-mail to the contact is none: the claim came that way."""

    PHONE = "phone"
    MEETING = "meeting"
    OFFICIAL_MAIL = "official_mail"


class AccountHold(StrEnum):
    """Why a claim cannot be paid yet."""

    FIRST_ACCOUNT = "first_account"
    CHANGED_ACCOUNT = "changed_account"
    PAYEE_UNCONFIRMED = "payee_unconfirmed"
    SAME_PERSON = "same_person"
    """Whoever confirmed the account attested the claim."""


class ConfirmerError(Refusal):
    """Who attested the claim, or chose the payee, cannot confirm; ask a colleague."""

    status = 403
    code = "same_confirmer"


class AccountChangedError(Refusal):
    """The account is no longer the one that was looked at; read it again before confirming."""

    code = "changed_meanwhile"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Confirmation(_Part):
    """A second person made sure of an account: when, by which channel, and with whom they spoke."""

    by: str
    at: datetime
    channel: Channel
    spoke_to: Annotated[str, Field(min_length=2, max_length=200)]


class ConfirmedAccount(_Part):
    account_number: AccountNumber
    confirmation: Confirmation


class OtherPayee(_Part):
    """Who is paid instead of the municipality, and why; without `confirmation` nothing is paid."""

    name: Annotated[str, Field(min_length=2, max_length=70)]
    organisation_number: OrganisationNumber
    account_number: AccountNumber
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    set_by: str
    set_at: datetime
    confirmation: Confirmation | None = None


class MunicipalityAccount(Record):
    """What the council knows of a municipality's account, with all that it knew before."""

    programme: str
    kommunenummer: str
    own: ConfirmedAccount | None = None
    other: OtherPayee | None = None
    history: tuple[ConfirmedAccount | OtherPayee, ...] = ()

    @property
    def key(self) -> Key:
        return account_key(self.programme, self.kommunenummer)


class Payee(NamedTuple):
    """Whom a claim is paid to. `name` is empty where that is the municipality itself."""

    name: str
    organisation_number: str
    account_number: str
    kid: str | None


def account_key(programme_id: str, kommunenummer: str) -> Key:
    return Key(f"MUNICIPALITY#{programme_id}#{kommunenummer}", "ACCOUNT")


def no_account(programme_id: str, kommunenummer: str) -> MunicipalityAccount:
    """Before anybody has confirmed anything."""
    return MunicipalityAccount(programme=programme_id, kommunenummer=kommunenummer)


def payee_of(claim: TravelClaim, account: MunicipalityAccount) -> Payee | AccountHold:
    """Whom the claim is paid to, or why it waits."""
    if account.other is not None:
        confirmed = account.other.confirmation
        if confirmed is None:
            return AccountHold.PAYEE_UNCONFIRMED
        return _checked(
            claim,
            confirmed,
            Payee(
                account.other.name,
                account.other.organisation_number,
                account.other.account_number,
                None,
            ),
        )
    if account.own is None:
        return AccountHold.FIRST_ACCOUNT
    if account.own.account_number != claim.claim.account_number:
        return AccountHold.CHANGED_ACCOUNT
    own = Payee("", claim.organisation_number, account.own.account_number, claim.claim.kid)
    return _checked(claim, account.own.confirmation, own)


def _checked(claim: TravelClaim, confirmed: Confirmation, payee: Payee) -> Payee | AccountHold:
    is_same = confirmed.by.casefold() == (claim.attested_by or "").casefold()
    return AccountHold.SAME_PERSON if is_same else payee


def confirm_own(
    account: MunicipalityAccount, claim: TravelClaim, confirmation: Confirmation
) -> MunicipalityAccount:
    """The account of the claim is the municipality's. Raises ConfirmerError."""
    if confirmation.by.casefold() == (claim.attested_by or "").casefold():
        raise ConfirmerError
    own = ConfirmedAccount(account_number=claim.claim.account_number, confirmation=confirmation)
    return _after(account, account.own).but(own=own)


def choose_other(account: MunicipalityAccount, payee: OtherPayee) -> MunicipalityAccount:
    """Staff choose another payee; it waits for a second person."""
    return _after(account, account.other).but(other=payee)


def confirm_other(account: MunicipalityAccount, confirmation: Confirmation) -> MunicipalityAccount:
    """Raises ConfirmerError for whoever chose the payee, AccountChangedError if there is none."""
    if account.other is None:
        raise AccountChangedError
    if confirmation.by.casefold() == account.other.set_by.casefold():
        raise ConfirmerError
    other = account.other.model_copy(update={"confirmation": confirmation})
    return account.but(other=other)


def end_other(account: MunicipalityAccount) -> MunicipalityAccount:
    """Back to the municipality's own account, which is paid only if it is confirmed itself."""
    if account.other is None:
        raise AccountChangedError
    return _after(account, account.other).but(other=None)


def _after(
    account: MunicipalityAccount, gone: ConfirmedAccount | OtherPayee | None
) -> MunicipalityAccount:
    kept = account.history if gone is None else (*account.history, gone)
    return account.but(history=kept[-MOST_HISTORY:])
