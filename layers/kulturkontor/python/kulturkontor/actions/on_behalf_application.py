"""Register what a municipality's application says, and that it is sent."""

from collections.abc import Mapping
from typing import Any

from kulturkontor.actions.on_behalf import Registrar
from kulturkontor.actions.save import save
from kulturkontor.receipts import Receipt


def register_application(
    by: Registrar, answers: Mapping[str, Any], *, submit: bool, version: int
) -> Receipt:
    """What the application says, and that it is sent; `answers` as `save` takes them, `version`:
    the one that was read. Raises pydantic's ValidationError and what `save` raises.
    """
    return by.register(
        "sent" if submit else "written",
        lambda means: save(
            by.application_id,
            dict(answers),
            submit=submit,
            expected_version=version,
            received_at=by.at,
            programme=by.programme,
            records=means["records"],
            mail_queue=by.mail_queue,
        ),
    )
