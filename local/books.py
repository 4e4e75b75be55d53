"""The books of a season: what the system counts, what it handed out, and whether both agree."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from local.batch_files import check_files
from local.book_checks import (
    check_applications,
    check_balances,
    check_batches,
    check_letters,
    check_mails,
    check_money,
    check_played,
    check_queues,
    unequal,
)
from local.run import Json, Run
from local.script_fault import PLANTED
from local.year_files import check_years


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
        "played": dict(run.played) | _kinds(run),
        "mails": books["mails"],
        "claims": books["claims"],
        "payments": books["payments"],
        "money": books["money"],
        "ticks": {"fired": run.timeline.fired, "skipped": run.timeline.skipped()},
        "aws_calls": {"total": sum(calls.values()), **calls},
        "failure_queues": run.stack.failure_queues(),
    }
    live = [each for each in batches if each["state"] != "refused"]
    payments = [payment for batch in live for payment in batch["payments"]]
    faults = [
        *check_applications(summary["applications"], summary["decisions"]),
        *check_played(summary["played"]),
        *check_letters(
            summary["letters"],
            decided=len(run.decisions.verdicts)
            + len(run.decisions.offered)
            + len(run.decisions.still_waiting)
            + len([run.decisions.corrected]),
            files=len(list((run.out / "letters").glob("*.pdf"))),
        ),
        *check_mails(summary["mails"], [each.tags.get("mail", "") for each in run.stack.mails()]),
        *check_money(summary["money"], payments),
        *check_balances(run.finance.get("/api/finance/balances").json(), payments),
        *unequal("batches refused", len(batches) - len(live), "the one sent back", 1),
        *check_batches(payments, _claims(run)),
        *check_files(run.out / "payments", batches),
        *check_years(run.out / "years", batches),
        *check_queues(summary["failure_queues"], PLANTED),
    ]
    return Books(summary, faults)


def _kinds(run: Run) -> Json:
    """What became of the waiting list, by the last decisions and by the answers to them."""
    lines = [each for each in run.staff.get("/api/decisions").json() if each["decision"]]
    kinds = Counter(each["decision"]["kind"] for each in lines)
    rows = run.staff.get("/api/applications").json()
    free = {row["id"] for row in rows if row["place"] == "passed_on"}
    offered = {each["id"] for each in lines if each["decision"]["kind"] == "offer"}
    return {
        "offered": kinds["offer"],
        "offers_declined": len(offered & free),
        "list_closed": kinds["list_closed"],
    }


def _claims(run: Run) -> list[Json]:
    """Every version of every claim."""
    paths = [f"/api/applications/{run.id_of(key)}" for key in run.decisions.participating]
    return [claim for path in paths for claim in run.staff.get(path).json()["claims"]]
