"""The pages and JSON of staff and finance."""

import secrets
from functools import cache, partial
from typing import Any

from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation
from kulturkontor.aws.login import TokenEndpoint
from kulturkontor.aws.secrets import link_key
from kulturkontor.aws.sending_account import look_at_account
from kulturkontor.aws.wiring import wiring
from kulturkontor.web.office import Office, office
from kulturkontor.web.office_doors import OfficeDoors


@cache
def _office() -> Office:
    here = wiring()
    return office(
        OfficeDoors(
            current_programme=here.current_programme,
            records=here.records,
            mail_queue=here.mail_queue,
            letter_queue=here.letter_queue,
            files_queue=here.files_queue,
            sheet_queue=here.sheet_queue,
            office=here.office,
            archive=here.archive,
            exchange=TokenEndpoint(
                login_url=here.settings.login_url, client_id=here.settings.login_client_id
            ),
            accounts=here.accounts,
            now=clock.now,
            new_id=lambda: secrets.token_hex(16),
            new_secret=lambda: secrets.token_urlsafe(32),
            signing_key=link_key,
            office_url=here.settings.office_url,
            login_url=here.settings.login_url,
            login_issuer=here.settings.login_issuer,
            login_client_id=here.settings.login_client_id,
            finance_address=here.settings.finance_address,
            copy_to_postmottak=here.settings.copy_to_postmottak,
            look_at_sending=partial(look_at_account, here.settings.sender_identity),
            stage=here.settings.stage,
        )
    )


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return _office().resolve(event, context)
