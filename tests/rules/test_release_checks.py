"""What must be in order before the letters go, and what of it keeps them back."""

from typing import Any

import pytest

from kulturkontor.application_rows import ApplicationRow, LetterMark
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.decisions import LetterState, Outcome
from kulturkontor.mails import Mail, MailState
from kulturkontor.release_checks import (
    Concern,
    find_address_faults,
    find_blockers,
    find_concerns,
    find_letter_faults,
)
from kulturkontor.sending_account import SendingAccount, find_account_faults
from tests.office_factory import an_account, oslo
from tests.rules.application_factory import ID, KIFK2, a_mail, a_row, an_application

S = ApplicationState
BERGEN = "KFK2-2026-4601"


def mark(
    outcome: Outcome = Outcome.REJECTED,
    state: LetterState = LetterState.PENDING,
    *,
    is_confirmed: bool = True,
) -> LetterMark:
    return LetterMark(n=1, o=outcome, s=state, c=is_confirmed)


def decided(number: int = 4601, **changes: Any) -> ApplicationRow:
    usual = {"reference": f"KFK2-2026-{number}", "letters": (mark(),)}
    return a_row(**usual | changes)


FULL = [
    decided(1000 + number, letters=(mark(Outcome.ADMITTED),))
    for number in range(KIFK2.decision.places)
]


@pytest.mark.parametrize(
    ("rows", "admitted", "expected"),
    [
        pytest.param(FULL, 16, [], id="all-in-order"),
        pytest.param(FULL, None, [("minutes_missing", ("16",))], id="no-number-from-the-board"),
        pytest.param(FULL, 15, [("minutes_differ", ("16", "15"))], id="another-number"),
        pytest.param(FULL[:-1], 16, [("minutes_differ", ("15", "16"))], id="one-too-few"),
        pytest.param([*FULL, decided(letters=())], 16, [("undecided", (BERGEN,))], id="undecided"),
        pytest.param(
            [*FULL, decided(letters=(mark(is_confirmed=False),))],
            16,
            [("unconfirmed", (BERGEN,))],
            id="unconfirmed",
        ),
        pytest.param(
            [*FULL, decided(state=S.COMPETING, letters=())],
            16,
            [("undecided", (BERGEN,))],
            id="one-of-two-is-undecided",
        ),
        pytest.param(
            [
                *FULL,
                decided(state=S.WITHDRAWN, letters=()),
                decided(state=S.SUPERSEDED, letters=()),
                decided(state=S.WITHDRAWAL_ASKED, letters=()),
                a_row(reference=None, state=S.DRAFT),
            ],
            16,
            [],
            id="who-gets-no-answer-keeps-nobody-back",
        ),
    ],
)
def test_what_keeps_the_letters_back(
    rows: list[ApplicationRow],
    admitted: int | None,
    expected: list[tuple[str, tuple[str, ...]]],
) -> None:
    found = find_blockers(rows, admitted, sheet_is_applying=False)
    assert [(each.code, each.references) for each in found] == expected
    assert all(each.blocks for each in found)


def test_a_sheet_that_is_being_put_in_keeps_the_letters_back() -> None:
    assert find_blockers(FULL, 16, sheet_is_applying=True) == [
        Concern(code="sheet_applying", blocks=True)
    ]


@pytest.mark.parametrize(
    ("rows", "waiting", "expected"),
    [
        pytest.param(FULL, [], [], id="all-in-order"),
        pytest.param(FULL[:-1], [], [("places_differ", ("15", "16"))], id="a-place-left"),
        pytest.param(
            [*FULL, decided(state=S.COMPETING)], [], [("competing", (BERGEN,))], id="competing"
        ),
        pytest.param(
            [*FULL, decided(letters=(mark(state=LetterState.HELD),))],
            [],
            [("held", (BERGEN,))],
            id="held",
        ),
        pytest.param(
            [*FULL, decided(state=S.WITHDRAWAL_ASKED)],
            [],
            [("withdrawal_asked", (BERGEN,))],
            id="withdrawal-asked",
        ),
        pytest.param(
            FULL, [a_mail(id="b"), a_mail(id="a")], [("mails_need_staff", ("a", "b"))], id="bounced"
        ),
    ],
)
def test_what_staff_should_look_at_keeps_nothing_back(
    rows: list[ApplicationRow],
    waiting: list[Mail],
    expected: list[tuple[str, tuple[str, ...]]],
) -> None:
    found = find_concerns(rows, waiting, KIFK2)
    assert [(each.code, each.references) for each in found] == expected
    assert not any(each.blocks for each in found)


def with_address(address: str) -> Application:
    application = an_application()
    contact = application.answers.contact.model_copy(update={"email": address})
    return application.but(answers=application.answers.model_copy(update={"contact": contact}))


def to_kari(state: MailState, day: int) -> Mail:
    return a_mail(id=f"mail-{day}", state=state, queued_at=oslo(f"2026-04-{day:02}T10:00:00"))


@pytest.mark.parametrize(
    ("address", "mails", "code"),
    [
        pytest.param("kari@example.org", [], "", id="nothing-sent-there-yet"),
        pytest.param("", [], "address_missing", id="none"),
        pytest.param(
            "kari@example.org", [to_kari(MailState.BOUNCED, 1)], "address_bounces", id="bounces"
        ),
        pytest.param(
            "kari@example.org",
            [to_kari(MailState.DELIVERED, 2), to_kari(MailState.BOUNCED, 1)],
            "",
            id="bounced-once-and-took-the-next",
        ),
        pytest.param(
            "ola@example.org", [to_kari(MailState.BOUNCED, 1)], "", id="somebody-elses-bounced"
        ),
    ],
)
def test_an_address_that_takes_no_mail_is_named(address: str, mails: list[Mail], code: str) -> None:
    found = find_address_faults([with_address(address)], mails)
    of = {"address_missing": ID, "address_bounces": mails[-1].id if mails else ""}
    wanted = [Concern(code=code, references=(BERGEN,), ids=(of[code],))] if code else []
    assert found == wanted


@pytest.mark.parametrize(
    ("pages", "faults", "codes"),
    [
        ({BERGEN: 2}, {}, []),
        ({BERGEN: 3}, {}, ["letter_long"]),
        ({}, {BERGEN: "Et tegn."}, ["letter_faulty"]),
        ({"KFK2-2026-0301": 9}, {"KFK2-2026-0301": "Et tegn."}, []),
    ],
)
def test_a_letter_that_would_be_held_or_is_long_is_named(
    pages: dict[str, int], faults: dict[str, str], codes: list[str]
) -> None:
    found = find_letter_faults([an_application()], faults, pages, KIFK2)
    assert [(each.code, each.ids) for each in found] == [(code, (ID,)) for code in codes]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, [], id="ready"),
        pytest.param({"most_a_day": -1.0}, [], id="no-quota"),
        pytest.param({"is_production": False}, [("ses_sandbox", ())], id="sandbox"),
        pytest.param({"is_sending": False}, [("ses_off", ())], id="switched-off"),
        pytest.param({"is_verified": False}, [("sender_unverified", ())], id="unverified"),
        pytest.param({"is_signed": False}, [("sender_unsigned", ())], id="no-dkim"),
        pytest.param(
            {"most_a_day": 200.0, "sent_today": 150.0},
            [("quota_short", ("50", "100"))],
            id="quota-nearly-used",
        ),
        pytest.param({"most_a_day": 100.0}, [], id="quota-exactly-enough"),
        pytest.param({"most_a_second": 10.0}, [("rate_high", ("10", "10"))], id="not-below"),
        pytest.param({"most_a_second": 11.0}, [], id="below"),
        pytest.param({"is_production": None}, [("ses_unchecked", ())], id="no-answer"),
        pytest.param({"most_a_day": None}, [("ses_unchecked", ())], id="no-quota-told"),
        pytest.param({"is_signed": None}, [("sender_unchecked", ())], id="no-word-on-dkim"),
    ],
)
def test_the_account_must_take_the_whole_run(
    changes: dict[str, Any], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    account = an_account().model_copy(update=changes)
    found = find_account_faults(account, mails=100, per_second=10)
    assert [(each.code, each.references) for each in found] == expected


def test_what_did_not_answer_at_all_passes_no_check() -> None:
    found = find_account_faults(SendingAccount(), mails=1, per_second=1)
    assert [each.code for each in found] == ["ses_unchecked", "sender_unchecked"]
