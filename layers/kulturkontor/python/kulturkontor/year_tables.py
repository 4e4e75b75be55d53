"""The tables of a year: payments, claims in all versions, lines, rulings, debts, changes.

What the tables name is what was stored then: judgements with their reasons, rulings with who made
them, answers of the bank.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kulturkontor.accounts import format_account_number
from kulturkontor.audit import AuditRow
from kulturkontor.claims import TravelClaim
from kulturkontor.days import format_moment
from kulturkontor.finance_rows import PAYMENT_TABLE, Amount, Cell, Row, columns, one_line, tables
from kulturkontor.payments import PaymentBatch
from kulturkontor.programme import OSLO, Programme
from kulturkontor.reasons import reason_text
from kulturkontor.receivables import Receivable
from kulturkontor.received_files import ReceivedFile
from kulturkontor.vouchers import words as voucher_words
from kulturkontor.word_lists import word_list


class Year(NamedTuple):
    """All that is known of a year; claims in order of number and version."""

    year: int
    batches: Sequence[PaymentBatch]
    claims: Sequence[TravelClaim]
    files: Mapping[str, ReceivedFile]
    """The claims' receipts by id."""
    debts: Sequence[Receivable]
    log: Sequence[AuditRow]

    @property
    def payment_count(self) -> int:
        return sum(each.count for each in self.batches)

    @property
    def control_sum_ore(self) -> int:
        return sum(each.control_sum_ore for each in self.batches)


def year_words() -> Mapping[str, Any]:
    return word_list("nb", "year_export")


def year_tables(year: Year, programme: Programme) -> dict[str, tuple[Mapping[str, str], list[Row]]]:
    """Headings and rows of each table, by its name in `year_export.toml`."""
    said = year_words()
    payments = columns()[PAYMENT_TABLE] | said["payments"]
    return {
        "payments": (payments, list(_payments(year.batches, programme))),
        "claims": (said["claims"], [_claim(each) for each in year.claims]),
        "lines": (said["lines"], [row for each in year.claims for row in _lines(each, year.files)]),
        "rulings": (said["rulings"], [row for each in year.claims for row in _rulings(each)]),
        "debts": (said["debts"], [_debt(each) for each in year.debts]),
        "log": (said["log"], [_change(each) for each in year.log]),
    }


def _payments(batches: Iterable[PaymentBatch], programme: Programme) -> Iterator[Row]:
    for batch in batches:
        rows = tables(batch, programme)[PAYMENT_TABLE]
        for row, payment in zip(rows, batch.payments, strict=True):
            yield {
                **row,
                "state": year_words()["states"][payment.state],
                "status_reason": one_line(payment.status_reason),
            }


def _claim(claim: TravelClaim) -> Row:
    said, judged = year_words(), claim.judgement
    account = claim.claim.account_number
    return {
        "claim": claim.claim_number,
        "version": str(claim.version),
        "municipality": f"{claim.kommunenummer} {claim.municipality}",
        "gathering": claim.gathering,
        "received_at": format_moment(claim.received_at, "nb"),
        "is_late": said["page"]["yes" if claim.is_late else "no"],
        "state": said["claim_states"][claim.state],
        "actual": Amount(judged.actual_ore),
        "council": Amount(judged.council_ore),
        "municipality_share": Amount(judged.municipality_ore),
        "held": Amount(judged.held_ore),
        "settled": Amount(claim.paid_ore),
        "account_number": format_account_number(account) if account else "",
        "kid": f"KID {claim.claim.kid}" if claim.claim.kid else "",
        "vat": said["page"]["yes" if claim.claim.vat == "included" else "no"],
        "attested_by": claim.attested_by or "",
        "attested_at": format_moment(claim.attested_at, "nb") if claim.attested_at else "",
        "batch": claim.batch_id or "",
        "voucher": claim.voucher,
        "correction": one_line(claim.correction.reason) if claim.correction else "",
        "rule_version": judged.rule_version,
    }


def _lines(claim: TravelClaim, files: Mapping[str, ReceivedFile]) -> Iterator[Row]:
    judged = {each.line_id: each for each in claim.judgement.lines}
    for number, line in enumerate(claim.claim.lines, start=1):
        found = judged[line.id]
        names = [files[each].name for each in line.receipt_ids if each in files]
        yield {
            **_numbered(claim, number),
            "participant": claim.claim.participant(line.participant).name,
            "kind": voucher_words()["kinds"][line.kind],
            "date": line.date,
            "route": line.route,
            "kilometres": _number(line.kilometres),
            "currency": line.currency or "",
            "foreign_amount": _number(line.foreign_amount),
            "rate": _number(line.rate),
            "actual": Amount(found.actual_ore),
            "counted": Amount(found.counted_ore),
            "state": voucher_words()["states"][found.state],
            "reason": one_line(
                reason_text(found, language="nb", rules=claim.judgement.rules),
            ),
            "note": one_line(line.note),
            "receipts": one_line(", ".join(names)),
        }


def _rulings(claim: TravelClaim) -> Iterator[Row]:
    numbers = {line.id: number for number, line in enumerate(claim.claim.lines, start=1)}
    for each in claim.rulings:
        approved: Cell = "" if each.approved_ore is None else Amount(each.approved_ore)
        yield {
            **_numbered(claim, numbers[each.line_id]),
            "verdict": year_words()["verdicts"][each.verdict],
            "approved": approved,
            "by": each.by,
            "reason": one_line(each.reason),
            "internal": one_line(each.internal),
        }


def _debt(debt: Receivable) -> Row:
    return {
        "claim": debt.claim_number,
        "version": str(debt.claim_version),
        "municipality": f"{debt.kommunenummer} {debt.municipality}",
        "owed_since": debt.owed_since.astimezone(OSLO).date(),
        "amount": Amount(debt.amount_ore),
        "netted": Amount(debt.amount_ore - debt.left_ore),
        "left": Amount(debt.left_ore),
        "voucher": debt.voucher,
        "invoiced_by": debt.invoiced_by,
        "settled_by": debt.settled_by,
    }


def _change(row: AuditRow) -> Row:
    return {
        "at": format_moment(row.at, "nb", seconds=True),
        "by": row.by,
        "what": f"{row.subject} {row.what}",
        "before": one_line(row.before),
        "after": one_line(row.after),
    }


def _numbered(claim: TravelClaim, number: int) -> dict[str, Cell]:
    return {
        "claim": claim.claim_number,
        "version": str(claim.version),
        "number": str(number),
    }


def _number(value: object) -> str:
    return "" if value is None else str(value).replace(".", ",")
