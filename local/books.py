"""The books of a season: what the system counts, what it handed out, and whether both agree."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from local.batch_files import check_files
from local.run import Json, Run
from local.script_fault import PLANTED

_DELIVERED_STATES = ("delivered", "bounced")


@dataclass(frozen=True)
class Books:
    """`summary` is `summary.json` but for the seconds; `faults` name what does not hold."""

    summary: Json
    faults: list[str]

    def write(self, folder: Path, seconds: dict[str, float]) -> None:
        whole = self.summary | {"seconds": seconds | {"total": round(sum(seconds.values()), 1)}}
        text = json.dumps(whole, ensure_ascii=False, indent=2)
        (folder / "summary.json").write_text(text + "\n", "utf-8")

    def table(self) -> str:
        shown = {
            name: book
            for name, book in self.summary.items()
            if isinstance(book, dict) and name not in ("aws_calls", "failure_queues")
        }
        lines = [
            f"  {name:<13} " + " · ".join(f"{each} {_shown(each, book[each])}" for each in book)
            for name, book in shown.items()
        ]
        verdict = "The books close." if not self.faults else "The books do not close:"
        return "\n".join(["", *lines, "", verdict])


def _shown(name: str, value: int) -> str:
    return f"{value / 100:,.2f}".replace(",", " ") if name.endswith("_ore") else str(value)


def close_books(run: Run) -> Books:
    run.finance.at_work()
    run.staff.at_work()
    books: Json = run.staff.get("/api/books").json()
    batches: list[Json] = run.finance.get("/api/batches").json()
    calls = run.stack.aws_calls()
    summary = {
        "applications": books["applications"],
        "decisions": books["decisions"]["first"],
        "letters": books["letters"],
        "mails": books["mails"],
        "claims": books["claims"],
        "payments": books["payments"],
        "money": books["money"],
        "ticks": {"fired": run.timeline.fired, "skipped": run.timeline.skipped()},
        "aws_calls": {"total": sum(calls.values()), **calls},
        "failure_queues": run.stack.failure_queues(),
    }
    faults = [
        *_application_faults(summary),
        *_letter_faults(summary["letters"], run),
        *_mail_faults(summary["mails"], run),
        *_money_faults(summary, batches, run),
        *check_files(run.out / "payments", batches),
        *_queue_faults(summary["failure_queues"]),
    ]
    return Books(summary, faults)


def _application_faults(summary: Json) -> list[str]:
    wanted = {
        "received": 55,
        "incomplete": 2,
        "late": 1,
        "superseded": 2,
        "withdrawn": 2,
        "refused": 2,
    }
    decided = {"admitted": 16, "waitlisted": 6, "rejected": 29}
    return [
        *_differences("applications", summary["applications"], wanted),
        *_differences("decisions", summary["decisions"], decided),
    ]


def _letter_faults(book: Json, run: Run) -> list[str]:
    decided = len(run.decisions.verdicts) + len(run.decisions.offered)
    files = len(list((run.out / "letters").glob("*.pdf")))
    told = book["handed_over"] + book["waiting"] + book["refused"] + book["uncertain"]
    arrived = book["delivered"] + book["bounced"] + book["in_transit"]
    return [
        *_differences("letters", book, {"decided": decided, "waiting": 0, "in_transit": 0}),
        *_unequal(
            "letters decided", book["decided"], "rendered + held", book["rendered"] + book["held"]
        ),
        *_unequal(
            "letters rendered",
            book["rendered"],
            "handed over + waiting + refused + uncertain",
            told,
        ),
        *_unequal(
            "letters handed over", book["handed_over"], "delivered + bounced + in transit", arrived
        ),
        *_unequal("letters rendered", book["rendered"], "files in letters/", files),
    ]


def _mail_faults(book: Json, run: Run) -> list[str]:
    handed_over = len(run.stack.mails())
    told = sum(book[state] for state in _DELIVERED_STATES)
    open_states = {state: 0 for state in book if state not in _DELIVERED_STATES}
    twice = Counter(mail.tags.get("mail", "") for mail in run.stack.mails())
    return [
        *_differences("mails", book, open_states),
        *_unequal("mails handed over", handed_over, "delivered + bounced", told),
        *(f"mail {mail} was sent {count} times" for mail, count in twice.items() if count > 1),
    ]


def _money_faults(summary: Json, batches: list[Json], run: Run) -> list[str]:
    money = summary["money"]
    payments = [payment for batch in batches for payment in batch["payments"]]
    paid = sum(each["amount_ore"] for each in payments if each["state"] == "paid")
    rows = run.staff.get("/api/claims").json()
    owed = sum(max(row["paid_ore"] - row["council_ore"], 0) for row in rows)
    shared = money["council_ore"] + money["municipality_ore"]
    rejected = sum(each["state"] == "rejected" for each in payments)
    return [
        *_unequal("actual cost", money["actual_ore"], "council + municipality", shared),
        *_unequal(
            "paid",
            paid,
            "the council's share + what municipalities owe",
            money["council_ore"] + owed,
        ),
        *_unequal("payments rejected", rejected, "the one the bank turned down", 1),
        *(
            []
            if owed
            else ["no municipality owes anything, though one claim was corrected downwards"]
        ),
        *_claims_out_of_batch(payments, run),
    ]


def _claims_out_of_batch(payments: list[Json], run: Run) -> list[str]:
    """Each version of a claim that pays anything is in exactly one batch."""
    in_batches = Counter(each["claim_id"] for each in payments)
    faults = []
    approved: set[str] = set()
    for key in run.decisions.participating:
        whole = run.staff.get(f"/api/applications/{run.id_of(key)}").json()
        approved |= {each["id"] for each in whole["claims"] if _pays(each)}
    for claim in sorted(approved | in_batches.keys()):
        if in_batches[claim] != 1 or claim not in approved:
            faults.append(f"claim {claim} is in {in_batches[claim]} batches")
    return faults


def _pays(claim: Json) -> bool:
    """Somebody vouched for it, it pays, and no newer version took its place before a batch did."""
    replaced = claim["state"] == "returned" and not claim.get("batch_id")
    pays = claim["judgement"]["council_ore"] > claim["paid_ore"]
    return bool(claim.get("attested_by")) and pays and not replaced


def _queue_faults(queues: dict[str, int]) -> list[str]:
    return _differences("failure queues", queues, dict.fromkeys(queues, 0) | PLANTED)


def _differences(book: str, found: Json, wanted: Json) -> list[str]:
    return [
        f"{book}: {name} is {found.get(name)}, not {number}"
        for name, number in wanted.items()
        if found.get(name) != number
    ]


def _unequal(what: str, found: int, other: str, number: int) -> list[str]:
    return [] if found == number else [f"{what} ({found}) is not {other} ({number})"]
