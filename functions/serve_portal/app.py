"""The applicant's pages and the JSON API."""

import secrets
from functools import cache
from typing import Any

from kulturkontor.aws import clock
from kulturkontor.aws.invocation import invocation
from kulturkontor.aws.secrets import link_key
from kulturkontor.aws.wiring import wiring
from kulturkontor.web.doors import PortalDoors
from kulturkontor.web.portal import Portal, portal


@cache
def _portal() -> Portal:
    here = wiring()
    return portal(
        PortalDoors(
            current_programme=here.current_programme,
            records=here.records,
            mail_queue=here.mail_queue,
            uploads=here.uploads,
            archive=here.archive,
            counter=here.records,
            link_key=link_key,
            received_at=clock.received_at,
            new_id=lambda: secrets.token_hex(16),
            public_url=here.settings.public_url,
        )
    )


@invocation
def handler(event: dict[str, Any], context: Any) -> Any:
    return _portal().resolve(event, context)
