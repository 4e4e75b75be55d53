"""What staff rule about the lines of a claim, as it is sent: from a form or as JSON."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.application_form import Text
from kulturkontor.money import AmountError, parse_kroner
from kulturkontor.programme_rules import Ore
from kulturkontor.web.office_faults import FieldFault, OfficeError


class RulingIn(BaseModel):
    """`reason` is what the municipality reads (the question, where one is asked); `internal` it
    never sees.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    line_id: Annotated[str, Field(max_length=40)]
    verdict: Literal["approve", "reject", "ask"]
    reason: Annotated[Text, Field(min_length=1, max_length=500)]
    internal: Annotated[Text, Field(max_length=500)] = ""
    approved_ore: Ore | None = None


class RulingsIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rulings: Annotated[tuple[RulingIn, ...], Field(min_length=1, max_length=200)]


def rulings_of_form(form: dict[str, str]) -> list[RulingIn]:
    """The lines of the form for which a verdict was chosen; each needs its reason."""
    rulings, faults = [], []
    for name, verdict in form.items():
        line_id = name.removeprefix("verdict:")
        if line_id == name or verdict not in ("approve", "reject", "ask"):
            continue
        reason, amount = form.get(f"reason:{line_id}", ""), form.get(f"amount:{line_id}", "")
        try:
            approved = parse_kroner(amount) if amount.strip() and verdict == "approve" else None
        except AmountError:
            faults.append(FieldFault(f"amount:{line_id}", "amount"))
            continue
        if not 1 <= len(reason.strip()) <= 500:
            faults.append(FieldFault(f"reason:{line_id}", "ruling_reason"))
            continue
        rulings.append(
            RulingIn.model_validate(
                {
                    "line_id": line_id,
                    "verdict": verdict,
                    "reason": reason,
                    "internal": form.get(f"internal:{line_id}", ""),
                    "approved_ore": approved,
                }
            )
        )
    if faults or not rulings:
        raise OfficeError(422, "invalid" if faults else "no_rulings", errors=tuple(faults))
    return rulings
