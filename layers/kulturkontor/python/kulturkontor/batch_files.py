"""The files of a released batch: their names, where they lie, and the manifest that lists them."""

import hashlib
from datetime import date
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from kulturkontor.payments import PaymentBatch
from kulturkontor.programme_rules import Percent

PAIN001: Final = "pain001.xml"
PAYMENTS: Final = "payments.csv"
LINES: Final = "lines.csv"
SHEET: Final = "payments.xlsx"
GBAT10: Final = "gbat10.csv"
MANIFEST: Final = "manifest.json"
ZIP: Final = "batch.zip"

_MEDIA_TYPES: Final = {
    "xml": "application/xml",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VoucherFile(_Part):
    """One file of vouchers. With no standards, a receipt in it is a PDF that has none."""

    name: str
    standards: tuple[str, ...]
    vouchers: tuple[int, ...]


class ReceiptEntry(_Part):
    """A receipt as it stands in the vouchers: shown, or told of because it cannot be shown."""

    voucher: int
    sha256: str
    is_shown: bool


class RatesUsed(_Part):
    """What the claims of the batch were reckoned with."""

    share_percent: tuple[Percent, ...] = ()
    ore_per_km: tuple[int, ...] = ()


class Manifest(_Part):
    """What the files of a batch are and add up to."""

    programme: str
    batch: str
    message_id: str
    message: str
    created: AwareDatetime
    execution_date: date
    rule_version: str
    rates: RatesUsed
    currency: Literal["NOK"]
    payment_count: int
    line_count: int
    control_sum_ore: int
    vouchers: dict[str, int]
    """The number of each payment's voucher, by its end-to-end id."""
    voucher_files: tuple[VoucherFile, ...]
    receipts: tuple[ReceiptEntry, ...]
    sha256: dict[str, str]


class BatchFilesError(ValueError):
    """The files of a batch do not agree; nothing must be sent. The message says where."""


def batch_file_key(batch: PaymentBatch, name: str) -> str:
    """Where a file of the batch lies in the archive."""
    return f"payments/{batch.programme}/{batch.id}/{name}"


def media_type(name: str) -> str:
    """How the file of that name is served."""
    return _MEDIA_TYPES[name.rpartition(".")[2]]


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
