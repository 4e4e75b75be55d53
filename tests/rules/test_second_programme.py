"""Another programme is another file: the same rules and actions, with no code changed."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from email import policy
from email.parser import BytesParser
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest

from kulturkontor.actions import close, remind
from kulturkontor.actions.answer import GroupError, register_participants
from kulturkontor.actions.application_checks import PeriodError
from kulturkontor.aws.programmes import CurrentProgramme
from kulturkontor.aws.wiring import Wiring
from kulturkontor.closing import PAUSE
from kulturkontor.days import format_date
from kulturkontor.decisions import LetterState, Outcome, PlaceState
from kulturkontor.judgement import LineState
from kulturkontor.mails import Mail
from kulturkontor.money import decimal_point
from kulturkontor.payments import BatchState
from kulturkontor.people import Participants
from kulturkontor.programme import Programme, load_programme, parse_programme
from kulturkontor.programme_rules import SummarySection
from tests.office_factory import (
    MEMBERS,
    STAFF,
    accept,
    all_mails,
    attest,
    claim_body,
    composer,
    decide_all,
    group,
    hand_over,
    letter,
    oslo,
    post_letter,
    read,
    release,
    release_batch,
    seal,
    send_claim,
    send_in,
    write_batch_files,
)

EXAMPLE = Path(__file__).parents[1] / "examples" / "second_programme.toml"
KYST = parse_programme(EXAMPLE.read_text("utf-8"))
PACKAGE = Path(str(files("kulturkontor")))
FUNCTIONS = Path(__file__).parents[2] / "functions"


@pytest.fixture
def here(aws: Wiring) -> Wiring:
    return replace(aws, current_programme=CurrentProgramme(KYST, aws.records, keep=60.0))


def three_members() -> list[dict[str, str]]:
    return [{"role": "leiar", "sector": sector} for sector in MEMBERS[:3]]


def register(here: Wiring, application_id: str, persons: int) -> None:
    register_participants(
        application_id,
        Participants(participants=group(persons).participants),
        by="municipality",
        at=oslo("2030-04-20T10:00:00"),
        programme=KYST,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def written(here: Wiring, mail: Mail) -> str:
    """The mail's text, as its reader gets it."""
    message: Any = BytesParser(policy=policy.default).parsebytes(
        composer(here)(mail, [b"%PDF-"] * len(mail.enclosures))
    )
    text: str = message["Subject"] + message.get_body(("plain",)).get_content()
    return text


def test_the_second_programme_goes_from_application_to_payment(here: Wiring) -> None:
    first = send_in(here, "4602", at="2030-02-15T14:59:59.999", members=three_members())
    second = send_in(here, "0301", at="2030-01-10T10:00:00", members=three_members())
    late = send_in(here, "1103", at="2030-02-15T15:00:00", members=three_members())
    assert [(each.reference, each.is_late, each.is_complete) for each in (first, second, late)] == [
        ("KYST-2030-4602", False, True),
        ("KYST-2030-0301", False, True),
        ("KYST-2030-1103", True, True),
    ]

    closing = close.close_applications(
        now=KYST.closes_at + PAUSE,
        staff_address=STAFF,
        programme=KYST,
        records=here.records,
        archive=here.archive,
        mail_queue=here.mail_queue,
    )
    assert closing is not None
    assert closing.applications == tuple(sorted((first.id, second.id)))

    decide_all(
        here,
        [
            ("KYST-2030-4602", Outcome.ADMITTED),
            ("KYST-2030-0301", Outcome.WAITLISTED),
            ("KYST-2030-1103", Outcome.REJECTED),
        ],
        at="2030-03-01T10:00:00",
    )
    assert release(here, "2030-03-20T11:59:59") == {"preflights": 0, "letters": 0}
    assert release(here, "2030-03-20T12:00:00") == {"preflights": 0, "letters": 3}
    for receipt in (first, second, late):
        kept = letter(here, receipt.id, "2030-03-20T12:01:00")
        hand_over(here, receipt.id, "2030-03-20T12:02:00")
        assert kept is not None
        assert kept.state is LetterState.RENDERED
    told = read(here, first.id)
    assert told.place is not None
    assert (told.place.state, told.place.answer_by, told.mail_language) == (
        PlaceState.OFFERED,
        date(2030, 4, 10),
        "nn",
    )

    accept(here, first.id, "2030-04-01T10:00:00")
    with pytest.raises(GroupError, match="too_few"):
        register(here, first.id, 2)
    register(here, first.id, 3)

    claim = send_claim(
        here, first.id, "A", at="2030-09-20T10:00:00", body=claim_body(date="2030-09-10")
    )
    assert [(each.actual_ore, each.council_ore) for each in claim.judgement.participants][:1] == [
        (40_000, 24_000)
    ]
    attest(here, first.id, "A", at="2030-09-21T10:00:00")
    (batch,) = seal(here, "2030-09-30T06:00:00")
    assert (batch.id, batch.payments[0].end_to_end_id) == ("KYST-20300930-1", "KYST-A-4602-R1")
    released = release_batch(here, batch.id, "2030-09-30T12:00:00")
    assert (released.state, released.execution_date) == (BatchState.RELEASED, date(2030, 10, 1))
    assert released.first_voucher == 70001
    write_batch_files(here, batch.id, "2030-09-30T12:01:00")
    kroner = decimal_point(batch.control_sum_ore)
    booked = here.archive.read(f"payments/kystkultur/{batch.id}/gbat10.csv").decode()
    assert [row.split(";")[1:9] for row in booked.splitlines()] == [
        ["70001", "20301001", "6", "10", "2030", "7130", "1", kroner],
        ["70001", "20301001", "6", "10", "2030", "1945", "1", f"-{kroner}"],
    ]
    file = here.archive.read(f"payments/kystkultur/{batch.id}/pain001.xml")
    assert b"pain.001.001.03" in file

    mails = all_mails(here).values()
    assert {mail.language for mail in mails if mail.to not in (STAFF, "okonomi@example.org")} == {
        "nn"
    }
    texts = {mail.id: written(here, mail) for mail in mails}
    assert [
        (mail_id, word)
        for mail_id, text in texts.items()
        for word in _facts(load_programme("kifk2"))
        if word in text
    ] == []
    assert all(
        "Kultur langs kysten" in text or "Kystkulturrådet" in text for text in texts.values()
    )


def test_a_night_is_not_refunded_where_the_council_books_it(here: Wiring) -> None:
    receipt = send_in(here, "4602", at="2030-01-10T10:00:00", members=three_members())
    decide_all(here, [(receipt.reference or "", Outcome.ADMITTED)], at="2030-03-01T10:00:00")
    release(here, "2030-03-20T12:00:00")
    post_letter(here, receipt.id, "2030-03-20T12:01:00")
    accept(here, receipt.id, "2030-04-01T10:00:00")
    register(here, receipt.id, 3)
    body = claim_body(date="2030-09-10")
    body["lines"].append(
        {
            "id": "l2",
            "participant": "p1",
            "kind": "overnight",
            "date": "2030-09-10",
            "amount": "900,00",
        }
    )
    claim = send_claim(here, receipt.id, "A", at="2030-09-20T10:00:00", body=body)
    assert {line.line_id: line.state for line in claim.judgement.lines} == {
        "l1": LineState.APPROVED,
        "l2": LineState.REJECTED,
    }
    assert claim.judgement.council_ore == 24_000


@pytest.mark.parametrize(
    ("at", "phase"), [("2030-01-07T07:59:59.999", "before"), ("2030-03-20T12:00:00", "closed")]
)
def test_the_second_programme_opens_and_closes_by_its_own_clock(
    here: Wiring, at: str, phase: str
) -> None:
    with pytest.raises(PeriodError) as refused:
        send_in(here, "4602", at=at)
    assert refused.value.phase == phase


def test_the_second_programme_reminds_on_its_own_days(here: Wiring) -> None:
    send_in(here, "4602", at="2030-01-10T10:00:00", submit=False, members=three_members())
    found = {
        day: remind.remind(
            now=oslo(f"2030-02-{day}T08:00:00"),
            staff_address=STAFF,
            programme=KYST,
            records=here.records,
            mail_queue=here.mail_queue,
        )["mails"]
        for day in (10, 12, 14)
    }
    assert found == {10: 0, 12: 1, 14: 0}


def _facts(programme: Programme) -> set[str]:
    """Names, places, references and dates of a programme as they would stand in a text."""
    raw = programme.model_dump()
    named = {each for each in _strings(raw) if len(each) > 3 and each not in _COMMON}
    dates = {each.date() if isinstance(each, datetime) else each for each in _dates(raw)}
    return (
        named
        | {each.isoformat() for each in dates}
        | {format_date(each, language) for each in dates for language in ("nb", "nn")}
        | {format_date(each, "nb").rsplit(" ", 1)[0] for each in dates - {programme.ends}}
    )


_COMMON = {"refund", "central", "deling", "CUST", "daily", *Outcome, *get_args(SummarySection)}
"""Words that say nothing of this programme where they stand."""


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _strings(each)


def _dates(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _dates(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _dates(each)


KIFK2 = load_programme("kifk2")
CODE = sorted([*PACKAGE.rglob("*.py"), *FUNCTIONS.rglob("*.py")])
TEXTS = sorted(
    path
    for folder in ("texts", "web/templates", "letter_template")
    for path in (PACKAGE / folder).rglob("*")
    if path.suffix in (".txt", ".toml", ".html", ".typ") and path.parent.name != "fonts"
)


def _constants(path: Path) -> list[Any]:
    """What the code says, its docstrings left out: examples may stand there."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in told
    ]


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.parent.name + "/" + path.name)
def test_no_fact_of_the_programme_stands_in_code(path: Path) -> None:
    constants = _constants(path)
    facts = _facts(KIFK2) | {"kifk2", "KFK2"}
    years = {KIFK2.starts.year, KIFK2.ends.year}
    amounts = {
        KIFK2.application.max_text,
        *(rate.ore_per_km for rate in KIFK2.travel.car_rates),
    }
    found = [each for each in constants if isinstance(each, str) and any(f in each for f in facts)]
    found += [each for each in constants if type(each) is int and each in years | amounts]
    assert found == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.parent.name + "/" + path.name)
def test_no_fact_of_the_programme_stands_in_texts(path: Path) -> None:
    text = path.read_text("utf-8")
    assert sorted(fact for fact in _facts(KIFK2) | {"KFK2"} if fact in text) == []
    if path.suffix == ".txt":
        assert re.findall(r"\d", text) == []


def test_both_programmes_differ_in_all_that_the_test_relies_on() -> None:
    shipped = tomllib.loads((PACKAGE / "programmes" / "kifk2.toml").read_text("utf-8"))
    other = tomllib.loads(EXAMPLE.read_text("utf-8"))
    same = {
        f"{part}.{key}"
        for part in ("application", "decision", "travel", "overnight", "payment", "retention")
        for key, value in shipped[part].items()
        if other[part].get(key) == value
    }
    assert same == {"overnight.nights_per_person", "retention.accounting_years"}
