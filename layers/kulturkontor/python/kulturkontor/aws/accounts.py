"""The sign-in service's own accounts, in the Cognito user pool. People with an account at the
employer's identity provider need none.
"""

from botocore.exceptions import ClientError

from kulturkontor.aws.session import client


class UserPool:
    """`actions.change_users.Accounts` on Cognito."""

    def __init__(self, pool_id: str) -> None:
        self.pool_id = pool_id

    def invite(self, email: str) -> bool:
        try:
            self._create(email)
        except ClientError as fault:
            if _code(fault) != "UsernameExistsException":
                raise
            return self._invite_again(email)
        return True

    def _create(self, email: str, **more: str) -> None:
        client("cognito-idp").admin_create_user(
            UserPoolId=self.pool_id,
            Username=email,
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
            DesiredDeliveryMediums=["EMAIL"],
            **more,
        )

    def _invite_again(self, email: str) -> bool:
        """Only an account whose password for once was never used can be invited again."""
        try:
            self._create(email, MessageAction="RESEND")
        except ClientError as fault:
            if _code(fault) != "UnsupportedUserStateException":
                raise
            return False
        return True


def _code(fault: ClientError) -> str:
    return str(fault.response["Error"]["Code"])
