"""How SES stands: the account's limits, and whether the sender is verified and signed.

What SES does not answer is left open, so that a check says that it could not be made.
"""

from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from kulturkontor.aws.session import client
from kulturkontor.sending_account import SendingAccount

logger = Logger()


def look_at_account(sender_identity: str) -> SendingAccount:
    """Two questions to SES; `sender_identity` is the domain or address that mail goes from."""
    account = _ask("get_account")
    identity = _ask("get_email_identity", EmailIdentity=sender_identity)
    quota = account.get("SendQuota", {})
    signing = identity.get("DkimAttributes", {})
    return SendingAccount(
        is_production=account.get("ProductionAccessEnabled"),
        is_sending=account.get("SendingEnabled"),
        most_a_day=quota.get("Max24HourSend"),
        sent_today=quota.get("SentLast24Hours"),
        most_a_second=quota.get("MaxSendRate"),
        is_verified=identity.get("VerifiedForSendingStatus"),
        is_signed=bool(signing["SigningEnabled"]) and signing["Status"] == "SUCCESS"
        if "SigningEnabled" in signing and "Status" in signing
        else None,
    )


def _ask(question: str, **about: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = getattr(client("sesv2"), question)(**about)
    except (BotoCoreError, ClientError) as fault:
        logger.warning("ses_did_not_answer", question=question, fault=type(fault).__name__)
        return {}
    return answer
