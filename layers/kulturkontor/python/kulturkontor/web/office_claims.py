"""Travel claims: each line with its reason, what staff decide, and who vouches for the whole."""

from typing import Annotated, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.review_claims import attest_claim, read_for_review, rule_on_lines
from kulturkontor.application_form import Text
from kulturkontor.applications import application_key, programme_partition
from kulturkontor.claim_lines import LineIn
from kulturkontor.claims import ClaimRow, ClaimState, TravelClaim
from kulturkontor.judgement import JudgedLine, LineRuling, LineState
from kulturkontor.money import AmountError, parse_kroner
from kulturkontor.municipalities import municipality
from kulturkontor.programme import Ore
from kulturkontor.reasons import reason_text
from kulturkontor.received_files import ReceivedFile
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_faults import FieldFault, OfficeError
from kulturkontor.web.office_files import archived_file
from kulturkontor.web.office_visit import Handler, Visit


class RulingIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    line_id: Annotated[str, Field(max_length=40)]
    verdict: Literal["approve", "reject"]
    reason: Annotated[Text, Field(min_length=1, max_length=500)]
    approved_ore: Ore | None = None


class RulingsIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rulings: Annotated[tuple[RulingIn, ...], Field(min_length=1, max_length=200)]


class AttestIn(BaseModel):
    """What was looked at: it is refused if the claim has become another since."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int | None = None
    pay_ore: Ore | None = None


class Claimed(NamedTuple):
    row: ClaimRow
    municipality: str


class ShownLine(NamedTuple):
    """A line as it was typed, as it was judged, and why in words."""

    typed: LineIn
    judged: JudgedLine
    traveller: str
    reason: str
    receipts: list[ReceivedFile]

    @property
    def is_held(self) -> bool:
        return self.judged.state is LineState.HELD


def list_claims(visit: Visit) -> list[Claimed]:
    """Filtered by the query's `state` and `gathering`."""
    rows = visit.records.list(ClaimRow, programme_partition(visit.programme.id), "CLAIM#")
    start = len(visit.programme.reference_prefix) + 1
    return [
        Claimed(row, municipality(row.reference[start : start + 4]).official_name)
        for row in rows
        if visit.query("state") in ("", row.state)
        and visit.query("gathering") in ("", row.gathering)
    ]


def show_claims(visit: Visit) -> Answer:
    return page(visit, "claims", claims=list_claims(visit), states=list(ClaimState))


def show_claims_json(visit: Visit) -> Answer:
    return as_json(
        [
            {**each.row.model_dump(mode="json"), "municipality": each.municipality}
            for each in list_claims(visit)
        ]
    )


def show_claim(visit: Visit) -> Answer:
    claim = _read(visit)
    return page(
        visit,
        "claim",
        claim=claim,
        lines=_lines(visit, claim),
        gathering=visit.programme.gathering(claim.gathering),
        can_rule=claim.state is ClaimState.RECEIVED,
    )


def show_claim_json(visit: Visit) -> Answer:
    return as_json(_as_told(visit, _read(visit)))


def _as_told(visit: Visit, claim: TravelClaim) -> dict[str, object]:
    explanations = {
        line.line_id: reason_text(line, language=visit.language, rules=claim.judgement.rules)
        for line in claim.judgement.lines
    }
    told = claim.model_dump(mode="json")
    return {**told, "claim_number": claim.claim_number, "explanations": explanations}


def _lines(visit: Visit, claim: TravelClaim) -> list[ShownLine]:
    partition = application_key(claim.application_id).partition
    files = {each.id: each for each in visit.records.list(ReceivedFile, partition, "FILE#")}
    typed = {line.id: line for line in claim.claim.lines}
    return [
        ShownLine(
            typed=typed[line.line_id],
            judged=line,
            traveller=claim.claim.participant(line.participant).name,
            reason=reason_text(line, language=visit.language, rules=claim.judgement.rules),
            receipts=[files[each] for each in typed[line.line_id].receipt_ids if each in files],
        )
        for line in claim.judgement.lines
    ]


def rule(visit: Visit) -> Answer:
    sent = visit.sent(RulingsIn).rulings if visit.is_api else _rulings_of_form(visit.form)
    claim = rule_on_lines(
        visit.params["application_id"],
        visit.params["gathering"],
        [LineRuling(by=visit.by, **dict(each)) for each in sent],
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return _done(visit, claim)


def _rulings_of_form(form: dict[str, str]) -> list[RulingIn]:
    """The lines of the form for which a verdict was chosen; each needs its reason."""
    rulings, faults = [], []
    for name, verdict in form.items():
        line_id = name.removeprefix("verdict:")
        if line_id == name or verdict not in ("approve", "reject"):
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
                    "approved_ore": approved,
                }
            )
        )
    if faults or not rulings:
        raise OfficeError(422, "invalid" if faults else "no_rulings", errors=tuple(faults))
    return rulings


def vouch(visit: Visit) -> Answer:
    seen = visit.sent(AttestIn)
    claim = attest_claim(
        visit.params["application_id"],
        visit.params["gathering"],
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
        seen_version=seen.version,
        seen_pay_ore=seen.pay_ore,
    )
    return _done(visit, claim)


def serve_receipt(visit: Visit) -> Answer:
    return archived_file(visit, "receipts")


def _done(visit: Visit, claim: TravelClaim) -> Answer:
    if visit.is_api:
        return as_json(_as_told(visit, claim))
    return redirect(f"/claims/{claim.application_id}/{claim.gathering}")


def _read(visit: Visit) -> TravelClaim:
    return read_for_review(
        visit.params["application_id"],
        visit.params["gathering"],
        programme=visit.programme,
        records=visit.records,
    )


_ONE: Final = "/claims/<application_id>/<gathering>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /claims": show_claims,
    f"GET {_ONE}": show_claim,
    f"GET {_ONE}/receipts/<file_id>": serve_receipt,
    f"POST {_ONE}/rulings": rule,
    f"POST {_ONE}/attest": vouch,
    "GET /api/claims": show_claims_json,
    f"GET /api{_ONE}": show_claim_json,
    f"POST /api{_ONE}/rulings": rule,
    f"POST /api{_ONE}/attest": vouch,
}
