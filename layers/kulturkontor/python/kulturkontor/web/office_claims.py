"""Travel claims: each line with its reason, what staff decide, and who vouches for the whole."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.confirm_accounts import read_account
from kulturkontor.actions.review_claims import (
    ReviewFile,
    attest_claim,
    read_for_review,
    rule_on_lines,
)
from kulturkontor.application_rows import programme_partition
from kulturkontor.claim_lines import LineIn
from kulturkontor.claim_steps import CORRECTABLE, OUTSIDE_FROM
from kulturkontor.claims import ClaimRow, ClaimState, TravelClaim
from kulturkontor.judgement import JudgedLine, LineRuling, LineState
from kulturkontor.municipalities import municipality
from kulturkontor.payee_accounts import AccountHold, payee_of
from kulturkontor.programme_rules import Ore
from kulturkontor.reasons import reason_text
from kulturkontor.received_files import ReceivedFile
from kulturkontor.web.claim_rulings import RulingsIn, rulings_of_form
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_bars import Parted, part
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_files import archived_file
from kulturkontor.web.office_visit import Handler, Visit


class AttestIn(BaseModel):
    """What was looked at: it is refused if the claim has become another since."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int | None = None
    pay_ore: Ore | None = None


class Claimed(NamedTuple):
    row: ClaimRow
    municipality: str


class ShownLine(NamedTuple):
    """A line as it was typed, as it was judged, and why in words. `like`: the number of another
    claim, or the id of another line of this one, that it may repeat.
    """

    typed: LineIn
    judged: JudgedLine
    traveller: str
    reason: str
    receipts: list[ReceivedFile]
    like: str
    ruling: LineRuling | None

    @property
    def is_held(self) -> bool:
        return self.judged.state is LineState.HELD


def list_claims(visit: Visit) -> Parted[Claimed]:
    """Filtered by the query's `state`, `gathering` and `q`: a number or a municipality's name."""
    rows = visit.records.list(ClaimRow, programme_partition(visit.programme.id), "CLAIM#")
    start = len(visit.programme.reference_prefix) + 1
    wanted = visit.query("q").casefold()
    claimed = (
        Claimed(row, municipality(row.reference[start : start + 4]).official_name) for row in rows
    )
    found = [
        each
        for each in claimed
        if visit.query("state") in ("", each.row.state)
        and visit.query("gathering") in ("", each.row.gathering)
        and wanted in f"{each.row.claim_number} {each.municipality}".casefold()
    ]
    return part(visit, found, lambda each: [each.row.application_id])


def show_claims(visit: Visit) -> Answer:
    claims, closed = list_claims(visit)
    return page(visit, "claims", claims=claims, closed=closed, states=list(ClaimState))


def show_claims_json(visit: Visit) -> Answer:
    claims, closed = list_claims(visit)
    return as_json(
        [
            {**each.row.model_dump(mode="json"), "municipality": each.municipality}
            for each in claims
        ],
        closed=closed,
    )


def show_claim(visit: Visit) -> Answer:
    """The last version, or the one the query's `version` names, with what can be done about it."""
    file = _read(visit)
    wanted = visit.query("version")
    claim = file.version(int(wanted)) if wanted.isascii() and wanted.isdigit() else file.claim
    if claim is None:
        raise OfficeError(404, "unknown")
    is_last = claim.version == file.claim.version
    account = read_account(visit.programme.id, claim.kommunenummer, visit.records)
    payee = payee_of(claim, account)
    return page(
        visit,
        "claim",
        claim=claim,
        versions=file.versions,
        is_last=is_last,
        lines=_lines(visit, claim, file.receipts),
        hold=payee if isinstance(payee, AccountHold) and is_last else None,
        payee=None if isinstance(payee, AccountHold) else payee,
        gathering=visit.programme.gathering(claim.gathering),
        can_rule=is_last and claim.state is ClaimState.RECEIVED,
        can_correct=is_last and claim.state in CORRECTABLE,
        can_settle_outside=is_last and claim.state in OUTSIDE_FROM and claim.settlement.pay_ore,
    )


def show_claim_json(visit: Visit) -> Answer:
    return as_json(_as_told(visit, _read(visit).claim))


def _as_told(visit: Visit, claim: TravelClaim) -> dict[str, object]:
    explanations = {
        line.line_id: reason_text(line, language=visit.language, rules=claim.judgement.rules)
        for line in claim.judgement.lines
    }
    told = claim.model_dump(mode="json")
    return {**told, "claim_number": claim.claim_number, "explanations": explanations}


def _lines(
    visit: Visit, claim: TravelClaim, receipts: Mapping[str, ReceivedFile]
) -> list[ShownLine]:
    typed = {line.id: line for line in claim.claim.lines}
    rulings = {each.line_id: each for each in claim.rulings}
    elsewhere = claim.judgement.elsewhere
    return [
        ShownLine(
            typed=typed[line.line_id],
            judged=line,
            traveller=claim.claim.participant(line.participant).name,
            reason=reason_text(line, language=visit.language, rules=claim.judgement.rules),
            receipts=[
                receipts[each] for each in typed[line.line_id].receipt_ids if each in receipts
            ],
            like=line.like or elsewhere.get(line.line_id, ""),
            ruling=rulings.get(line.line_id),
        )
        for line in claim.judgement.lines
    ]


def rule(visit: Visit) -> Answer:
    sent = visit.sent(RulingsIn).rulings if visit.is_api else rulings_of_form(visit.form)
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


def _read(visit: Visit) -> ReviewFile:
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
