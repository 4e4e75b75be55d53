"""Decisions: the sheet out and in, and each decision confirmed by a second person."""

import io
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from openpyxl import load_workbook

from kulturkontor.word_lists import word_list
from local.cast import Part
from local.cast_people import words
from local.run import Json, Run, check
from local.timeline import Step, morning

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_CONFLICT = 409


def plan_decisions(run: Run) -> list[Step]:
    deciding = run.programme.closes_at + 6 * _DAY + 10 * _HOUR
    released = run.programme.released_at
    preflights = [
        morning(released.date() - days * _DAY) for days in run.programme.decision.preflight_days
    ]
    return [
        Step(deciding, partial(_confirm_withdrawal, run)),
        Step(deciding + _HOUR, partial(_send_faulty_sheet, run)),
        Step(deciding + 2 * _HOUR, partial(_send_sheet, run)),
        Step(deciding + 3 * _HOUR, partial(confirm_all, run)),
        *preflights,
    ]


def _confirm_withdrawal(run: Run) -> None:
    run.staff.at_work()
    gone = run.id_of(run.cast.of(Part.WITHDRAWS_AFTER_DEADLINE).key)
    run.staff.post(f"/api/applications/{gone}/confirm-withdrawal")


def _send_faulty_sheet(run: Run) -> None:
    """An answer that is no answer, a rank twice, a reason forgotten: refused whole."""
    rows = _rows(run)
    rejected = [reference for reference, row in rows.items() if row["outcome"] == "rejected"]
    waiting = [reference for reference, row in rows.items() if row["outcome"] == "waitlisted"]
    rows[rejected[0]] |= {"outcome": "kanskje"}
    rows[rejected[1]] |= {"reason": ""}
    rows[waiting[1]] |= {"rank": rows[waiting[0]]["rank"]}
    sheet = _send(run, rows)
    check(sheet["state"] == "faulty", f"a faulty sheet was {sheet['state']}")
    listed = run.staff.get("/api/applications").json()
    check(not any(row["letters"] for row in listed), "a faulty sheet has written decisions")


def _send_sheet(run: Run) -> None:
    sheet = _send(run, _rows(run))
    check(sheet["state"] == "applied", f"the sheet was not applied but {sheet}")


def confirm_all(run: Run) -> None:
    """Whoever sent the sheet cannot confirm what it says; a second person can."""
    run.staff.at_work()
    run.second.at_work()
    proposed = run.staff.get("/api/decisions?state=proposed").json()
    seen = {"seen": {each["id"]: each["digest"] for each in proposed}}
    own = run.staff.try_to_post("/api/decisions/confirm", seen).status
    check(own == _CONFLICT, f"the proposer's own confirmation was answered {own}")
    said = run.second.post("/api/decisions/confirm", seen).json()
    wanted = {"confirmed": len(proposed), "changed": 0}
    check(bool(proposed) and said == wanted, f"confirming {len(proposed)} decisions: {said}")


def _rows(run: Run) -> dict[str, Json]:
    return {
        run.sent[key].reference: {
            "outcome": verdict.outcome,
            "rank": verdict.rank,
            "reason": verdict.reason,
            "is_unprintable": verdict.is_unprintable,
            "other_language": verdict.other_language,
        }
        for key, verdict in run.decisions.verdicts.items()
    }


def _send(run: Run, rows: Mapping[str, Json]) -> Json:
    """What became of the office's own sheet, filled in and sent back."""
    run.staff.at_work()
    filled = _fill(run.staff.get("/api/decision-sheet").content, rows)
    promise = run.staff.upload("/api/sheets", {"kind": "decisions"}, "svar.xlsx", filled)

    def sheet() -> Json:
        found: Json = run.staff.get(f"/api/sheets/{promise['sheet']['id']}").json()
        return found

    run.settle_after_upload(lambda: sheet()["state"] != "waiting")
    return sheet()


def _fill(workbook: bytes, rows: Mapping[str, Json]) -> bytes:
    """The reasons in the language that the sheet says the letter has."""
    texts = word_list("nb", "decision_sheet")
    book = load_workbook(io.BytesIO(workbook))
    sheet = book[texts["sheet"]]
    headings: dict[str, str] = dict(texts["columns"])
    header = next(row for row in sheet.iter_rows() if row[0].value == headings["reference"])
    place = {
        name: next(cell.column for cell in header if cell.value == text)
        for name, text in headings.items()
    }
    outcomes = {name: options[0] for name, options in texts["outcomes"].items()}
    for number in range((header[0].row or 0) + 1, sheet.max_row + 1):
        row = rows.get(str(sheet.cell(number, place["reference"]).value))
        if row is None:
            continue
        written = str(sheet.cell(number, place["letter_language"]).value)
        language = _language(texts, written)
        if row["other_language"]:
            language = "nn" if language == "nb" else "nb"
            sheet.cell(number, place["language"]).value = texts["languages"][language][0]
            sheet.cell(number, place["language_reason"]).value = words()["odd"]["language_reason"]
        sheet.cell(number, place["outcome"]).value = outcomes.get(row["outcome"], row["outcome"])
        sheet.cell(number, place["rank"]).value = row["rank"]
        sheet.cell(number, place["reason"]).value = _reason(row, language)
    filled = io.BytesIO()
    book.save(filled)
    return filled.getvalue()


def _language(texts: Mapping[str, Any], written: str) -> str:
    found = (name for name, options in texts["languages"].items() if written in options)
    return str(next(found))


def _reason(row: Json, language: str) -> str:
    if not row["reason"]:
        return ""
    reason: str = words()["reasons"][language][row["reason"]]
    return f"{reason} {words()['odd']['unprintable']}" if row["is_unprintable"] else reason
