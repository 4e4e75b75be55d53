"""Accounts made sure of by a second person, and payees other than the municipality.

Whether a claim may be paid is decided when it is sealed; here people only tell what they found out.
Each step has its audit row, with the account as it was and as it becomes.
"""

from collections.abc import Callable
from datetime import datetime

from kulturkontor import account_notices, claim_steps
from kulturkontor.actions.claim_files import last_claim, read_claim_file, row_revision
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.audit import audit
from kulturkontor.claims import TravelClaim, put_claim
from kulturkontor.payee_accounts import (
    AccountChangedError,
    Channel,
    Confirmation,
    MunicipalityAccount,
    OtherPayee,
    account_key,
    choose_other,
    confirm_other,
    confirm_own,
    end_other,
    no_account,
)
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, decide_again


def confirm_account(
    application_id: str,
    gathering_id: str,
    *,
    account_number: str,
    channel: Channel,
    spoke_to: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> MunicipalityAccount:
    """The municipality said, by another channel, that the account of its claim is right.

    `account_number`: what was looked at. Raises AccountChangedError, ConfirmerError.
    """

    def attempt() -> MunicipalityAccount:
        claim = last_claim(read_claim_file(application_id, records), gathering_id)
        if not account_number or claim.claim.account_number != account_number:
            raise AccountChangedError
        known = read_account(programme.id, claim.kommunenummer, records)
        confirmation = Confirmation(by=by, at=at, channel=channel, spoke_to=spoke_to)
        confirmed = confirm_own(known, claim, confirmation)
        note = audit(
            known,
            "account",
            by=by,
            at=at,
            before=known.own.account_number if known.own else "",
            after=account_number,
        )
        records.write(Put(confirmed), note)
        return confirmed

    return decide_again(attempt)


def refuse_account(
    application_id: str,
    gathering_id: str,
    *,
    account_number: str,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> TravelClaim:
    """The account could not be confirmed: the claim goes back, and the municipality is asked for
    the right one. Raises AccountChangedError, ClaimStateError.
    """

    def attempt() -> TravelClaim:
        file = read_claim_file(application_id, records, programme)
        claim = last_claim(file, gathering_id)
        if claim.claim.account_number != account_number:
            raise AccountChangedError
        returned = claim_steps.refuse_account(claim)
        note = audit(claim, f"account_refused#{gathering_id}", by=by, at=at, after=reason)
        mail = account_notices.account_not_confirmed(file.application, returned, reason, at)
        commit(
            [*put_claim(returned, row_revision=row_revision(claim, file)), note],
            [mail],
            records=records,
            mail_queue=mail_queue,
        )
        return returned

    return decide_again(attempt)


def choose_payee(
    kommunenummer: str, payee: OtherPayee, *, programme: Programme, records: Records
) -> MunicipalityAccount:
    """Staff's decision: this municipality's claims are paid to somebody else, once confirmed."""
    return _change_payee(
        kommunenummer,
        lambda known: choose_other(known, payee),
        what="payee",
        by=payee.set_by,
        at=payee.set_at,
        after=f"{payee.name}, {payee.account_number}: {payee.reason}",
        programme=programme,
        records=records,
    )


def confirm_payee(
    kommunenummer: str,
    *,
    account_number: str,
    channel: Channel,
    spoke_to: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> MunicipalityAccount:
    """Somebody else than who chose the payee has made sure of its account.

    Raises AccountChangedError, ConfirmerError.
    """

    def confirmed(known: MunicipalityAccount) -> MunicipalityAccount:
        if known.other is None or known.other.account_number != account_number:
            raise AccountChangedError
        confirmation = Confirmation(by=by, at=at, channel=channel, spoke_to=spoke_to)
        return confirm_other(known, confirmation)

    return _change_payee(
        kommunenummer,
        confirmed,
        what="payee_confirmed",
        by=by,
        at=at,
        after=account_number,
        programme=programme,
        records=records,
    )


def end_payee(
    kommunenummer: str,
    *,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
) -> MunicipalityAccount:
    """Back to the municipality's own account. Raises AccountChangedError."""
    return _change_payee(
        kommunenummer,
        end_other,
        what="payee_ended",
        by=by,
        at=at,
        after=reason,
        programme=programme,
        records=records,
    )


def read_account(programme_id: str, kommunenummer: str, records: Records) -> MunicipalityAccount:
    key = account_key(programme_id, kommunenummer)
    return records.read(MunicipalityAccount, key) or no_account(programme_id, kommunenummer)


def _change_payee(
    kommunenummer: str,
    change: Callable[[MunicipalityAccount], MunicipalityAccount],
    *,
    what: str,
    by: str,
    at: datetime,
    after: str,
    programme: Programme,
    records: Records,
) -> MunicipalityAccount:
    def attempt() -> MunicipalityAccount:
        known = read_account(programme.id, kommunenummer, records)
        changed = change(known)
        before = known.other.account_number if known.other else ""
        note = audit(known, what, by=by, at=at, before=before, after=after)
        records.write(Put(changed), note)
        return changed

    return decide_again(attempt)
