"""The accounts of a year in a folder that needs no system: every link leads to a file in it."""

import csv
import io
import json
import zipfile
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import PurePosixPath

import pytest

from kulturkontor.actions.export_year import write_year_export
from kulturkontor.actions.request_export import request_year_export
from kulturkontor.actions.review_claims import rule_on_lines
from kulturkontor.aws.wiring import Wiring
from kulturkontor.judgement import LineRuling
from kulturkontor.records import Put
from kulturkontor.uploads import PDF, PNG
from tests.crash.world import World
from tests.office_factory import (
    FINANCE,
    admitted,
    attest,
    claim_body,
    oslo,
    release_batch,
    seal,
    send_claim,
    write_batch_files,
)
from tests.rules.voucher_factory import a_file, a_pdf, a_png

ASKED_AT = "2027-01-10T10:00:00"
TICKET, PICTURE = a_pdf("Togbillett"), a_png()


class Links(HTMLParser):
    """Where a page leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


def export(here: Wiring, year: int = 2026) -> dict[str, bytes]:
    """The files of the year's ZIP, by their paths."""
    asked = request_year_export(
        year,
        by="okonomi@example.org",
        at=oslo(ASKED_AT),
        programme=here.programme,
        records=here.records,
        files_queue=here.files_queue,
    )
    made = write_year_export(
        asked.id,
        now=oslo("2027-01-10T10:01:00"),
        finance_address=FINANCE,
        programme=here.programme,
        records=here.records,
        archive=here.archive,
        mail_queue=here.mail_queue,
    )
    assert made is not None
    with zipfile.ZipFile(io.BytesIO(World(here).files()[made.object_key])) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def keep_receipt(
    here: Wiring, application_id: str, receipt_id: str, data: bytes, media_type: str, name: str
) -> None:
    file = a_file(receipt_id, data, media_type, name=name).but(application_id=application_id)
    here.records.write(Put(file))
    here.archive.write_once(file.accepted_key, data, media_type=media_type)


@pytest.fixture
def paid(aws: Wiring) -> Wiring:
    """A claim with two receipts, of which staff reduced a line, is paid in October."""
    application_id = admitted(aws)
    keep_receipt(aws, application_id, "ticket00001", TICKET, PDF, "Billett til Gardermoen æøå.pdf")
    keep_receipt(aws, application_id, "picture0001", PICTURE, PNG, "bilde.png")
    body = claim_body()
    for number, receipt in ((2, "ticket00001"), (3, "picture0001")):
        body["lines"].append(
            {
                "id": f"l{number}",
                "participant": "p2",
                "kind": "train",
                "date": "2026-09-24",
                "amount": f"{number}00,00",
                "note": "=1+1",
                "receipt_ids": [receipt],
            }
        )
    send_claim(aws, application_id, body=body)
    rule_on_lines(
        application_id,
        "S1",
        [
            LineRuling(
                line_id="l3",
                verdict="approve",
                by="attestant",
                reason="Bare andre klasse dekkes.",
                internal="Sett av Anne.",
                approved_ore=200_00,
            )
        ],
        by="attestant",
        at=oslo("2026-10-01T09:00:00"),
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    attest(aws, application_id)
    (batch,) = seal(aws)
    release_batch(aws, batch.id)
    write_batch_files(aws, batch.id)
    return aws


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    sheet = io.StringIO(files[name].decode("utf-8-sig"), newline="")
    return list(csv.DictReader(sheet, delimiter=";"))


def test_every_link_leads_to_a_file_in_the_folder(paid: Wiring) -> None:
    files = export(paid)
    dead = []
    for name, data in files.items():
        if not name.endswith(".html"):
            continue
        page = data.decode()
        for link in Links(page).found:
            target, _, anchor = link.partition("#")
            place = _resolved(name, target)
            if (target and place not in files) or (anchor and f'id="{anchor}"' not in page):
                dead.append((name, link))
    assert dead == []


def _resolved(page: str, link: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / link).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def test_a_payment_leads_to_its_claim_and_the_claim_to_its_receipts(paid: Wiring) -> None:
    files = export(paid)
    claim = "krav/KFK2-2026-4601-S1-R1.html"
    assert claim in Links(files["index.html"].decode()).found
    receipts = [each for each in Links(files[claim].decode()).found if "kvitteringer" in each]
    assert [files[each.removeprefix("../")] for each in receipts] == [TICKET, PICTURE]
    assert receipts[0] == (
        "../kvitteringer/KFK2-2026-4601-S1/ticket00001-Billett_til_Gardermoen_.pdf"
    )


def test_nothing_is_fetched_from_the_net_and_no_words_become_markup(paid: Wiring) -> None:
    pages = [data.decode() for name, data in export(paid).items() if name.endswith(".html")]
    assert [each for page in pages for each in Links(page).found if "//" in each] == []
    assert all("<script" not in page for page in pages)


def test_the_tables_hold_payments_claims_lines_rulings_and_who_did_what(paid: Wiring) -> None:
    files = export(paid)
    (payment,) = rows(files, "betalinger.csv")
    assert (payment["Bilag"], payment["Beløp"], payment["Status"]) == (
        "1",
        "465,00",
        "Hos banken",
    )
    (claim,) = rows(files, "krav.csv")
    assert (claim["Krav"], claim["Status"], claim["Attestert av"], claim["Pulje"]) == (
        "KFK2-2026-4601-S1",
        "I utbetaling",
        "attestant",
        "KIFK2-20261005-1",
    )
    lines = rows(files, "linjer.csv")
    assert [
        (row["Type"], row["Resultat"], row["Merknad"], row["Kvitteringer"]) for row in lines
    ] == [
        ("Egen bil", "Godkjent", "", ""),
        ("Tog", "Godkjent", "'=1+1", "Billett til Gardermoen æøå.pdf"),
        ("Tog", "Redusert", "'=1+1", "bilde.png"),
    ]
    assert rows(files, "avgjorelser.csv") == [
        {
            "Krav": "KFK2-2026-4601-S1",
            "Versjon": "1",
            "Linje": "3",
            "Avgjørelse": "Godkjent",
            "Godkjent beløp": "200,00",
            "Av": "attestant",
            "Begrunnelse til kommunen": "Bare andre klasse dekkes.",
            "Intern merknad": "Sett av Anne.",
        }
    ]
    done = [row["Hva"].rpartition(" ")[2] for row in rows(files, "logg.csv")]
    assert done == ["rulings#S1", "attest#S1", "account", "seal#S1", "release#KIFK2-20261005-1"]


def test_the_files_of_each_batch_are_those_that_finance_got(paid: Wiring) -> None:
    files = export(paid)
    kept = World(paid).files()
    of_batch = {
        name.removeprefix("puljer/"): data
        for name, data in files.items()
        if name.startswith("puljer/")
    }
    assert of_batch == {
        key.removeprefix("payments/kifk2/"): data
        for key, data in kept.items()
        if key.startswith("payments/") and not key.endswith("batch.zip")
    }


def test_the_manifest_names_every_other_file_and_the_sum_of_the_year(paid: Wiring) -> None:
    files = export(paid)
    manifest = json.loads(files["manifest.json"])
    assert manifest == {
        "programme": "kifk2",
        "year": 2026,
        "payment_count": 1,
        "control_sum_ore": 46500,
        "claim_count": 1,
        "sha256": {
            name: sha256(data).hexdigest()
            for name, data in files.items()
            if name != "manifest.json"
        },
    }
    assert "Sum av betalinger: 465,00\xa0kr fordelt på én betaling." in files["LESMEG.txt"].decode(
        "utf-8-sig"
    )


def test_a_year_without_payments_says_so(aws: Wiring) -> None:
    files = export(aws)
    assert "Ingen betalinger i året." in files["index.html"].decode()
    assert rows(files, "betalinger.csv") == []


def test_a_claim_paid_after_new_year_is_in_both_years(aws: Wiring) -> None:
    application_id = admitted(aws)
    send_claim(
        aws,
        application_id,
        "S2",
        at="2026-12-20T10:00:00",
        body=claim_body(date="2026-11-12"),
    )
    attest(aws, application_id, "S2", at="2026-12-30T10:00:00")
    (batch,) = seal(aws, "2026-12-30T12:00:00")
    released = release_batch(aws, batch.id, "2026-12-30T13:00:00")
    write_batch_files(aws, batch.id, "2026-12-30T13:01:00")
    assert (released.accounting_year, released.first_voucher) == (2027, 1)
    page = "krav/KFK2-2026-4601-S2-R1.html"
    this_year, next_year = export(aws, 2026), export(aws, 2027)
    assert (page in this_year, page in next_year) == (True, True)
    assert (len(rows(this_year, "betalinger.csv")), len(rows(next_year, "betalinger.csv"))) == (
        0,
        1,
    )
    assert "Andre krav i året" in this_year["index.html"].decode()


def test_a_receipt_that_the_archive_has_lost_is_told_of(paid: Wiring) -> None:
    gone = [key for key in World(paid).files() if "picture0001" in key]
    for key in gone:
        paid.archive.erase(paid.archive.versions(key))
    page = export(paid)["krav/KFK2-2026-4601-S1-R1.html"].decode()
    assert "bilde.png (finnes ikke lenger i arkivet)" in page
