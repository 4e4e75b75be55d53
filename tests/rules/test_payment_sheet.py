"""The workbook of a batch, read again by another library than the one that wrote it."""

import io
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kulturkontor.finance_rows import tables
from kulturkontor.payment_sheet import write_payment_sheet
from kulturkontor.payments import PaymentBatch
from tests.rules.payment_factory import (
    PROGRAMME,
    RELEASED_AT,
    a_line,
    a_payment,
    a_released_batch,
    worked_examples,
)

PACKAGE = Path(__file__).parents[2] / "layers" / "kulturkontor" / "python"
BATCH = a_released_batch(*worked_examples())


def write(batch: PaymentBatch = BATCH) -> bytes:
    return write_payment_sheet(tables(batch, PROGRAMME), batch_id=batch.id, made_at=RELEASED_AT)


def read(data: bytes, *, values: bool = True) -> Workbook:
    return load_workbook(io.BytesIO(data), data_only=values)


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    first, *others = list(sheet.iter_rows(values_only=True))
    return [dict(zip(map(str, first), row, strict=True)) for row in others]


def test_payments_stand_with_their_formats_and_a_sum_below() -> None:
    sheet = read(write())["Utbetalinger"]
    *payments, sums = rows(sheet)
    assert [(each["Kommune"], each["Kontonummer"], each["Beløp"]) for each in payments] == [
        ("4601 Bergen", "1234.56.78903", 10263.75),
        ("0301 Oslo", "1234.56.78903", 306),
        ("5610 Kárášjohka", "1234.56.78903", 500.01),
    ]
    assert (sums["Bilag"], sums["Sum linjer"], sums["Tidligere oppgjort"], sums["Beløp"]) == (
        "Sum",
        11318.76,
        -249,
        11069.76,
    )
    assert payments[0]["Betalingsdato"] == datetime(2026, 10, 16)  # noqa: DTZ001 - a cell has no zone


@pytest.mark.parametrize(("name", "column"), [("Utbetalinger", "O"), ("Linjer", "N")])
def test_the_sum_is_a_formula_over_every_row(name: str, column: str) -> None:
    data = write()
    written, shown = read(data, values=False)[name], read(data)[name]
    last = written.max_row
    assert written[f"{column}{last}"].value == f"=SUM({column}2:{column}{last - 1})"
    assert shown[f"{column}{last}"].value == 11069.76
    cells = [shown[f"{column}{row}"].value for row in range(2, last)]
    assert sum(round(float(str(each)) * 100) for each in cells) == BATCH.control_sum_ore


def test_numbers_and_accounts_have_types_that_excel_does_not_guess_at() -> None:
    sheet = read(write())["Utbetalinger"]
    formats = {
        str(heading.value): (cell.data_type, cell.number_format)
        for heading, cell in zip(sheet[1], sheet[2], strict=True)
    }
    text = ("s", "General")
    assert {name: formats[name] for name in ("Kontonummer", "Organisasjonsnummer", "Bilag")} == {
        "Kontonummer": text,
        "Organisasjonsnummer": text,
        "Bilag": text,
    }
    assert formats["Beløp"] == ("n", "#,##0.00")
    assert formats["Betalingsdato"] == ("d", "dd.mm.yyyy")


def test_headings_stay_in_sight_and_every_column_can_be_filtered() -> None:
    for sheet in read(write()):
        assert sheet.freeze_panes == "A2"
        assert (
            sheet.auto_filter.ref
            == f"A1:{sheet.cell(sheet.max_row - 1, sheet.max_column).coordinate}"
        )


@pytest.mark.parametrize("words", ["=HYPERLINK(1)", "+47 1", "-1", "@sum", "https://example.org"])
def test_words_of_people_are_text_as_they_were_written(words: str) -> None:
    line = a_line(participant=words, reason=words)
    written = read(write(a_released_batch(a_payment(lines=(line,), payee=words))), values=False)
    row, paid = written["Linjer"][2], written["Utbetalinger"][2]
    cells = [cell for cell in (*row, *paid) if cell.value == words]
    assert [(cell.data_type, cell.hyperlink) for cell in cells] == [("s", None)] * 3


def test_the_same_batch_is_the_same_file_in_another_process() -> None:
    code = (
        "import hashlib; from tests.rules.test_payment_sheet import write; "
        "print(hashlib.sha256(write()).hexdigest())"
    )
    found = {
        subprocess.run(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", code],
            env={"PYTHONPATH": f"{PACKAGE}:{PACKAGE.parents[2]}", "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone in ("UTC", "Asia/Tokyo")
    }
    assert len(found) == 1
