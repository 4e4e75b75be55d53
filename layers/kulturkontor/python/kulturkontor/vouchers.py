"""The voucher of a payment: the claim, its calculation line by line, and which receipts follow.

Everything is read from what was sealed and judged, so that the paper tells years later what was
decided then, by whom, and by which rules. `voucher_pages` sets it.
Source: bokføringsforskriften § 5-1-1 (what a voucher must tell) and § 5-5 (travel expenses).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from kulturkontor.accounts import format_account_number
from kulturkontor.claim_lines import LineIn
from kulturkontor.claims import TravelClaim
from kulturkontor.days import format_date, format_days, format_moment
from kulturkontor.finance_rows import overnight_paid
from kulturkontor.judgement import JudgedLine, ParticipantResult
from kulturkontor.money import format_kroner
from kulturkontor.payments import Payment, PaymentBatch
from kulturkontor.programme import Programme
from kulturkontor.reasons import reason_text
from kulturkontor.received_files import ReceivedFile
from kulturkontor.word_lists import word_list


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VoucherReceipt(_Part):
    """A receipt of a claim, and the numbers of the lines it proves."""

    number: int
    lines: tuple[int, ...]
    name: str
    media_type: str
    pages: int
    size: int
    sha256: str
    key: str
    """Where its bytes lie in the archive."""


class Voucher(_Part):
    """One payment's voucher as it is printed; tables as rows of cells, their headings first."""

    number: int
    heading: str
    continued: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, ...], ...]
    persons: tuple[tuple[str, ...], ...]
    sums: tuple[tuple[str, str], ...]
    receipts: tuple[VoucherReceipt, ...]


class VoucherSource(NamedTuple):
    """What a voucher is written from."""

    payment: Payment
    claim: TravelClaim
    files: Mapping[str, ReceivedFile]
    """The claim's receipts by id."""


def words() -> Mapping[str, Any]:
    return word_list("nb", "voucher")


def write_voucher(source: VoucherSource, batch: PaymentBatch, programme: Programme) -> Voucher:
    """The voucher of a payment of a released batch."""
    payment, claim = source.payment, source.claim
    number = batch.voucher(payment)
    named = {
        "number": number,
        "municipality": payment.municipality,
        "claim": payment.claim_number,
    }
    receipts = tuple(_receipts(source))
    return Voucher(
        number=number or 0,
        heading=words()["heading"].format(**named),
        continued=words()["continued"].format(**named),
        facts=tuple(_facts(source, batch, programme)),
        lines=(_headings("lines"), *_lines(claim, receipts)),
        persons=(_headings("people"), *_persons(claim)),
        sums=tuple(_sums(source, programme)),
        receipts=receipts,
    )


def _headings(table: str) -> tuple[str, ...]:
    return tuple(words()[table].values())


def _facts(
    source: VoucherSource, batch: PaymentBatch, programme: Programme
) -> Iterator[tuple[str, str]]:
    payment, claim, said = source.payment, source.claim, words()["words"]
    labels: Mapping[str, str] = words()["facts"]
    values = {
        "voucher": f"{batch.voucher(payment)} / {batch.accounting_year}",
        "claim": said["version"].format(claim=payment.claim_number, version=payment.claim_version),
        "gathering": _gathering(claim, programme),
        "municipality": f"{payment.kommunenummer} {payment.municipality}",
        "creditor": payment.creditor,
        "organisation_number": payment.organisation_number,
        "account_number": format_account_number(payment.account_number),
        "reference": payment.kid or payment.claim_number,
        "end_to_end_id": payment.end_to_end_id,
        "execution_date": format_date(batch.execution_date, "nb") if batch.execution_date else "",
        "received": format_moment(claim.received_at, "nb"),
        "vat": said[f"vat_{claim.claim.vat}"],
        "attested": _by_at(claim.attested_by, claim.attested_at),
        "released": _by_at(batch.released_by, batch.released_at),
        "rules": said["rules"].format(
            version=claim.judgement.rule_version, share=claim.judgement.share_percent
        ),
    }
    return ((labels[name], value) for name, value in values.items())


def _gathering(claim: TravelClaim, programme: Programme) -> str:
    rules, found = claim.judgement.rules, programme.gathering(claim.gathering)
    text: str = words()["words"]["gathering"].format(
        number=claim.gathering,
        days=format_days(rules.first_day, rules.last_day, "nb"),
        place=found.place if found else "",
    )
    return text


def _by_at(by: str | None, at: Any) -> str:
    if not by or at is None:
        return ""
    text: str = words()["words"]["by_at"].format(by=by, at=format_moment(at, "nb"))
    return text


def _lines(claim: TravelClaim, receipts: Sequence[VoucherReceipt]) -> Iterator[tuple[str, ...]]:
    judged = {each.line_id: each for each in claim.judgement.lines}
    for number, line in enumerate(claim.claim.lines, start=1):
        found = judged[line.id]
        proofs = [each.number for each in receipts if number in each.lines]
        yield (
            str(number),
            "\n".join(_told(claim, line, found, proofs)),
            format_date(line.date, "nb"),
            format_kroner(found.actual_ore),
            format_kroner(found.counted_ore),
        )


def _told(
    claim: TravelClaim, line: LineIn, judged: JudgedLine, proofs: Sequence[int]
) -> Iterator[str]:
    """What the line is, how its sum came about, and what was decided; a line of words each."""
    said = words()["words"]
    kind, name = words()["kinds"][line.kind], claim.claim.participant(line.participant).name
    yield ", ".join(filter(None, (name, kind, line.route)))
    if line.kilometres is not None and judged.ore_per_km is not None:
        rate = format_kroner(judged.ore_per_km)
        yield said["kilometres"].format(kilometres=_number(line.kilometres), rate=rate)
    if line.currency and line.rate and line.rate_date:
        yield said["foreign"].format(
            amount=_number(line.foreign_amount),
            currency=line.currency,
            rate=_number(line.rate),
            date=format_date(line.rate_date, "nb"),
            source=line.rate_source,
        )
    if line.passengers:
        yield said["passengers"].format(names=", ".join(line.passengers))
    if line.note:
        yield said["note"].format(note=line.note)
    if line.reply:
        yield said["reply"].format(reply=line.reply)
    reason = reason_text(judged, language="nb", rules=claim.judgement.rules)
    yield said["result"].format(state=words()["states"][judged.state], reason=reason)
    if judged.ruling:
        yield said["ruled_by"].format(by=judged.ruling.by)
    if proofs:
        yield said["receipts"].format(numbers=", ".join(map(str, proofs)))
    else:
        yield said["no_receipt"]


def _number(value: object) -> str:
    return str(value).replace(".", ",")


def _persons(claim: TravelClaim) -> Iterator[tuple[str, ...]]:
    for each in claim.judgement.participants:
        yield (claim.claim.participant(each.participant).name, *_amounts([each]))
    yield (words()["total"]["sum"], *_amounts(claim.judgement.participants))


def _amounts(people: Sequence[ParticipantResult]) -> tuple[str, ...]:
    """The columns of `people`, added up."""
    columns = (
        sum(each.travel_actual_ore for each in people),
        sum(each.travel_council_ore for each in people),
        sum(each.overnight_actual_ore for each in people),
        sum(each.overnight_council_ore for each in people),
        sum(each.council_ore for each in people),
        sum(each.municipality_ore for each in people),
    )
    return tuple(format_kroner(ore) for ore in columns)


def _sums(source: VoucherSource, programme: Programme) -> Iterator[tuple[str, str]]:
    payment, said = source.payment, words()["total"]
    yield said["entitled"], format_kroner(sum(each.council_ore for each in payment.lines))
    if payment.adjustment_ore:
        yield said["adjustment"], format_kroner(payment.adjustment_ore)
    for each in payment.nettings:
        label = said["netted"].format(claim=each.claim_number, version=each.claim_version)
        yield label, format_kroner(-each.amount_ore)
    yield said["amount"], format_kroner(payment.amount_ore)
    chart, overnight = programme.payment.accounts, overnight_paid(payment)
    for account, ore in (
        (chart.travel, payment.amount_ore - overnight),
        (chart.overnight, overnight),
    ):
        if ore:
            yield said["account"].format(account=account), format_kroner(ore)


def _receipts(source: VoucherSource) -> Iterator[VoucherReceipt]:
    """Each receipt once, in the order in which the lines name them."""
    lines: dict[str, list[int]] = {}
    for number, line in enumerate(source.claim.claim.lines, start=1):
        for receipt in line.receipt_ids:
            lines.setdefault(receipt, []).append(number)
    known = [(source.files[each], at) for each, at in lines.items() if each in source.files]
    accepted = [(file, at) for file, at in known if file.sha256]
    for number, (file, at) in enumerate(accepted, start=1):
        yield VoucherReceipt(
            number=number,
            lines=tuple(dict.fromkeys(at)),
            name=file.name,
            media_type=file.media_type,
            pages=file.pages or 1,
            size=file.size,
            sha256=file.sha256,
            key=file.accepted_key,
        )
