"""What a municipality says of one gathering, as fields of a form: who comes, beds, a substitute."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kulturkontor.application_form import Email, Line, Sector, required
from kulturkontor.applications import Application
from kulturkontor.attendance import Coming
from kulturkontor.participation import attendance_at, participants_at
from kulturkontor.people import Participant, Presence

COMES = "comes"
STAYS_AWAY = "stays_away"


class NewSubstitute(BaseModel):
    """Somebody who comes to one gathering only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,20}$")]
    name: Annotated[Line, AfterValidator(required)]
    sector: Sector
    email: Email = ""
    instead_of: Annotated[str, Field(max_length=20)] = ""

    def at(self, gathering_id: str) -> Participant:
        own = self.model_dump(include=set(NewSubstitute.model_fields))
        return Participant(**own, only=(gathering_id,))


def write_fields(application: Application, gathering_id: str) -> dict[str, str]:
    """What has been said of each, as the form shows it."""
    fields: dict[str, str] = {}
    for participant, said in attendance_at(application, gathering_id).items():
        comes = said.presence is Presence.COMES
        fields[f"presence.{participant}"] = COMES if comes else STAYS_AWAY
        if said.bed if said.bed_asked is None else said.bed_asked:
            fields[f"bed.{participant}"] = "on"
    return fields


def read_attendance(
    fields: Mapping[str, str], application: Application, gathering_id: str
) -> dict[str, Coming]:
    """What the form says of those who are registered; whom nothing is said of is left out."""
    return {
        each.id: Coming(comes=said == COMES, bed=f"bed.{each.id}" in fields)
        for each in participants_at(application, gathering_id)
        if (said := fields.get(f"presence.{each.id}")) in (COMES, STAYS_AWAY)
    }


def read_substitute(fields: Mapping[str, str]) -> NewSubstitute:
    """Raises ValidationError."""
    return NewSubstitute.model_validate(
        {name: fields.get(f"substitute.{name}", "") for name in NewSubstitute.model_fields}
    )
