"""The decision sheet: what staff get, what they may send back, and what is refused."""

import csv
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kulturkontor.application_form import tidy
from kulturkontor.applications import ApplicationState
from kulturkontor.decision_sheet import write_decision_sheet
from kulturkontor.decisions import Outcome
from kulturkontor.fault_report import describe, write_fault_report
from kulturkontor.programme import load_programme
from kulturkontor.sheet_files import FileFault
from kulturkontor.sheet_rows import (
    Column,
    DecisionIn,
    DecisionRow,
    ExpectedRow,
    RowFault,
    RowStatus,
    SheetFault,
    SheetResult,
    SheetWarning,
    WarningCode,
)
from kulturkontor.sheets import read_decision_sheet

PROGRAMME = load_programme("kifk2")
LIMIT = PROGRAMME.application.max_text
MADE_AT = datetime(2026, 4, 20, 8, 0, tzinfo=UTC)
HEADINGS = (
    *("Referanse", "Kommune", "Svar", "Nummer på venteliste", "Begrunnelse", "Annen målform"),
    *("Hvorfor annen målform", "Særskilte vilkår"),
)
NAMES = {
    "KFK2-2026-3328": "Ål",
    "KFK2-2026-4601": "Bergen",
    "KFK2-2026-5607": "Vadsø",
}
AAL, BERGEN, VADSO = NAMES
EXPECTED = {
    reference: ExpectedRow(
        municipality=name, state=ApplicationState.SUBMITTED, letter_language="nb"
    )
    for reference, name in NAMES.items()
}
GOOD = [
    (AAL, "Ål", "plass", None, "Godt forankret.", None, None, "Send planen."),
    (BERGEN, "Bergen", "venteliste", 1, "Flere søkere enn plasser.", None, None, None),
    (VADSO, "Vadsø", "ikke plass", None, "Søkarane var mange.", "nynorsk", "De ba om det.", None),
]
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
GOOD_RESULT = SheetResult(
    rows=(
        DecisionIn(
            reference=AAL,
            outcome=Outcome.ADMITTED,
            rank=None,
            reason="Godt forankret.",
            conditions="Send planen.",
            language=None,
        ),
        DecisionIn(
            reference=BERGEN,
            outcome=Outcome.WAITLISTED,
            rank=1,
            reason="Flere søkere enn plasser.",
            language=None,
        ),
        DecisionIn(
            reference=VADSO,
            outcome=Outcome.REJECTED,
            rank=None,
            reason="Søkarane var mange.",
            language="nn",
            language_reason="De ba om det.",
        ),
    )
)


def a_row(reference: str = BERGEN, **changes: Any) -> DecisionRow:
    row = DecisionRow(
        reference=reference,
        municipality=NAMES[reference],
        county="Vestland",
        population=291_940,
        status=RowStatus.COMPLETE,
        received_at=datetime(2026, 4, 13, 21, 59, tzinfo=UTC),
        letter_language="nb",
    )
    return row.model_copy(update=changes)


def xlsx(rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Svar"
    for row in (headings, *rows):
        book.active.append(list(row))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def csv_text(rows: Sequence[Sequence[Any]], delimiter: str = ";") -> str:
    target = StringIO()
    csv.writer(target, delimiter=delimiter).writerows([HEADINGS, *rows])
    return target.getvalue()


def read(data: bytes, expected: dict[str, ExpectedRow] = EXPECTED) -> SheetResult:
    return read_decision_sheet(data, expected=expected, programme=PROGRAMME)


GOOD_XLSX = xlsx(GOOD)


def codes(result: SheetResult) -> list[tuple[int | None, str | None, str]]:
    return [(fault.row, fault.column, fault.code) for fault in result.faults]


def national_id() -> str:
    """A synthetic number of Tenor's kind: 80 added to the month, right control digits."""
    first_weights, second_weights = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    for serial in range(100, 999):
        digits = [int(each) for each in f"018190{serial}"]
        for weights in (first_weights, second_weights):
            digits.append(-sum(d * w for d, w in zip(digits, weights, strict=True)) % 11)
        if 10 not in digits:
            return "".join(map(str, digits))
    raise AssertionError


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(xlsx(GOOD), id="xlsx"),
        pytest.param(csv_text(GOOD).encode("utf-8-sig"), id="csv_with_byte_order_mark"),
        pytest.param(csv_text(GOOD).encode(), id="csv_utf8"),
        pytest.param(csv_text(GOOD).encode("cp1252"), id="csv_as_old_excel_writes_it"),
        pytest.param(csv_text(GOOD, ",").encode(), id="csv_with_commas"),
        pytest.param(b"sep=;\r\n" + csv_text(GOOD).encode(), id="csv_that_names_its_separator"),
    ],
)
def test_a_filled_in_sheet_is_read_as_decisions(data: bytes):
    assert read(data) == GOOD_RESULT


def test_what_we_write_comes_back_as_it_went_out():
    rows = [
        a_row(AAL, outcome=Outcome.ADMITTED, reason="Godt forankret.", conditions="Send planen."),
        a_row(BERGEN, outcome=Outcome.WAITLISTED, rank=1, reason="Flere søkere enn plasser."),
        a_row(
            VADSO,
            outcome=Outcome.REJECTED,
            reason="Søkarane var mange.",
            language="nn",
            language_reason="De ba om det.",
        ),
    ]

    result = read(write_decision_sheet(rows, PROGRAMME, made_at=MADE_AT))

    assert sorted(result.rows, key=lambda row: row.reference) == list(GOOD_RESULT.rows)
    assert (result.faults, result.warnings, result.undecided) == ((), (), ())


@settings(max_examples=50, deadline=None)
@given(st.text(CHARACTERS, min_size=1, max_size=60).filter(tidy))
@example("_x0041_ & <b> ]]> =1+1\n\n\u00a0x")
def test_a_reason_comes_back_as_it_was_written(reason: str):
    row = a_row(BERGEN, outcome=Outcome.ADMITTED, reason=reason)
    expected = {BERGEN: EXPECTED[BERGEN]}

    result = read(write_decision_sheet([row], PROGRAMME, made_at=MADE_AT), expected)

    assert [each.reason for each in result.rows] == [tidy(reason)]


STANDING = DecisionIn(
    reference=BERGEN,
    outcome=Outcome.ADMITTED,
    rank=None,
    reason="Godt forankret.",
    language=None,
)
DECIDED = {BERGEN: EXPECTED[BERGEN].model_copy(update={"standing": STANDING, "digest": "nyere"})}
OF_STANDING = {"outcome": STANDING.outcome, "reason": STANDING.reason}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        pytest.param({**OF_STANDING, "seen": "eldre"}, [], id="what stands, from an old sheet"),
        pytest.param({"seen": "eldre"}, [], id="no answer"),
        pytest.param(
            {"outcome": Outcome.REJECTED, "reason": "Nei.", "seen": "nyere"}, [], id="seen"
        ),
        pytest.param(
            {"outcome": Outcome.REJECTED, "reason": "Nei.", "seen": "eldre"},
            [(2, Column.OUTCOME, RowFault.CHANGED_SINCE)],
            id="overtaken",
        ),
        pytest.param(
            {**OF_STANDING, "reason": "Annet."},
            [(2, Column.OUTCOME, RowFault.CHANGED_SINCE)],
            id="made before anything stood",
        ),
    ],
)
def test_an_old_sheet_does_not_write_over_what_others_have_decided_since(
    row: dict[str, Any], fault: list[Any]
):
    data = write_decision_sheet([a_row(BERGEN, **row)], PROGRAMME, made_at=MADE_AT)
    assert codes(read(data, DECIDED)) == fault


def test_what_is_closed_to_the_sender_may_be_left_out_and_cannot_be_answered():
    expected = {**EXPECTED, AAL: EXPECTED[AAL].model_copy(update={"is_closed": True})}
    assert codes(read(xlsx(GOOD[1:]), expected)) == []
    assert codes(read(xlsx(GOOD), expected)) == [(2, Column.OUTCOME, RowFault.CONFLICT)]


def test_the_column_that_tells_the_edition_is_hidden():
    data = write_decision_sheet([a_row(seen="nyere")], PROGRAMME, made_at=MADE_AT)
    sheet = load_workbook(BytesIO(data))["Svar"]
    hidden = [letter for letter, each in sheet.column_dimensions.items() if each.hidden]
    assert [sheet[f"{letter}1"].value for letter in hidden] == ["Utgave"]
    assert sheet[f"{hidden[0]}2"].value == "nyere"


def test_a_row_without_an_answer_is_undecided():
    rows = [(AAL, "Ål", None, None, None, None), *GOOD[1:]]

    assert read(xlsx(rows)) == SheetResult(rows=GOOD_RESULT.rows[1:], undecided=(AAL,))


def test_headings_may_stand_in_another_order_among_the_staffs_own():
    order = (5, 7, 3, 1, 0, 6, 2, 4)
    rows = [[*(row[place] for place in order), "ring dem"] for row in GOOD]
    headings = [*(HEADINGS[place] for place in order), "Notat"]

    assert read(xlsx(rows, headings)) == GOOD_RESULT


def test_words_are_read_without_regard_to_case_and_space():
    rows = [(f" {AAL.lower()} ", "ål ", " PLASS", *GOOD[0][3:]), *GOOD[1:]]

    assert read(xlsx(rows)) == GOOD_RESULT


def test_a_reason_loses_its_control_characters_and_keeps_its_lines():
    reason = "A\u030apent\u200b for\x0b alle.\r\nVelkommen."
    rows = [*GOOD[:2], (VADSO, "Vadsø", "ikke plass", None, reason)]
    data = csv_text(rows).encode()

    assert read(data).rows[2].reason == "Åpent\u200b for alle.\nVelkommen."


def test_more_admitted_than_places_is_a_warning():
    numbers = range(1000, 1000 + PROGRAMME.decision.places + 1)
    expected = {
        f"KFK2-2026-{number}": ExpectedRow(
            municipality=f"K{number}", state=ApplicationState.SUBMITTED
        )
        for number in numbers
    }
    rows = [(ref, row.municipality, "plass", None, "Godt.") for ref, row in expected.items()]

    result = read(xlsx(rows), expected)

    assert len(result.rows) == 17
    assert result.warnings == (
        SheetWarning(code=WarningCode.MORE_ADMITTED_THAN_PLACES, value="17 / 16"),
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        pytest.param(
            ("", "Ål", "plass", None, None, None),
            (Column.REFERENCE, RowFault.REFERENCE_MISSING),
            id="no_reference",
        ),
        pytest.param(
            ("KFK2-2026-9999", "Ål", "plass", None, None, None),
            (Column.REFERENCE, RowFault.REFERENCE_UNKNOWN),
            id="unknown_reference",
        ),
        pytest.param(
            (AAL, "Bergen", "plass", None, None, None),
            (Column.MUNICIPALITY, RowFault.WRONG_MUNICIPALITY),
            id="municipality_of_another_row",
        ),
        pytest.param(
            (AAL, "Ål", "kanskje", None, None, None),
            (Column.OUTCOME, RowFault.OUTCOME_UNKNOWN),
            id="unknown_word",
        ),
        pytest.param(
            (AAL, "Ål", None, None, "Fint.", None),
            (Column.OUTCOME, RowFault.OUTCOME_MISSING),
            id="reason_without_answer",
        ),
        pytest.param(
            (AAL, "Ål", "ikke plass", None, " ", None),
            (Column.REASON, RowFault.REASON_MISSING),
            id="no_reason_for_a_no",
        ),
        pytest.param(
            (AAL, "Ål", "venteliste", 2, None, None),
            (Column.REASON, RowFault.REASON_MISSING),
            id="no_reason_for_the_waiting_list",
        ),
        pytest.param(
            (AAL, "Ål", "ikke plass", None, "x" * (LIMIT + 1), None),
            (Column.REASON, RowFault.REASON_TOO_LONG),
            id="reason_too_long",
        ),
        pytest.param(
            (AAL, "Ål", "plass", None, f"Ring {national_id()}.", None),
            (Column.REASON, RowFault.NATIONAL_ID),
            id="national_id",
        ),
        pytest.param(
            (AAL, "Ål", "venteliste", None, "Fullt.", None),
            (Column.RANK, RowFault.RANK_MISSING),
            id="no_rank",
        ),
        pytest.param(
            (AAL, "Ål", "venteliste", 1.5, "Fullt.", None),
            (Column.RANK, RowFault.RANK_NOT_A_NUMBER),
            id="half_a_rank",
        ),
        pytest.param(
            (AAL, "Ål", "plass", 2, None, None),
            (Column.RANK, RowFault.RANK_WITHOUT_WAITLIST),
            id="rank_for_a_place",
        ),
        pytest.param(
            (AAL, "Ål", "plass", None, None, "samisk"),
            (Column.LANGUAGE, RowFault.LANGUAGE_UNKNOWN),
            id="unknown_written_form",
        ),
        pytest.param(
            (AAL, "Ål", "plass", None, None),
            (Column.REASON, RowFault.REASON_MISSING),
            id="no_reason_for_a_place",
        ),
        pytest.param(
            (AAL, "Ål", "ikke plass", None, "Fullt.", None, None, "Send planen."),
            (Column.CONDITIONS, RowFault.CONDITIONS_WITHOUT_PLACE),
            id="conditions_without_a_place",
        ),
        pytest.param(
            (AAL, "Ål", "plass", None, "Fint.", None, None, "x" * (LIMIT + 1)),
            (Column.CONDITIONS, RowFault.CONDITIONS_TOO_LONG),
            id="conditions_too_long",
        ),
        pytest.param(
            (AAL, "Ål", "plass", None, "Fint.", None, None, f"Ring {national_id()}."),
            (Column.CONDITIONS, RowFault.NATIONAL_ID),
            id="national_id_in_the_conditions",
        ),
        pytest.param(
            (AAL, "Ål", "plass", None, "Fint.", "nynorsk"),
            (Column.LANGUAGE_REASON, RowFault.LANGUAGE_REASON_MISSING),
            id="another_language_without_a_why",
        ),
        pytest.param(
            (AAL, "Ål", "plass", None, "Fint.", "nynorsk", "x" * 201),
            (Column.LANGUAGE_REASON, RowFault.LANGUAGE_REASON_TOO_LONG),
            id="too_long_a_why",
        ),
    ],
)
def test_a_faulty_row_refuses_the_whole_sheet(row: tuple[Any, ...], fault: tuple[str, str]):
    result = read(xlsx([row, *GOOD[1:]]))

    assert (2, *fault) in codes(result)
    assert result.rows == ()


def test_a_national_id_is_not_repeated_in_the_fault():
    rows = [(AAL, "Ål", "plass", None, f"Ring {national_id()}.", None), *GOOD[1:]]

    assert [fault.value for fault in read(xlsx(rows)).faults] == ["•••"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [*GOOD, GOOD[0]],
            [
                (2, Column.REFERENCE, RowFault.REFERENCE_REPEATED),
                (5, Column.REFERENCE, RowFault.REFERENCE_REPEATED),
            ],
            id="reference_twice",
        ),
        pytest.param(
            GOOD[1:],
            [(None, Column.REFERENCE, RowFault.ROW_MISSING)],
            id="application_left_out",
        ),
        pytest.param(
            [(AAL, "Ål", "venteliste", 1, "Fullt.", None), *GOOD[1:]],
            [
                (2, Column.RANK, RowFault.RANK_REPEATED),
                (3, Column.RANK, RowFault.RANK_REPEATED),
            ],
            id="two_of_the_same_rank",
        ),
        pytest.param(
            [(AAL, "Ål", "venteliste", 3, "Fullt.", None), *GOOD[1:]],
            [(None, Column.RANK, RowFault.RANK_GAP)],
            id="rank_left_out",
        ),
    ],
)
def test_faults_between_rows_refuse_the_sheet(
    rows: list[tuple[Any, ...]], expected: list[tuple[int | None, str, str]]
):
    assert codes(read(xlsx(rows))) == expected


@pytest.mark.parametrize(
    ("known", "code"),
    [
        pytest.param({"state": ApplicationState.WITHDRAWN}, RowFault.WITHDRAWN, id="withdrawn"),
        pytest.param({"state": ApplicationState.SUPERSEDED}, RowFault.SUPERSEDED, id="superseded"),
        pytest.param({"state": ApplicationState.COMPETING}, RowFault.COMPETING, id="competing"),
        pytest.param({"is_told": True}, RowFault.ALREADY_TOLD, id="letter_sent"),
    ],
)
def test_what_can_no_longer_be_decided_must_have_no_answer(known: dict[str, Any], code: RowFault):
    expected = {**EXPECTED, AAL: EXPECTED[AAL].model_copy(update=known)}
    emptied = [(AAL, "Ål", None, None, None, None), *GOOD[1:]]

    assert codes(read(xlsx(GOOD), expected)) == [(2, Column.OUTCOME, code)]
    assert read(xlsx(emptied), expected) == SheetResult(rows=GOOD_RESULT.rows[1:])
    assert read(xlsx(GOOD[1:]), expected) == SheetResult(rows=GOOD_RESULT.rows[1:])


def test_an_application_about_to_be_withdrawn_may_be_decided_or_left_out():
    asked = EXPECTED[AAL].model_copy(update={"state": ApplicationState.WITHDRAWAL_ASKED})
    expected = {**EXPECTED, AAL: asked}

    assert read(xlsx(GOOD), expected) == GOOD_RESULT
    assert read(xlsx(GOOD[1:]), expected) == SheetResult(rows=GOOD_RESULT.rows[1:])


def test_a_rank_that_no_letter_has_told_may_be_given_anew():
    decided = EXPECTED[BERGEN].model_copy(update={"rank": 1})

    assert read(xlsx(GOOD), {**EXPECTED, BERGEN: decided}) == GOOD_RESULT


def test_the_language_that_the_letter_has_anyway_needs_no_why():
    rows = [(AAL, "Ål", "plass", None, "Fint.", "bokmål"), *GOOD[1:]]

    assert read(xlsx(rows)).faults == ()


def test_a_proposal_that_the_sheet_leaves_empty_keeps_its_rank():
    proposed = EXPECTED[AAL].model_copy(update={"rank": 1})
    emptied = [(AAL, "Ål", None), *GOOD[1:]]

    assert codes(read(xlsx(emptied), {**EXPECTED, AAL: proposed})) == [
        (3, Column.RANK, RowFault.RANK_REPEATED)
    ]


def test_a_waiting_list_goes_on_from_what_the_letters_have_told():
    told = EXPECTED[AAL].model_copy(update={"is_told": True, "rank": 1})
    second = (BERGEN, "Bergen", "venteliste", 2, "Flere søkere enn plasser.", None)

    result = read(xlsx([second, GOOD[2]]), {**EXPECTED, AAL: told})

    assert [row.rank for row in result.rows] == [2, None]


@pytest.mark.parametrize("missing", range(len(HEADINGS)), ids=HEADINGS)
def test_a_renamed_heading_is_named_in_the_fault(missing: int):
    headings = [*HEADINGS[:missing], "Noe annet", *HEADINGS[missing + 1 :]]
    columns = (
        *(Column.REFERENCE, Column.MUNICIPALITY, Column.OUTCOME),
        *(Column.RANK, Column.REASON, Column.LANGUAGE),
        *(Column.LANGUAGE_REASON, Column.CONDITIONS),
    )

    assert read(xlsx(GOOD, headings)) == SheetResult(
        faults=(SheetFault(column=columns[missing], code=RowFault.COLUMN_MISSING),)
    )


def test_a_heading_that_stands_twice_is_refused():
    rows = [(*row, "plass") for row in GOOD]

    assert codes(read(xlsx(rows, (*HEADINGS, "Svar")))) == [
        (None, Column.OUTCOME, RowFault.COLUMN_REPEATED)
    ]


def a_zip(**parts: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def far_corners() -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active["A1"], book.active["XFD1048576"] = "Referanse", "x"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def with_entities() -> bytes:
    source = zipfile.ZipFile(BytesIO(xlsx(GOOD)))
    parts = {name: source.read(name) for name in source.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = b'<!DOCTYPE a [<!ENTITY b "c">]>' + parts[name]
    return a_zip(**parts)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", FileFault.EMPTY_FILE, id="empty"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 600, FileFault.OLD_OR_LOCKED, id="password"),
        pytest.param(b"%PDF-1.7\n\0", FileFault.NOT_A_SHEET, id="pdf"),
        pytest.param(b"\x81\x8d", FileFault.NOT_A_SHEET, id="no_known_encoding"),
        pytest.param(b"PK\x03\x04 and no more", FileFault.NOT_A_SHEET, id="half_a_zip"),
        pytest.param(a_zip(a=b"b"), FileFault.NOT_A_SHEET, id="zip_of_something_else"),
        pytest.param(xlsx(GOOD)[:-200], FileFault.NOT_A_SHEET, id="cut_off"),
        pytest.param(with_entities(), FileFault.NOT_A_SHEET, id="entities"),
        pytest.param(a_zip(a=b"\0" * 90_000_000), FileFault.FILE_TOO_LARGE, id="zip_bomb"),
        pytest.param(far_corners(), FileFault.FILE_TOO_LARGE, id="two_cells_in_far_corners"),
        pytest.param(b";" * 5_000_001, FileFault.FILE_TOO_LARGE, id="too_many_bytes"),
        pytest.param(b"a;b\n" * 5_001, FileFault.FILE_TOO_LARGE, id="too_many_rows"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_as_a_whole(data: bytes, code: FileFault):
    assert read(data) == SheetResult(faults=(SheetFault(code=code),))


@given(st.binary(max_size=2_000))
def test_random_bytes_are_refused_and_never_raise(data: bytes):
    assert read(data).rows == ()


@settings(deadline=None)
@given(st.data())
def test_a_damaged_xlsx_never_raises(data: st.DataObject):
    sound = bytearray(GOOD_XLSX)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(sound) - 1))
        sound[place] = data.draw(st.integers(0, 255))

    result = read(bytes(sound))

    assert not (result.rows and result.faults)


@settings(deadline=None)
@given(st.data())
def test_xml_that_was_tampered_with_never_raises(data: st.DataObject):
    source = zipfile.ZipFile(BytesIO(GOOD_XLSX))
    parts = {name: bytearray(source.read(name)) for name in source.namelist()}
    changed = parts[data.draw(st.sampled_from(sorted(parts)))]
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))

    result = read(a_zip(**{name: bytes(content) for name, content in parts.items()}))

    assert not (result.rows and result.faults)


FORMULA_STARTS = st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\0", "=HYPERLINK(", "{=", ""])


@settings(max_examples=50, deadline=None)
@given(
    FORMULA_STARTS,
    st.text(CHARACTERS, max_size=40),
)
def test_nothing_people_write_becomes_a_formula(start: str, text: str):
    wicked = start + text
    row = a_row(municipality=wicked, county=wicked, reason=wicked, reference=BERGEN)
    row = row.model_copy(update={"reference": wicked})

    cells = load_workbook(BytesIO(write_decision_sheet([row], PROGRAMME, made_at=MADE_AT)))["Svar"][
        2
    ]

    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cells[place].value or "" for place in (0, 1, 2, 9)] == [tidy(wicked)] * 4
    assert all(cell.hyperlink is None for cell in cells)


@settings(deadline=None)
@given(FORMULA_STARTS, st.text(CHARACTERS, max_size=40))
def test_no_value_in_a_fault_report_becomes_a_formula(start: str, text: str):
    fault = SheetFault(row=2, code=RowFault.OUTCOME_UNKNOWN, value=start + text)

    cells = load_workbook(BytesIO(write_fault_report([fault], made_at=MADE_AT))).worksheets[0][4]

    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert (cells[2].value or "") == tidy(start + text)


def test_the_sheet_is_the_same_bytes_for_the_same_rows_and_moment():
    first, second = (write_decision_sheet([a_row()], PROGRAMME, made_at=MADE_AT) for _ in range(2))

    assert first == second


def test_the_sheet_shows_each_application_in_alphabetical_order():
    rows = [a_row(AAL), a_row(VADSO), a_row(BERGEN)]

    sheet = load_workbook(BytesIO(write_decision_sheet(rows, PROGRAMME, made_at=MADE_AT)))["Svar"]

    assert [cell.value for cell in sheet[2]] == [
        *(BERGEN, "Bergen", "Vestland", 291_940, "komplett"),
        *(datetime(2026, 4, 13, 23, 59), "bokmål", *[None] * 7),  # noqa: DTZ001
    ]
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == ["Bergen", "Vadsø", "Ål"]
    assert sheet.freeze_panes == "C2"


def test_only_what_staff_decide_can_be_changed():
    sheet = load_workbook(BytesIO(write_decision_sheet([a_row()], PROGRAMME, made_at=MADE_AT)))[
        "Svar"
    ]

    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[2]] == [True] * 7 + [False] * 6 + [True]
    assert all(cell.protection.locked for cell in sheet[1])


def test_the_white_cells_offer_the_words_that_are_read():
    sheet = load_workbook(BytesIO(write_decision_sheet([a_row()], PROGRAMME, made_at=MADE_AT)))[
        "Svar"
    ]

    assert {
        str(rule.sqref): (rule.type, rule.formula1)
        for rule in sheet.data_validations.dataValidation
    } == {
        "H2": ("list", '"plass,venteliste,ikke plass"'),
        "I2": ("whole", "1"),
        "J2": ("textLength", str(LIMIT)),
        "K2": ("textLength", str(LIMIT)),
        "L2": ("list", '"bokmål,nynorsk"'),
        "M2": ("textLength", "200"),
    }


def test_a_sheet_without_applications_is_still_a_sheet():
    data = write_decision_sheet([], PROGRAMME, made_at=MADE_AT)

    assert read(data, {}) == SheetResult()


def test_the_fault_report_says_where_what_and_what_to_do():
    faults = [SheetFault(row=7, column=Column.OUTCOME, code=RowFault.OUTCOME_UNKNOWN, value="ja")]
    warnings = [SheetWarning(code=WarningCode.MORE_ADMITTED_THAN_PLACES, value="17 / 16")]

    sheet = load_workbook(
        BytesIO(write_fault_report(faults, warnings=warnings, made_at=MADE_AT))
    ).worksheets[0]

    assert [[cell.value for cell in row] for row in sheet.iter_rows(3)] == [
        ["Rad", "Kolonne", "Det står", "Hva er galt", "Hva gjør du"],
        [
            *("7", "Svar", "ja", "Svaret er ikke et av ordene vi kjenner."),
            "Velg plass, venteliste eller ikke plass.",
        ],
        [
            *(None, None, "17 / 16"),
            "Flere får plass enn programmet har plasser. Tallene viser antallet og plassene.",
            "Kontroller svarene, eller endre antallet plasser.",
        ],
    ]


@pytest.mark.parametrize("code", [*RowFault, *FileFault, *WarningCode])
def test_every_code_is_told_in_words(code: RowFault | FileFault | WarningCode):
    wrong, action = describe(code)

    assert wrong.endswith(".")
    assert action.endswith(".")


def test_the_rows_can_be_named_without_the_library_that_reads_sheets():
    program = (
        "import sys, kulturkontor.sheet_rows, kulturkontor.sheet_files;"
        "sys.exit(bool({'python_calamine', 'xlsxwriter'} & sys.modules.keys()))"
    )

    ended = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", program], env={"PYTHONPATH": os.pathsep.join(sys.path)}, check=False
    )

    assert ended.returncode == 0
