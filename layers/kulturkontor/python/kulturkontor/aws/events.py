"""Events as AWS sends them, typed as far as we read them; anything else is refused before it does
anything.
"""

from traceback import extract_tb
from typing import Annotated, Any, Literal, Self

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.base import FailureResponse
from aws_lambda_powertools.utilities.batch.exceptions import ExceptionInfo
from pydantic import BaseModel, ConfigDict, Field, model_validator

from kulturkontor.aws.invocation import logger

PARTLY = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class _Object(BaseModel):
    model_config = PARTLY
    key: str
    version_id: str | None = Field(default=None, alias="version-id")


class _BucketName(BaseModel):
    model_config = PARTLY
    name: str


class ForeignBucketError(ValueError):
    """The event is about another bucket than ours; look at who sent it."""


class _ObjectDetail(BaseModel):
    model_config = PARTLY
    bucket: _BucketName
    object: _Object

    def object_in(self, bucket: str) -> _Object:
        """The object; raises ForeignBucketError when it lies in another bucket."""
        if self.bucket.name != bucket:
            raise ForeignBucketError
        return self.object


class ObjectCreated(BaseModel):
    """S3's «Object Created», as EventBridge puts it on a queue. Keys are not URL-encoded there."""

    model_config = PARTLY
    source: Literal["aws.s3"]
    detail_type: Literal["Object Created"] = Field(alias="detail-type")
    detail: _ObjectDetail


class _ScannedObject(BaseModel):
    model_config = PARTLY
    bucket: str = Field(alias="bucketName")
    key: str = Field(alias="objectKey")
    version_id: str | None = Field(default=None, alias="versionId")


class _ScanResult(BaseModel):
    model_config = PARTLY
    status: str = Field(alias="scanResultStatus")


class _ScanDetail(BaseModel):
    model_config = PARTLY
    object: _ScannedObject = Field(alias="s3ObjectDetails")
    result: _ScanResult = Field(alias="scanResultDetails")

    def object_in(self, bucket: str) -> _ScannedObject:
        """The object; raises ForeignBucketError when it lies in another bucket."""
        if self.object.bucket != bucket:
            raise ForeignBucketError
        return self.object


class ObjectScanned(BaseModel):
    """GuardDuty's verdict on one object."""

    model_config = PARTLY
    source: Literal["aws.guardduty"]
    detail_type: Literal["GuardDuty Malware Protection Object Scan Result"] = Field(
        alias="detail-type"
    )
    detail: _ScanDetail


_Id = Annotated[str, Field(min_length=1, max_length=200)]


class MailTask(BaseModel):
    """Our own message to the mail queue."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    programme: _Id
    mail: _Id


class LetterTask(BaseModel):
    """Our own message to the letter queue: one letter, all of them as drafts (`previews`), what is
    left of a message to a group, or of telling a change of an event in the calendar.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    programme: _Id
    application: _Id | None = None
    previews: bool = False
    message: _Id | None = None
    event: _Id | None = None
    sequence: int = 0
    """Of the event's change."""

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        named = [each for each in (self.application, self.message, self.event) if each is not None]
        if len(named) + self.previews != 1:
            raise ValueError("name an application, a message or an event, or ask for previews")
        return self


class FilesTask(BaseModel):
    """Our own message to the files queue: the files of a batch, or of a year (`export`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    programme: _Id
    batch: _Id | None = None
    export: _Id | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.batch is None) is (self.export is None):
            raise ValueError("name a batch or an export")
        return self


class _Mailing(BaseModel):
    model_config = PARTLY
    message_id: str = Field(alias="messageId")
    tags: dict[str, list[str]] = Field(default_factory=dict)


class _MailDetail(BaseModel):
    model_config = PARTLY
    event_type: str = Field(alias="eventType")
    mail: _Mailing
    bounce: dict[str, Any] = Field(default_factory=dict)
    delivery: dict[str, Any] = Field(default_factory=dict)
    complaint: dict[str, Any] = Field(default_factory=dict)


class MailEventReceived(BaseModel):
    """What SES tells of one message, over its configuration set and EventBridge."""

    model_config = PARTLY
    source: Literal["aws.ses"]
    time: str
    detail: _MailDetail


class _Telling(BatchProcessor):
    """Logs what failed and where, but nothing of what was in it: it may be personal data."""

    def failure_handler(self, record: Any, exception: ExceptionInfo) -> FailureResponse:
        kind, _, trace = exception
        frames = extract_tb(trace)
        logger.error(
            "message_failed",
            error=kind.__name__ if kind else "",
            where=f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "",
        )
        return super().failure_handler(record, exception)


def each_message(event: dict[str, Any], context: Any, handle: Any) -> Any:
    """Handle a batch of queue messages one by one; those that fail are tried again, the others are
    done.
    """
    processor = _Telling(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, handle, processor, context)
