"""Where each thing that the preflight finds is mended: on the page, and in the mail."""

from typing import Final, NamedTuple

_SES: Final = "https://console.aws.amazon.com/ses/home#/account"
_SENDER: Final = "https://console.aws.amazon.com/ses/home#/identities"


class Mending(NamedTuple):
    """`whole`: the page of all of it; `each`: of one thing, by its `{id}`, where it is about
    several.
    """

    whole: str
    each: str = ""


MENDED: Final[dict[str, Mending]] = {
    "undecided": Mending("/decisions?state=undecided", "/decisions/{id}"),
    "unconfirmed": Mending("/decisions?state=proposed", "/decisions/{id}"),
    "minutes_missing": Mending("/release#minutes"),
    "minutes_differ": Mending("/release#minutes"),
    "sheet_applying": Mending("/sheets"),
    "competing": Mending("/applications?state=competing", "/applications/{id}"),
    "held": Mending("/letters?state=held", "/applications/{id}"),
    "withdrawal_asked": Mending("/applications?state=withdrawal_asked", "/applications/{id}"),
    "places_differ": Mending("/settings/decision#decision.places"),
    "mails_need_staff": Mending("/mails", "/mails/{id}"),
    "address_missing": Mending("/release", "/applications/{id}/on-behalf#contact"),
    "address_bounces": Mending("/mails", "/mails/{id}#correct"),
    "letter_faulty": Mending("/release/previews", "/decisions/{id}"),
    "letter_long": Mending("/release/previews", "/decisions/{id}"),
    "letter_mixed": Mending("/decisions", "/decisions/{id}"),
    "texts_broken": Mending("/texts", "/texts/{id}"),
    "ses_sandbox": Mending(_SES),
    "ses_off": Mending(_SES),
    "ses_unchecked": Mending(_SES),
    "quota_short": Mending(_SES),
    "rate_high": Mending("/settings/decision#decision.mails_per_second"),
    "sender_unverified": Mending(_SENDER),
    "sender_unsigned": Mending(_SENDER),
    "sender_unchecked": Mending(_SENDER),
}
"""By the concern's code."""
