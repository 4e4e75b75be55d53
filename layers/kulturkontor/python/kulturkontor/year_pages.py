"""The pages of a year's accounts: from a payment to its claim, and from the claim to its receipts,
each in one click, in a folder that needs no system.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kulturkontor.claims import TravelClaim
from kulturkontor.days import format_date, format_moment
from kulturkontor.money import format_kroner
from kulturkontor.programme import Programme
from kulturkontor.reasons import reason_text
from kulturkontor.received_files import ReceivedFile
from kulturkontor.vouchers import words as voucher_words
from kulturkontor.year_tables import Year, year_words

_TEMPLATES = Path(__file__).parent / "year_template"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


def claim_path(claim: TravelClaim) -> str:
    """Where the page of a claim's version lies in the folder."""
    return f"{year_words()['folders']['claims']}/{claim.claim_number}-R{claim.version}.html"


def receipt_path(claim: TravelClaim, file: ReceivedFile) -> str:
    """Where a receipt lies: the same for each version that names it. Its name as any system can
    keep it.
    """
    name = _UNSAFE.sub("_", file.name).strip("._") or "fil"
    return f"{year_words()['folders']['receipts']}/{claim.claim_number}/{file.id}-{name}"


def batch_path(batch_id: str, name: str) -> str:
    return f"{year_words()['folders']['batches']}/{batch_id}/{name}"


def write_claim_page(
    claim: TravelClaim, files: Mapping[str, ReceivedFile], kept: frozenset[str]
) -> bytes:
    """`kept`: the receipts' ids whose files are in the folder."""
    said = year_words()["page"]
    judged = claim.judgement
    attested = said["not_attested"]
    if claim.attested_by and claim.attested_at:
        at = format_moment(claim.attested_at, "nb")
        attested = said["attested"].format(by=claim.attested_by, at=at)
    return _rendered(
        "claim.html",
        index=year_words()["files"]["index"],
        title=said["claim_title"].format(claim=claim.claim_number, version=claim.version),
        municipality=f"{claim.kommunenummer} {claim.municipality}",
        state=year_words()["claim_states"][claim.state],
        attested=attested,
        total=said["total"].format(
            council=format_kroner(judged.council_ore),
            municipality=format_kroner(judged.municipality_ore),
            settled=format_kroner(claim.paid_ore),
        ),
        lines=list(_lines(claim, files, kept)),
    )


def _lines(
    claim: TravelClaim, files: Mapping[str, ReceivedFile], kept: frozenset[str]
) -> Iterator[dict[str, Any]]:
    judged = {each.line_id: each for each in claim.judgement.lines}
    for number, line in enumerate(claim.claim.lines, start=1):
        found = judged[line.id]
        name = claim.claim.participant(line.participant).name
        kind = voucher_words()["kinds"][line.kind]
        what = (name, kind, format_date(line.date, "nb"), line.route, line.note)
        receipts = [files[each] for each in line.receipt_ids if each in files]
        yield {
            "number": number,
            "what": ", ".join(filter(None, what)),
            "result": voucher_words()["words"]["result"].format(
                state=voucher_words()["states"][found.state],
                reason=reason_text(found, language="nb", rules=claim.judgement.rules),
            ),
            "actual": format_kroner(found.actual_ore),
            "counted": format_kroner(found.counted_ore),
            "receipts": [
                {"name": each.name, "path": receipt_path(claim, each) if each.id in kept else ""}
                for each in receipts
            ],
        }


def write_index(
    year: Year, programme: Programme, batch_files: Mapping[str, Sequence[str]]
) -> bytes:
    """`batch_files`: the names of each batch's files, by the batch's id."""
    said = year_words()["page"]
    return _rendered(
        "index.html",
        title=said["title"].format(year=year.year),
        lead=said["lead"].format(
            programme=programme.name["nb"],
            count=counted_payments(year),
            sum=format_kroner(year.control_sum_ore),
        ),
        tables=[name for name in year_words()["files"].values() if name.endswith(".csv")],
        payments=list(_payments(year)),
        batches=[
            {
                "id": each.id,
                "files": [
                    {"name": name, "path": batch_path(each.id, name)}
                    for name in batch_files.get(each.id, ())
                ],
            }
            for each in year.batches
        ],
        other_claims=list(_unpaid(year)),
    )


def counted_payments(year: Year) -> str:
    said = year_words()["page"]
    count = year.payment_count
    text: str = said["count_one"] if count == 1 else said["count_many"].format(count=count)
    return text


def _payments(year: Year) -> Iterator[dict[str, Any]]:
    claims = {each.id: each for each in year.claims}
    for batch in year.batches:
        for payment in batch.payments:
            version = year_words()["page"]["version"].format(version=payment.claim_version)
            yield {
                "voucher": batch.voucher(payment) or "",
                "claim": f"{payment.claim_number}, {version}",
                "claim_page": claim_path(claims[payment.claim_id]),
                "municipality": f"{payment.kommunenummer} {payment.municipality}",
                "amount": format_kroner(payment.amount_ore),
                "paid_on": format_date(batch.execution_date, "nb") if batch.execution_date else "",
                "state": year_words()["states"][payment.state],
                "batch": batch.id,
            }


def _unpaid(year: Year) -> Iterator[dict[str, Any]]:
    paid = {payment.claim_id for batch in year.batches for payment in batch.payments}
    for claim in year.claims:
        if claim.id not in paid:
            version = year_words()["page"]["version"].format(version=claim.version)
            yield {
                "page": claim_path(claim),
                "title": f"{claim.claim_number}, {version}",
                "municipality": f"{claim.kommunenummer} {claim.municipality}",
                "state": year_words()["claim_states"][claim.state],
            }


def _rendered(template: str, **values: Any) -> bytes:
    html: str = _environment().get_template(template).render(say=year_words()["page"], **values)
    return html.encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
