"""The sign-in service's token endpoint, asked from server to server over TLS that the system's
roots verify.

A public client with PKCE: there is no secret to keep. Nothing is asked twice, since a code is good
for once.
"""

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime
from urllib.parse import urlencode

from kulturkontor.actions.sign_in import SignInError, TokenAnswer

_SECONDS = 10
_MOST_BYTES = 100_000


class TokenEndpoint:
    """`actions.sign_in.TokenExchange` over HTTP."""

    def __init__(self, *, login_url: str, client_id: str) -> None:
        self.url = f"{login_url}/oauth2/token"
        self.client_id = client_id

    def exchange(self, *, code: str, verifier: str, redirect_uri: str) -> TokenAnswer:
        form = urlencode(
            {
                "grant_type": "authorization_code",
                "client_id": self.client_id,
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": verifier,
            }
        )
        request = urllib.request.Request(  # noqa: S310 - the address is a setting
            self.url,
            data=form.encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                token = json.loads(answer.read(_MOST_BYTES))["id_token"]
        except urllib.error.HTTPError as fault:
            if fault.code >= 500:
                raise
            raise SignInError("the code was not accepted") from fault
        except (ValueError, KeyError, TypeError) as fault:
            raise SignInError("the answer holds no id token") from fault
        return TokenAnswer(str(token), datetime.now(UTC))
