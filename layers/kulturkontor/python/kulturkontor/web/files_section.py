"""The part of a page that shows a municipality's files of one kind and takes more of them.

Put into a page by `{% include "files_section.html" %}` with the value `files`, outside every other
form; the page must let its scripts send to `send_to(request)`, and name the script `upload.js`. It
is whole without a script.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kulturkontor.own_files import may_remove, may_send
from kulturkontor.received_files import FileState, Purpose, ReceivedFile, Standing
from kulturkontor.upload_reasons import refusal_texts
from kulturkontor.uploads import DEFAULT_LIMITS, ENDINGS, LONGEST_NAME
from kulturkontor.web.answers import text
from kulturkontor.web.linked import case_path
from kulturkontor.web.own_case import OwnCase
from kulturkontor.web.request import Request

DONE = ("sent", "removed")
DONE_FIELD = "filer"
"""In an address: what the section shall say was just done, as `sent-receipts`."""

_COLOURS = {
    Standing.AWAITED: "info",
    Standing.CHECKING: "info",
    Standing.LOST: "warning",
    Standing.ACCEPTED: "success",
    Standing.REFUSED: "danger",
}
_EXPLAINED = (Standing.AWAITED, Standing.CHECKING, Standing.LOST)


class FileRow(NamedTuple):
    file: ReceivedFile
    standing: Standing
    colour: str
    details: str
    can_remove: bool


@dataclass(frozen=True)
class FilesSection:
    purpose: Purpose
    base: str
    back: str
    """The page of the case that the section stands on, as `/vedlegg`."""
    level: int
    """Of its heading; 0 for none."""
    rows: tuple[FileRow, ...]
    can_send: bool
    done: str
    accept: str
    limits: Mapping[str, int]

    @property
    def waits(self) -> bool:
        return any(each.standing in (Standing.AWAITED, Standing.CHECKING) for each in self.rows)


def files_section(
    request: Request, case: OwnCase, purpose: Purpose, *, back: str, level: int = 2
) -> FilesSection:
    done, _, of = request.query.get(DONE_FIELD, "").partition("-")
    return FilesSection(
        purpose=purpose,
        base=case_path(case.application.id),
        back=back,
        level=level,
        rows=tuple(_row(request, case, each) for each in case.files if each.purpose == purpose),
        can_send=may_send(case.application, purpose),
        done=done if done in DONE and of == purpose else "",
        accept=accepted_kinds(),
        limits=limits(),
    )


def send_to(request: Request) -> str:
    """The origin that files go to, for the policy of the page."""
    return request.doors.uploads.origin


def limits() -> Mapping[str, int]:
    """What a file may be, for sentences that say so."""
    return {
        "megabytes": DEFAULT_LIMITS.max_bytes // 1_000_000,
        "pages": DEFAULT_LIMITS.max_pages,
        "letters": LONGEST_NAME,
    }


def accepted_kinds() -> str:
    """What a field offers to choose; the media types let a telephone offer its camera."""
    endings = [ending for each in ENDINGS.values() for ending in each]
    return ",".join([*endings, *(kind for kind in ENDINGS if kind.startswith("image/"))])


def _row(request: Request, case: OwnCase, file: ReceivedFile) -> FileRow:
    standing = file.standing(request.at)
    details = text(request.language, f"file_details.{standing}") if standing in _EXPLAINED else ""
    if file.state is FileState.REFUSED:
        details = " ".join(refusal_texts(file.reason, request.language))
    return FileRow(
        file=file,
        standing=standing,
        colour=_COLOURS[standing],
        details=details,
        can_remove=may_remove(file, case.application, case.receipts_used),
    )
