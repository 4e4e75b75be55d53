"""What a step may cost: AWS calls per step, modules per function."""

import subprocess
import sys
from pathlib import Path

import pytest

from kulturkontor.actions import save
from kulturkontor.aws.session import calls
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from tests.functions.calling import FUNCTIONS, aws_calls
from tests.office_factory import (
    accept,
    admitted,
    answers,
    attest,
    claim_body,
    decide_all,
    oslo,
    post_letter,
    release,
    release_batch,
    seal,
    send_claim,
    send_in,
    write_batch_files,
)

PACKAGE = Path(__file__).parents[2] / "layers" / "kulturkontor" / "python"
RATE_LIMIT = 1
"""The pages count a sender's requests before a step: one call."""
ASKING_FOR_FILES = 1
BATCH_FILES = 7
"""Of a batch without receipts: payment order, two CSV, workbook, vouchers, manifest, ZIP."""


def test_submitting_takes_four_calls_at_most(aws: Wiring) -> None:
    send_in(aws)
    assert aws_calls() + RATE_LIMIT <= 4


def test_saving_a_draft_takes_two_calls_at_most(aws: Wiring) -> None:
    draft = send_in(aws, submit=False)
    calls.clear()
    save.save(
        draft.id,
        answers(motivation="Nytt."),
        submit=False,
        expected_version=None,
        received_at=oslo("2026-03-20T11:00:00"),
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    assert aws_calls() == 2


def test_accepting_takes_four_calls_at_most(aws: Wiring) -> None:
    receipt = send_in(aws)
    decide_all(aws, [(receipt.reference or "", Outcome.ADMITTED)])
    release(aws)
    post_letter(aws, receipt.id)
    calls.clear()
    accept(aws, receipt.id)
    assert aws_calls() <= 4


def test_a_claim_and_its_correction_take_four_calls_at_most(aws: Wiring) -> None:
    application_id = admitted(aws)
    calls.clear()
    send_claim(aws, application_id)
    first = aws_calls()
    calls.clear()
    send_claim(aws, application_id, at="2026-10-01T10:00:00", body=claim_body(kilometres="120"))
    assert (first, aws_calls()) == (4, 4)


def test_sealing_and_releasing_a_batch_take_six_calls_at_most_and_asking_for_its_files_one(
    aws: Wiring,
) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id)
    attest(aws, application_id)
    calls.clear()
    (batch,) = seal(aws)
    sealing = aws_calls()
    calls.clear()
    release_batch(aws, batch.id)
    assert sealing <= 6
    assert (calls["s3"], aws_calls() <= 6 + ASKING_FOR_FILES) == (0, True)


def test_writing_the_files_of_a_batch_takes_five_calls_and_one_for_each_file(aws: Wiring) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id)
    attest(aws, application_id)
    (batch,) = seal(aws)
    release_batch(aws, batch.id)
    calls.clear()
    write_batch_files(aws, batch.id)
    assert (calls["s3"], aws_calls() - calls["s3"]) == (BATCH_FILES, 4)
    calls.clear()
    write_batch_files(aws, batch.id)
    assert (calls["s3"], aws_calls()) == (0, 1)


def _limit(function: str) -> int:
    """Functions with pages may import more; one that writes sheets carries that library, and the
    one that writes finance's files each of their formats.
    """
    if function in ("import_sheet", "write_payment_files"):
        return 650
    return 700 if function.startswith("serve_") else 620


NEVER = {"aws_xray_sdk", "openpyxl", "babel", "holidays", "dns"}
ONLY = {
    "typst": {"issue_letter"},
    "jinja2": {"serve_office", "serve_portal"},
    "xlsxwriter": {"import_sheet", "serve_office"},
}
EVERY = sorted(path.parent.name for path in FUNCTIONS.glob("*/app.py"))
_PROBE = (
    "import sys; before = set(sys.modules); import app; "
    "print('\\n'.join(sorted(set(sys.modules) - before)))"
)


@pytest.mark.parametrize("function", EVERY)
def test_a_function_imports_no_more_than_it_may(function: str) -> None:
    probe = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", _PROBE],
        cwd=FUNCTIONS / function,
        env={"PYTHONPATH": str(PACKAGE), "POWERTOOLS_SERVICE_NAME": "kulturkontor"},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = probe.stdout.split()
    found = {each.partition(".")[0] for each in modules}
    denied = NEVER | {each for each, allowed in ONLY.items() if function not in allowed}
    assert (found & denied, len(modules) <= _limit(function)) == (set(), True), len(modules)
