"""SES, called once per mail: what it answers decides what may be done next.

Source: SESv2 SendEmail has no idempotency token, so the SDK's retries are off, and an answer that
did not come is not asked for again: SES's own events tell whether the message went.
"""

from botocore.exceptions import ClientError, HTTPClientError

from kulturkontor.actions.ports import SendLaterError, SendRefusedError, SendUnknownError
from kulturkontor.aws.session import client

_LATER = {
    "TooManyRequestsException",
    "LimitExceededException",
    "SendingPausedException",
    "AccountSuspendedException",
    "ThrottlingException",
    "Throttling",
}


class Mailer:
    def __init__(self, *, sender: str, configuration_set: str) -> None:
        self.sender = sender
        self.configuration_set = configuration_set

    def send(self, mail_id: str, *, to: str, message: bytes) -> str:
        """Hand one finished message to SES; its message id."""
        try:
            answer = client("sesv2", once=True).send_email(
                FromEmailAddress=self.sender,
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": message}},
                ConfigurationSetName=self.configuration_set,
                EmailTags=[{"Name": "mail", "Value": mail_id}],
            )
        except ClientError as fault:
            code = fault.response["Error"]["Code"]
            if code in _LATER:
                raise SendLaterError(code) from fault
            if fault.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                raise SendUnknownError(code) from fault
            raise SendRefusedError(code) from fault
        except HTTPClientError as fault:
            raise SendUnknownError(type(fault).__name__) from fault
        return str(answer["MessageId"])
