"""The mails about travel claims: received, asked about, settled, rejected by the bank, missing.

What was counted is shown line by line and in sum.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from kulturkontor.accounts import mask_account_number
from kulturkontor.applications import Application
from kulturkontor.claim_tables import (
    calculation,
    line_name,
    line_table,
    lines_in_words,
    totals,
)
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.days import format_date, format_days, format_moment
from kulturkontor.judgement import LineState
from kulturkontor.mails import Mail, Page, Value, mail_id
from kulturkontor.money import format_kroner
from kulturkontor.municipalities import municipality
from kulturkontor.payments import Payment
from kulturkontor.programme import OSLO, Gathering, Language, Programme
from kulturkontor.texts import phrase

OBJECTION = timedelta(days=21)


def claim_received(
    application: Application, claim: TravelClaim, programme: Programme, at: datetime
) -> Mail:
    values: dict[str, Value] = {
        **_about(application, claim, programme),
        "received": format_moment(claim.received_at, claim.language),
        "calculation": calculation(claim, claim.language),
        "totals": totals(claim, claim.language, payout="total_payout_expected"),
        "lines": line_table(claim, claim.language),
        "held_lines": lines_in_words(claim, LineState.HELD, claim.language) or None,
    }
    pages = {"claim_link": claim_page(application, claim.gathering)}
    return _mail(application, claim, "claim_received", at, values, pages)


def claim_settled(
    application: Application,
    claim: TravelClaim,
    payment: Payment | None,
    execution_date: date | None,
    programme: Programme,
    at: datetime,
) -> Mail:
    """The result of a claim; with the payment when there is one."""
    language = claim.language
    netted = _netted_ore(claim, payment)
    left_out = [
        *lines_in_words(claim, LineState.REDUCED, language),
        *lines_in_words(claim, LineState.HELD, language),
        *lines_in_words(claim, LineState.REJECTED, language),
    ]
    note = None
    if payment is not None and execution_date is not None:
        note = phrase(
            language,
            "payment_note",
            account=mask_account_number(payment.account_number),
            payment_reference=payment.kid or payment.end_to_end_id,
            payment_day=format_date(execution_date, language),
        )
    values: dict[str, Value] = {
        **_about(application, claim, programme),
        "payout": format_kroner(claim.settlement.pay_ore - netted),
        "payout_sentence": _payout_sentence(claim, netted),
        "totals": totals(claim, language, netted_ore=netted),
        "calculation": calculation(claim, claim.language),
        "lines": line_table(claim, language),
        "left_out": left_out or None,
        "payment_note": note,
        "objection_by": format_date((at + OBJECTION).astimezone(OSLO).date(), language),
    }
    pages = {"claim_link": claim_page(application, claim.gathering)}
    return _mail(application, claim, "claim_settled", at, values, pages)


def _netted_ore(claim: TravelClaim, payment: Payment | None) -> int:
    """What the municipality's debts take of what the claim pays: a part of it, or all."""
    if claim.state is ClaimState.NETTED:
        return claim.settlement.pay_ore
    return payment.netted_ore if payment else 0


def _payout_sentence(claim: TravelClaim, netted_ore: int) -> str:
    """What is paid or owed, what was drawn off, and why staff corrected the claim if they did."""
    language, (pay_ore, owed_ore) = claim.language, claim.settlement
    said = []
    if claim.correction:
        said.append(phrase(language, "payout_corrected", reason=claim.correction.reason))
    if pay_ore > netted_ore:
        said.append(phrase(language, "payout_positive", amount=format_kroner(pay_ore - netted_ore)))
    if netted_ore:
        said.append(phrase(language, "payout_netted", amount=format_kroner(netted_ore)))
    if owed_ore:
        said.append(phrase(language, "payout_owed", amount=format_kroner(owed_ore)))
    return " ".join(said or [phrase(language, "payout_zero")])


def payment_rejected(
    application: Application,
    claim: TravelClaim,
    payment: Payment,
    programme: Programme,
    at: datetime,
) -> Mail:
    about = _about(application, claim, programme)
    del about["gathering_days"]
    values: dict[str, Value] = {
        **about,
        "amount": format_kroner(payment.amount_ore),
        "account": mask_account_number(payment.account_number),
        "bank_reason": _bank_reason(payment, claim.language),
    }
    pages = {"claim_link": claim_page(application, claim.gathering)}
    return _mail(application, claim, "payment_rejected", at, values, pages)


_BANK_CODES = ("AC01", "AC04", "AC06")
"""ISO 20022 ExternalStatusReason1Code: wrong, closed and blocked account."""


def _bank_reason(payment: Payment, language: Language) -> str | None:
    """What the bank gave as its reason, in words where it is about the account."""
    said = payment.status_reason
    known = next((code for code in _BANK_CODES if code in said.split()), "")
    if known:
        return phrase(language, f"bank_{known}")
    return phrase(language, "bank_other", reason=said) if said else None


def claim_question(
    application: Application,
    claim: TravelClaim,
    asked: Collection[str],
    programme: Programme,
    at: datetime,
) -> Mail:
    """What the council asks about these lines of the claim (their ids); each is answered on its own
    page. `claim` is as it stands with the questions, before it is written.
    """
    language = claim.language
    questions = [
        phrase(
            language,
            "line_question",
            line=line_name(line, claim, language),
            amount=format_kroner(line.actual_ore),
            question=line.ruling.reason,
        )
        for line in claim.judgement.lines
        if line.line_id in asked and line.ruling is not None
    ]
    values: dict[str, Value] = {**_about(application, claim, programme), "questions": questions}
    pages = {"claim_link": claim_page(application, claim.gathering)}
    mail = _mail(application, claim, "claim_question", at, values, pages)
    return mail.but(id=f"{mail.id}_{claim.revision}")


def claim_reminder(
    application: Application,
    gathering: Gathering,
    programme: Programme,
    at: datetime,
    days_left: int,
) -> Mail:
    language = application.mail_language
    about = _of_gathering(application, gathering, language)
    values: dict[str, Value] = {
        **about,
        "claim_by": format_date(programme.claim_deadline(gathering), language),
    }
    return Mail(
        id=mail_id(application.id, "claim_reminder", gathering.id, days_left),
        programme=programme.id,
        to=application.answers.contact.email,
        language=language,
        text="claim_reminder",
        values=values,
        pages={"claim_link": claim_page(application, gathering.id)},
        queued_at=at,
    )


def _about(application: Application, claim: TravelClaim, programme: Programme) -> dict[str, Value]:
    gathering = programme.gathering(claim.gathering)
    if gathering is None:
        raise ValueError(f"{claim.claim_number}: the programme has no such gathering")
    of_gathering = _of_gathering(application, gathering, claim.language)
    del of_gathering["reference"]
    return {**of_gathering, "claim_reference": claim.claim_number}


def _of_gathering(
    application: Application, gathering: Gathering, language: str
) -> dict[str, Value]:
    return {
        "municipality": municipality(application.kommunenummer).letter_name,
        "reference": application.reference or "",
        "contact": application.answers.contact.name,
        "gathering_days": format_days(gathering.first_day, gathering.last_day, language),
    }


def claim_page(application: Application, gathering_id: str) -> Page:
    return Page(
        path=f"/reisekrav/{gathering_id}",
        label="claim_link",
        application_id=application.id,
        link_version=application.link_version,
    )


def _mail(
    application: Application,
    claim: TravelClaim,
    text: str,
    at: datetime,
    values: dict[str, Value],
    pages: dict[str, Page],
) -> Mail:
    return Mail(
        id=mail_id(application.id, text, claim.gathering, claim.version),
        programme=claim.programme,
        to=application.answers.contact.email,
        language=claim.language,
        text=text,
        values=values,
        pages=pages,
        queued_at=at,
    )
