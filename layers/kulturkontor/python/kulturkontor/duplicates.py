"""Lines that may be claimed twice. They are held for people to look at, never blocked.

One receipt for several persons or lines is ordinary. Suspicious is the same person, day and amount
with the same kind or the same receipt, and two beds for one person in one night; in another claim,
the same person, day, amount and kind, or the same receipt.
"""

from collections.abc import Collection, Mapping, Sequence

from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import ClaimIn, LineIn
from kulturkontor.judgement import EarlierLine, ReceiptFact


def find_duplicates(
    claim: ClaimIn,
    *,
    costs: Mapping[str, int],
    receipts: Mapping[str, ReceiptFact],
    earlier: Sequence[EarlierLine],
    struck: Collection[str],
) -> dict[str, str]:
    """For each line that may repeat another: the id of that line, or the number of the other claim.

    Of lines that look alike one is kept: not struck, rather with a receipt, then by id; so the
    order of the lines does not matter.
    """
    first: dict[tuple[object, ...], str] = {}
    found: dict[str, str] = {}
    for line in sorted(
        claim.lines, key=lambda each: (each.id in struck, not _files(each, receipts), each.id)
    ):
        for mark in _marks(line, costs.get(line.id, 0), receipts):
            kept = first.setdefault(mark, line.id)
            if kept != line.id and kept not in struck:
                found.setdefault(line.id, kept)
    return found | _in_other_claims(claim, costs, receipts, earlier)


def _marks(line: LineIn, ore: int, receipts: Mapping[str, ReceiptFact]) -> list[tuple[object, ...]]:
    """What two lines have in common when they look alike; free lines look like nothing."""
    if not ore:
        return []
    who_and_when = (line.participant, line.date)
    if line.kind is LineKind.OVERNIGHT:
        return [(*who_and_when, line.kind)]
    return [
        (*who_and_when, ore, line.kind),
        *((*who_and_when, ore, sha256) for sha256 in _files(line, receipts)),
    ]


def _files(line: LineIn, receipts: Mapping[str, ReceiptFact]) -> list[str]:
    facts = (receipts.get(each) for each in line.receipt_ids)
    return sorted({fact.sha256 for fact in facts if fact and fact.sha256})


def _in_other_claims(
    claim: ClaimIn,
    costs: Mapping[str, int],
    receipts: Mapping[str, ReceiptFact],
    earlier: Sequence[EarlierLine],
) -> dict[str, str]:
    by_mark = {
        (_name(each.person), each.date, each.actual_ore, each.kind): each for each in earlier
    }
    by_file = {sha256: each for each in earlier for sha256 in each.receipts}
    found: dict[str, str] = {}
    for line in claim.lines:
        ore = costs.get(line.id, 0)
        person = _name(claim.participant(line.participant).name)
        same = [by_mark.get((person, line.date, ore, line.kind))] if ore else []
        same.extend(by_file.get(sha256) for sha256 in _files(line, receipts))
        found.update((line.id, each.claim_number) for each in same if each)
    return found


def _name(name: str) -> str:
    return " ".join(name.casefold().split())
