"""Who is decided on after the letters went."""

from datetime import date
from io import BytesIO

from pypdf import PdfReader

from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from tests.office_factory import decide_all, letter, read, release, send_in


def test_a_late_decision_is_dated_its_own_day_and_leaves_time_to_answer(aws: Wiring) -> None:
    first, late = send_in(aws), send_in(aws, "5001")
    decide_all(aws, [(first.reference or "", Outcome.ADMITTED)])
    release(aws)
    decide_all(aws, [(late.reference or "", Outcome.ADMITTED)], at="2026-05-26T10:00:00")
    release(aws, at="2026-05-26T10:05:00")
    told = letter(aws, late.id, at="2026-05-26T10:06:00")
    assert told is not None
    pages = PdfReader(BytesIO(aws.archive.read(told.key))).pages
    words = " ".join(pages[0].extract_text().split())
    assert "Dato 26. mai 2026" in words
    assert "innen 2. juni 2026" in words
    place = read(aws, late.id).place
    assert place is not None
    assert place.answer_by == date(2026, 6, 2)


def test_letters_that_go_out_late_leave_time_to_answer_though_decided_in_time(aws: Wiring) -> None:
    sent = send_in(aws)
    decide_all(aws, [(sent.reference or "", Outcome.ADMITTED)], at="2026-04-20T10:00:00")
    release(aws, at="2026-05-26T09:00:00")
    told = letter(aws, sent.id, at="2026-05-26T09:01:00")
    assert told is not None
    words = " ".join(PdfReader(BytesIO(aws.archive.read(told.key))).pages[0].extract_text().split())
    assert "innen 2. juni 2026" in words
    kept = read(aws, sent.id)
    assert kept.place is not None
    assert (kept.place.answer_by, kept.decisions[0].answer_by) == (date(2026, 6, 2),) * 2
