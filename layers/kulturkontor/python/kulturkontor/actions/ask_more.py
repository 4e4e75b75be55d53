"""Staff ask an applicant for more: the parts they choose are open again until a time they set.

«The chosen parts are reopened even after the deadline»: what is sent then is a supplement, and the
application keeps the time it was received.
"""

from collections.abc import Collection
from datetime import datetime

from kulturkontor import more_notices
from kulturkontor.actions.application_checks import ApplicationStateError, read_application
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_parts import Part
from kulturkontor.application_rows import put
from kulturkontor.applications import STANDING, Application, Reopened
from kulturkontor.audit import audit
from kulturkontor.programme import Programme
from kulturkontor.records import Records, decide_again
from kulturkontor.refusals import Refusal


class AskError(Refusal):
    """The applicant cannot be asked; `args[0]` says why: `past`, `after_letters`, `no_parts`,
    `told`, `not_asked`.
    """


def may_ask(application: Application) -> bool:
    """A sent application whose letter has not told the answer."""
    is_told = any(each.is_told for each in application.decisions)
    return application.state in STANDING and not is_told


def ask_more(
    application_id: str,
    parts: Collection[Part],
    until: datetime,
    *,
    message: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """The contact is told by mail, with the link. A new question takes the place of the last."""

    def attempt() -> Application:
        application = read_application(application_id, records)
        asked = question(
            application, parts, until, message=message, by=by, at=at, programme=programme
        )
        if _says_the_same(application.reopened, asked.reopened):
            return application  # the same button twice
        note = audit(
            application,
            "ask_more",
            by=by,
            at=at,
            before=",".join(each for each in Part if each in parts),
            after=until.isoformat(),
        )
        mail = more_notices.asked(asked, programme, at)
        commit([*put(asked), note], [mail], records=records, mail_queue=mail_queue)
        return asked

    return decide_again(attempt)


def question(
    application: Application,
    parts: Collection[Part],
    until: datetime,
    *,
    message: str,
    by: str,
    at: datetime,
    programme: Programme,
) -> Application:
    """The application as the question makes it; nothing is kept. Raises AskError or
    ApplicationStateError for what cannot be asked.
    """
    _check(parts, until, at, programme)
    if not may_ask(application):
        is_open = application.state in STANDING
        raise AskError("told") if is_open else ApplicationStateError(application.state)
    ordered = tuple(each for each in Part if each in parts)
    return application.but(
        reopened=Reopened(parts=ordered, until=until, by=by, at=at, message=message)
    )


def _says_the_same(known: Reopened | None, asked: Reopened | None) -> bool:
    return (
        known is not None
        and asked is not None
        and known.model_copy(update={"by": asked.by, "at": asked.at, "answered_at": None}) == asked
    )


def close_question(application_id: str, *, by: str, at: datetime, records: Records) -> Application:
    """Staff are done with it, or take it back: its parts are shut again. Closed twice is closed."""

    def attempt() -> Application:
        application = read_application(application_id, records)
        question = application.reopened
        if question is None:
            raise AskError("not_asked")
        if question.closed_at is not None:
            return application
        closed = application.but(reopened=question.model_copy(update={"closed_at": at}))
        note = audit(application, "ask_closed", by=by, at=at)
        records.write(*put(closed), note)
        return closed

    return decide_again(attempt)


def _check(parts: Collection[Part], until: datetime, at: datetime, programme: Programme) -> None:
    if not parts:
        raise AskError("no_parts")
    if until <= at:
        raise AskError("past")
    if until >= programme.released_at:
        raise AskError("after_letters")
