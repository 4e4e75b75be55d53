"""Where a step that staff register for a municipality comes from, as fields of its form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from kulturkontor.actions.on_behalf import Registrar
from kulturkontor.applications import Application
from kulturkontor.municipalities import UnknownMunicipalityError, municipality
from kulturkontor.on_behalf import OnBehalf, Source
from kulturkontor.programme import OSLO
from kulturkontor.web.office_faults import OfficeError, field_faults
from kulturkontor.web.office_visit import Visit


class SourceIn(BaseModel):
    """`day`: when the municipality wrote or called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Source
    day: date


def read_source(visit: Visit) -> SourceIn:
    """Of a form that holds more than a model; raises OfficeError."""
    sent = {name: visit.form.get(name) for name in SourceIn.model_fields}
    try:
        return SourceIn.model_validate(sent)
    except ValidationError as fault:
        raise OfficeError(422, "invalid", errors=field_faults(fault)) from fault


def registrar(visit: Visit, source: SourceIn) -> Registrar:
    """The visitor, who registers a step of the application's of the address."""
    return Registrar(
        application_id=visit.params["application_id"],
        said=OnBehalf(by=visit.by, source=source.source, day=source.day),
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )


def frame_values(visit: Visit, application: Application) -> Mapping[str, Any]:
    """What every page of steps shows of the application, and of where a step comes from."""
    try:
        name = municipality(application.kommunenummer).official_name
    except UnknownMunicipalityError:
        name = application.answers.municipality
    return {
        "application": application,
        "name": name,
        "sources": list(Source),
        "today": visit.now.astimezone(OSLO).date().isoformat(),
        "chosen": visit.form.get("source", ""),
        "day": visit.form.get("day", ""),
    }
