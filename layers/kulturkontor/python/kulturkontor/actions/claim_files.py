"""All that is known of a municipality's claims, in one read, and a claim judged by it."""

from dataclasses import dataclass

from kulturkontor.applications import Application
from kulturkontor.claims import ClaimRow, TravelClaim, claim_row, earlier_lines
from kulturkontor.judgement import Judgement, ReceiptFact
from kulturkontor.programme import Gathering, Programme
from kulturkontor.received_files import FileState, ReceivedFile
from kulturkontor.records import Key, Records
from kulturkontor.travel import judge_claim

_FACT = {
    FileState.WAITING: "waiting",
    FileState.ACCEPTED: "accepted",
    FileState.REFUSED: "refused",
}


class ClaimRefusedError(Exception):
    """No claim can be made (or found) here; `args[0]` says why: `no_place`, `unknown_gathering`,
    `before_gathering`, `being_paid`, `unknown_claim`."""


@dataclass(frozen=True)
class ClaimFile:
    """All that is known of a municipality's claims: one read of its partition."""

    application: Application
    claims: tuple[TravelClaim, ...]
    receipts: dict[str, ReceiptFact]

    def versions(self, gathering_id: str) -> list[TravelClaim]:
        return [each for each in self.claims if each.gathering == gathering_id]


def judge_again(file: ClaimFile, claim: TravelClaim, programme: Programme) -> Judgement:
    people = file.application.participants
    others = [each for each in file.claims if each.gathering != claim.gathering]
    current = {each.gathering: each for each in others}
    return judge_claim(
        claim.claim,
        programme=programme,
        gathering=gathering_of(claim.gathering, programme),
        registered={each.id for each in people} | {each.name for each in people},
        receipts=file.receipts,
        earlier=[line for each in current.values() for line in earlier_lines(each, file.receipts)],
        rulings=claim.rulings,
    )


def read_claim_file(application_id: str, records: Records) -> ClaimFile:
    found = records.list_partition(
        f"APPLICATION#{application_id}",
        {"APPLICATION": Application, "CLAIM": TravelClaim, "FILE": ReceivedFile},
    )
    application = next((each for each in found if isinstance(each, Application)), None)
    if application is None:
        raise ClaimRefusedError("no_place")
    files = [each for each in found if isinstance(each, ReceivedFile)]
    return ClaimFile(
        application=application,
        claims=tuple(each for each in found if isinstance(each, TravelClaim)),
        receipts={
            each.id: ReceiptFact(
                id=each.id,
                state=_FACT[each.state],  # type: ignore[arg-type]
                sha256=each.sha256 or None,
            )
            for each in files
        },
    )


def last_claim(file: ClaimFile, gathering_id: str) -> TravelClaim:
    versions = file.versions(gathering_id)
    if not versions:
        raise ClaimRefusedError("unknown_claim")
    return versions[-1]


def row_revision(claim: TravelClaim, records: Records) -> int:
    key: Key = claim_row(claim, revision=0).key
    row = records.read(ClaimRow, key)
    return row.revision if row else 0


def gathering_of(gathering_id: str, programme: Programme) -> Gathering:
    gathering = programme.gathering(gathering_id)
    if gathering is None:
        raise ClaimRefusedError("unknown_gathering")
    return gathering
