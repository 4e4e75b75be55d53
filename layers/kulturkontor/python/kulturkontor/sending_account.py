"""What SES says of the account that the letters go from, and whether it will take them.

Source: SES developer guide, «Moving out of the sandbox», «Service quotas» (a daily quota of -1 is
none) and «Verified identities». What SES did not answer is None: it is told, never taken as right.
"""

from pydantic import BaseModel, ConfigDict

from kulturkontor.release_checks import Concern


class SendingAccount(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    is_production: bool | None = None
    """Out of the sandbox, where only verified addresses get mail."""
    is_sending: bool | None = None
    most_a_day: float | None = None
    sent_today: float | None = None
    """In the last 24 hours."""
    most_a_second: float | None = None
    is_verified: bool | None = None
    """The sender's identity."""
    is_signed: bool | None = None
    """The sender's mail carries a DKIM signature that SES has verified."""

    @property
    def left(self) -> float | None:
        """How many mails SES takes now; None when it did not say."""
        if self.most_a_day is None or self.sent_today is None:
            return None
        return float("inf") if self.most_a_day < 0 else self.most_a_day - self.sent_today


def find_account_faults(account: SendingAccount, *, mails: int, per_second: int) -> list[Concern]:
    """`mails` is how many the run sends, `per_second` the rate that it is set to."""
    states = {
        "ses_sandbox": account.is_production,
        "ses_off": account.is_sending,
        "sender_unverified": account.is_verified,
        "sender_unsigned": account.is_signed,
    }
    found = [Concern(code=code) for code, is_right in states.items() if is_right is False]
    left, rate = account.left, account.most_a_second
    if left is not None and left < mails:
        found.append(Concern(code="quota_short", references=(str(int(left)), str(mails))))
    if rate is not None and rate <= per_second:
        found.append(Concern(code="rate_high", references=(str(per_second), f"{rate:g}")))
    if None in (account.is_production, account.is_sending, left, rate):
        found.append(Concern(code="ses_unchecked"))
    if None in (account.is_verified, account.is_signed):
        found.append(Concern(code="sender_unchecked"))
    return found
