"""Synthetic municipalities taken step by step through a programme: nobody in them exists."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from kulturkontor import release_checks
from kulturkontor.actions import (
    answer,
    apply,
    check_release,
    claim,
    confirm_accounts,
    confirm_decisions,
    control_release,
    decide,
    issue,
    release_letters,
    release_payments,
    review_claims,
    send,
    withdraw,
    write_files,
)
from kulturkontor.actions import seal as sealing_action
from kulturkontor.applications import Application, application_key
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claims import TravelClaim
from kulturkontor.decisions import DecisionLetter, Outcome, decision_digest
from kulturkontor.mail_states import claim as claim_mail
from kulturkontor.mail_states import mark_sent
from kulturkontor.mails import MAIL, Mail, MailState
from kulturkontor.messages import Sending, write_message
from kulturkontor.payee_accounts import Channel, MunicipalityAccount
from kulturkontor.payments import PaymentBatch
from kulturkontor.people import Participants
from kulturkontor.programme import OSLO
from kulturkontor.receipts import Receipt
from kulturkontor.records import Put
from kulturkontor.release_control import digest_of
from kulturkontor.sending_account import SendingAccount
from kulturkontor.sheet_rows import DecisionIn

STAFF = "stab@example.org"
FINANCE = "okonomi@example.org"
CONFIRMER = "leder@example.org"
"""Confirms what others have proposed."""
MEMBERS = ("kulturskole", "kultur", "helse", "oppvekst", "frivillighet")


def oslo(wall_clock: str) -> datetime:
    return datetime.fromisoformat(wall_clock).replace(tzinfo=OSLO)


def answers(municipality: str = "4601", **changes: object) -> dict[str, Any]:
    """A complete application, as it comes from outside."""
    return {
        "municipality": municipality,
        "language": "nb",
        "contact": {
            "name": "Kari Prøve",
            "role": "rektor",
            "email": f"kontakt-{municipality}@example.org",
        },
        "leader": {
            "name": "Per Prøve",
            "role": "kommunalsjef",
            "email": f"leder-{municipality}@example.org",
            "approved": True,
        },
        "anchoring_plans": "Planen nevner kulturskolen.",
        "anchoring_organisation": "Kommunalsjefen eier arbeidet.",
        "members": [{"role": "leder", "sector": sector} for sector in MEMBERS[:4]],
        "motivation": "Vi vil nå flere barn.",
        "capacity": {"working_time": True, "all_gatherings": True, "sharing": True},
        "accepts_cost_split": True,
        "privacy_notice_read": True,
    } | changes


def send_in(
    here: Wiring,
    municipality: str = "4601",
    *,
    key: str | None = None,
    at: str = "2026-03-20T10:00:00",
    submit: bool = True,
    **changes: object,
) -> Receipt:
    return apply.start(
        answers(municipality, **changes),
        key=key or f"key-of-{municipality}",
        submit=submit,
        received_at=oslo(at),
        suspect=False,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def decide_all(
    here: Wiring,
    outcomes: Sequence[tuple[str, Outcome]],
    *,
    reason: str = "Søknaden er god.",
    at: str = "2026-04-20T10:00:00",
    is_confirmed: bool = True,
    source: str = "sheet-1",
) -> None:
    """Decisions by reference; ranks of the waiting list in the order given. Proposed by `stab`,
    confirmed by CONFIRMER.
    """
    waiting = [each for each, outcome in outcomes if outcome is Outcome.WAITLISTED]
    decide.apply_decisions(
        [
            DecisionIn(
                reference=reference,
                outcome=outcome,
                rank=waiting.index(reference) + 1 if reference in waiting else None,
                reason=reason,
                language=None,
            )
            for reference, outcome in outcomes
        ],
        source=source,
        by="stab",
        at=oslo(at),
        programme=here.programme,
        records=here.records,
    )
    if is_confirmed:
        confirm_all(here, at=at)


def confirm_all(
    here: Wiring, *, by: str = CONFIRMER, at: str = "2026-04-20T10:00:00"
) -> confirm_decisions.Confirmed:
    """Everything that is proposed, and that nobody has confirmed."""
    rows = decide.read_rows(here.programme, here.records)
    found = here.records.read_many(Application, [application_key(row.id) for row in rows])
    seen = {
        each.id: decision_digest(each.decision)
        for each in found
        if each.decision is not None and not each.decision.is_confirmed
    }
    return confirm_decisions.confirm_decisions(
        seen, by=by, at=oslo(at), programme=here.programme, records=here.records
    )


def release(here: Wiring, at: str = "2026-04-30T09:00:00") -> dict[str, int]:
    """A tick at that time; once it has come, with the board's number put in, and whatever keeps the
    letters back let pass by two persons.
    """
    if oslo(at) >= here.programme.released_at:
        let_begin(here, at)
    return tick(here, at)


def tick(here: Wiring, at: str = "2026-04-30T09:00:00") -> dict[str, int]:
    return release_letters.prepare_letters(
        now=oslo(at),
        staff_address=STAFF,
        copy_to_postmottak=False,
        programme=here.programme,
        records=here.records,
        archive=here.archive,
        mail_queue=here.mail_queue,
        letter_queue=here.letter_queue,
        look=an_account,
    )


def an_account() -> SendingAccount:
    """One that nothing is wrong with."""
    return SendingAccount(
        is_production=True,
        is_sending=True,
        most_a_day=50_000,
        sent_today=0,
        most_a_second=14,
        is_verified=True,
        is_signed=True,
    )


def let_begin(here: Wiring, at: str = "2026-04-30T09:00:00") -> None:
    """The board's number as it is, and two persons' word where more keeps the letters back."""
    rows = decide.read_rows(here.programme, here.records)
    standing = check_release.read_standing(here.programme, here.records)
    if standing.release is not None:
        return
    admitted = sum(row.outcome == Outcome.ADMITTED for row in release_checks.to_answer(rows))
    common: dict[str, Any] = {"at": oslo(at), "programme": here.programme, "records": here.records}
    control = control_release.enter_minutes(admitted, reference="Sak 12/26", by="stab", **common)
    blockers = check_release.blockers_of(rows, control, here.records)
    if not blockers or any(each.code == "sheet_applying" for each in blockers):
        return
    digest = digest_of(blockers)
    for by in ("stab", CONFIRMER):
        control_release.override(digest, reason="Slik blir det.", by=by, **common)


def letter(
    here: Wiring, application_id: str, at: str = "2026-04-30T09:01:00"
) -> DecisionLetter | None:
    return issue.issue_letter(
        application_id,
        now=oslo(at),
        copy_to_postmottak=False,
        staff_address=STAFF,
        programme=here.programme,
        records=here.records,
        archive=here.archive,
        mail_queue=here.mail_queue,
    )


def hand_over(here: Wiring, application_id: str, at: str = "2026-04-30T09:02:00") -> None:
    """Its letters and their copies are at SES."""
    waiting = [
        mail
        for mail in here.records.list(
            Mail, f"MAILS#{here.programme.id}", f"{application_id}_letter_"
        )
        if mail.state is MailState.QUEUED
    ]
    here.records.write(
        *(Put(mark_sent(claim_mail(each, oslo(at)), f"ses-{each.id}")) for each in waiting)
    )


def post_letter(here: Wiring, application_id: str, at: str = "2026-04-30T09:01:00") -> None:
    """Its letter is written and handed over."""
    letter(here, application_id, at)
    hand_over(here, application_id, at)


def accept(
    here: Wiring,
    application_id: str,
    at: str = "2026-05-04T10:00:00",
    *,
    accept: bool = True,
) -> Application:
    return answer.answer_offer(
        application_id,
        accept=accept,
        by="kontakt",
        at=oslo(at),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def ask_to_withdraw(here: Wiring, application_id: str, at: str = "2026-04-15T10:00:00") -> Receipt:
    """The contact withdraws; after the deadline staff have to confirm it."""
    return withdraw.withdraw(
        application_id,
        by="kontakt",
        at=oslo(at),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def group(persons: int = 4) -> Participants:
    return Participants.model_validate(
        {
            "participants": [
                {
                    "id": f"p{number}",
                    "name": f"Prøve Person {number}",
                    "sector": "kultur",
                    "email": f"person-{number}@example.org",
                    "coordinator": number == 1,
                }
                for number in range(1, persons + 1)
            ]
        }
    )


def register(here: Wiring, application_id: str, at: str = "2026-05-20T10:00:00") -> Application:
    return answer.register_participants(
        application_id,
        group(),
        by="municipality",
        at=oslo(at),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def claim_body(*, kilometres: str = "100", date: str = "2026-09-24") -> dict[str, Any]:
    """Two people, of whom one drove: nothing in it needs a receipt but the account."""
    return {
        "participants": [
            {"id": "p1", "name": "Prøve Person 1"},
            {"id": "p2", "name": "Prøve Person 2"},
        ],
        "lines": [
            {
                "id": "l1",
                "participant": "p1",
                "kind": "car",
                "date": date,
                "route": "Her til der",
                "kilometres": kilometres,
            }
        ],
        "account_number": "9999 00 12349",
        "vat": "included",
        "declared": True,
    }


def send_claim(
    here: Wiring,
    application_id: str,
    gathering: str = "S1",
    *,
    at: str = "2026-09-30T10:00:00",
    body: dict[str, Any] | None = None,
) -> TravelClaim:
    return claim.submit_claim(
        application_id,
        gathering,
        body or claim_body(),
        received_at=oslo(at),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def attest(
    here: Wiring, application_id: str, gathering: str = "S1", at: str = "2026-10-01T10:00:00"
) -> TravelClaim:
    """Attested by one, its account confirmed by another."""
    attested = review_claims.attest_claim(
        application_id,
        gathering,
        by="attestant",
        at=oslo(at),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )
    confirm(here, application_id, gathering, at=at)
    return attested


def confirm(
    here: Wiring,
    application_id: str,
    gathering: str = "S1",
    *,
    by: str = "bekrefter",
    at: str = "2026-10-01T10:00:00",
) -> MunicipalityAccount | None:
    """The account of the claim, made sure of by telephone; None where the claim names none or that
    one is confirmed.
    """
    last = here.records.list(TravelClaim, f"APPLICATION#{application_id}", f"CLAIM#{gathering}#")[
        -1
    ]
    known = confirm_accounts.read_account(here.programme.id, last.kommunenummer, here.records)
    confirmed = known.own.account_number if known.own else ""
    if last.claim.account_number in ("", confirmed):
        return None
    return confirm_accounts.confirm_account(
        application_id,
        gathering,
        account_number=last.claim.account_number,
        channel=Channel.PHONE,
        spoke_to="Prøve Regnskap, økonomisjef",
        by=by,
        at=oslo(at),
        programme=here.programme,
        records=here.records,
    )


def seal(here: Wiring, at: str = "2026-10-05T06:00:00") -> list[PaymentBatch]:
    return sealing_action.seal_batches(
        now=oslo(at),
        by="settle_travel",
        finance_address=FINANCE,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def release_batch(
    here: Wiring, batch_id: str, at: str = "2026-10-05T12:00:00", by: str = "okonomi"
) -> PaymentBatch:
    return release_payments.release_payment_batch(
        batch_id,
        by=by,
        at=oslo(at),
        programme=here.programme,
        records=here.records,
        files_queue=here.files_queue,
        mail_queue=here.mail_queue,
    )


def write_batch_files(
    here: Wiring, batch_id: str, at: str = "2026-10-05T12:00:30"
) -> PaymentBatch | None:
    return write_files.write_payment_files(
        batch_id, now=oslo(at), programme=here.programme, records=here.records, archive=here.archive
    )


def admitted(here: Wiring, municipality: str = "4601") -> str:
    """The id of an application that was admitted, told, and has accepted with its group."""
    receipt = send_in(here, municipality)
    assert receipt.reference is not None
    decide_all(here, [(receipt.reference, Outcome.ADMITTED)])
    release(here)
    post_letter(here, receipt.id)
    accept(here, receipt.id)
    register(here, receipt.id)
    return receipt.id


def read(here: Wiring, application_id: str) -> Application:
    found = here.records.read(Application, application_key(application_id))
    assert found is not None
    return found


def all_mails(here: Wiring) -> dict[str, Mail]:
    return {mail.id: mail for mail in here.records.list(Mail, f"MAILS#{here.programme.id}", "")}


def composer(here: Wiring) -> Callable[[Mail, list[bytes]], bytes]:
    sending = Sending(
        sender=here.settings.sender_address,
        reply_to=here.settings.reply_to_address,
        public_url=here.settings.public_url,
        office_url=here.settings.office_url,
    )
    return lambda mail, enclosures: write_message(
        mail, enclosures, sending=sending, programme=here.programme, link_key=b"for tests only"
    )


def send_one(here: Wiring, mail_id: str, now: datetime) -> send.Sending:
    return send.send_mail(
        here.programme.id,
        mail_id,
        now=now,
        records=here.records,
        archive=here.archive,
        sender=here.mailer,
        compose=composer(here),
    )


def send_open_mails(here: Wiring, now: datetime) -> list[send.Sending]:
    """What the mail queue would do: one delivery of each open mail."""
    return [send_one(here, mail.id, now) for mail in here.records.list_open(Mail, MAIL)]
