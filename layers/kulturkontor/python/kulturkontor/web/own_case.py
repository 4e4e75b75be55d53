"""All that a municipality may see of its own application: one read of its partition, and one of the
letters' mails where a letter is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kulturkontor.actions.read_known import read_known
from kulturkontor.applications import Application, application_key
from kulturkontor.claims import TravelClaim
from kulturkontor.own_files import receipts_used
from kulturkontor.programme import Language
from kulturkontor.received_files import FileState, ReceivedFile
from kulturkontor.upload_reasons import refusal_texts
from kulturkontor.web.api_models import FileOut
from kulturkontor.web.linked import LinkedRecords


@dataclass(frozen=True)
class OwnCase:
    application: Application
    """As the municipality knows it."""
    files: tuple[ReceivedFile, ...]
    claims: Mapping[str, TravelClaim]
    """The last version for each gathering."""
    receipts_used: frozenset[str]
    """Of any version of a claim."""


def read_own_case(linked: LinkedRecords) -> OwnCase:
    found = linked.list_partition(
        application_key(linked.link.application_id).partition,
        {"APPLICATION": Application, "FILE": ReceivedFile, "CLAIM": TravelClaim},
    )
    claims = [each for each in found if isinstance(each, TravelClaim)]
    files = [each for each in found if isinstance(each, ReceivedFile)]
    return OwnCase(
        application=read_known(
            next(each for each in found if isinstance(each, Application)), linked
        ),
        files=tuple(sorted(files, key=lambda each: each.promised_at)),
        claims={each.gathering: each for each in claims},
        receipts_used=receipts_used(claims),
    )


def file_out(file: ReceivedFile, language: Language) -> FileOut:
    refused = file.state is FileState.REFUSED
    return FileOut(
        id=file.id,
        purpose=file.purpose,
        name=file.name,
        state=file.state,
        reason=file.reason,
        message=" ".join(refusal_texts(file.reason, language)) if refused else "",
    )
