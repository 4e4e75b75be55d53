"""Staff let one municipality send its application after the deadline: once, and until a set time.

Nobody is let in by changing the programme's deadline, and the leave cannot be passed on: it stands
on the application itself.
"""

from datetime import datetime

from kulturkontor import people_notices
from kulturkontor.actions.application_checks import ApplicationStateError
from kulturkontor.actions.apply import application_id_of
from kulturkontor.actions.ports import Queue, commit
from kulturkontor.application_form import Answers, Contact
from kulturkontor.application_rows import put
from kulturkontor.applications import Application, ApplicationState, Extension, application_key
from kulturkontor.audit import audit
from kulturkontor.municipalities import Municipality
from kulturkontor.programme import Programme
from kulturkontor.records import Records, decide_again
from kulturkontor.refusals import Refusal

_MAY_SEND = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.COMPETING)


class ExtensionError(Refusal):
    """The time cannot be set; `args[0]` says why: `past`, `after_letters`, `before_deadline`."""


def extend(
    application_id: str,
    until: datetime,
    *,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """The contact is told by mail, with the link. A new extension takes the place of the last."""
    _check(until, at, programme)

    def attempt() -> Application:
        application = records.read(Application, application_key(application_id))
        if application is None:
            raise ApplicationStateError("unknown")
        if application.state not in _MAY_SEND:
            raise ApplicationStateError(application.state)
        known = application.extension
        if known is not None and (known.until, known.reason, known.used_at) == (
            until,
            reason,
            None,
        ):
            return application
        return _give(application, until, reason, by, at, programme, records, mail_queue)

    return decide_again(attempt)


def invite(
    place: Municipality,
    email: str,
    until: datetime,
    *,
    key: str,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """The same for a municipality that has nothing yet: a draft of its own, and the link to it."""
    _check(until, at, programme)
    application_id = application_id_of(programme, f"invite|{key}")

    def attempt() -> Application:
        known = records.read(Application, application_key(application_id))
        if known is not None:
            return known
        language = programme.language("nn" if place.written_form == "nynorsk" else "nb")
        draft = Application(
            id=application_id,
            programme=programme.id,
            state=ApplicationState.DRAFT,
            answers=Answers(
                municipality=place.kommunenummer,
                language=language,
                contact=Contact(email=email),
            ),
            language=language,
            created_at=at,
            saved_at=at,
        )
        return _give(draft, until, reason, by, at, programme, records, mail_queue)

    return decide_again(attempt)


def _give(
    application: Application,
    until: datetime,
    reason: str,
    by: str,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    extension = Extension(until=until, given_by=by, given_at=at, reason=reason)
    extended = application.but(extension=extension)
    note = audit(application, "extension", by=by, at=at, before=reason, after=until.isoformat())
    mail = people_notices.extension_given(extended, programme, at)
    commit([*put(extended), note], [mail], records=records, mail_queue=mail_queue)
    return extended


def _check(until: datetime, at: datetime, programme: Programme) -> None:
    if until <= at:
        raise ExtensionError("past")
    if until <= programme.closes_at:
        raise ExtensionError("before_deadline")
    if until >= programme.released_at:
        raise ExtensionError("after_letters")
