"""Starting in the middle: sheets are written whole, once, without a mail, and the rest runs on."""

import pytest

from kulturkontor.actions import start_import
from kulturkontor.actions.assess import declare_conflict
from kulturkontor.actions.close import close_applications
from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.read_books import books_of, read_office
from kulturkontor.actions.remind import remind
from kulturkontor.actions.settle_places import close_waiting_list, offer_free_places
from kulturkontor.actions.start_checks import imported_id
from kulturkontor.actions.start_import import StartError
from kulturkontor.actions.start_links import send_links, without_link
from kulturkontor.actions.start_reports import read_faults
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import AuditRow
from kulturkontor.aws.session import client
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claims import ClaimState, TravelClaim, claim_key
from kulturkontor.conflicts import ConflictError
from kulturkontor.decision_letters import LetterFigures, decision_letter
from kulturkontor.decisions import LetterState, Outcome, PlaceState
from kulturkontor.outside_payments import OutsidePayment
from kulturkontor.participation import check_ins_at
from kulturkontor.release import Release, release_key
from kulturkontor.sessions import Role
from kulturkontor.sheet_imports import SheetState
from kulturkontor.start_sheets import StartFaultCode, StartKind
from tests.conftest import messages
from tests.office_factory import CONFIRMER, STAFF, all_mails, oslo, read, seal, send_claim, send_in
from tests.start_factory import (
    BERGEN,
    CAME,
    MEMBERS,
    NOW,
    PAID,
    REFUSED,
    WAITS,
    begin,
    put_in,
    sheet_of,
    start_over,
    take_in,
    upload,
)
from tests.web.assessors import known

KINDS = StartKind


def kept(here: Wiring) -> dict[tuple[str, str], str]:
    """All that lies in the table but the sheets themselves."""
    items = client("dynamodb").scan(TableName=here.settings.table_name)["Items"]
    found = {(each["pk"]["S"], each["sk"]["S"]): str(each["body"]) for each in items}
    return {key: body for key, body in found.items() if not key[1].startswith("SHEET#")}


def bergen(here: Wiring) -> Application:
    return read(here, imported_id("4601", here.programme))


def claim_of(here: Wiring) -> TravelClaim:
    found = here.records.read(TravelClaim, claim_key(bergen(here).id, "S1", 1))
    assert found is not None
    return found


def codes(here: Wiring, kind: StartKind, rows: list[dict[str, str]], sheet_id: str) -> list[object]:
    """What is wrong with the sheet: row, column and code of each fault."""
    sheet = upload(here, kind, sheet_of(kind, rows), sheet_id)
    assert sheet.state is SheetState.FAULTY
    return [(each.row, each.column, str(each.code)) for each in read_faults(sheet, here.archive)]


def test_reading_a_sheet_makes_nothing_and_says_what_it_would_make(aws: Wiring) -> None:
    sheet = upload(aws, KINDS.MUNICIPALITIES, sheet_of(KINDS.MUNICIPALITIES, [BERGEN, WAITS]))
    assert (sheet.state, sheet.rows, sheet.made, sheet.unchanged) == (SheetState.READY, 2, 2, 0)
    assert (
        aws.records.read(Application, application_key(imported_id("4601", aws.programme))) is None
    )
    assert all_mails(aws) == {}


def test_the_municipalities_stand_as_after_a_spring_by_hand_and_no_mail_is_sent(
    aws: Wiring,
) -> None:
    sheet = put_in(aws, KINDS.MUNICIPALITIES, [BERGEN, WAITS, REFUSED])
    assert (sheet.state, sheet.made, sheet.skipped_rows) == (SheetState.APPLIED, 3, ())
    application = bergen(aws)
    (decision,) = application.decisions
    assert (decision.decided_by, decision.confirmed_by) == ("stab@example.org", CONFIRMER)
    assert (application.reference, application.answers.contact.email) == (
        "KFK2-2026-4601",
        "kontakt-4601@example.org",
    )
    assert (decision.outcome, decision.reason, decision.decided_at, decision.source) == (
        Outcome.ADMITTED,
        "Søknaden er god.",
        oslo("2026-04-30T12:00:00"),
        "start:start001",
    )
    assert (decision.letter_state, decision.is_told, decision.has_letter) == (
        LetterState.OUTSIDE,
        True,
        False,
    )
    assert application.place is not None
    assert application.place.state is PlaceState.ACCEPTED
    waits = read(aws, imported_id("4621", aws.programme))
    assert (waits.decisions[0].rank, waits.place, waits.decisions[0].language) == (1, None, "nn")
    assert all_mails(aws) == {}
    rows = aws.records.list(AuditRow, f"APPLICATION#{application.id}", "AUDIT#")
    assert [(row.what, row.by, row.after) for row in rows] == [("import", CONFIRMER, "accepted")]


def test_the_same_sheets_again_make_nothing(aws: Wiring) -> None:
    start_over(aws)
    before = kept(aws)
    for number, (kind, rows) in enumerate(
        (
            (KINDS.MUNICIPALITIES, [REFUSED, WAITS, BERGEN]),
            (KINDS.MEMBERS, MEMBERS[::-1]),
            (KINDS.ATTENDANCE, CAME[::-1]),
            (KINDS.PAYMENTS, PAID[::-1]),
        ),
        start=11,
    ):
        sheet = upload(aws, kind, sheet_of(kind, rows), f"start0{number}")
        assert (kind, sheet.state, sheet.made, sheet.unchanged) == (
            kind,
            SheetState.READY,
            0,
            len(rows),
        )
        begin(aws, sheet.id)
        applied = take_in(aws, sheet.id)
        assert (applied.made, applied.unchanged, applied.skipped_rows) == (0, len(rows), ())
    assert kept(aws) == before


def test_a_group_is_registered_whole_and_nobody_is_written_to(aws: Wiring) -> None:
    put_in(aws, KINDS.MUNICIPALITIES, [BERGEN])
    put_in(
        aws,
        KINDS.MEMBERS,
        [*MEMBERS, MEMBERS[3] | {"name": "Prøve Vikar", "only": "1, 2"}],
        "s0000002",
    )
    people = bergen(aws).participants
    assert [(each.name, each.coordinator, each.only) for each in people] == [
        ("Prøve Person 1", True, ()),
        ("Prøve Person 2", False, ()),
        ("Prøve Person 3", False, ()),
        ("Prøve Person 4", False, ()),
        ("Prøve Vikar", False, ("S1", "S2")),
    ]
    assert all_mails(aws) == {}


def test_who_came_is_noted_by_name(aws: Wiring) -> None:
    start_over(aws)
    names = {each.id: each.name for each in bergen(aws).participants}
    noted = check_ins_at(bergen(aws), "S1")
    assert {names[each]: came for each, came in noted.items()} == {
        "Prøve Person 1": True,
        "Prøve Person 2": False,
    }


def test_what_was_paid_is_a_claim_settled_outside_to_the_ore_and_never_in_a_batch(
    aws: Wiring,
) -> None:
    start_over(aws)
    claim = claim_of(aws)
    assert (claim.state, claim.voucher, claim.judgement.council_ore, claim.overnight_ore) == (
        ClaimState.SETTLED_OUTSIDE,
        "20145",
        2 * (617_25 + 1450_00),
        2 * 1450_00,
    )
    (paper,) = aws.records.list(OutsidePayment, "PROGRAMME#kifk2", "OUTSIDE#")
    assert (paper.amount_ore, paper.overnight_ore, paper.voucher, paper.at) == (
        2 * (617_25 + 1450_00),
        2 * 1450_00,
        "20145",
        oslo("2026-10-15T12:00:00"),
    )
    assert seal(aws, at="2026-10-26T06:00:00") == []
    money = books_of(read_office(aws.programme, aws.records)).money
    assert (money["entitled_ore"], money["outside_ore"], money["difference_ore"]) == (
        2 * (617_25 + 1450_00),
        2 * (617_25 + 1450_00),
        0,
    )


def test_less_than_the_rule_gives_is_kept_as_what_was_approved(aws: Wiring) -> None:
    put_in(aws, KINDS.MUNICIPALITIES, [BERGEN])
    put_in(aws, KINDS.MEMBERS, MEMBERS, "s0000002")
    less = [PAID[0] | {"travel_paid": "400,01", "night_paid": "1000"}]
    assert put_in(aws, KINDS.PAYMENTS, less, "s0000004").state is SheetState.APPLIED
    judgement = claim_of(aws).judgement
    assert (judgement.actual_ore, judgement.council_ore) == (2684_50, 1400_01)


def test_the_letters_count_as_sent_by_the_council_and_the_books_stay_closed(aws: Wiring) -> None:
    start_over(aws)
    books = books_of(read_office(aws.programme, aws.records))
    assert (books.letters.decided, books.letters.handed_over, books.letters.is_closed) == (
        0,
        0,
        True,
    )
    assert books.decisions.first == {"admitted": 1, "waitlisted": 1, "rejected": 1}
    release = aws.records.read(Release, release_key("kifk2"))
    assert release is not None
    assert (release.applications, release.reported) == (3, ("sent", "closed"))


def test_the_release_is_not_taken_as_done_while_answers_of_our_own_wait(aws: Wiring) -> None:
    send_in(aws, "4602")
    put_in(aws, KINDS.MUNICIPALITIES, [BERGEN])
    assert aws.records.read(Release, release_key("kifk2")) is None


def test_before_the_letters_day_nothing_is_released(aws: Wiring) -> None:
    put_in(
        aws, KINDS.MUNICIPALITIES, [BERGEN | {"decided": "01.04.2026"}], at="2026-04-02T10:00:00"
    )
    assert aws.records.read(Release, release_key("kifk2")) is None


def test_the_certificate_of_the_deadline_names_none_of_them(aws: Wiring) -> None:
    put_in(aws, KINDS.MUNICIPALITIES, [BERGEN])
    closing = close_applications(
        now=oslo(NOW),
        staff_address=STAFF,
        programme=aws.programme,
        records=aws.records,
        archive=aws.archive,
        mail_queue=aws.mail_queue,
    )
    assert closing is not None
    assert closing.applications == ()


def test_one_who_has_not_answered_gets_days_to_do_so(aws: Wiring) -> None:
    put_in(aws, KINDS.MUNICIPALITIES, [BERGEN | {"accepted": ""}])
    place = bergen(aws).place
    assert place is not None
    assert (place.state, place.answer_by.isoformat()) == (PlaceState.OFFERED, "2026-10-27")
    done = remind(
        now=oslo("2026-10-21T08:00:00"),
        staff_address=STAFF,
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    assert done["lapsed"] == 0


def test_links_go_when_staff_say_so_and_once(aws: Wiring) -> None:
    start_over(aws)
    assert [each.reference for each in without_link(aws.programme, aws.records)] == [
        "KFK2-2026-4601",
        "KFK2-2026-4621",
    ]
    sent = [
        send_links(
            at=oslo(NOW), programme=aws.programme, records=aws.records, mail_queue=aws.mail_queue
        )
        for _ in range(2)
    ]
    assert sent == [2, 0]
    assert sorted((mail.text, mail.to) for mail in all_mails(aws).values()) == [
        ("start_link", "kontakt-4601@example.org"),
        ("start_link", "kontakt-4621@example.org"),
    ]


def test_the_system_runs_the_rest_a_claim_for_the_next_gathering_is_taken_in(aws: Wiring) -> None:
    start_over(aws)
    person = bergen(aws).participants[0]
    body = {
        "participants": [{"id": person.id, "name": person.name}],
        "lines": [
            {
                "id": "l1",
                "participant": person.id,
                "kind": "car",
                "date": "2026-11-12",
                "route": "Her til der",
                "kilometres": "100",
            }
        ],
        "account_number": "9999 00 12349",
        "vat": "included",
        "declared": True,
    }
    claim = send_claim(aws, bergen(aws).id, "S2", at="2026-11-16T10:00:00", body=body)
    assert (claim.state, claim.judgement.council_ore) == (ClaimState.RECEIVED, 265_00)


def test_decisions_and_money_are_written_on_the_word_of_somebody_else_than_who_uploaded_them(
    aws: Wiring,
) -> None:
    sheets = [
        (KINDS.MUNICIPALITIES, [BERGEN], True),
        (KINDS.MEMBERS, MEMBERS, False),
        (KINDS.ATTENDANCE, CAME, False),
        (KINDS.PAYMENTS, PAID, True),
    ]
    for number, (kind, rows, by_two) in enumerate(sheets):
        sheet = upload(aws, kind, sheet_of(kind, rows), f"start00{number}")
        if by_two:
            with pytest.raises(StartError, match="own_sheet"):
                begin(aws, sheet.id, by="Stab@Example.org")
        begin(aws, sheet.id, by=CONFIRMER if by_two else sheet.by)
        assert take_in(aws, sheet.id).state is SheetState.APPLIED
    (paper,) = aws.records.list(OutsidePayment, "PROGRAMME#kifk2", "OUTSIDE#")
    assert (paper.by, claim_of(aws).attested_by) == (CONFIRMER, "stab@example.org")


def test_nobody_puts_in_a_row_about_a_municipality_that_is_closed_to_them(aws: Wiring) -> None:
    known(aws, "stab@example.org", Role.STAFF, municipality="4614")
    found = codes(aws, KINDS.MUNICIPALITIES, [BERGEN, WAITS, REFUSED], "start001")
    assert found == [(4, "municipality", "conflict")]
    put_in(aws, KINDS.MUNICIPALITIES, [BERGEN, WAITS], "start002")
    upload(aws, KINDS.MEMBERS, sheet_of(KINDS.MEMBERS, MEMBERS), "start003")
    declare_conflict(
        bergen(aws).id,
        "Svoger",
        by=CONFIRMER,
        at=oslo(NOW),
        programme=aws.programme,
        records=aws.records,
    )
    with pytest.raises(ConflictError):
        begin(aws, "start003")


def test_a_place_that_was_declined_by_hand_is_offered_on_only_where_the_sheet_says_it_is_free(
    aws: Wiring,
) -> None:
    no = BERGEN | {"accepted": "nei"}
    free = no | {"municipality": "4602", "is_free": "ja"}
    put_in(aws, KINDS.MUNICIPALITIES, [no, free, WAITS, REFUSED], at="2026-06-05T10:00:00")
    here = aws.programme
    by_itself = here.model_copy(
        update={"decision": here.decision.model_copy(update={"offer_by_itself": True})}
    )
    rows = read_rows(here, aws.records)
    now = oslo("2026-06-06T06:00:00")
    assert offer_free_places(rows, now=now, programme=by_itself, records=aws.records) == 1
    waits = read(aws, imported_id("4621", here)).decision
    assert waits is not None
    assert waits.source == f"offer:{imported_id('4602', here)}"


@pytest.mark.parametrize(("put_in_at", "closed"), [("2026-06-05T10:00:00", 1), (NOW, 0)])
def test_whoever_is_put_in_after_the_waiting_list_ended_is_not_written_to_about_that(
    aws: Wiring, put_in_at: str, closed: int
) -> None:
    ends = aws.programme.decision.waiting_list_ends
    put_in(aws, KINDS.MUNICIPALITIES, [WAITS], at=put_in_at)
    now = oslo("2026-10-21T06:00:00")
    assert oslo("2026-06-05T10:00:00").date() <= ends < oslo(NOW).date()
    rows = read_rows(aws.programme, aws.records)
    done = close_waiting_list(
        rows, now.date(), now=now, programme=aws.programme, records=aws.records
    )
    assert done == closed


@pytest.mark.parametrize(
    ("received", "said"),
    [("10.03.2026", [True, False]), ("", [False, True])],
)
def test_a_later_letter_says_when_the_application_came_or_that_it_came_earlier(
    aws: Wiring, received: str, said: list[bool]
) -> None:
    put_in(aws, KINDS.MUNICIPALITIES, [WAITS | {"received": received}])
    application = read(aws, imported_id("4621", aws.programme))
    figures = LetterFigures(3, 1, oslo(NOW).date())
    letter = decision_letter(application, application.decisions[0], figures, aws.programme)
    written = letter.model_dump_json().replace("\u00a0", " ")
    assert [each in written for each in ("10. mars 2026", "tidlegare")] == said


def test_pressing_twice_asks_once_for_it_to_be_written(aws: Wiring) -> None:
    upload(aws, KINDS.MUNICIPALITIES, sheet_of(KINDS.MUNICIPALITIES, [BERGEN]))
    for _ in range(2):
        assert begin(aws, "start001").state is SheetState.APPLYING
    (sent,) = messages(aws.settings.sheet_queue_url)
    assert sent["detail"]["object"]["key"] == "sheets/kifk2/municipalities/start001"


def test_what_changed_between_reading_and_writing_is_refused_whole(aws: Wiring) -> None:
    rows = [WAITS, BERGEN]
    upload(aws, KINDS.MUNICIPALITIES, sheet_of(KINDS.MUNICIPALITIES, rows))
    send_in(aws, "4601")
    assert begin(aws, "start001").state is SheetState.APPLYING
    before = kept(aws)
    sheet = take_in(aws, "start001")
    assert (sheet.state, sheet.asked_by, sheet.written) == (
        SheetState.FAULTY,
        CONFIRMER,
        0,
    )
    assert [(each.row, each.code) for each in read_faults(sheet, aws.archive)] == [
        (3, StartFaultCode.HAS_APPLICATION)
    ]
    assert kept(aws) == before
    with pytest.raises(StartError, match="not_ready"):
        begin(aws, "start001")


def test_only_the_rows_that_were_shown_are_written(aws: Wiring) -> None:
    upload(aws, KINDS.MUNICIPALITIES, sheet_of(KINDS.MUNICIPALITIES, [BERGEN]))
    with pytest.raises(StartError, match="not_seen"):
        begin(aws, "start001", seen="0" * 64)
    assert messages(aws.settings.sheet_queue_url) == []


def test_a_sheet_that_was_not_read_or_is_faulty_cannot_be_written(aws: Wiring) -> None:
    with pytest.raises(StartError, match="unknown"):
        begin(aws, "start009")
    upload(aws, KINDS.MUNICIPALITIES, b"Kommune\nBergen", "start001")
    with pytest.raises(StartError, match="not_ready"):
        begin(aws, "start001")


def test_one_fault_refuses_the_whole_sheet(aws: Wiring) -> None:
    found = codes(
        aws,
        KINDS.MUNICIPALITIES,
        [BERGEN, WAITS | {"contact_email": "ikke en adresse"}],
        "start001",
    )
    assert found == [(3, "contact_email", "email")]
    assert kept(aws) == {}


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"municipality": "Atlantis"}, "municipality", "municipality_unknown"),
        ({"municipality": "Eksempel kommune"}, "municipality", "example_left"),
        ({"municipality": "Døme kommune"}, "municipality", "example_left"),
        ({"contact_name": ""}, "contact_name", "required"),
        ({"contact_name": "Kari 🎻"}, "contact_name", "unprintable"),
        ({"contact_phone": "x" * 201}, "contact_phone", "text_too_long"),
        ({"decided": "i vår"}, "decided", "date"),
        ({"decided": "31.02.2026"}, "decided", "date"),
        ({"decided": "21.10.2026"}, "decided", "date_ahead"),
        ({"outcome": "kanskje"}, "outcome", "outcome"),
        ({"language": "latin"}, "language", "language"),
        ({"accepted": "tja"}, "accepted", "yes_or_no"),
        ({"rank": "1"}, "rank", "rank_without_waitlist"),
        ({"rank": "x"}, "rank", "rank"),
        ({"outcome": "venteliste", "accepted": ""}, "rank", "rank_missing"),
        ({"outcome": "ikke plass"}, "accepted", "answer_without_place"),
        ({"is_free": "ja"}, "is_free", "free_without_no"),
        ({"received": "01.05.2026"}, "received", "date_after_decision"),
        ({"reason": "Født 01010750160"}, "reason", "national_id"),
    ],
)
def test_what_is_wrong_with_a_municipality_is_told_with_its_row_and_column(
    aws: Wiring, changes: dict[str, str], column: str, code: str
) -> None:
    assert codes(aws, KINDS.MUNICIPALITIES, [BERGEN | changes], "start001") == [(2, column, code)]


def test_a_national_identity_number_is_not_kept_in_the_report(aws: Wiring) -> None:
    rows = [BERGEN | {"reason": "Født 01010750160"}]
    sheet = upload(aws, KINDS.MUNICIPALITIES, sheet_of(KINDS.MUNICIPALITIES, rows))
    assert b"01010750160" not in aws.archive.read(sheet.report_key)


def test_what_the_office_knows_already_is_never_written_over(aws: Wiring) -> None:
    put_in(aws, KINDS.MUNICIPALITIES, [BERGEN, WAITS])
    send_in(aws, "4602")
    found = codes(
        aws,
        KINDS.MUNICIPALITIES,
        [
            BERGEN | {"contact_name": "En Annen"},
            BERGEN | {"municipality": "4602"},
            WAITS | {"municipality": "Stord"},
            REFUSED,
            REFUSED,
        ],
        "start002",
    )
    assert sorted(map(str, found)) == sorted(
        map(
            str,
            [
                (4, "municipality", "municipality_repeated"),
                (5, "municipality", "municipality_repeated"),
                (6, "municipality", "municipality_repeated"),
            ],
        )
    )
    found = codes(
        aws,
        KINDS.MUNICIPALITIES,
        [
            BERGEN | {"contact_name": "En Annen"},
            BERGEN | {"municipality": "4602"},
            WAITS | {"municipality": "Stord"},
        ],
        "start003",
    )
    assert found == [
        (2, "municipality", "imported_otherwise"),
        (3, "municipality", "has_application"),
        (4, "rank", "rank_repeated"),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (MEMBERS[:3], [(2, "municipality", "group_too_few")]),
        (
            [each | {"coordinator": "ja"} for each in MEMBERS],
            [(2, "municipality", "group_coordinators")],
        ),
        (
            [*MEMBERS, MEMBERS[0]],
            [(2, "name", "person_repeated"), (6, "name", "person_repeated")],
        ),
        ([*MEMBERS, MEMBERS[0] | {"name": "X", "sector": "sirkus"}], [(6, "sector", "sector")]),
        ([*MEMBERS, MEMBERS[0] | {"name": "X", "only": "9"}], [(6, "only", "gathering")]),
        (
            [each | {"municipality": "Voss"} for each in MEMBERS],
            [(2, "municipality", "takes_no_part")],
        ),
    ],
)
def test_what_is_wrong_with_a_group_is_told(
    aws: Wiring, rows: list[dict[str, str]], expected: list[object]
) -> None:
    put_in(aws, KINDS.MUNICIPALITIES, [BERGEN, WAITS])
    assert codes(aws, KINDS.MEMBERS, rows, "start002") == expected


def test_a_group_that_is_there_is_not_replaced(aws: Wiring) -> None:
    start_over(aws)
    other = [*MEMBERS[:3], MEMBERS[3] | {"name": "En Annen"}]
    assert codes(aws, KINDS.MEMBERS, other, "start009") == [(2, "municipality", "group_differs")]


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"name": "Ukjent"}, "name", "person_unknown"),
        ({"gathering": "2"}, "gathering", "gathering_ahead"),
        ({"gathering": "9"}, "gathering", "gathering"),
        ({"came": "nei"}, "came", "noted_otherwise"),
        ({"came": ""}, "came", "required"),
    ],
)
def test_what_is_wrong_with_who_came_is_told(
    aws: Wiring, changes: dict[str, str], column: str, code: str
) -> None:
    start_over(aws)
    assert codes(aws, KINDS.ATTENDANCE, [CAME[0] | changes], "start009") == [(2, column, code)]


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"name": "Ukjent"}, "name", "person_unknown"),
        ({"travel_actual": "mye"}, "travel_actual", "amount"),
        ({"travel_actual": "-5"}, "travel_actual", "amount"),
        ({"account": "9999 00 12340"}, "account", "account"),
        ({"voucher": "x" * 41}, "voucher", "voucher_too_long"),
        ({"voucher": ""}, "voucher", "required"),
        ({"paid_on": "24.09.2026"}, "paid_on", "paid_too_early"),
        ({"paid_on": "21.10.2026"}, "paid_on", "date_ahead"),
        ({"travel_paid": "2000"}, "travel_paid", "paid_without_cost"),
        ({"travel_paid": "700"}, "travel_paid", "paid_otherwise"),
        ({"travel_paid": "", "night_paid": ""}, "travel_paid", "nothing_paid"),
    ],
)
def test_what_is_wrong_with_a_payment_is_told(
    aws: Wiring, changes: dict[str, str], column: str, code: str
) -> None:
    put_in(aws, KINDS.MUNICIPALITIES, [BERGEN])
    put_in(aws, KINDS.MEMBERS, MEMBERS, "s0000002")
    assert codes(aws, KINDS.PAYMENTS, [PAID[0] | changes], "start009") == [(2, column, code)]


def test_more_nights_than_the_programme_pays_are_told_with_what_it_does_pay(aws: Wiring) -> None:
    put_in(aws, KINDS.MUNICIPALITIES, [BERGEN])
    five = [*MEMBERS, MEMBERS[3] | {"name": "Prøve Person 5"}]
    put_in(aws, KINDS.MEMBERS, five, "s0000002")
    rows = [PAID[0] | {"name": f"Prøve Person {n}"} for n in range(1, 6)]
    sheet = upload(aws, KINDS.PAYMENTS, sheet_of(KINDS.PAYMENTS, rows), "start009")
    (fault,) = read_faults(sheet, aws.archive)
    assert (fault.column, fault.code, fault.value.replace("\u00a0", " ")) == (
        "night_paid",
        StartFaultCode.PAID_OTHERWISE,
        "1 450,00 kr / 0,00 kr",
    )


def test_rows_of_one_claim_name_one_voucher_and_another_claim_is_never_replaced(
    aws: Wiring,
) -> None:
    start_over(aws)
    two = [PAID[0], PAID[1] | {"voucher": "20146"}]
    assert codes(aws, KINDS.PAYMENTS, two, "start008") == [(3, "voucher", "one_payment")]
    assert codes(aws, KINDS.PAYMENTS, [PAID[0]], "start009") == [(2, "gathering", "claim_exists")]


def test_headings_in_nynorsk_are_read_as_well(aws: Wiring) -> None:
    sheet = upload(aws, KINDS.MUNICIPALITIES, sheet_of(KINDS.MUNICIPALITIES, [BERGEN], "nn"))
    assert (sheet.state, sheet.made) == (SheetState.READY, 1)


def test_a_sheet_nobody_announced_is_nothing(aws: Wiring) -> None:
    assert (
        start_import.take_in(
            "start777",
            version=None,
            now=oslo(NOW),
            programme=aws.programme,
            records=aws.records,
            office=aws.office,
            archive=aws.archive,
        )
        is None
    )
