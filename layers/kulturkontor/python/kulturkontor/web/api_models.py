"""The bodies of the JSON API: what it takes and what it gives, the source of its OpenAPI
description.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from kulturkontor.application_form import Answers, Line, tidy
from kulturkontor.application_period import Phase
from kulturkontor.applications import Application
from kulturkontor.claims import TravelClaim
from kulturkontor.decisions import Outcome, Place
from kulturkontor.people import Participant
from kulturkontor.programme import Gathering, Language, Programme
from kulturkontor.programme_rules import Percent, Words
from kulturkontor.receipts import Receipt, receipt_of
from kulturkontor.received_files import FileState, Purpose
from kulturkontor.web.api_claims import ClaimReceipt, claim_receipt


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NewApplication(_Body):
    """`answers` has the shape of Answers; it is read when the application is kept."""

    submit: StrictBool
    answers: dict[str, Any]


class ChangedApplication(_Body):
    """`answers` holds the fields that change, each whole; `version` is the one that was read."""

    submit: StrictBool
    version: int | None = None
    answers: dict[str, Any]


class NewFile(_Body):
    purpose: Purpose
    name: Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(tidy)]


class PlaceAnswer(_Body):
    accept: StrictBool


class LinkRequest(_Body):
    """One of them is enough."""

    municipality: Line = ""
    email: Line = ""


class FileOut(_Body):
    """`message` says in words why a file was refused and what to do."""

    id: str
    purpose: Purpose
    name: str
    state: FileState
    reason: str
    message: str


class UploadForm(_Body):
    """Post `fields` and the file, last and called `file`, to `url` as multipart/form-data."""

    url: str
    fields: dict[str, str]


class PromisedFile(_Body):
    file: FileOut
    form: UploadForm


class Files(_Body):
    files: tuple[FileOut, ...]


class DecisionOut(_Body):
    serial: int
    outcome: Outcome
    reason: str
    answer_by: date | None


class ApplicationOut(Receipt):
    language: Language
    answers: Answers
    files: tuple[FileOut, ...]
    decision: DecisionOut | None
    """Only once its letter is there."""
    place: Place | None
    participants: tuple[Participant, ...]
    claims: tuple[ClaimReceipt, ...]


class ParticipantsOut(_Body):
    participants: tuple[Participant, ...]


class PlaceOut(_Body):
    place: Place


class Limits(_Body):
    min_members: int
    min_sectors: int
    max_text: int
    max_body_bytes: int


class Share(_Body):
    travel_percent: Percent
    travel_persons: int | None
    overnight_persons: int
    overnight_mode: Literal["refund", "central"]


class ProgrammeOut(_Body):
    """The programme in public. `window_days`: how long after a gathering a claim is in time."""

    id: str
    name: Words
    organiser: str
    languages: tuple[Language, ...]
    phase: Phase
    opens_at: datetime
    closes_at: datetime
    letters_at: datetime
    starts: date
    ends: date
    gatherings: tuple[Gathering, ...]
    limits: Limits
    share: Share
    window_days: int


def programme_out(programme: Programme, phase: Phase, max_body: int) -> ProgrammeOut:
    rules = programme.application
    return ProgrammeOut(
        id=programme.id,
        name=programme.name,
        organiser=programme.organiser,
        languages=programme.languages,
        phase=phase,
        opens_at=programme.opens_at,
        closes_at=programme.closes_at,
        letters_at=programme.released_at,
        starts=programme.starts,
        ends=programme.ends,
        gatherings=programme.gatherings,
        limits=Limits(
            min_members=rules.min_members,
            min_sectors=rules.min_sectors,
            max_text=rules.max_text,
            max_body_bytes=max_body,
        ),
        share=Share(
            travel_percent=programme.travel.share_percent,
            travel_persons=programme.travel.max_persons,
            overnight_persons=programme.overnight.max_persons,
            overnight_mode=programme.overnight.mode,
        ),
        window_days=programme.travel.window_days,
    )


def application_out(
    application: Application,
    files: tuple[FileOut, ...],
    claims: tuple[TravelClaim, ...],
    *,
    programme: Programme,
    language: Language,
) -> ApplicationOut:
    """What the one with the link may see. `application`: as it is known to them: a decision, and
    the place it gives, only once they are told.
    """
    receipt = receipt_of(application, programme).model_copy(
        update={"version": application.revision}
    )
    told = [each for each in application.decisions if each.is_told]
    return ApplicationOut(
        **receipt.model_dump(),
        language=application.language,
        answers=application.answers,
        files=files,
        decision=DecisionOut(
            serial=told[-1].serial,
            outcome=told[-1].outcome,
            reason=told[-1].reason,
            answer_by=told[-1].answer_by,
        )
        if told
        else None,
        place=application.place if told else None,
        participants=application.participants,
        claims=tuple(claim_receipt(each, language=language) for each in claims),
    )
