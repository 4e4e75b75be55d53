"""The sheets of a council that starts in the middle, filled in, and how they are put in."""

import csv
from io import StringIO
from typing import Any

from kulturkontor.actions import start_import
from kulturkontor.actions.promise_sheets import promise_sheet
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.sheet_imports import SheetImport, sheet_key
from kulturkontor.start_sheets import COLUMNS, StartKind, words_of
from tests.office_factory import CONFIRMER, oslo

NOW = "2026-10-20T10:00:00"
BERGEN = {
    "municipality": "Bergen",
    "contact_name": "Kari Prøve",
    "contact_role": "rektor",
    "contact_email": "kontakt-4601@example.org",
    "outcome": "plass",
    "decided": "30.04.2026",
    "reason": "Søknaden er god.",
    "accepted": "ja",
}
WAITS = BERGEN | {
    "municipality": "Voss",
    "contact_email": "kontakt-4621@example.org",
    "outcome": "venteliste",
    "rank": "1",
    "accepted": "",
}
REFUSED = BERGEN | {
    "municipality": "Stord",
    "contact_email": "kontakt-4614@example.org",
    "outcome": "ikkje plass",
    "accepted": "",
}
MEMBERS = [
    {
        "municipality": "4601",
        "name": f"Prøve Person {number}",
        "sector": "kultur",
        "email": f"person-{number}@example.org",
        "coordinator": "ja" if number == 1 else "",
    }
    for number in range(1, 5)
]
CAME = [
    {"municipality": "Bergen", "gathering": "1", "name": f"prøve person {n}", "came": came}
    for n, came in ((1, "ja"), (2, "nei"))
]
PAID = [
    {
        "municipality": "Bergen",
        "gathering": "1",
        "name": f"Prøve Person {number}",
        "travel_actual": "1234,50",
        "travel_paid": "617,25",
        "night_actual": "1450",
        "night_paid": "1450",
        "paid_on": "2026-10-15",
        "voucher": "20145",
        "account": "9999 00 12349",
    }
    for number in (1, 3)
]


def sheet_of(kind: StartKind, rows: list[dict[str, str]], language: Any = "nb") -> bytes:
    """The rows as Norwegian Excel saves them as CSV."""
    headings = words_of(kind, language)["columns"]
    target = StringIO()
    writer = csv.writer(target, delimiter=";")
    writer.writerow([headings[each] for each in COLUMNS[kind]])
    for row in rows:
        writer.writerow([row.get(each, "") for each in COLUMNS[kind]])
    return target.getvalue().encode("utf-8-sig")


def promise(here: Wiring, kind: StartKind, sheet_id: str, at: str = NOW) -> SheetImport:
    return promise_sheet(
        kind,
        sheet_id=sheet_id,
        by="stab@example.org",
        at=oslo(at),
        programme=here.programme,
        records=here.records,
    )


def upload(
    here: Wiring, kind: StartKind, data: bytes, sheet_id: str = "start001", at: str = NOW
) -> SheetImport:
    """The sheet as it is after it was read."""
    sheet = promise(here, kind, sheet_id, at)
    client("s3").put_object(Bucket=here.office.name, Key=sheet.object_key, Body=data)
    return take_in(here, sheet_id, at)


def take_in(here: Wiring, sheet_id: str, at: str = NOW) -> SheetImport:
    found = start_import.take_in(
        sheet_id,
        version=None,
        now=oslo(at),
        programme=here.programme,
        records=here.records,
        office=here.office,
        archive=here.archive,
    )
    assert found is not None
    return found


def begin(
    here: Wiring, sheet_id: str, at: str = NOW, seen: str | None = None, by: str = CONFIRMER
) -> SheetImport:
    """`seen`: the digest of the rows that were shown; those that are there, unless it is given."""
    sheet = here.records.read(SheetImport, sheet_key(here.programme.id, sheet_id))
    return start_import.begin_writing(
        sheet_id,
        seen=(sheet.digest if sheet else "") if seen is None else seen,
        by=by,
        at=oslo(at),
        bucket=here.office.name,
        programme=here.programme,
        records=here.records,
        archive=here.archive,
        sheet_queue=here.sheet_queue,
    )


def put_in(
    here: Wiring,
    kind: StartKind,
    rows: list[dict[str, str]],
    sheet_id: str = "start001",
    at: str = NOW,
) -> SheetImport:
    """Read, confirmed and written."""
    upload(here, kind, sheet_of(kind, rows), sheet_id, at)
    begin(here, sheet_id, at)
    return take_in(here, sheet_id, at)


def start_over(here: Wiring) -> None:
    """A council whose spring was by hand: all four sheets."""
    put_in(here, StartKind.MUNICIPALITIES, [BERGEN, WAITS, REFUSED], "start001")
    put_in(here, StartKind.MEMBERS, MEMBERS, "start002")
    put_in(here, StartKind.ATTENDANCE, CAME, "start003")
    put_in(here, StartKind.PAYMENTS, PAID, "start004")
