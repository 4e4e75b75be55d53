"""Files in buckets. Archived files are written once: the same key again is the same file."""

from functools import cached_property
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import ClientError

from kulturkontor.actions.ports import FileMissingError
from kulturkontor.aws.session import client
from kulturkontor.downloads import disposition

_SIGNED = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})


class Bucket:
    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def origin(self) -> str:
        """Where browsers send files to; worked out here, nothing is asked."""
        address = urlsplit(self.presign_post("-", media_type=None, max_bytes=0, seconds=0)["url"])
        return f"{address.scheme}://{address.netloc}"

    def read(self, key: str, *, version: str | None = None, limit: int | None = None) -> bytes:
        """The bytes of a file; at most `limit` + 1 of them, so that the caller sees it is too
        large.
        """
        wanted: dict[str, Any] = {"Bucket": self.name, "Key": key}
        if version:
            wanted["VersionId"] = version
        if limit is not None:
            wanted["Range"] = f"bytes=0-{limit}"
        try:
            return bytes(client("s3").get_object(**wanted)["Body"].read())
        except ClientError as fault:
            code = fault.response["Error"]["Code"]
            if code == "InvalidRange":
                return b""
            if code in ("NoSuchKey", "NoSuchVersion", "404"):
                raise FileMissingError(key) from fault
            raise

    def write_once(self, key: str, data: bytes | BinaryIO, *, media_type: str) -> bool:
        """Create the file, and say whether it is new; one that is there is left as it is."""
        try:
            client("s3").put_object(
                Bucket=self.name, Key=key, Body=data, ContentType=media_type, IfNoneMatch="*"
            )
        except ClientError as fault:
            if fault.response["Error"]["Code"] not in (
                "PreconditionFailed",
                "ConditionalRequestConflict",
            ):
                raise
            return False
        return True

    def presign_post(
        self,
        key: str,
        *,
        media_type: str | None,
        max_bytes: int,
        seconds: int,
        redirect_to: str | None = None,
    ) -> dict[str, Any]:
        """An address and the fields of a form that may put exactly this key, up to that size.

        `redirect_to`: where a browser's form is sent on to when the file has come. An empty file
        may come: whoever sent it is told so when it is looked at.
        """
        fields: dict[str, str] = {}
        conditions: list[Any] = [["content-length-range", 0, max_bytes]]
        if media_type:
            fields["Content-Type"] = media_type
            conditions.append({"Content-Type": media_type})
        if redirect_to:
            fields["success_action_redirect"] = redirect_to
            conditions.append({"success_action_redirect": redirect_to})
        answer: dict[str, Any] = client("s3", config=_SIGNED).generate_presigned_post(
            self.name, key, Fields=fields, Conditions=conditions, ExpiresIn=seconds
        )
        return answer

    def presign_get(self, key: str, *, file_name: str, seconds: int = 60) -> str:
        address: str = client("s3", config=_SIGNED).generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.name,
                "Key": key,
                "ResponseContentDisposition": disposition(file_name),
            },
            ExpiresIn=seconds,
        )
        return address

    def versions(self, prefix: str) -> list[tuple[str, str]]:
        """Every version and delete marker under a prefix, as (key, version)."""
        pages = (
            client("s3")
            .get_paginator("list_object_versions")
            .paginate(Bucket=self.name, Prefix=prefix)
        )
        return [
            (each["Key"], each["VersionId"])
            for page in pages
            for each in (*page.get("Versions", []), *page.get("DeleteMarkers", []))
        ]

    def erase(self, versions: list[tuple[str, str]]) -> None:
        """Delete these versions for good."""
        waiting = list(versions)
        while waiting:
            page, waiting = waiting[:1000], waiting[1000:]
            client("s3").delete_objects(
                Bucket=self.name,
                Delete={
                    "Objects": [{"Key": key, "VersionId": version} for key, version in page],
                    "Quiet": True,
                },
            )
