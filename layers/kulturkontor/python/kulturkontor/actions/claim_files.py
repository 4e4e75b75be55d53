"""All that is known of a municipality's claims, in one read, and a claim judged by it; with one
read more, compared with the claims of all others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kulturkontor.application_rows import programme_partition
from kulturkontor.applications import Application
from kulturkontor.claim_drafts import ClaimDraft
from kulturkontor.claim_fields import name_key
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claims import ClaimRow, TravelClaim
from kulturkontor.judgement import Judgement, LineRuling, ReceiptFact
from kulturkontor.participation import has_given_up, is_away, participants_at
from kulturkontor.people import Participant
from kulturkontor.programme import Gathering, Programme
from kulturkontor.received_files import FileState, ReceivedFile
from kulturkontor.records import Records
from kulturkontor.refusals import Refusal
from kulturkontor.travel import judge_claim

_FACT = {
    FileState.WAITING: "waiting",
    FileState.ACCEPTED: "accepted",
    FileState.REFUSED: "refused",
}


class ClaimRefusedError(Refusal):
    """No claim can be made (or found) here; `args[0]` says why: `no_place`, `unknown_gathering`,
    `before_gathering`, `being_paid`, `unknown_claim`, `unknown_line`, `not_asked`, `draft_changed`,
    `draft_outdated`."""


@dataclass(frozen=True)
class ClaimFile:
    """All that is known of a municipality's claims: one read of its partition. `rows`: the last
    version of every claim of the programme, where claims are to be compared.
    """

    application: Application
    claims: tuple[TravelClaim, ...]
    receipts: dict[str, ReceiptFact]
    files: tuple[ReceivedFile, ...] = ()
    drafts: tuple[ClaimDraft, ...] = ()
    rows: tuple[ClaimRow, ...] = ()

    def draft(self, gathering_id: str) -> ClaimDraft | None:
        return next((each for each in self.drafts if each.gathering == gathering_id), None)

    def versions(self, gathering_id: str) -> list[TravelClaim]:
        return [each for each in self.claims if each.gathering == gathering_id]


def judge_again(file: ClaimFile, claim: TravelClaim, programme: Programme) -> Judgement:
    """The claim as it is judged by what is known now."""
    return judge_now(file, claim.claim, claim.gathering, claim.rulings, programme)


def judge_now(
    file: ClaimFile,
    claim: ClaimIn,
    gathering_id: str,
    rulings: Sequence[LineRuling],
    programme: Programme,
) -> Judgement:
    """Raises ClaimRefusedError for a gathering that is none."""
    application = file.application
    people = participants_at(application, gathering_id)
    away = [each for each in people if is_away(application, gathering_id, each.id)]
    return judge_claim(
        claim,
        programme=programme,
        gathering=gathering_of(gathering_id, programme),
        registered=_ids_and_names(people, claim),
        receipts=file.receipts,
        earlier=_marks(each for each in file.rows if _is_own(each, file, gathering_id)),
        elsewhere=_marks(each for each in file.rows if each.application_id != application.id),
        rulings=rulings,
        absent=_ids_and_names(away, claim),
        withdrawn=has_given_up(application),
    )


def _ids_and_names(people: Iterable[Participant], claim: ClaimIn) -> set[str]:
    """What people of the group go by on the claim. An id counts with a name that may be theirs: one
    whose spelling was mended or whose surname is new, but nobody else under their id.
    """
    claimed = {each.id: _words(each.name) for each in claim.participants}
    ids = {each.id for each in people if claimed.get(each.id, set()) & _words(each.name)}
    return ids | {each.name for each in people}


def _words(name: str) -> set[str]:
    return set(name_key(name.replace(",", " ")).split())


def _is_own(row: ClaimRow, file: ClaimFile, gathering_id: str) -> bool:
    return row.application_id == file.application.id and row.gathering != gathering_id


def _marks(rows: Iterable[ClaimRow]) -> dict[str, str]:
    """Each mark with the number of the first claim that has it."""
    found: dict[str, str] = {}
    for row in rows:
        for mark in row.marks:
            found.setdefault(mark, row.claim_number)
    return found


def read_claim_file(
    application_id: str, records: Records, programme: Programme | None = None
) -> ClaimFile:
    """`programme`: read its claims as well, to compare with. Raises ClaimRefusedError."""
    found = records.list_partition(
        f"APPLICATION#{application_id}",
        {
            "APPLICATION": Application,
            "CLAIM": TravelClaim,
            "CLAIMDRAFT": ClaimDraft,
            "FILE": ReceivedFile,
        },
    )
    application = next((each for each in found if isinstance(each, Application)), None)
    if application is None:
        raise ClaimRefusedError("no_place")
    files = [each for each in found if isinstance(each, ReceivedFile)]
    return ClaimFile(
        application=application,
        claims=tuple(each for each in found if isinstance(each, TravelClaim)),
        files=tuple(sorted(files, key=lambda each: each.promised_at)),
        drafts=tuple(each for each in found if isinstance(each, ClaimDraft)),
        receipts={
            each.id: ReceiptFact(
                id=each.id,
                state=_FACT[each.state],  # type: ignore[arg-type]
                sha256=each.sha256 or None,
                media_type=each.media_type,
            )
            for each in files
        },
        rows=read_claim_rows(programme, records) if programme else (),
    )


def read_claim_rows(programme: Programme, records: Records) -> tuple[ClaimRow, ...]:
    return tuple(records.list(ClaimRow, programme_partition(programme.id), "CLAIM#"))


def last_claim(file: ClaimFile, gathering_id: str) -> TravelClaim:
    versions = file.versions(gathering_id)
    if not versions:
        raise ClaimRefusedError("unknown_claim")
    return versions[-1]


def row_revision(claim: TravelClaim, file: ClaimFile) -> int:
    """Of the claim's row in the list of its programme; 0 when it has none yet."""
    return next(
        (
            each.revision
            for each in file.rows
            if (each.application_id, each.gathering) == (claim.application_id, claim.gathering)
        ),
        0,
    )


def gathering_of(gathering_id: str, programme: Programme) -> Gathering:
    gathering = programme.gathering(gathering_id)
    if gathering is None:
        raise ClaimRefusedError("unknown_gathering")
    return gathering
