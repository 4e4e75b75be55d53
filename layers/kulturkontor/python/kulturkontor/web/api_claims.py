"""The bodies of the JSON API about a travel claim."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kulturkontor.application_form import tidy
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.judgement import ClaimResult
from kulturkontor.programme import Language
from kulturkontor.reasons import reason_text


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LineAnswer(_Body):
    """`changes` has fields of LineIn, each whole; what is left out stays as it is."""

    reply: Annotated[str, Field(min_length=1, max_length=500), BeforeValidator(tidy)]
    changes: dict[str, Any] = Field(default_factory=dict)


class ClaimReceipt(_Body):
    """`explanations`: for each line, why it was judged so, in the sender's language. `questions`:
    the lines that the council asks about, each to be answered on its own.

    This version pays `pay_ore`, or takes `owed_ore` back, after the `settled_before_ore` of
    earlier versions.
    """

    claim_number: str
    gathering: str
    version: int
    state: ClaimState
    received_at: datetime
    is_late: bool
    judgement: ClaimResult
    explanations: dict[str, str]
    questions: dict[str, str]
    settled_before_ore: int
    pay_ore: int
    owed_ore: int


class ClaimOut(ClaimReceipt):
    claim: ClaimIn


def claim_receipt(claim: TravelClaim, *, language: Language) -> ClaimReceipt:
    return ClaimReceipt(**_receipt_values(claim, language))


def claim_out(claim: TravelClaim, *, language: Language) -> ClaimOut:
    return ClaimOut(**_receipt_values(claim, language), claim=claim.claim)


def _receipt_values(claim: TravelClaim, language: Language) -> dict[str, Any]:
    return {
        "claim_number": claim.claim_number,
        "gathering": claim.gathering,
        "version": claim.version,
        "state": claim.state,
        "received_at": claim.received_at,
        "is_late": claim.is_late,
        "judgement": _without_names(claim.judgement.shown()),
        "explanations": {
            line.line_id: reason_text(line, language=language, rules=claim.judgement.rules)
            for line in claim.judgement.lines
        },
        "questions": {each.line_id: each.reason for each in claim.rulings if each.verdict == "ask"},
        "settled_before_ore": claim.paid_ore,
        "pay_ore": claim.settlement.pay_ore,
        "owed_ore": claim.settlement.owed_ore,
    }


def _without_names(judged: ClaimResult) -> ClaimResult:
    """What people decided, but not who: their words are the council's."""
    lines = tuple(
        line.model_copy(update={"ruling": line.ruling.model_copy(update={"by": ""})})
        if line.ruling
        else line
        for line in judged.lines
    )
    return judged.model_copy(update={"lines": lines})
