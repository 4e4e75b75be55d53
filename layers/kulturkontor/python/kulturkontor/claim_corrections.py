"""A sent claim taken up again: as a draft to correct, asked about, and what a version changed."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from kulturkontor.applications import Application
from kulturkontor.claim_drafts import (
    ClaimDraft,
    DraftLine,
    DraftPerson,
    Way,
    new_draft,
    registered_besides,
)
from kulturkontor.claim_fields import LineKind, name_key
from kulturkontor.claim_form import ClaimIn, ParticipantIn
from kulturkontor.claim_lines import LineIn
from kulturkontor.claims import ASKS_FOR_ACCOUNT, TravelClaim

_OF_A_TOTAL = (LineKind.TRAVEL_TOTAL, LineKind.OVERNIGHT)


def begin_draft(
    application: Application, gathering: str, claims: Sequence[TravelClaim]
) -> ClaimDraft:
    """The draft before anybody has typed: the last version of the gathering's claim, or the
    registered ones with the account of the municipality's latest claim.
    """
    own = [each for each in claims if each.gathering == gathering]
    if own:
        return draft_of_claim(own[-1], application)
    draft = new_draft(application, gathering)
    stated = [each for each in claims if each.claim.account_number]
    if not stated:
        return draft
    latest = max(stated, key=lambda each: each.received_at)
    if latest.state in ASKS_FOR_ACCOUNT:
        return draft
    return draft.model_copy(update={"account_number": latest.claim.account_number})


def draft_of_claim(claim: TravelClaim, application: Application) -> ClaimDraft:
    """The claim as its forms show it. An account that the bank refused is asked for again."""
    sent = claim.claim
    people = people_of_claim(sent)
    is_refused = claim.state in ASKS_FOR_ACCOUNT
    return ClaimDraft(
        application_id=claim.application_id,
        gathering=claim.gathering,
        based_on=claim.version,
        people=(*people, *registered_besides(people, application, claim.gathering)),
        account_number="" if is_refused else sent.account_number,
        kid=sent.kid or "",
        vat=sent.vat,
        no_cost=sent.no_cost,
        saved=frozenset({"travellers", "costs", *(() if is_refused else ("account",))}),
    )


def people_of_claim(sent: ClaimIn) -> tuple[DraftPerson, ...]:
    return tuple(_person(each, sent) for each in sent.participants)


def _person(participant: ParticipantIn, sent: ClaimIn) -> DraftPerson:
    own = [line for line in sent.lines if line.participant == participant.id]
    lines = tuple(draft_line(line, sent) for line in own)
    way: Way = "none" if not own else "total" if _is_total(own) else "lines"
    return DraftPerson(
        id=participant.id,
        name=participant.name,
        role=participant.role or "",
        covered_night=participant.covered_night is True,
        way=way,
        total=lines if way == "total" else (),
        lines=lines if way == "lines" else (),
    )


def _is_total(lines: Sequence[LineIn]) -> bool:
    """Whether the short form can show these lines with nothing lost."""
    kinds = [line.kind for line in lines]
    shown = {"id", "participant", "kind", "date", "amount", "receipt_ids"}
    return (
        LineKind.TRAVEL_TOTAL in kinds
        and set(kinds) <= set(_OF_A_TOTAL)
        and len(kinds) == len(set(kinds))
        and len({line.receipt_ids for line in lines}) == 1
        and all(line.model_fields_set <= shown or not _says_more(line, shown) for line in lines)
    )


def _says_more(line: LineIn, shown: set[str]) -> bool:
    return any(value for name, value in line.model_dump().items() if name not in shown)


def draft_line(line: LineIn, sent: ClaimIn) -> DraftLine:
    """A line as it was typed."""
    ids = {name_key(each.name): each.id for each in sent.participants}
    ids |= {name_key(each.id): each.id for each in sent.participants}
    driven = [ids[name_key(each)] for each in line.passengers if name_key(each) in ids]
    others = [each for each in line.passengers if name_key(each) not in ids]
    return DraftLine(
        id=line.id,
        kind=line.kind,
        date=line.date.isoformat(),
        route=line.route,
        amount=line.amount or "",
        kilometres=str(line.kilometres or "").removesuffix(".0").replace(".", ","),
        driven=tuple(driven),
        passengers=", ".join(others),
        currency=line.currency or "",
        foreign_amount=line.foreign_amount or "",
        rate=(line.rate or "").replace(".", ","),
        rate_date=line.rate_date.isoformat() if line.rate_date else "",
        rate_source=line.rate_source or "",
        receipt_ids=line.receipt_ids,
        refunds=line.refunds or "",
        note=line.note,
        reply=line.reply,
    )


def asked_lines(claim: TravelClaim) -> tuple[str, ...]:
    """The lines that the council has asked about and waits for an answer to."""
    return tuple(each.line_id for each in claim.rulings if each.verdict == "ask")


class LineChange(NamedTuple):
    """What became of one line from a version to the next; the kroner are what it cost, in øre."""

    kind: Literal["added", "removed", "changed"]
    person: str
    line_kind: str
    before_ore: int | None
    after_ore: int | None


def changes_between(before: TravelClaim, after: TravelClaim) -> tuple[LineChange, ...]:
    """The lines that the later version has otherwise, in its order; then those it left out."""
    was = {line.id: line for line in before.claim.lines}
    now = {line.id: line for line in after.claim.lines}
    cost_before = {each.line_id: each.actual_ore for each in before.judgement.lines}
    cost_now = {each.line_id: each.actual_ore for each in after.judgement.lines}
    changed = [
        LineChange(
            kind="changed" if line.id in was else "added",
            person=after.claim.participant(line.participant).name,
            line_kind=line.kind,
            before_ore=cost_before.get(line.id),
            after_ore=cost_now.get(line.id),
        )
        for line in now.values()
        if was.get(line.id) != line
    ]
    gone = [
        LineChange(
            kind="removed",
            person=before.claim.participant(line.participant).name,
            line_kind=line.kind,
            before_ore=cost_before.get(line.id),
            after_ore=None,
        )
        for line in was.values()
        if line.id not in now
    ]
    return (*changed, *gone)
