"""Accounts that wait to be confirmed, and payees other than the municipality.

The page never shows a number to call: one that came with the claim may be the fraud itself.
"""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.confirm_accounts import (
    choose_payee,
    confirm_account,
    confirm_payee,
    end_payee,
    read_account,
    refuse_account,
)
from kulturkontor.actions.read_finance import read_waiting_accounts
from kulturkontor.actions.review_claims import read_for_review
from kulturkontor.application_form import Line
from kulturkontor.municipalities import UnknownMunicipalityError, municipality
from kulturkontor.payee_accounts import AccountHold, Channel, OtherPayee, payee_of
from kulturkontor.payments import AccountNumber, OrganisationNumber
from kulturkontor.sealing import HeldClaim
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_bars import Parted, part
from kulturkontor.web.office_corrections import ReasonIn
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_visit import Handler, Visit


class ConfirmationIn(BaseModel):
    """`account_number`: the one that was looked at; it is refused if the claim has another now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_number: AccountNumber
    channel: Channel
    spoke_to: Annotated[Line, Field(min_length=2)]


class RefusedAccountIn(ReasonIn):
    account_number: AccountNumber


class PayeeIn(ReasonIn):
    name: Annotated[Line, Field(min_length=2, max_length=70)]
    organisation_number: OrganisationNumber
    account_number: AccountNumber


def show_accounts(visit: Visit) -> Answer:
    waiting = read_waiting_accounts(visit.programme, visit.records)
    held, closed = _open(visit, waiting.held)
    return page(visit, "accounts", held=held, closed=closed, accounts=waiting.accounts)


def show_accounts_json(visit: Visit) -> Answer:
    waiting = read_waiting_accounts(visit.programme, visit.records)
    held, closed = _open(visit, waiting.held)
    return as_json([_as_told(each) for each in held], closed=closed)


def _open(visit: Visit, held: list[HeldClaim]) -> Parted[HeldClaim]:
    return part(visit, held, lambda each: [each.claim.application_id])


def _as_told(held: HeldClaim) -> dict[str, object]:
    claim = held.claim
    return {
        "application_id": claim.application_id,
        "gathering": claim.gathering,
        "claim_number": claim.claim_number,
        "kommunenummer": claim.kommunenummer,
        "municipality": claim.municipality,
        "account_number": claim.claim.account_number,
        "hold": held.hold,
        "attested_by": claim.attested_by,
    }


def show_account(visit: Visit) -> Answer:
    """Old number and new, and what has to be done to confirm the new one."""
    claim = read_for_review(
        visit.params["application_id"],
        visit.params["gathering"],
        programme=visit.programme,
        records=visit.records,
    ).claim
    known = read_account(visit.programme.id, claim.kommunenummer, visit.records)
    payee = payee_of(claim, known)
    return page(
        visit,
        "account",
        claim=claim,
        known=known,
        hold=payee if isinstance(payee, AccountHold) else None,
        is_attester=(claim.attested_by or "").casefold() == visit.by.casefold(),
        channels=list(Channel),
    )


def confirm(visit: Visit) -> Answer:
    sent = visit.sent(ConfirmationIn)
    confirmed = confirm_account(
        visit.params["application_id"],
        visit.params["gathering"],
        account_number=sent.account_number,
        channel=sent.channel,
        spoke_to=sent.spoke_to,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return as_json(confirmed) if visit.is_api else redirect("/accounts")


def refuse(visit: Visit) -> Answer:
    sent = visit.sent(RefusedAccountIn)
    returned = refuse_account(
        visit.params["application_id"],
        visit.params["gathering"],
        account_number=sent.account_number,
        reason=sent.reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return as_json(returned) if visit.is_api else redirect("/accounts")


def show_payee(visit: Visit) -> Answer:
    number = _kommunenummer(visit)
    known = read_account(visit.programme.id, number, visit.records)
    return page(
        visit,
        "payee",
        known=known,
        here=municipality(number),
        is_chooser=known.other is not None and known.other.set_by.casefold() == visit.by.casefold(),
        channels=list(Channel),
    )


def show_payee_json(visit: Visit) -> Answer:
    return as_json(read_account(visit.programme.id, _kommunenummer(visit), visit.records))


def choose(visit: Visit) -> Answer:
    sent = visit.sent(PayeeIn)
    payee = OtherPayee(**sent.model_dump(), set_by=visit.by, set_at=visit.now)
    number = _kommunenummer(visit)
    chosen = choose_payee(number, payee, programme=visit.programme, records=visit.records)
    return as_json(chosen, status=201) if visit.is_api else redirect(f"/payees/{number}")


def confirm_chosen(visit: Visit) -> Answer:
    sent = visit.sent(ConfirmationIn)
    number = _kommunenummer(visit)
    confirmed = confirm_payee(
        number,
        account_number=sent.account_number,
        channel=sent.channel,
        spoke_to=sent.spoke_to,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return as_json(confirmed) if visit.is_api else redirect(f"/payees/{number}")


def end(visit: Visit) -> Answer:
    number = _kommunenummer(visit)
    ended = end_payee(
        number,
        reason=visit.sent(ReasonIn).reason,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
    )
    return as_json(ended) if visit.is_api else redirect(f"/payees/{number}")


def _kommunenummer(visit: Visit) -> str:
    try:
        return municipality(visit.params["kommunenummer"]).kommunenummer
    except UnknownMunicipalityError as fault:
        raise OfficeError(404, "unknown") from fault


_ONE: Final = "/accounts/<application_id>/<gathering>"
_PAYEE: Final = "/payees/<kommunenummer>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /accounts": show_accounts,
    f"GET {_ONE}": show_account,
    f"POST {_ONE}/confirm": confirm,
    f"POST {_ONE}/refuse": refuse,
    f"GET {_PAYEE}": show_payee,
    f"POST {_PAYEE}": choose,
    f"POST {_PAYEE}/confirm": confirm_chosen,
    f"POST {_PAYEE}/end": end,
    "GET /api/accounts": show_accounts_json,
    f"POST /api{_ONE}/confirm": confirm,
    f"POST /api{_ONE}/refuse": refuse,
    f"GET /api{_PAYEE}": show_payee_json,
    f"POST /api{_PAYEE}": choose,
    f"POST /api{_PAYEE}/confirm": confirm_chosen,
    f"POST /api{_PAYEE}/end": end,
}
