"""The sign-in service's own accounts, in the Cognito user pool.

People with an account at the employer's identity provider need none to be made. Cognito makes one
of its own for them at their first sign-in, with a name like `Employer_1234`: accounts are therefore
found by their address, however many somebody has.
"""

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from kulturkontor.actions.ports import AccountsLaterError
from kulturkontor.aws.session import client


class UserPool:
    """`actions.ports.Accounts` on Cognito."""

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

    def shut_out(self, email: str) -> None:
        """Signed out first: disabling also ends what a sign-in in between was given."""
        pool = client("cognito-idp", once=True)
        self._do_to_each(email, pool.admin_user_global_sign_out, pool.admin_disable_user)

    def let_in(self, email: str) -> None:
        self._do_to_each(email, client("cognito-idp", once=True).admin_enable_user)

    def _do_to_each(self, email: str, *steps: Callable[..., Any]) -> None:
        try:
            for username in self._usernames(email):
                self._do_to(username, steps)
        except ClientError as fault:
            raise AccountsLaterError(_code(fault)) from fault
        except BotoCoreError as fault:
            raise AccountsLaterError(type(fault).__name__) from fault

    def _do_to(self, username: str, steps: Sequence[Callable[..., Any]]) -> None:
        """Nothing to an account that is there no more; the others have theirs done."""
        try:
            for step in steps:
                step(UserPoolId=self.pool_id, Username=username)
        except ClientError as fault:
            if _code(fault) != "UserNotFoundException":
                raise

    def _usernames(self, email: str) -> list[str]:
        """Of a local account and of each provider's. Cognito compares addresses without regard to
        capitals (ListUsers: `email` is case-insensitive). One that was made this minute may not be
        listed yet: then the address, which a local account can be named by as well.
        """
        quoted = email.replace("\\", "\\\\").replace('"', '\\"')
        found = client("cognito-idp", once=True).list_users(
            UserPoolId=self.pool_id, Filter=f'email = "{quoted}"'
        )
        return [str(each["Username"]) for each in found["Users"]] or [email]

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
