"""The cells of a sheet that staff upload: XLSX, or CSV as Norwegian Excel writes it.

Office programs trust the file; here its size is judged first. An XLSX is unpacked under a limit,
only the parts that hold cells are packed anew, and the grid is measured before the reader sees it:
two cells in far corners are a small file and an enormous table.
"""

import csv
from collections.abc import Mapping, Sequence
from enum import StrEnum
from io import BytesIO, StringIO
from xml.parsers import expat

from kulturkontor.archives import ArchiveError, ArchiveFault, pack, unpack

MAX_BYTES = 5_000_000
MAX_UNPACKED = 40_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 200
MAX_CELLS = 50_000

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""Excel before 2007, and any Excel file behind a password."""


class FileFault(StrEnum):
    """Why a file as a whole cannot be read."""

    EMPTY_FILE = "empty_file"
    FILE_TOO_LARGE = "file_too_large"
    OLD_OR_LOCKED = "old_or_locked"
    NOT_A_SHEET = "not_a_sheet"


class UnreadableSheetError(ValueError):
    """The file is no sheet we can read; `code` says why, and `sheet_faults.toml` what to do."""

    def __init__(self, code: FileFault) -> None:
        super().__init__(f"save the sheet as XLSX and upload it again ({code})")
        self.code = code


def read_cells(data: bytes, *, sheet_name: str) -> list[list[str]]:
    """The rows of the sheet of that name (else the first sheet) as text, from its first row on.

    Raises UnreadableSheetError.
    """
    if not data:
        raise UnreadableSheetError(FileFault.EMPTY_FILE)
    if len(data) > MAX_BYTES:
        raise UnreadableSheetError(FileFault.FILE_TOO_LARGE)
    if data.startswith(_OLD_OFFICE):
        raise UnreadableSheetError(FileFault.OLD_OR_LOCKED)
    return _read_xlsx(data, sheet_name) if data.startswith(_ZIP) else _read_csv(data)


def _read_xlsx(data: bytes, sheet_name: str) -> list[list[str]]:
    # Here, not above: only the functions that read sheets have the layer with this library.
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        parts = unpack(data, max_unpacked=MAX_UNPACKED)
        needed = {name: content for name, content in parts.items() if _holds_cells(name)}
        _measure([content for name, content in needed.items() if "worksheets/" in name])
        with CalamineWorkbook.from_filelike(BytesIO(pack(needed))) as book:
            names = book.sheet_names
            if not names:
                raise UnreadableSheetError(FileFault.NOT_A_SHEET)
            sheet = book.get_sheet_by_name(sheet_name if sheet_name in names else names[0])
            return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except ArchiveError as fault:
        is_large = fault.code is ArchiveFault.UNPACKS_TOO_LARGE
        code = FileFault.FILE_TOO_LARGE if is_large else FileFault.NOT_A_SHEET
        raise UnreadableSheetError(code) from fault
    except (CalamineError, expat.ExpatError, LookupError, ValueError) as fault:
        if isinstance(fault, UnreadableSheetError):
            raise
        raise UnreadableSheetError(FileFault.NOT_A_SHEET) from fault


def _holds_cells(name: str) -> bool:
    is_of_workbook = name.startswith(("xl/", "_rels/")) or name == "[Content_Types].xml"
    return is_of_workbook and name.endswith((".xml", ".rels"))


def _measure(worksheets: Sequence[bytes]) -> None:
    grid = _Grid()
    for worksheet in worksheets:
        parser = expat.ParserCreate()
        parser.StartElementHandler = grid.take
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.Parse(worksheet, True)


def _refuse_doctype(*_: object) -> None:
    raise UnreadableSheetError(FileFault.NOT_A_SHEET)


class _Grid:
    """Counts the filled cells and where they stand; one that does not say follows the last."""

    def __init__(self) -> None:
        self.cells = self.row = self.column = 0

    def take(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            self.row, self.column = int(attributes.get("r") or self.row + 1), 0
        elif kind == "c":
            self.row, self.column = _place(attributes.get("r", ""), self.row, self.column)
        elif kind in ("v", "is"):
            self.cells += 1
            if self.row > MAX_ROWS or self.column > MAX_COLUMNS or self.cells > MAX_CELLS:
                raise UnreadableSheetError(FileFault.FILE_TOO_LARGE)


def _place(address: str, row: int, column: int) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    if not letters:
        return row, column + 1
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return int(address[len(letters) :] or row), number


def _read_csv(data: bytes) -> list[list[str]]:
    text = _decode(data)
    first_line, _, rest = text.partition("\n")
    if first_line.strip().lower().startswith("sep="):
        text, first_line = rest, rest.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=";" if ";" in first_line else ",")
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS:
                raise UnreadableSheetError(FileFault.FILE_TOO_LARGE)
    except csv.Error as fault:
        raise UnreadableSheetError(FileFault.NOT_A_SHEET) from fault
    return rows


def _decode(data: bytes) -> str:
    if b"\0" in data:
        raise UnreadableSheetError(FileFault.NOT_A_SHEET)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as fault:
        raise UnreadableSheetError(FileFault.NOT_A_SHEET) from fault


def _text(cell: object) -> str:
    """A cell as a person reads it: the number 3 is "3", not "3.0"."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
