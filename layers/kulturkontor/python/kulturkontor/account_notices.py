"""The mails about accounts: claims that wait for one to be confirmed, and a claim that was given
back because its account could not be.
"""

from collections.abc import Sequence
from datetime import datetime

from kulturkontor.accounts import mask_account_number
from kulturkontor.applications import Application
from kulturkontor.claim_notices import claim_page
from kulturkontor.claims import TravelClaim
from kulturkontor.mails import Mail, Value, mail_id
from kulturkontor.municipalities import municipality
from kulturkontor.own_phrases import phrase_of
from kulturkontor.programme import OSLO, Programme
from kulturkontor.sealing import HeldClaim
from kulturkontor.staff_mail import notice


def claims_held(held: Sequence[HeldClaim], programme: Programme, now: datetime, to: str) -> Mail:
    """To finance, once a day: attested claims that no batch could take, each with its reason."""
    return notice(
        programme,
        now,
        to,
        ("claims_held", now.astimezone(OSLO).date()),
        phrase_of(programme, "nb", "staff_held_title", count=len(held)),
        phrase_of(programme, "nb", "staff_held"),
        [
            phrase_of(
                programme,
                "nb",
                f"staff_held_{each.hold}",
                claim=each.claim.claim_number,
                municipality=each.claim.municipality,
            )
            for each in held
        ],
        [phrase_of(programme, "nb", "staff_held_action")],
    )


def account_not_confirmed(
    application: Application, claim: TravelClaim, reason: str, at: datetime
) -> Mail:
    """To the municipality: its claim waits for it to tell the right account."""
    values: dict[str, Value] = {
        "municipality": municipality(application.kommunenummer).letter_name,
        "contact": application.answers.contact.name,
        "claim_reference": claim.claim_number,
        "account": mask_account_number(claim.claim.account_number),
        "reason": reason,
    }
    return Mail(
        id=mail_id(application.id, "account_not_confirmed", claim.gathering, claim.version),
        programme=claim.programme,
        to=application.answers.contact.email,
        language=claim.language,
        text="account_not_confirmed",
        values=values,
        pages={"claim_link": claim_page(application, claim.gathering)},
        queued_at=at,
    )
