"""Lines that may be claimed twice. They are held for people to look at, never blocked.

One receipt for several persons or lines is ordinary. Suspicious is the same person, day and amount
with the same kind or the same receipt, and two beds for one person in one night; in another claim,
of this municipality or any other, the same person, day, amount and kind, or the same receipt.

What two claims have in common is found by marks: short digests in each claim's row in the list of
its programme, so that one read compares a claim with all others. A line that is rejected, or held
because it may repeat another, leaves no marks: of two that look alike just one is held.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from kulturkontor.claim_fields import LineKind, name_key
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claim_lines import LineIn
from kulturkontor.judgement import Judgement, LineState, ReceiptFact
from kulturkontor.refunds import find_free

_BYTES = 6
"""Of a digest: 8 characters, and a false alarm in a hundred million comparisons."""


class Claimed(NamedTuple):
    """A line as it is compared with others: whose it is, what it cost, the hashes of its files."""

    line: LineIn
    person: str
    ore: int
    files: tuple[str, ...]


def claimed_lines(
    claim: ClaimIn, *, costs: Mapping[str, int], receipts: Mapping[str, ReceiptFact]
) -> list[Claimed]:
    """The lines that can repeat another; what cost nothing in the end, or gives something back,
    cannot. `costs`: as `find_free` takes them.
    """
    people = {each.id: _person(each.name) for each in claim.participants}
    free = find_free(claim.lines, costs)
    return [
        Claimed(line, people[line.participant], costs[line.id], _files(line, receipts))
        for line in claim.lines
        if line.refunds is None and line.id not in free
    ]


def find_repeats(lines: Collection[Claimed], struck: Collection[str]) -> dict[str, str]:
    """For each line that may repeat another of the same claim: the id of that line.

    Of lines that look alike one is kept: not struck, rather with a receipt, then by id; so the
    order of the lines does not matter.
    """
    first: dict[tuple[object, ...], str] = {}
    found: dict[str, str] = {}
    for each in sorted(
        lines, key=lambda each: (each.line.id in struck, not each.files, each.line.id)
    ):
        for likeness in _likenesses(each):
            kept = first.setdefault(likeness, each.line.id)
            if kept != each.line.id and kept not in struck:
                found.setdefault(each.line.id, kept)
    return found


def find_in_others(lines: Collection[Claimed], others: Mapping[str, str]) -> dict[str, str]:
    """For each line that another claim may have too: the number of that claim. `others`: the marks
    of other claims' lines, each with the number of its claim.
    """
    return {
        each.line.id: min(found)
        for each in lines
        if (found := [others[mark] for mark in marks_of_line(each) if mark in others])
    }


def marks_of_line(each: Claimed) -> Iterator[str]:
    """What another claim with the same cost would have in common with this line."""
    yield _mark("line", each.person, each.line.date.isoformat(), str(each.ore), each.line.kind)
    for sha256 in each.files:
        yield _mark("file", sha256)


def marks_of_claim(claim: ClaimIn, judgement: Judgement) -> tuple[str, ...]:
    """What other claims are compared with: the marks of all lines that count, or still may."""
    counts = {
        each.line_id
        for each in judgement.lines
        if each.state is not LineState.REJECTED
        and each.like is None
        and each.line_id not in judgement.elsewhere
    }
    lines = claimed_lines(
        claim,
        costs={each.line_id: each.actual_ore for each in judgement.lines},
        receipts={each.id: each for each in judgement.known.receipts},
    )
    kept = [each for each in lines if each.line.id in counts]
    return tuple(sorted({mark for each in kept for mark in marks_of_line(each)}))


def _likenesses(each: Claimed) -> Iterator[tuple[object, ...]]:
    """What two lines of one claim have in common when they look alike."""
    who_and_when = (each.person, each.line.date)
    if each.line.kind is LineKind.OVERNIGHT:
        yield (*who_and_when, each.line.kind)
        return
    yield (*who_and_when, each.ore, each.line.kind)
    for sha256 in each.files:
        yield (*who_and_when, each.ore, sha256)


def _files(line: LineIn, receipts: Mapping[str, ReceiptFact]) -> tuple[str, ...]:
    facts = (receipts.get(each) for each in line.receipt_ids)
    return tuple(sorted({fact.sha256 for fact in facts if fact and fact.sha256}))


def _person(name: str) -> str:
    """The words of a name in any order: «Nordmann, Kari» and «kari nordmann» are one person."""
    return " ".join(sorted(name_key(name.replace(",", " ")).split()))


def _mark(*parts: str) -> str:
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return urlsafe_b64encode(digest[:_BYTES]).decode()
