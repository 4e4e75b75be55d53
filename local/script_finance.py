"""What finance and staff do about money beside the week's run: accounts confirmed, another payee,
claims corrected and settled outside, a batch refused, a debt invoiced.

Staff attest in the season, so finance confirms: whoever attested a claim cannot confirm its
account.
"""

from datetime import date, datetime, time, timedelta
from functools import partial

from kulturkontor.accounts import parse_account_number
from kulturkontor.programme import OSLO, Gathering
from local.cast_claims import Claim
from local.cast_parts import ClaimPart
from local.cast_people import words
from local.run import Json, Run, check
from local.timeline import Step

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_FORBIDDEN = 403
_HOST = {"name": "Prøve vertskommune", "organisation_number": "999999999"}
_HOST_ACCOUNT = parse_account_number("9999 00 12349")
_INVOICE, _VOUCHER = "F-2027-17", "B-2026-204"


def plan_finance(run: Run, gathering: Gathering) -> list[Step]:
    """One thing at each gathering: settled outside after the second, another payee at the third,
    corrections after the first, second and last.
    """
    first, second, third, *_, last = run.programme.gatherings
    outside = [
        claim
        for claim in run.claims
        if claim.gathering == gathering.id and claim.part is ClaimPart.WITHOUT_VAT
    ]
    steps = [
        Step(claim.sendings[0].at + _DAY + 3 * _HOUR, partial(_settle_outside, run, claim))
        for claim in outside
    ]
    if gathering is first:
        paid = _claim(run, first, ClaimPart.BY_LINES)
        steps.append(Step(_at_ten(first.last_day + 40 * _DAY), partial(_correct_down, run, paid)))
    if gathering is second:
        late = _claim(run, second, ClaimPart.LATE)
        steps.append(Step(_at_ten(second.last_day + 60 * _DAY), partial(_correct_up, run, late)))
    if gathering is third:
        steps.append(Step(_at_ten(third.last_day + _DAY), partial(_choose_payee, run)))
    if gathering is last:
        steps += _after_the_last(run, last)
    return steps


def _after_the_last(run: Run, gathering: Gathering) -> list[Step]:
    """Two are corrected down when no later claim is to come: one is invoiced, one stays open."""
    invoiced, open_debt = [each for each in run.claims if each.gathering == gathering.id][:2]
    corrected = _at_ten(gathering.last_day + 30 * _DAY)
    return [
        Step(corrected, partial(_correct_down, run, invoiced)),
        Step(corrected + _HOUR, partial(_correct_down, run, open_debt)),
        Step(corrected + _DAY, partial(_invoice, run, invoiced)),
        Step(corrected + 2 * _DAY, partial(_settle_invoice, run, invoiced)),
    ]


def _at_ten(day: date) -> datetime:
    return datetime.combine(day, time(10), OSLO)


def confirm_accounts(run: Run) -> None:
    """Finance rings each municipality whose account is new or changed; the attester may not."""
    run.finance.at_work()
    run.staff.at_work()
    for held in run.finance.get("/api/accounts").json():
        if _is_unknown_to_municipality(run, held):
            _refuse_account(run, held)
            continue
        path = f"/api/accounts/{held['application_id']}/{held['gathering']}/confirm"
        said = {
            "account_number": held["account_number"],
            "channel": "phone",
            "spoke_to": words()["travel"]["accountant"],
        }
        if held["attested_by"]:
            refused = run.staff.try_to_post(path, said).status
            check(refused == _FORBIDDEN, f"who attested could confirm the account ({refused})")
        run.finance.post(path, said)
    left = run.finance.get("/api/accounts").json()
    check(not left, f"accounts wait though they are confirmed: {left}")


def _is_unknown_to_municipality(run: Run, held: Json) -> bool:
    first = run.programme.gatherings[0]
    refused = _claim(run, first, ClaimPart.ACCOUNT_REFUSED)
    return (held["application_id"], held["gathering"], held["account_number"]) == (
        run.id_of(refused.key),
        first.id,
        refused.sendings[0].body["account_number"],
    )


def _refuse_account(run: Run, held: Json) -> None:
    """Nobody there knows the account: the claim goes back, and the right one is asked for."""
    path = f"/api/accounts/{held['application_id']}/{held['gathering']}/refuse"
    reason = words()["travel"]["account_refused"]
    said = {"account_number": held["account_number"], "reason": reason}
    returned = run.finance.post(path, said).json()
    check(returned["state"] == "account_refused", f"the claim is {returned['state']}")


def refuse_first(run: Run, batch: Json) -> bool:
    """Finance sends the first batch of the fourth gathering back; its claims come again."""
    wanted = run.programme.gatherings[3].id
    is_wanted = all(f"-{wanted}-" in each["end_to_end_id"] for each in batch["payments"])
    if run.sent_back or not is_wanted:
        return False
    run.sent_back.append(batch["id"])
    path = f"/api/batches/{batch['id']}/refuse"
    run.finance.post(path, {"reason": words()["travel"]["refused"]})
    return True


def _claim(run: Run, gathering: Gathering, part: ClaimPart) -> Claim:
    return next(each for each in run.claims if each.gathering == gathering.id and each.part is part)


def _settle_outside(run: Run, claim: Claim) -> None:
    run.finance.at_work()
    said = {"voucher": _VOUCHER, "reason": words()["travel"]["outside"]}
    settled = run.finance.post(f"{_path(run, claim)}/outside", said).json()
    check(settled["state"] == "settled_outside", f"{claim.key} is {settled['state']}")


def _choose_payee(run: Run) -> None:
    """For the fifth municipality; who chose cannot confirm."""
    run.staff.at_work()
    run.finance.at_work()
    path = f"/api/payees/{run.groups[4].kommunenummer}"
    reason = words()["travel"]["payee"]
    run.staff.post(path, {**_HOST, "account_number": _HOST_ACCOUNT, "reason": reason})
    said = {
        "account_number": _HOST_ACCOUNT,
        "channel": "meeting",
        "spoke_to": words()["travel"]["accountant"],
    }
    refused = run.staff.try_to_post(f"{path}/confirm", said).status
    check(refused == _FORBIDDEN, f"who chose the payee could confirm it ({refused})")
    run.finance.post(f"{path}/confirm", said)


def _correct_down(run: Run, claim: Claim) -> None:
    """Staff find a line too dear: a new version, which leaves a debt."""
    line = _opened(run, claim)["lines"][0]
    settled = _attested(run, claim, line, approved_ore=line["counted_ore"] // 2)
    check(
        settled["state"] == "closed_without_payment",
        f"{claim.key} was corrected down and is {settled['state']}",
    )


def _correct_up(run: Run, claim: Claim) -> None:
    """Staff find that they paid too little of a line: the difference is paid."""
    line = next(each for each in _opened(run, claim)["lines"] if each["state"] == "reduced")
    attested = _attested(run, claim, line, approved_ore=None)
    check(
        attested["state"] == "attested", f"{claim.key} was corrected up and is {attested['state']}"
    )


def _opened(run: Run, claim: Claim) -> Json:
    run.staff.at_work()
    reason = {"reason": words()["travel"]["correction"]}
    opened = run.staff.post(f"{_path(run, claim)}/correction", reason).json()
    judgement: Json = opened["judgement"]
    return judgement


def _attested(run: Run, claim: Claim, line: Json, *, approved_ore: int | None) -> Json:
    ruling = {
        "line_id": line["line_id"],
        "verdict": "approve",
        "reason": words()["travel"]["correction"],
        "approved_ore": approved_ore,
    }
    run.staff.post(f"{_path(run, claim)}/rulings", {"rulings": [ruling]})
    attested: Json = run.staff.post(f"{_path(run, claim)}/attest").json()
    return attested


def _invoice(run: Run, claim: Claim) -> None:
    run.finance.at_work()
    run.finance.post(f"{_debt(run, claim)}/invoice", {"voucher": _INVOICE})


def _settle_invoice(run: Run, claim: Claim) -> None:
    run.finance.at_work()
    settled = run.finance.post(f"{_debt(run, claim)}/settle").json()
    check(settled["state"] == "settled", f"the debt of {claim.key} is {settled['state']}")


def _debt(run: Run, claim: Claim) -> str:
    reference = run.sent[claim.key].reference
    debts = run.finance.get("/api/finance/debts").json()
    found = next(
        each["id"]
        for each in debts
        if (each["reference"], each["gathering"]) == (reference, claim.gathering)
    )
    return f"/api/finance/debts/{found}"


def _path(run: Run, claim: Claim) -> str:
    return f"/api/claims/{run.id_of(claim.key)}/{claim.gathering}"
