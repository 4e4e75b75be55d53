"""Each letter is in one place of the books; the file opens in Norwegian Excel as what it says."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kulturkontor.application_rows import row_of
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.decisions import DecisionKind, LetterState, Outcome, confirmed
from kulturkontor.ledger_sheet import COLUMNS, ledger_rows, write_ledger_book, write_ledger_csv
from kulturkontor.letter_ledger import Fate, LedgerLine, count_fates, ledger_lines
from kulturkontor.mails import Mail, MailEvent, MailState
from kulturkontor.release import count_letters
from tests.office_factory import oslo
from tests.rules.application_factory import a_decision, a_letter, a_mail, an_application

AT = oslo("2026-04-30T09:02:00")
WORDS = {
    **{f"outcome.{each}": str(each) for each in Outcome},
    **{f"fate.{each}": str(each) for each in Fate},
}
HEADINGS = {name: name.upper() for name in COLUMNS}


def mail_of(number: int, state: MailState, **changes: Any) -> Mail:
    return a_mail(id=f"{number:032x}_letter_1", state=state, **changes)


def lines_of(letters: list[tuple[LetterState, Mail | None]]) -> list[LedgerLine]:
    applications = [
        an_application(
            id=f"{number:032x}",
            reference=f"KFK2-2026-{number:04}",
            decisions=(a_decision(letter=a_letter(state)),),
        )
        for number, (state, _) in enumerate(letters)
    ]
    mails = {mail.id: mail for _, mail in letters if mail}
    return ledger_lines(applications, mails)


@pytest.mark.parametrize(
    ("state", "fate"),
    [
        (MailState.QUEUED, Fate.WAITING),
        (MailState.CLAIMED, Fate.WAITING),
        (MailState.STOPPED, Fate.STOPPED),
        (MailState.FAILED, Fate.REFUSED),
        (MailState.UNCERTAIN, Fate.UNCERTAIN),
        (MailState.SENT, Fate.IN_TRANSIT),
        (MailState.DELIVERED, Fate.DELIVERED),
        (MailState.BOUNCED, Fate.BOUNCED),
    ],
)
def test_a_letter_is_where_its_mail_is(state: MailState, fate: Fate) -> None:
    (line,) = lines_of([(LetterState.RENDERED, mail_of(0, state))])
    assert line.fate is fate


def test_a_stopped_letter_that_staff_put_aside_is_refused() -> None:
    (line,) = lines_of([(LetterState.RENDERED, mail_of(0, MailState.STOPPED, handled_by="stab"))])
    assert line.fate is Fate.REFUSED


@pytest.mark.parametrize(
    ("state", "fate"),
    [
        (LetterState.PENDING, Fate.UNWRITTEN),
        (LetterState.HELD, Fate.HELD),
        (LetterState.RENDERED, Fate.UNEXPLAINED),
    ],
)
def test_a_letter_without_a_mail_says_why(state: LetterState, fate: Fate) -> None:
    (line,) = lines_of([(state, None)])
    assert line.fate is fate


def test_a_decision_that_was_never_to_be_told_is_no_row() -> None:
    gone = an_application(state=ApplicationState.WITHDRAWN, decisions=(a_decision(),))
    outside = an_application(decisions=(a_decision(letter=a_letter(LetterState.OUTSIDE)),))
    assert ledger_lines([gone, outside], {}) == []


CARRIES = st.sampled_from([each for each in MailState if each is not MailState.TAKEN_BACK])
"""Where the mail of a letter that was written may be; of one that was taken back, only there."""


@given(st.lists(st.one_of(st.just(None), CARRIES), max_size=15), st.booleans())
def test_the_rows_add_up_to_the_three_equations(
    states: list[MailState | None], is_handled: bool
) -> None:
    """None: held. The rows are counted apart from the equations, and say the same."""
    handled = {"handled_by": "stab"} if is_handled else {}
    letters = [
        (LetterState.RENDERED, mail_of(number, state, **handled))
        if state
        else (LetterState.HELD, None)
        for number, state in enumerate(states)
    ]
    lines = lines_of(letters)
    books = count_letters(
        [row_of(line.application) for line in lines], [mail for _, mail in letters if mail]
    )
    fates = count_fates(lines)
    assert (books.held, books.refused, books.uncertain) == (
        fates[Fate.HELD],
        fates[Fate.REFUSED],
        fates[Fate.UNCERTAIN],
    )
    assert books.waiting == fates[Fate.WAITING] + fates[Fate.STOPPED]
    assert (books.delivered, books.bounced, books.in_transit) == (
        fates[Fate.DELIVERED],
        fates[Fate.BOUNCED],
        fates[Fate.IN_TRANSIT],
    )
    assert books.unexplained == fates[Fate.UNEXPLAINED] == 0


def rows_of_one(**decision: Any) -> list[dict[str, str]]:
    events = (
        MailEvent(kind="Delivery", at=oslo("2026-04-30T09:03:04")),
        MailEvent(kind="Bounce", at=oslo("2026-04-30T09:05:00"), detail="Permanent"),
    )
    mail = mail_of(
        0,
        MailState.BOUNCED,
        claimed_at=AT,
        message_id="ses-1",
        events=events,
        to="kari@example.org",
    ).but(second_contact="second", copies=1)
    second = a_mail(id="second", to="leder@example.org")
    again = a_mail(id=f"{mail.id}_again1", copies=1)
    arrived = MailEvent(kind="Delivery", at=oslo("2026-04-30T12:00:00"))
    anew = a_mail(
        id=f"{again.id}_again1", to="ny@example.org", state=MailState.DELIVERED, events=(arrived,)
    )
    application = an_application(
        id=f"{0:032x}",
        decisions=(
            a_decision(
                confirmed_by="leder@example.org",
                confirmed_at=oslo("2026-04-21T10:00:00"),
                letter=a_letter(template_version="cd" * 32),
                **decision,
            ),
        ),
    )
    lines = ledger_lines([application], {each.id: each for each in (mail, second, again, anew)})
    assert [each.has_arrived_since for each in lines] == [True]
    return ledger_rows(lines, WORDS)


def test_a_row_follows_a_letter_from_decision_to_bounce() -> None:
    (row,) = rows_of_one()
    assert row == {
        "reference": "KFK2-2026-4601",
        "municipality": "Bergen",
        "serial": "1",
        "outcome": "admitted",
        "fate": "bounced",
        "decided_by": "stab",
        "decided_at": "20.04.2026 10:00:00",
        "confirmed_by": "leder@example.org",
        "confirmed_at": "21.04.2026 10:00:00",
        "rendered_at": "30.04.2026 09:01:00",
        "handed_over_at": "30.04.2026 09:02:00",
        "delivered_at": "30.04.2026 09:03:04",
        "bounced_at": "30.04.2026 09:05:00",
        "to": "kari@example.org",
        "mail": f"{0:032x}_letter_1",
        "message_id": "ses-1",
        "second_contact": "leder@example.org",
        "again_to": "ny@example.org",
        "again_delivered_at": "30.04.2026 12:00:00",
        "template": "cd" * 32,
        "sha256": "ab" * 32,
        "because": "",
    }


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1"])
def test_no_cell_of_the_csv_is_a_formula(hostile: str) -> None:
    data = write_ledger_csv(rows_of_one(decided_by=hostile), HEADINGS)
    assert data.startswith(b"\xef\xbb\xbf")
    heading, row = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    assert heading == [HEADINGS[name] for name in COLUMNS]
    assert row[COLUMNS.index("decided_by")] == f"'{hostile}"


def test_the_workbook_holds_text_and_no_formula() -> None:
    data = write_ledger_book(rows_of_one(decided_by="=1+1"), HEADINGS, title="Brev", made_at=AT)
    sheet = load_workbook(io.BytesIO(data))["Brev"]
    cell = sheet.cell(2, COLUMNS.index("decided_by") + 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert sheet.cell(1, 1).value == "REFERENCE"


def test_the_same_rows_give_the_same_workbook() -> None:
    first, second = (
        write_ledger_book(rows_of_one(), HEADINGS, title="Brev", made_at=AT) for _ in range(2)
    )
    assert first == second


CORRECTION = a_decision(serial=2, kind=DecisionKind.CORRECTION)
TOLD = a_decision(letter=a_letter())
CONFIRMED = {"confirmed_by": "leder", "confirmed_at": AT}


@pytest.mark.parametrize(
    ("application", "fate", "counts"),
    [
        pytest.param(
            an_application(
                state=ApplicationState.WITHDRAWAL_ASKED, decisions=(a_decision(**CONFIRMED),)
            ),
            Fate.WITHDRAWAL_ASKED,
            (0, 1, 0),
            id="asked-to-withdraw",
        ),
        pytest.param(
            an_application(decisions=(TOLD, CORRECTION)),
            Fate.UNCONFIRMED,
            (1, 0, 1),
            id="a-correction-that-is-proposed",
        ),
        pytest.param(
            an_application(decisions=(TOLD, confirmed(CORRECTION, by="leder", at=AT))),
            Fate.UNWRITTEN,
            (2, 0, 0),
            id="a-correction-that-waits-for-its-letter",
        ),
        pytest.param(
            an_application(decisions=(a_decision(),)),
            Fate.UNWRITTEN,
            (1, 0, 0),
            id="an-answer-that-somebody-still-lacks",
        ),
    ],
)
def test_what_gets_no_letter_as_it_is_has_its_own_name_in_the_ledger_and_the_books(
    application: Application, fate: Fate, counts: tuple[int, int, int]
) -> None:
    told = a_mail(id=f"{application.id}_letter_1", state=MailState.DELIVERED)
    mails = [told] if application.decisions[0].is_told else []
    lines = ledger_lines([application], {mail.id: mail for mail in mails})
    books = count_letters([row_of(application)], mails)
    assert lines[-1].fate is fate
    assert (books.decided, books.withdrawal_asked, books.unconfirmed) == counts
    assert books.unexplained == int(fate is Fate.UNWRITTEN)
    assert books.is_closed == (fate is not Fate.UNWRITTEN)
