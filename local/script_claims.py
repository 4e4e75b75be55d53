"""One gathering's claims: receipts and claims sent, vouched for by staff, sealed by the week's run.

A batch that was proposed is released by finance on the Monday it was sealed; two days later the
bank answers.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from kulturkontor.programme import OSLO, Gathering
from local.applicant import expect
from local.bank import answer_payments
from local.cast_claims import Claim, Sending
from local.cast_parts import ClaimPart
from local.cast_people import words
from local.run import Json, Run, check
from local.script_events import plan_events
from local.script_finance import confirm_accounts, plan_finance, refuse_first
from local.script_gathering import plan_practice
from local.script_turns import plan_turns
from local.timeline import Step, morning

_DAY = timedelta(days=1)
_NOT_THE_SAME_PERSON = frozenset({403, 409})
_A_WHILE = timedelta(hours=2)
_BANK_ANSWERS_AFTER = 2 * _DAY + timedelta(hours=3)


def plan_claims(run: Run, gathering: Gathering) -> list[Step]:
    sendings = defaultdict[datetime, list[tuple[Claim, int]]](list)
    for claim in run.claims:
        if claim.gathering == gathering.id:
            for number, sending in enumerate(claim.sendings):
                sendings[sending.at].append((claim, number))
    mondays = sorted({_monday_after(at + _DAY) for at in sendings})
    deadline = run.programme.claim_deadline(gathering)
    reminders = [deadline - days * _DAY for days in run.programme.travel.reminder_days]
    return [
        *(Step(at, partial(_send_claims, run, group)) for at, group in sendings.items()),
        *plan_practice(run, gathering),
        *plan_events(run, gathering),
        *plan_turns(run, gathering),
        *(Step(at + _DAY, partial(_attest, run)) for at in sendings),
        *(Step(at + _DAY + _A_WHILE, partial(confirm_accounts, run)) for at in sendings),
        *plan_finance(run, gathering),
        *(Step(monday, partial(_release, run)) for monday in mondays),
        *(Step(monday + _BANK_ANSWERS_AFTER, partial(_bank_answers, run)) for monday in mondays),
        *map(morning, reminders),
    ]


def _monday_after(moment: datetime) -> datetime:
    """Nine in the morning of the next Monday there, after the week's run."""
    day: date = moment.astimezone(OSLO).date()
    monday = day + _DAY * (7 - day.weekday())
    return datetime.combine(monday, time(9), OSLO).astimezone(UTC)


def _send_claims(run: Run, group: Sequence[tuple[Claim, int]]) -> None:
    ids: dict[tuple[str, str], str] = {}
    run.together(
        partial(_send_receipt, run, claim.key, name, content, ids)
        for claim, number in group
        for name, content in claim.sendings[number].receipts.items()
        if (claim.key, name) not in ids
    )
    run.settle()
    first = [(claim, number) for claim, number in group if not _repeats(claim, number)]
    run.together(_sending(run, claim, number, ids) for claim, number in first)
    again = [each for each in group if each not in first]
    run.together(_sending(run, claim, number, ids) for claim, number in again)


def _sending(
    run: Run, claim: Claim, number: int, ids: dict[tuple[str, str], str]
) -> Callable[[], None]:
    return partial(_send_claim, run, claim, number, ids)


def _repeats(claim: Claim, number: int) -> bool:
    return number > 0 and claim.sendings[number].at == claim.sendings[number - 1].at


def _send_receipt(
    run: Run, key: str, name: str, content: bytes, ids: dict[tuple[str, str], str]
) -> None:
    ids[key, name] = run.send_file(key, "receipts", f"{name}.pdf", content)


def _send_claim(run: Run, claim: Claim, number: int, ids: dict[tuple[str, str], str]) -> None:
    sending = claim.sendings[number]
    repeats = _repeats(claim, number)
    answer = run.portal.claim(
        run.id_of(claim.key), run.token_of(claim.key), claim.gathering, _body(claim, sending, ids)
    )
    said = expect(answer, 200 if repeats else 201).json()
    check(
        said["version"] == (number if repeats else number + 1),
        f"{claim.key} {claim.gathering} became version {said['version']}",
    )
    _check_judgement(claim, sending, said["judgement"])
    check(
        said["is_late"]
        == (sending.at.date() > run.programme.claim_deadline(_gathering(run, claim))),
        f"{claim.key} {claim.gathering} is_late: {said['is_late']}",
    )


def _check_judgement(claim: Claim, sending: Sending, judgement: Json) -> None:
    """Line by line and to the øre, against what the cast reckoned for itself."""
    reasons = {each["line_id"]: each["reason"] for each in judgement["lines"]}
    wanted = sending.expected
    check(
        (reasons, judgement["council_ore"]) == (wanted.reasons, wanted.council_ore),
        f"{claim.key} {claim.gathering} ({claim.part}) is {judgement['council_ore']} and {reasons},"
        f" not {wanted.council_ore} and {wanted.reasons}",
    )


def _gathering(run: Run, claim: Claim) -> Gathering:
    return next(each for each in run.programme.gatherings if each.id == claim.gathering)


def _body(claim: Claim, sending: Sending, ids: dict[tuple[str, str], str]) -> Json:
    lines = [
        line | {"receipt_ids": [ids[claim.key, name] for name in line["receipt_ids"]]}
        for line in sending.body["lines"]
    ]
    return sending.body | {"lines": lines}


def _attest(run: Run) -> None:
    """Staff vouch for what has come in; a late claim's dearest line they pay in part."""
    run.staff.at_work()
    received = [row for row in run.staff.get("/api/claims").json() if row["state"] == "received"]
    for row in received:
        if row["late"] and row["version"] == 1:
            _reduce(run, row)
    run.together(
        partial(run.staff.post, f"/api/claims/{row['application_id']}/{row['gathering']}/attest")
        for row in received
    )


def _reduce(run: Run, row: Json) -> None:
    path = f"/api/claims/{row['application_id']}/{row['gathering']}"
    lines = run.staff.get(path).json()["judgement"]["lines"]
    dearest = max(lines, key=lambda line: (line["counted_ore"], line["line_id"]))
    ruling = {
        "line_id": dearest["line_id"],
        "verdict": "approve",
        "reason": words()["travel"]["reduced"],
        "approved_ore": dearest["counted_ore"] // 2,
    }
    run.staff.post(f"{path}/rulings", {"rulings": [ruling]})


def _release(run: Run) -> None:
    """Finance releases what the week's run sealed; who vouched for the claims may not."""
    run.staff.at_work()
    run.finance.at_work()
    for batch in _batches(run, "proposed"):
        path = f"/api/batches/{batch['id']}/release"
        refused = run.staff.try_to_post(path).status
        check(refused in _NOT_THE_SAME_PERSON, f"who attested could release ({refused})")
        if not refuse_first(run, batch):
            run.finance.post(path)
    run.settle()
    for batch in _batches(run, "released"):
        _download(run, batch["id"])


def _download(run: Run, batch_id: str) -> None:
    """What was written for the batch, unless it was fetched before."""
    folder = run.out / "payments" / batch_id
    if folder.is_dir():
        return
    folder.mkdir(parents=True)
    files = run.finance.get(f"/api/batches/{batch_id}").json()["files"]
    check(bool(files), f"batch {batch_id} has no files")
    for name in (each["name"] for each in files):
        found = run.finance.download(f"/api/batches/{batch_id}/files/{name}")
        (folder / name).write_bytes(found.content)


def _bank_answers(run: Run) -> None:
    """A report for each file the bank has had: all paid, but for one account that was closed."""
    run.finance.at_work()
    closed = next(each for each in run.claims if each.part is ClaimPart.REJECTED_BY_BANK)
    number = run.applicant(closed.key).municipality.kommunenummer
    prefix = run.programme.payment.end_to_end_prefix
    rejected = f"{prefix}-{closed.gathering}-{number}-R1"
    for batch in _batches(run, "released"):
        file = (run.out / "payments" / batch["id"] / "pain001.xml").read_bytes()
        report = answer_payments(file, rejects={rejected}, at=run.timeline.now)
        run.finance.upload("/api/bank-files", {}, f"pain002-{batch['id']}.xml", report)
    run.settle_after_upload(lambda: not _batches(run, "released"))
    check(not _batches(run, "released"), "a batch is not settled after the bank's answer")


def _batches(run: Run, state: str) -> list[Json]:
    return [each for each in run.finance.get("/api/batches").json() if each["state"] == state]
