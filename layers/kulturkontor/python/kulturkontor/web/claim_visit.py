"""Somebody at a page of a travel claim: the case in one read, the gathering, the draft."""

from dataclasses import dataclass, replace

from kulturkontor.actions.claim_drafts import find_draft
from kulturkontor.actions.claim_files import ClaimFile, read_claim_file
from kulturkontor.actions.prepare_claim import is_open
from kulturkontor.actions.read_known import read_known
from kulturkontor.claim_drafts import ClaimDraft
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.own_files import receipts_used
from kulturkontor.participation import has_taken_part
from kulturkontor.programme import Gathering
from kulturkontor.received_files import ReceivedFile
from kulturkontor.web.answers import Answer, redirect
from kulturkontor.web.linked import LinkedRecords, by_cookie, case_path
from kulturkontor.web.own_case import OwnCase
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request


@dataclass(frozen=True)
class ClaimVisit:
    request: Request
    file: ClaimFile
    gathering: Gathering
    draft: ClaimDraft

    @property
    def within(self) -> str:
        """Where the claim's pages begin, within the case."""
        return f"/reisekrav/{self.gathering.id}"

    @property
    def base(self) -> str:
        return f"{case_path(self.file.application.id)}{self.within}"

    @property
    def versions(self) -> list[TravelClaim]:
        return self.file.versions(self.gathering.id)

    @property
    def last(self) -> TravelClaim | None:
        return self.versions[-1] if self.versions else None

    @property
    def is_open(self) -> bool:
        return is_open(self.gathering, self.request.at)

    @property
    def can_write(self) -> bool:
        """Whether a claim, or a correction of it, can be written now."""
        is_at_bank = self.last is not None and self.last.state is ClaimState.IN_BATCH
        return self.is_open and has_taken_part(self.file.application) and not is_at_bank

    @property
    def has_draft(self) -> bool:
        return self.draft.revision > 0

    @property
    def receipts(self) -> tuple[ReceivedFile, ...]:
        return tuple(each for each in self.file.files if each.purpose == "receipts")


def visit_claim(request: Request, *, to_judge: bool = False) -> ClaimVisit:
    """Raises ProblemError for a gathering that is none, or a case without an answer yet.
    `to_judge`: with what the claim is compared with, one read more.
    """
    return visit_of(request, read_own_claims(request, by_cookie(request), to_judge=to_judge))


def visit_of(request: Request, file: ClaimFile, draft: ClaimDraft | None = None) -> ClaimVisit:
    gathering = request.programme.gathering(request.path["gathering"])
    if gathering is None:
        raise ProblemError("not_found")
    return ClaimVisit(request, file, gathering, draft or find_draft(file, gathering.id))


def read_own_claims(
    request: Request, linked: LinkedRecords, *, to_judge: bool = False
) -> ClaimFile:
    """Everything of the link's case as its municipality knows it; its language is that of the
    page.
    """
    programme = request.programme if to_judge else None
    found = read_claim_file(linked.link.application_id, linked, programme)
    file = found
    if not found.application.participants:  # who has registered a group has had its letter
        file = replace(found, application=read_known(found.application, linked))
    request.prefers = file.application.mail_language
    if not any(each.is_told for each in file.application.decisions):
        raise ProblemError("not_found")
    return file


def own_case_of(file: ClaimFile) -> OwnCase:
    return OwnCase(
        application=file.application,
        files=file.files,
        claims={each.gathering: each for each in file.claims},
        receipts_used=receipts_used(file.claims),
    )


def to_claim(visit: ClaimVisit) -> Answer:
    """Back to the claim's own page, where it says why nothing can be written."""
    return redirect(visit.request, visit.base)
