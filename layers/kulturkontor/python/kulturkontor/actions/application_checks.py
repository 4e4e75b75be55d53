"""Read an application, and what every change of one must observe."""

from datetime import datetime

from kulturkontor.application_form import Answers
from kulturkontor.application_parts import Part
from kulturkontor.application_period import (
    Phase,
    can_send,
    can_write,
    can_write_part,
    phase,
    reopened_parts,
)
from kulturkontor.applications import Application, ApplicationState, application_key
from kulturkontor.programme import Programme
from kulturkontor.received_files import ReceivedFile
from kulturkontor.records import Records
from kulturkontor.refusals import Refusal


class PeriodError(Refusal):
    """The application period does not allow this now; `args[0]` is the phase it is in."""

    code = "application_period"

    def __init__(self, at: Phase) -> None:
        super().__init__(at)
        self.phase = at


class ApplicationStateError(Refusal):
    """The application is not in a state where this can be done; `args[0]` is the state it is in."""

    code = "application_state"


class MunicipalityFixedError(Refusal):
    """A sent application stays with its municipality; withdraw it and send a new one for
    another.
    """

    code = "municipality_fixed"


class ContactFixedError(Exception):
    """The link of the contact goes to the contact's address: nobody else may change that."""


def check_fixed(application: Application, answers: Answers, person: str) -> None:
    """Raises MunicipalityFixedError and ContactFixedError."""
    if application.reference and answers.municipality != application.answers.municipality:
        raise MunicipalityFixedError
    if person and answers.contact.email != application.answers.contact.email:
        raise ContactFixedError


def check_may(
    application: Application,
    programme: Programme,
    at: datetime,
    *,
    submit: bool,
    part: Part | None = None,
) -> None:
    """`part`: what is to be written of it, else anything. Raises ApplicationStateError and
    PeriodError.
    """
    if application.state not in (
        ApplicationState.DRAFT,
        ApplicationState.SUBMITTED,
        ApplicationState.COMPETING,
    ):
        raise ApplicationStateError(application.state)
    if submit:
        is_open = can_send(application, programme, at)
    elif part is not None:
        is_open = can_write_part(application, part, programme, at)
    else:
        is_open = can_write(application, programme, at) or bool(reopened_parts(application, at))
    if not is_open:
        raise PeriodError(phase(programme, at))


def read_application(application_id: str, records: Records) -> Application:
    application = records.read(Application, application_key(application_id))
    if application is None:
        raise ApplicationStateError("unknown")
    return application


def read_for_sending(
    application_id: str, records: Records
) -> tuple[Application, list[ReceivedFile]]:
    """The application and all its files, in one read."""
    found = records.list_partition(
        application_key(application_id).partition,
        {"APPLICATION": Application, "FILE": ReceivedFile},
    )
    application = next((each for each in found if isinstance(each, Application)), None)
    if application is None:
        raise ApplicationStateError("unknown")
    return application, [each for each in found if isinstance(each, ReceivedFile)]
