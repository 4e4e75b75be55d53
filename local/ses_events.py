"""What SES tells EventBridge about a message, in its real shape: the emulator tells nothing.

Source: SES developer guide, "SES events schema reference" and "Contents of event data".
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from local.post_office import Mail
from local.transform import REGION


class Delivery(StrEnum):
    """The event's `eventType`."""

    SENT = "Send"
    DELIVERED = "Delivery"
    BOUNCED = "Bounce"
    DELAYED = "DeliveryDelay"
    COMPLAINED = "Complaint"
    REJECTED = "Reject"


_DETAIL_TYPES = {
    Delivery.SENT: "Email Sent",
    Delivery.DELIVERED: "Email Delivered",
    Delivery.BOUNCED: "Email Bounced",
    Delivery.DELAYED: "Email Delivery Delayed",
    Delivery.COMPLAINED: "Email Complaint Received",
    Delivery.REJECTED: "Email Rejected",
}


def ses_event(
    mail: Mail, kind: Delivery, *, at: datetime, account: str, configuration_set: str
) -> dict[str, Any]:
    """The event EventBridge hands on; `at` is when it happened."""
    moment = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {
        "version": "0",
        "id": str(uuid5(NAMESPACE_URL, f"{mail.message_id}/{kind}")),
        "detail-type": _DETAIL_TYPES[kind],
        "source": "aws.ses",
        "account": account,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:ses:{REGION}:{account}:configuration-set/{configuration_set}"],
        "detail": {
            "eventType": str(kind),
            "mail": _mail(mail, moment, account, configuration_set),
            **_part(mail, kind, moment),
        },
    }


def _mail(mail: Mail, moment: str, account: str, configuration_set: str) -> dict[str, Any]:
    headers = [{"name": name, "value": str(value)} for name, value in mail.message.items()]
    return {
        "timestamp": moment,
        "source": mail.sender,
        "sendingAccountId": account,
        "messageId": mail.message_id,
        "destination": list(mail.recipients),
        "headersTruncated": False,
        "headers": headers,
        "commonHeaders": {
            "from": [mail.sender],
            "to": list(mail.recipients),
            "messageId": mail.message_id,
            "subject": str(mail.message["subject"] or ""),
        },
        "tags": {
            "ses:configuration-set": [configuration_set],
            "ses:source-ip": ["192.0.2.1"],
            **{name: [value] for name, value in mail.tags.items()},
        },
    }


def _part(mail: Mail, kind: Delivery, moment: str) -> dict[str, Any]:
    match kind:
        case Delivery.SENT:
            return {"send": {}}
        case Delivery.DELIVERED:
            return {
                "delivery": {
                    "timestamp": moment,
                    "processingTimeMillis": 546,
                    "recipients": list(mail.recipients),
                    "smtpResponse": "250 ok:  Message 64111812 accepted",
                    "reportingMTA": "mta.example.com",
                }
            }
        case Delivery.BOUNCED:
            bounced = [
                {
                    "emailAddress": address,
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                }
                for address in mail.recipients
            ]
            return {
                "bounce": {
                    "bounceType": "Permanent",
                    "bounceSubType": "General",
                    "bouncedRecipients": bounced,
                    "timestamp": moment,
                    "feedbackId": f"feedback-{mail.message_id}",
                    "reportingMTA": "dsn; mta.example.com",
                }
            }
        case Delivery.DELAYED:
            delayed = [
                {
                    "emailAddress": address,
                    "status": "4.4.1",
                    "diagnosticCode": "smtp; 421 4.4.1 try later",
                }
                for address in mail.recipients
            ]
            return {
                "deliveryDelay": {
                    "timestamp": moment,
                    "delayType": "TransientCommunicationFailure",
                    "expirationTime": moment,
                    "delayedRecipients": delayed,
                }
            }
        case Delivery.COMPLAINED:
            return {
                "complaint": {
                    "complainedRecipients": [{"emailAddress": each} for each in mail.recipients],
                    "timestamp": moment,
                    "feedbackId": f"feedback-{mail.message_id}",
                    "complaintFeedbackType": "abuse",
                }
            }
        case Delivery.REJECTED:
            return {"reject": {"reason": "Bad content"}}
