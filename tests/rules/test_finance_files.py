"""The tables and the manifest of a batch: what stands in them, and that they agree to the øre."""

import csv
import hashlib
import io
import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.bank_answers import BankStatus, apply_bank_status
from kulturkontor.batch_files import MANIFEST, RatesUsed, sha256_of
from kulturkontor.finance_checks import check_batch_files
from kulturkontor.finance_files import write_manifest, write_tables
from kulturkontor.pain001 import write_pain001
from kulturkontor.payments import BatchStateError, PaymentBatch, PaymentNetting
from kulturkontor.programme import Programme
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
WITH_GBAT10 = PROGRAMME.model_copy(update={"payment": RULES.model_copy(update={"gbat10": True})})
CLEARING = RULES.accounts.clearing
RATES = RatesUsed(share_percent=(50,), ore_per_km=(530, 630))


def write(batch: PaymentBatch, programme: Programme = WITH_GBAT10) -> dict[str, bytes]:
    """Tables and manifest, as they are checked before any is kept."""
    written = write_tables(batch, programme)
    sha256 = {name: sha256_of(data) for name, data in written.items()}
    manifest = write_manifest(batch, programme, sha256=sha256, rates=RATES)
    return written | {MANIFEST: manifest}


def check(files: dict[str, bytes]) -> list[str]:
    return check_batch_files(files, clearing=CLEARING)


WRITTEN = write(BATCH)


def rows(name: str, written: dict[str, bytes] = WRITTEN) -> list[dict[str, str]]:
    sheet = io.StringIO(written[name].decode("utf-8-sig"), newline="")
    return list(csv.DictReader(sheet, delimiter=";"))


def test_payments_sheet_is_written_for_norwegian_excel() -> None:
    assert WRITTEN["payments.csv"].decode() == (
        "\ufeffBilag;Pulje;Betalings-ID;Krav;Kravversjon;Referanse;Kommune;Mottaker;"
        "Organisasjonsnummer;Kontonummer;KID;Sum linjer;Tidligere oppgjort;Motregnet;Beløp;"
        "Av dette reise;Av dette overnatting;Valuta;Betalingsdato;Attestert av;Godkjent av\r\n"
        "7;KIFK2-20261012-1;KIFK2-S1-4601-R1;KFK2-2026-4601-S1;1;KFK2-2026-4601;4601 Bergen;"
        "Bergen;999999999;1234.56.78903;;10263,75;0,00;0,00;10263,75;3883,75;6380,00;NOK;"
        "16.10.2026;;rolf@example.org\r\n"
        "8;KIFK2-20261012-1;KIFK2-S1-0301-R2;KFK2-2026-0301-S1;2;KFK2-2026-0301;0301 Oslo;"
        "Oslo;999999999;1234.56.78903;;555,00;-249,00;0,00;306,00;306,00;0,00;NOK;"
        "16.10.2026;;rolf@example.org\r\n"
        "9;KIFK2-20261012-1;KIFK2-S1-5610-R1;KFK2-2026-5610-S1;1;KFK2-2026-5610;"
        "5610 Kárášjohka;Kárášjohka;999999999;1234.56.78903;KID 2345676;500,01;0,00;0,00;500,01;"
        "500,01;0,00;NOK;16.10.2026;;rolf@example.org\r\n"
    )


def test_lines_sheet_has_every_line_and_the_adjustment_as_a_row() -> None:
    lines = rows("lines.csv")
    assert len(lines) == 8 + 2 + 3
    of_payment = {
        "Bilag": "8",
        "Betalings-ID": "KIFK2-S1-0301-R2",
        "Krav": "KFK2-2026-0301-S1",
        "Kommune": "0301 Oslo",
        "Type": "Reise",
        "Konto": "7140",
        "Prosjekt": "",
        "Avdeling": "",
    }
    assert lines[8:10] == [
        of_payment
        | {
            "Samling": "S1",
            "Deltaker": "Kari Prøve",
            "Resultat": "Godkjent",
            "Årsak": "",
            "Faktisk kostnad": "1110,00",
            "Kulturskolerådets del": "555,00",
            "Kommunens del": "555,00",
        },
        of_payment
        | {
            "Samling": "",
            "Deltaker": "",
            "Resultat": "Tidligere oppgjort",
            "Årsak": "KFK2-2026-0301-S1",
            "Faktisk kostnad": "",
            "Kulturskolerådets del": "-249,00",
            "Kommunens del": "",
        },
    ]


def test_what_earlier_versions_settled_and_what_is_netted_is_parted_by_account() -> None:
    night = a_line(kind="overnight", actual_ore=1595_00, council_ore=1595_00, municipality_ore=0)
    debt = PaymentNetting(
        claim_number="KFK2-2026-4601-S2",
        gathering="S2",
        claim_version=3,
        amount_ore=300_00,
        overnight_ore=100_00,
    )
    payment = a_payment(
        lines=(a_line(), night),
        adjustment_ore=-695_00,
        adjustment_overnight_ore=-595_00,
        nettings=(debt,),
        amount_ore=1172_50 + 1595_00 - 695_00 - 300_00,
    )
    written = write(a_released_batch(payment))
    assert check(written) == []
    (paid,) = rows("payments.csv", written)
    assert (
        paid["Sum linjer"],
        paid["Tidligere oppgjort"],
        paid["Motregnet"],
        paid["Beløp"],
        paid["Av dette reise"],
        paid["Av dette overnatting"],
    ) == ("2767,50", "-695,00", "-300,00", "1772,50", "872,50", "900,00")
    assert [
        (row["Resultat"], row["Årsak"], row["Konto"], row["Kulturskolerådets del"])
        for row in rows("lines.csv", written)[2:]
    ] == [
        ("Tidligere oppgjort", "KFK2-2026-4601-S1", "7140", "-100,00"),
        ("Tidligere oppgjort", "KFK2-2026-4601-S1", "7141", "-595,00"),
        ("Motregnet", "KFK2-2026-4601-S2 R3", "7140", "-200,00"),
        ("Motregnet", "KFK2-2026-4601-S2 R3", "7141", "-100,00"),
    ]


def test_another_payee_is_named_beside_the_municipality() -> None:
    written = write(a_released_batch(a_payment(payee="Prøve vertskommune")))
    (paid,) = rows("payments.csv", written)
    assert (paid["Kommune"], paid["Mottaker"]) == ("4601 Bergen", "Prøve vertskommune")
    assert "<Nm>Prøve vertskommune</Nm>" in written["pain001.xml"].decode()


def test_manifest_names_the_files_and_their_sums() -> None:
    assert json.loads(WRITTEN["manifest.json"]) == {
        "programme": "kifk2",
        "batch": "KIFK2-20261012-1",
        "message_id": "KIFK2-20261012-1",
        "message": "pain.001.001.09",
        "created": "2026-10-14T09:30:15+02:00",
        "execution_date": "2026-10-16",
        "rule_version": "2026-1",
        "rates": {"share_percent": [50], "ore_per_km": [530, 630]},
        "currency": "NOK",
        "payment_count": 3,
        "line_count": 13,
        "control_sum_ore": 1106976,
        "vouchers": {"KIFK2-S1-4601-R1": 7, "KIFK2-S1-0301-R2": 8, "KIFK2-S1-5610-R1": 9},
        "voucher_files": [],
        "receipts": [],
        "sha256": {
            name: hashlib.sha256(WRITTEN[name]).hexdigest()
            for name in (
                "pain001.xml",
                "payments.csv",
                "lines.csv",
                "payments.xlsx",
                "gbat10.csv",
            )
        },
    }


def test_bank_file_is_the_payment_order() -> None:
    assert WRITTEN["pain001.xml"] == write_pain001(BATCH, RULES, "09")


def test_vouchers_for_an_accounting_system_are_written_only_when_they_are_asked_for() -> None:
    assert write(BATCH, PROGRAMME).keys() == WRITTEN.keys() - {"gbat10.csv"}


def test_files_are_the_same_bytes_after_storage_and_after_the_answer_of_the_bank() -> None:
    stored = BATCH.but(released_at=RELEASED_AT.astimezone(UTC))
    answer = [BankStatus(end_to_end_id="KIFK2-S1-0301-R2", code="RJCT", reason="AC01")]
    answered = apply_bank_status(BATCH, answer).batch.but(note="sett av økonomi", revision=7)
    assert write(stored) == WRITTEN
    assert write(answered) == WRITTEN


def test_files_are_not_written_before_the_release() -> None:
    with pytest.raises(BatchStateError):
        write_tables(a_batch(), PROGRAMME)
    with pytest.raises(BatchStateError):
        write_manifest(a_batch(), PROGRAMME, sha256={}, rates=RATES)


def test_a_file_that_the_bank_would_refuse_is_found() -> None:
    payment = RULES.model_copy(update={"customer_id": "kunde_1"})
    (first, *_) = check(write(BATCH, PROGRAMME.model_copy(update={"payment": payment})))
    assert first == "pain001.xml: Id has '_', which banks refuse"


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
    written = write(a_released_batch(a_payment(lines=(line,), payee=words)))
    (row,) = rows("lines.csv", written)
    (paid,) = rows("payments.csv", written)
    assert (row["Deltaker"], row["Årsak"], row["Resultat"], paid["Mottaker"]) == (cell,) * 4


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
    written = write(a_released_batch(*payments))
    assert check(written) == []
    assert json.loads(written["manifest.json"])["control_sum_ore"] == sum(
        total for _, total in sums
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "faults"),
    [
        pytest.param(
            "payments.csv",
            ";0,00;306,00;306,00;",
            ";0,00;306,01;306,00;",
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
        pytest.param(
            "gbat10.csv",
            ";7140;0;306.00;",
            ";7140;0;306.01;",
            ["gbat10.csv: voucher 8 does not sum to zero", "gbat10.csv: net and gross differ"],
            id="voucher",
        ),
        pytest.param("payments.csv", "Bergen", "Askøy", [], id="word"),
    ],
)
def test_check_finds_a_changed_sheet(name: str, old: str, new: str, faults: list[str]) -> None:
    assert old in WRITTEN[name].decode()
    changed = WRITTEN[name].decode().replace(old, new).encode()
    assert check(WRITTEN | {name: changed}) == [
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
                for name in (
                    "pain001.xml",
                    "payments.csv",
                    "lines.csv",
                    "payments.xlsx",
                    "payments.xlsx, lines",
                    "the sum below payments.xlsx",
                    "the sum below payments.xlsx, lines",
                )
            ],
        ),
        (
            '"payment_count": 3',
            '"payment_count": 4',
            [
                f"{name} has 3 rows, manifest.json says 4"
                for name in ("pain001.xml", "payments.csv", "payments.xlsx")
            ],
        ),
        (
            '"line_count": 13',
            '"line_count": 10',
            [
                f"{name} has 13 rows, manifest.json says 10"
                for name in ("lines.csv", "payments.xlsx, lines")
            ],
        ),
        (
            '"message_id": "KIFK2-20261012-1"',
            '"message_id": "KIFK2-20261012-2"',
            ["pain001.xml has another message id than manifest.json"],
        ),
        (
            '"KIFK2-S1-5610-R1": 9',
            '"KIFK2-S1-5610-R1": 10',
            [
                "the vouchers of manifest.json are not in unbroken order",
                "gbat10.csv: voucher 10 pays 0.00 for 500.01",
                "gbat10.csv: voucher 9 is not of this batch",
            ],
        ),
    ],
    ids=["sum", "payments", "lines", "message", "vouchers"],
)
def test_check_finds_a_changed_manifest(old: str, new: str, faults: list[str]) -> None:
    manifest = WRITTEN["manifest.json"].decode()
    assert old in manifest
    changed = WRITTEN | {"manifest.json": manifest.replace(old, new).encode()}
    assert check(changed) == faults


def test_check_finds_a_changed_bank_file() -> None:
    changed = WRITTEN["pain001.xml"].replace(b"306.00", b"305.00").replace(b"500.01", b"501.01")
    tables = ("payments.csv", "lines.csv", "payments.xlsx", "payments.xlsx, lines")
    assert check(WRITTEN | {"pain001.xml": changed}) == [
        *(
            fault
            for name in tables
            for fault in (
                f"KIFK2-S1-0301-R2 differs by 1.00 in {name} and pain001.xml",
                f"KIFK2-S1-5610-R1 differs by -1.00 in {name} and pain001.xml",
            )
        ),
        "gbat10.csv: voucher 8 pays 306.00 for 305.00",
        "gbat10.csv: voucher 9 pays 500.01 for 501.01",
        "pain001.xml is not the file that manifest.json names",
    ]


def test_check_reports_what_is_missing_or_unreadable() -> None:
    without_lines = {name: data for name, data in WRITTEN.items() if name != "lines.csv"}
    assert check(without_lines) == ["lines.csv is missing"]
    for name in ("lines.csv", "payments.csv", "payments.xlsx", "manifest.json"):
        (fault,) = check(WRITTEN | {name: b"x\r\ny\r\n"})
        assert fault.startswith("a file cannot be read")
    (fault,) = check(WRITTEN | {"pain001.xml": b"x"})
    assert fault.startswith("pain001.xml: not a readable XML file")
    assert check(WRITTEN | {"gbat10.csv": b"x\r\n"}) == [
        "gbat10.csv: a row has not its 28 columns",
        "gbat10.csv is not the file that manifest.json names",
    ]


def test_every_kind_and_state_of_a_line_has_its_word() -> None:
    assert word_list("nb", "finance_columns")["words"].keys() == {
        *("travel", "overnight", "adjustment", "netted"),
        *("approved", "reduced", "held", "rejected"),
    }
