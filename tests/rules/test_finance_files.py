import csv
import hashlib
import io
import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.bank_answers import BankStatus, apply_bank_status
from kulturkontor.finance_files import BatchFilesError, check_batch_files, write_batch_files
from kulturkontor.pain001 import write_pain001
from kulturkontor.payments import BatchStateError
from kulturkontor.word_lists import word_list
from tests.rules.payment_factory import (
    PROGRAMME,
    RELEASED_AT,
    RULES,
    a_batch,
    a_line,
    a_payment,
    a_released_batch,
    worked_examples,
)

BATCH = a_released_batch(*worked_examples())
WRITTEN = write_batch_files(BATCH, PROGRAMME)


def rows(name: str, written: dict[str, bytes] = WRITTEN) -> list[dict[str, str]]:
    sheet = io.StringIO(written[name].decode("utf-8-sig"), newline="")
    return list(csv.DictReader(sheet, delimiter=";"))


def test_payments_sheet_is_written_for_norwegian_excel() -> None:
    assert WRITTEN["payments.csv"].decode() == (
        "\ufeffBunt;Betalings-ID;Krav;Kravversjon;Referanse;Kommune;Organisasjonsnummer;"
        "Kontonummer;KID;Sum linjer;Justering;Beløp;Valuta;Betalingsdato\r\n"
        "KIFK2-20261012-1;KIFK2-S1-4601-R1;KFK2-2026-4601-S1;1;KFK2-2026-4601;4601 Bergen;"
        "999999999;1234.56.78903;;10263,75;0,00;10263,75;NOK;16.10.2026\r\n"
        "KIFK2-20261012-1;KIFK2-S1-0301-R2;KFK2-2026-0301-S1;2;KFK2-2026-0301;0301 Oslo;"
        "999999999;1234.56.78903;;555,00;-249,00;306,00;NOK;16.10.2026\r\n"
        "KIFK2-20261012-1;KIFK2-S1-5610-R1;KFK2-2026-5610-S1;1;KFK2-2026-5610;5610 Kárášjohka;"
        "999999999;1234.56.78903;KID 2345676;500,01;0,00;500,01;NOK;16.10.2026\r\n"
    )


def test_lines_sheet_has_every_line_and_the_adjustment_as_a_row() -> None:
    lines = rows("lines.csv")
    assert len(lines) == 8 + 2 + 3
    assert lines[8:10] == [
        {
            "Betalings-ID": "KIFK2-S1-0301-R2",
            "Krav": "KFK2-2026-0301-S1",
            "Kommune": "0301 Oslo",
            "Samling": "S1",
            "Deltaker": "Kari Prøve",
            "Type": "Reise",
            "Resultat": "Godkjent",
            "Årsak": "",
            "Faktisk kostnad": "1110,00",
            "Kulturskolerådets del": "555,00",
            "Kommunens del": "555,00",
        },
        {
            "Betalings-ID": "KIFK2-S1-0301-R2",
            "Krav": "KFK2-2026-0301-S1",
            "Kommune": "0301 Oslo",
            "Samling": "",
            "Deltaker": "",
            "Type": "Tidligere utbetalt",
            "Resultat": "",
            "Årsak": "",
            "Faktisk kostnad": "",
            "Kulturskolerådets del": "-249,00",
            "Kommunens del": "",
        },
    ]


def test_manifest_names_the_files_and_their_sums() -> None:
    assert json.loads(WRITTEN["manifest.json"]) == {
        "programme": "kifk2",
        "batch": "KIFK2-20261012-1",
        "message_id": "KIFK2-20261012-1",
        "message": "pain.001.001.09",
        "created": "2026-10-14T09:30:15+02:00",
        "execution_date": "2026-10-16",
        "rule_version": "2026-1",
        "currency": "NOK",
        "payment_count": 3,
        "line_count": 13,
        "control_sum_ore": 1106976,
        "sha256": {
            name: hashlib.sha256(WRITTEN[name]).hexdigest()
            for name in ("pain001.xml", "payments.csv", "lines.csv")
        },
    }


def test_bank_file_is_the_payment_order() -> None:
    assert WRITTEN["pain001.xml"] == write_pain001(BATCH, RULES, "09")


def test_control_sum_is_the_same_in_all_four_files() -> None:
    def ore(cells: list[str]) -> int:
        return sum(int(cell.replace(",", "")) for cell in cells)

    assert b"<CtrlSum>11069.76</CtrlSum>" in WRITTEN["pain001.xml"]
    assert ore([row["Beløp"] for row in rows("payments.csv")]) == 1106976
    assert ore([row["Kulturskolerådets del"] for row in rows("lines.csv")]) == 1106976
    assert json.loads(WRITTEN["manifest.json"])["control_sum_ore"] == 1106976
    assert check_batch_files(WRITTEN) == []


def test_files_are_the_same_bytes_after_storage_and_after_the_answer_of_the_bank() -> None:
    stored = BATCH.but(released_at=RELEASED_AT.astimezone(UTC))
    answer = [BankStatus(end_to_end_id="KIFK2-S1-0301-R2", code="RJCT", reason="AC01")]
    answered = apply_bank_status(BATCH, answer).batch.but(note="sett av økonomi", revision=7)
    assert write_batch_files(stored, PROGRAMME) == WRITTEN
    assert write_batch_files(answered, PROGRAMME) == WRITTEN


def test_files_are_not_written_before_the_release() -> None:
    with pytest.raises(BatchStateError):
        write_batch_files(a_batch(), PROGRAMME)


def test_files_that_the_bank_would_refuse_are_not_handed_out() -> None:
    payment = RULES.model_copy(update={"customer_id": "kunde_1"})
    with pytest.raises(BatchFilesError, match="which banks refuse"):
        write_batch_files(BATCH, PROGRAMME.model_copy(update={"payment": payment}))


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+47 1", "'+47 1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        (" =1", "'=1"),
        ("to\r\nlinjer", "to linjer"),
        ('Kari "K"; Prøve', 'Kari "K"; Prøve'),
        ("Kari =1", "Kari =1"),
    ],
)
def test_words_of_people_are_never_a_formula_nor_a_new_row(words: str, cell: str) -> None:
    line = a_line(participant=words, reason=words, state=words)
    written = write_batch_files(a_released_batch(a_payment(lines=(line,))), PROGRAMME)
    (row,) = rows("lines.csv", written)
    assert (row["Deltaker"], row["Årsak"], row["Resultat"]) == (cell, cell, cell)


amounts = st.integers(1, 10_000_00)


@given(
    st.lists(st.tuples(st.lists(amounts, max_size=4), amounts), min_size=1, max_size=5), st.text()
)
def test_any_batch_closes_in_all_its_files(sums: list[tuple[list[int], int]], name: str) -> None:
    payments = [
        a_payment(
            f"46{at:02}",
            lines=tuple(a_line(council_ore=each, participant=name, reason=name) for each in lines),
            adjustment_ore=total - sum(lines),
            amount_ore=total,
        )
        for at, (lines, total) in enumerate(sums)
    ]
    written = write_batch_files(a_released_batch(*payments), PROGRAMME)
    assert check_batch_files(written) == []
    assert json.loads(written["manifest.json"])["control_sum_ore"] == sum(
        total for _, total in sums
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "faults"),
    [
        pytest.param(
            "payments.csv",
            ";306,00;",
            ";306,01;",
            [
                "payments.csv adds up to 11069.77, manifest.json says 11069.76",
                "KIFK2-S1-0301-R2 differs by 0.01 in payments.csv and pain001.xml",
            ],
            id="amount of a payment",
        ),
        pytest.param(
            "lines.csv",
            ";-249,00;",
            ";-249,50;",
            [
                "lines.csv adds up to 11069.26, manifest.json says 11069.76",
                "KIFK2-S1-0301-R2 differs by -0.50 in lines.csv and pain001.xml",
            ],
            id="adjustment",
        ),
        pytest.param(
            "lines.csv",
            "KIFK2-S1-0301-R2",
            "KIFK2-S1-0301-R3",
            [
                "KIFK2-S1-0301-R3 differs by 306.00 in lines.csv and pain001.xml",
                "KIFK2-S1-0301-R2 differs by -306.00 in lines.csv and pain001.xml",
            ],
            id="line of another payment",
        ),
        pytest.param("payments.csv", "Bergen", "Askøy", [], id="word"),
    ],
)
def test_check_finds_a_changed_sheet(name: str, old: str, new: str, faults: list[str]) -> None:
    assert old in WRITTEN[name].decode()
    changed = WRITTEN[name].decode().replace(old, new).encode()
    assert check_batch_files(WRITTEN | {name: changed}) == [
        *faults,
        f"{name} is not the file that manifest.json names",
    ]


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (
            '"control_sum_ore": 1106976',
            '"control_sum_ore": 1106975',
            [
                f"{name} adds up to 11069.76, manifest.json says 11069.75"
                for name in ("pain001.xml", "payments.csv", "lines.csv")
            ],
        ),
        (
            '"payment_count": 3',
            '"payment_count": 4',
            [
                "pain001.xml has 3 rows, manifest.json says 4",
                "payments.csv has 3 rows, manifest.json says 4",
            ],
        ),
        (
            '"line_count": 13',
            '"line_count": 10',
            ["lines.csv has 13 rows, manifest.json says 10"],
        ),
        (
            '"message_id": "KIFK2-20261012-1"',
            '"message_id": "KIFK2-20261012-2"',
            ["pain001.xml has another message id than manifest.json"],
        ),
    ],
    ids=["sum", "payments", "lines", "message"],
)
def test_check_finds_a_changed_manifest(old: str, new: str, faults: list[str]) -> None:
    manifest = WRITTEN["manifest.json"].decode()
    assert old in manifest
    changed = WRITTEN | {"manifest.json": manifest.replace(old, new).encode()}
    assert check_batch_files(changed) == faults


def test_check_finds_a_changed_bank_file() -> None:
    changed = WRITTEN["pain001.xml"].replace(b"306.00", b"305.00").replace(b"500.01", b"501.01")
    assert check_batch_files(WRITTEN | {"pain001.xml": changed}) == [
        "KIFK2-S1-0301-R2 differs by 1.00 in payments.csv and pain001.xml",
        "KIFK2-S1-5610-R1 differs by -1.00 in payments.csv and pain001.xml",
        "KIFK2-S1-0301-R2 differs by 1.00 in lines.csv and pain001.xml",
        "KIFK2-S1-5610-R1 differs by -1.00 in lines.csv and pain001.xml",
        "pain001.xml is not the file that manifest.json names",
    ]


def test_check_reports_what_is_missing_or_unreadable() -> None:
    without_lines = {name: data for name, data in WRITTEN.items() if name != "lines.csv"}
    assert check_batch_files(without_lines) == ["lines.csv is missing"]
    for name in ("lines.csv", "payments.csv", "manifest.json"):
        (fault,) = check_batch_files(WRITTEN | {name: b"x\r\ny\r\n"})
        assert fault.startswith("a file cannot be read")
    (fault,) = check_batch_files(WRITTEN | {"pain001.xml": b"x"})
    assert fault.startswith("pain001.xml: not a readable XML file")


def test_every_kind_and_state_of_a_line_has_its_word() -> None:
    assert word_list("nb", "finance_columns")["words"].keys() == {
        *("travel", "overnight", "adjustment"),
        *("approved", "reduced", "held", "rejected"),
    }
