"""The season's driver fires what is due, answers as a bank would, and adds up what it was given."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kulturkontor.batch_files import RatesUsed, sha256_of
from kulturkontor.batch_zip import packing
from kulturkontor.finance_files import write_manifest, write_tables
from kulturkontor.pain002 import read_pain002
from kulturkontor.voucher_pages import set_vouchers
from local.bank import answer_payments
from local.batch_files import check_files
from local.book_checks import differences, unequal
from local.books import Books
from local.post_office import Mail
from local.postman import is_letter, write_mails
from local.run import Run, Sent
from local.schedules import Schedule
from local.timeline import Step, Timeline, choose_quiet_days
from local.year_files import check_years
from tests.rules.claim_factory import KIFK2, car
from tests.rules.payment_factory import RELEASED_AT
from tests.rules.voucher_factory import a_batch_of, attested_claim, vouchers_of

OSLO = ZoneInfo("Europe/Oslo")
NEEDED = {
    *("stack", "programme", "cast", "decisions", "groups", "claims"),
    *("timeline", "staff", "second", "finance", "reviewers", "out"),
}
START = datetime(2026, 3, 19, 5, 0, tzinfo=UTC)
OFTEN = Schedule("sweep", "cron(0/5 * * * ? *)", OSLO, "{}")
DAILY = Schedule("remind", "cron(0 8 * * ? *)", OSLO, "{}")
WEEKLY = Schedule("settle_travel", "cron(0 6 ? * MON *)", OSLO, "{}")
PAIN001 = b"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>B-1</MsgId><CtrlSum>30.50</CtrlSum></GrpHdr>
<PmtInf><PmtInfId>P-1</PmtInfId><CtrlSum>30.50</CtrlSum>
<CdtTrfTxInf><PmtId><EndToEndId>E-1</EndToEndId></PmtId>
<Amt><InstdAmt>10.25</InstdAmt></Amt></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>E-2</EndToEndId></PmtId>
<Amt><InstdAmt>20.25</InstdAmt></Amt></CdtTrfTxInf>
</PmtInf></CstmrCdtTrfInitn></Document>"""


class FakeStack:
    """Notes the clock of each invocation."""

    def __init__(self) -> None:
        self.clock = START
        self.invoked: list[tuple[str, datetime]] = []

    def set_clock(self, to: datetime) -> None:
        self.clock = to

    def invoke(self, function: str, event: object) -> Any:
        self.invoked.append((function, self.clock))


def timeline(stack: FakeStack, *schedules: Schedule) -> Timeline:
    return Timeline(stack, schedules, lambda: None, START)


def no_work() -> None:
    """A step at which somebody does something that needs nothing."""


def test_schedule_is_fired_once_for_its_last_occurrence_before_a_step() -> None:
    stack = FakeStack()
    step = Step(datetime(2026, 3, 24, 9, 2, tzinfo=UTC))
    timeline(stack, OFTEN, DAILY, WEEKLY).run([step], done=no_work)
    assert stack.invoked == [
        ("settle_travel", datetime(2026, 3, 23, 5, 0, tzinfo=UTC)),
        ("remind", datetime(2026, 3, 24, 7, 0, tzinfo=UTC)),
        ("sweep", datetime(2026, 3, 24, 9, 0, tzinfo=UTC)),
    ]


def test_schedule_is_fired_soon_after_a_step_with_work() -> None:
    stack = FakeStack()
    step = Step(datetime(2026, 3, 19, 6, 2, tzinfo=UTC), no_work)
    timeline(stack, OFTEN, DAILY).run([step], done=no_work)
    assert stack.invoked == [
        ("sweep", datetime(2026, 3, 19, 6, 0, tzinfo=UTC)),
        ("sweep", datetime(2026, 3, 19, 6, 5, tzinfo=UTC)),
    ]


def test_steps_are_taken_in_the_order_of_their_moments() -> None:
    done: list[str] = []
    later = Step(START + timedelta(hours=2), lambda: done.append("later"))
    first = Step(START + timedelta(hours=1), lambda: done.append("first"))
    timeline(FakeStack()).run([later, first], done=no_work)
    assert done == ["first", "later"]


def test_fired_and_skipped_are_every_occurrence() -> None:
    here = timeline(FakeStack(), DAILY)
    here.run([Step(datetime(2026, 3, 28, 20, 0, tzinfo=UTC))], done=no_work)
    assert (here.fired, here.skipped()) == (1, 9)


class SlowBucket:
    """Portal and postman in one: a file is told of after so many times of settling."""

    def __init__(self, late: int) -> None:
        self.left = late

    def settle(self) -> None:
        self.left -= 1

    def token(self, address: str) -> str:
        return f"secret of {address}"

    def files(self, application: str, token: str) -> list[dict[str, str]]:
        assert (application, token) == ("a1", "secret of kari@example.org")
        return [{"id": "f1", "state": "waiting" if self.left > 0 else "accepted"}]


def test_settling_lasts_until_every_file_that_was_sent_has_been_judged() -> None:
    bucket: Any = SlowBucket(late=4)
    others: Any = dict.fromkeys(NEEDED)
    run = Run(
        **others,
        portal=bucket,
        postman=bucket,
        sent={"one": Sent("a1", "KFK2-2026-4601")},
        successors={"one": "kari@example.org"},
        unjudged={("one", "f1")},
    )
    run.settle()
    assert (bucket.left, run.unjudged) == (0, set())


def test_quiet_days_are_lived_through_before_the_next_step() -> None:
    stack = FakeStack()
    here = timeline(stack, DAILY)
    here.quiet_days = [START + timedelta(days=3)]
    here.run([Step(START + timedelta(days=9))], done=no_work)
    assert [at.date() for _, at in stack.invoked] == [date(2026, 3, 21), date(2026, 3, 27)]


def test_quiet_days_have_no_step_of_their_own() -> None:
    steps = [Step(START + timedelta(days=days)) for days in (1, 2, 3, 60)]
    chosen = [day.date() for day in choose_quiet_days(steps, 20, START)]
    assert len(set(chosen)) == 20
    assert not {step.at.date() for step in steps} & set(chosen)


@pytest.mark.parametrize(
    ("mail", "counts"),
    [
        ("abc_letter_1", True),
        ("abc_letter_2", True),
        ("abc_letter_1_second", False),
        ("abc_letter_1_copy_leader", False),
        ("abc_letter_1_again1", False),
        ("abc_receipt_1", False),
        ("", False),
    ],
)
def test_only_the_letters_themselves_bounce(mail: str, counts: bool) -> None:
    assert is_letter(mail) == counts


def test_mail_is_kept_with_what_is_enclosed_whether_text_or_not(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Samlingen er avlyst"
    message.set_content("Hei")
    files = {"samling.ics": b"BEGIN:VCALENDAR\r\n", "brev.pdf": b"%PDF-1.7"}
    message.add_attachment(files["samling.ics"], maintype="text", subtype="calendar")
    message.add_attachment(files["brev.pdf"], maintype="application", subtype="pdf")
    mail = Mail(
        number=1,
        message_id="m-1",
        sender="kontor@example.org",
        recipients=("kari@example.org",),
        tags={"mail": "abc_gathering_1"},
        raw=message.as_bytes(),
    )
    write_mails([mail], tmp_path)
    kept = json.loads((tmp_path / "1.json").read_text("utf-8"))
    assert [each["sha256"] for each in kept["attachments"]] == [
        sha256_of(each) for each in files.values()
    ]


def test_bank_pays_all_but_what_it_rejects() -> None:
    report = read_pain002(answer_payments(PAIN001, rejects={"E-2"}, at=START))
    assert report.original_message_id == "B-1"
    assert [(each.end_to_end_id, each.code, each.reason) for each in report.statuses] == [
        ("E-1", "ACSC", ""),
        ("E-2", "RJCT", "AC04"),
    ]


def write_batch(folder: Path) -> dict[str, Any]:
    """The files of one payment as finance gets them; the batch as the office tells of it."""
    claim = attested_claim(car("l1"))
    batch = a_batch_of(claim)
    given = {"batch": batch, "programme": KIFK2}
    vouchers = vouchers_of(batch, [claim], {})
    (part,) = set_vouchers(vouchers, lambda _: None, at=RELEASED_AT, **given)
    files = {**write_tables(batch, KIFK2), part.file.name: part.pdf}
    sha256 = {name: sha256_of(data) for name, data in files.items()}
    files["manifest.json"] = write_manifest(
        **given, sha256=sha256, rates=RatesUsed(), voucher_files=(part.file,)
    )
    here = folder / batch.id
    here.mkdir()
    with packing(RELEASED_AT) as (packed, target):
        for name, data in files.items():
            (here / name).write_bytes(data)
            packed.add(name, data)
        packed.close()
        target.seek(0)
        (here / "batch.zip").write_bytes(target.read())
    return {
        "id": batch.id,
        "state": "settled",
        "control_sum_ore": batch.control_sum_ore,
        "payments": [each.end_to_end_id for each in batch.payments],
    }


def test_files_as_they_are_written_agree(tmp_path: Path) -> None:
    assert check_files(tmp_path, [write_batch(tmp_path)]) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "faults"),
    [
        ("payments.csv", b";318,00;", b";318,01;", ["different control sums", "manifest", "ZIP"]),
        ("lines.csv", b";318,00;", b";318,10;", ["different control sums", "manifest", "ZIP"]),
        ("pain001.xml", b">318.00<", b">318.10<", ["different control sums", "manifest", "ZIP"]),
        ("manifest.json", b"31800", b"31801", ["different control sums", "ZIP"]),
    ],
)
def test_control_sum_must_be_the_same_everywhere(
    tmp_path: Path, name: str, old: bytes, new: bytes, faults: list[str]
) -> None:
    batch = write_batch(tmp_path)
    file = tmp_path / batch["id"] / name
    assert old in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(old, new))
    told = check_files(tmp_path, [batch])
    assert len(told) == len(faults)
    assert all(words in each for words, each in zip(faults, told, strict=True))


def test_the_table_and_the_files_must_have_the_same_sum_and_payments(tmp_path: Path) -> None:
    batch = write_batch(tmp_path)
    assert len(check_files(tmp_path, [batch | {"control_sum_ore": 31799}])) == 1
    assert check_files(tmp_path, [batch | {"payments": ["one", "two"]}]) == [
        f"batch {batch['id']}: 2 payments, but 1 vouchers"
    ]


def test_batch_without_files_is_a_fault(tmp_path: Path) -> None:
    batch = {"id": "B-2", "state": "proposed", "control_sum_ore": 1}
    assert check_files(tmp_path, [batch]) == ["batch B-2 (proposed) has no files"]
    assert check_files(tmp_path, [batch | {"state": "refused"}]) == []


def write_year(folder: Path, *, stated_ore: int = 31800, page: bytes = b"<p>") -> None:
    sha256 = {"index.html": sha256_of(b"<p>")}
    with zipfile.ZipFile(folder / "2026.zip", "w") as packed:
        packed.writestr("index.html", page)
        manifest = {"control_sum_ore": stated_ore, "sha256": sha256}
        packed.writestr("manifest.json", json.dumps(manifest))


YEAR = {"execution_date": "2026-10-16", "control_sum_ore": 31800}


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        ({}, []),
        ({"stated_ore": 1}, ["the accounts of 2026 add up to 1, its batches to 31800"]),
        (
            {"page": b"<b>"},
            ["the accounts of 2026: index.html is not the file that the manifest names"],
        ),
    ],
    ids=["whole", "another sum", "another file"],
)
def test_accounts_of_a_year_are_those_of_its_batches(
    tmp_path: Path, written: dict[str, Any], faults: list[str]
) -> None:
    write_year(tmp_path, **written)
    assert check_years(tmp_path, [YEAR, {"execution_date": None, "control_sum_ore": 5}]) == faults


def test_a_year_that_nobody_fetched_is_a_fault(tmp_path: Path) -> None:
    assert check_years(tmp_path, [YEAR]) == ["the accounts of 2026 were not fetched"]


@pytest.mark.parametrize(
    ("look", "faults"),
    [
        (lambda: unequal("paid", 2, "owed", 2), []),
        (lambda: unequal("paid", 1, "owed", 2), ["paid (1) is not owed (2)"]),
        (lambda: differences("letters", {"held": 0}, {"held": 0}), []),
        (lambda: differences("letters", {"held": 1}, {"held": 0}), ["letters: held is 1, not 0"]),
        (lambda: differences("letters", {}, {"held": 0}), ["letters: held is None, not 0"]),
    ],
    ids=["equal", "unequal", "as wanted", "otherwise", "missing"],
)
def test_fault_is_one_clear_line(look: Callable[[], list[str]], faults: list[str]) -> None:
    assert look() == faults


def test_table_shows_kroner_and_says_whether_the_books_close() -> None:
    summary = {"money": {"actual_ore": 123456789}, "aws_calls": {"total": 1}}
    assert Books(summary, []).table().splitlines() == [
        "",
        "  money         actual_ore 1 234 567.89",
        "",
        "The books close.",
    ]
    assert Books(summary, ["x"]).table().endswith("The books do not close:")
