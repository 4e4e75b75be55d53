"""Every notice fits its text, in both languages: no value too few, none too many, none unknown."""

import inspect
import quopri
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kulturkontor import (
    calendar_notices,
    claim_notices,
    decision_notices,
    erasure_notices,
    finance_notices,
    group_notices,
    notices,
    practice_notices,
    receipt_notices,
    release_notices,
    reviewer_notices,
    sheet_notices,
    staff_notices,
    staff_summaries,
    start_notices,
)
from kulturkontor.application_form import Answers, Missing, Sector
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.calendar_changes import CalendarChange, Event, Recipient
from kulturkontor.claims import ClaimState, TravelClaim
from kulturkontor.closing import Closing
from kulturkontor.decisions import DecisionKind, LetterState, Outcome, PlaceState
from kulturkontor.documents import as_html, as_text
from kulturkontor.groups import Told
from kulturkontor.judgement import LineRuling
from kulturkontor.mails import Enclosure, Mail
from kulturkontor.messages import write_message
from kulturkontor.people import Attendance, Participant, Presence
from kulturkontor.programme import PRE_GATHERING, CoordinatorMeeting, Language
from kulturkontor.received_files import ReceivedFile
from kulturkontor.release import count_letters
from kulturkontor.release_checks import Concern
from kulturkontor.release_control import Halt
from kulturkontor.retention import Due, ErasurePlan, Term
from kulturkontor.rooming import freeze
from kulturkontor.sheet_imports import SheetImport
from kulturkontor.texts import phrase, placeholders
from kulturkontor.upload_reasons import UploadReason
from kulturkontor.wording import programme_values, write
from tests.office_factory import answers, group, oslo
from tests.rules import claim_factory
from tests.rules.application_factory import KIFK2, a_letter, a_row, an_application, told
from tests.rules.assessment_factory import a_user
from tests.rules.claim_factory import gathering
from tests.rules.payment_factory import EXECUTION_DATE, a_batch, a_payment
from tests.rules.test_messages import ICS, KEY, PDF, SENDING

NOTICES = (
    notices,
    receipt_notices,
    decision_notices,
    group_notices,
    calendar_notices,
    claim_notices,
    sheet_notices,
    staff_notices,
    finance_notices,
    erasure_notices,
    release_notices,
    staff_summaries,
    practice_notices,
    start_notices,
    reviewer_notices,
)
AT = oslo("2026-04-10T10:00:00")
STAFF = "stab@example.org"
FILES = ["Kulturplan.pdf", "Vedtak.pdf"]
LACKS = (
    Missing(field="motivation", code="motivation"),
    Missing(field="members", code="members_too_few"),
)
LACKING = Answers.model_validate(answers(motivation=""))
LATE = {"received_at": oslo("2026-04-14T00:00:01"), "is_late": True}
ENCLOSED: dict[Language, Enclosure] = {
    "nb": Enclosure(key="calendar/x.ics", file_name="kifk2-S1.ics", sha256="x"),
    "nn": Enclosure(key="calendar/y.ics", file_name="kifk2-S1.ics", sha256="y"),
}
MEETING = CoordinatorMeeting(
    id="M1",
    starts=datetime.fromisoformat("2026-10-20T09:00"),
    ends=datetime.fromisoformat("2026-10-20T10:30"),
)

PRE_GATHERING_SET = MEETING.model_copy(update={"id": PRE_GATHERING})


def a_change(before: Event | None, after: Event) -> CalendarChange:
    return CalendarChange(
        programme="kifk2",
        before=before,
        after=after,
        reason="Hotellet er stengt.",
        changed_by="stab",
        changed_at=AT,
        files=ENCLOSED,
    )


def changed(event: Event, **changes: object) -> CalendarChange:
    return a_change(event, event.model_copy(update={"sequence": 1, **changes}))


CALENDAR_CHANGES = {
    "days": changed(gathering("S1"), first_day=date(2026, 9, 23), last_day=date(2026, 9, 24)),
    "place": changed(gathering("S1"), place="Et annet sted"),
    "cancelled": changed(gathering("S1"), is_cancelled=True),
    "meeting": a_change(None, MEETING),
    "meeting moved": changed(MEETING, address="https://moete.example.org/1"),
    "meeting cancelled": changed(MEETING, is_cancelled=True),
    "diet form": changed(gathering("S1"), diet_form="https://skjema.example.org/kost"),
    "diet form gone": changed(
        gathering("S1").model_copy(update={"diet_form": "https://skjema.example.org/kost"}),
        diet_form="",
    ),
    "pre-gathering": a_change(None, PRE_GATHERING_SET),
    "pre-gathering moved": changed(PRE_GATHERING_SET, address="https://moete.example.org/2"),
    "pre-gathering cancelled": changed(PRE_GATHERING_SET, is_cancelled=True),
}
NEWCOMER = an_application(id="b" * 32, reference="KFK2-2026-4601-B")


def application(language: Language, **changes: Any) -> Application:
    return an_application(language=language, **changes)


def draft(language: Language, **changes: Any) -> Application:
    usual = {"state": ApplicationState.DRAFT, "reference": None, "received_at": None}
    return an_application(language=language, **usual | changes)


def placed(language: Language, state: PlaceState) -> Application:
    offered = told(language=language)
    assert offered.place
    return offered.but(place=offered.place.model_copy(update={"state": state}))


def a_claim(language: Language) -> TravelClaim:
    """With a line of each fate: approved, reduced and held."""
    lines = (claim_factory.line("l1"), claim_factory.car("l2"), claim_factory.night("l3"))
    lacking = claim_factory.line("l4", receipt_ids=[])
    claim = claim_factory.claim(*lines, lacking)
    return claim_factory.travel_claim(claim, language=language)


def an_asked_claim(language: Language) -> TravelClaim:
    """The council asks about its first line."""
    claim = claim_factory.claim(claim_factory.line("l1"), claim_factory.line("l2", "p2"))
    asked = LineRuling(line_id="l1", verdict="ask", by="stab", reason="Hvilken rute?")
    judgement = claim_factory.judge(claim, rulings=[asked])
    return claim_factory.travel_claim(
        claim, language=language, rulings=[asked], judgement=judgement
    )


def a_file(reason: str = "") -> ReceivedFile:
    return ReceivedFile(
        id="file0001",
        application_id=an_application().id,
        programme="kifk2",
        purpose="attachments",
        name="plan <b>.pdf",
        promised_at=AT,
        reason=reason,
    )


def of_kind(to: Language, kind: DecisionKind, outcome: Outcome) -> Mail:
    """The mail with the second letter of somebody."""
    known = told(outcome, language=to)
    second = known.decisions[0].model_copy(update={"serial": 2, "kind": kind})
    changed = known.but(decisions=(*known.decisions, second))
    return decision_notices.decision(changed, a_letter(), KIFK2, AT, False)[0]


Maker = Callable[[Language], Mail]
MAKERS: dict[str, Maker] = {
    "draft_link": lambda to: notices.draft_link(draft(to), KIFK2, AT),
    "new_link of a draft": lambda to: notices.new_link(draft(to), KIFK2, AT),
    "new_link": lambda to: notices.new_link(application(to), KIFK2, AT),
    "draft_reminder": lambda to: notices.draft_reminder(draft(to, answers=LACKING), KIFK2, AT, 5),
    "draft_reminder, nothing lacks": lambda to: notices.draft_reminder(draft(to), KIFK2, AT, 1),
    "draft_after_deadline": lambda to: notices.draft_after_deadline(draft(to), KIFK2, AT),
    "draft_after_deadline, empty": lambda to: notices.draft_after_deadline(
        draft(to, answers={"contact": {"email": "a@example.org"}}), KIFK2, AT
    ),
    "receipt": lambda to: receipt_notices.receipt(application(to), FILES, KIFK2, AT),
    "receipt, incomplete": lambda to: receipt_notices.receipt(
        application(to, missing=LACKS), [], KIFK2, AT
    ),
    "receipt, late": lambda to: receipt_notices.receipt(application(to, **LATE), FILES, KIFK2, AT),
    "receipt, late and incomplete": lambda to: receipt_notices.receipt(
        application(to, missing=LACKS, **LATE), [], KIFK2, AT
    ),
    "withdrawn": lambda to: notices.withdrawn(application(to), KIFK2, AT),
    "withdrawn after the deadline": lambda to: notices.withdrawn(
        application(to), KIFK2, KIFK2.closes_at
    ),
    "withdrawal_received": lambda to: notices.withdrawal_received(application(to), KIFK2, AT),
    "withdrawal_taken_back": lambda to: notices.withdrawal_taken_back(application(to), KIFK2, AT),
    "competing, the first": lambda to: notices.competing(application(to), NEWCOMER, KIFK2, AT),
    "competing, the second": lambda to: notices.competing(
        NEWCOMER.but(language=to), NEWCOMER, KIFK2, AT
    ),
    **{
        f"file_refused, {reason}": lambda to, reason=reason: notices.file_refused(  # type: ignore[misc]
            application(to), a_file(reason), KIFK2, AT
        )
        for reason in UploadReason
    },
    **{
        f"decision, {outcome}, {number}": lambda to, outcome=outcome, number=number: (  # type: ignore[misc]
            decision_notices.decision(told(outcome, language=to), a_letter(), KIFK2, AT, True)[
                number
            ]
        )
        for outcome in Outcome
        for number in (0, 1, 2)
    },
    "decision, offered from the waiting list": lambda to: decision_notices.decision(
        told(
            language=to,
            decisions=[
                told(language=to)
                .decisions[0]
                .model_copy(update={"serial": 2, "kind": DecisionKind.OFFER}),
            ],
        ),
        a_letter(),
        KIFK2,
        AT,
        False,
    )[0],
    "answer_reminder": lambda to: decision_notices.answer_reminder(told(language=to), KIFK2, AT, 7),
    "answer_confirmed, yes": lambda to: decision_notices.answer_confirmed(
        placed(to, PlaceState.ACCEPTED), KIFK2, AT
    ),
    "answer_confirmed, no": lambda to: decision_notices.answer_confirmed(
        placed(to, PlaceState.DECLINED), KIFK2, AT
    ),
    "place_lapsed": lambda to: decision_notices.place_lapsed(told(language=to), KIFK2, AT),
    "decision, the list is closed": lambda to: of_kind(
        to, DecisionKind.LIST_CLOSED, Outcome.REJECTED
    ),
    **{
        f"decision, corrected, {outcome}": lambda to, outcome=outcome: of_kind(  # type: ignore[misc]
            to, DecisionKind.CORRECTION, outcome
        )
        for outcome in Outcome
    },
    **{
        f"member_told, {what}{' coordinator' if person.coordinator else ''}": (
            lambda to, what=what, person=person: group_notices.member_told(  # type: ignore[misc]
                told(language=to), Told(what, person), KIFK2, AT
            )
        )
        for person in group(2).participants
        for what in ("registered", "changed", "removed")
    },
    "member_told, substitute": lambda to: group_notices.member_told(
        told(language=to),
        Told("registered", group(1).participants[0].model_copy(update={"only": ("S1", "S2")})),
        KIFK2,
        AT,
    ),
    "group_changed": lambda to: group_notices.group_changed(
        told(language=to), told(language=to, participants=group(1).participants), KIFK2, AT
    )[0],
    **{
        f"bed_ruled, {bed}, {name}, {granted}": (
            lambda to, bed=bed, name=name, granted=granted: group_notices.bed_ruled(  # type: ignore[misc]
                told(language=to, participants=group(1).participants),
                gathering("S1"),
                "p1" if granted else "p9",
                asked=Attendance(
                    gathering="S1",
                    participant="p1",
                    presence=Presence.COMES,
                    bed_asked=bed,
                    bed_name=name,
                    at=AT,
                ),
                granted=granted,
                programme=KIFK2,
                at=AT,
            )
        )
        for bed, name in ((True, ""), (True, "Ola Prøve"), (False, ""))
        for granted in (True, False)
    },
    **{
        f"calendar_changed, {name}, {whom}": (
            lambda to, change=change, whom=whom: calendar_notices.calendar_changed(  # type: ignore[misc]
                change,
                Recipient(told(language=to), whom, "Kari Prøve", "kari@example.org"),
                KIFK2,
            )
        )
        for name, change in CALENDAR_CHANGES.items()
        for whom in ("contact", "p1")
    },
    "start_link": lambda to: start_notices.start_link(told(language=to), KIFK2, AT),
    "claim_received": lambda to: claim_notices.claim_received(
        told(language=to), a_claim(to), KIFK2, AT
    ),
    "claim_settled": lambda to: claim_notices.claim_settled(
        told(language=to), a_claim(to), a_payment(), EXECUTION_DATE, KIFK2, AT
    ),
    "claim_settled, nothing to pay": lambda to: claim_notices.claim_settled(
        told(language=to),
        a_claim(to).but(state=ClaimState.CLOSED_WITHOUT_PAYMENT),
        None,
        None,
        KIFK2,
        AT,
    ),
    "claim_question": lambda to: claim_notices.claim_question(
        told(language=to), an_asked_claim(to), ["l1"], KIFK2, AT
    ),
    "payment_rejected": lambda to: claim_notices.payment_rejected(
        told(language=to), a_claim(to), a_payment(status_reason="RJCT AC04"), KIFK2, AT
    ),
    "assigned": lambda to: reviewer_notices.assigned(
        "staff_reviewer_assigned_x", a_user(language=to), 3, KIFK2, AT
    ),
    "reminder": lambda to: reviewer_notices.reminder(a_user(language=to), 1, KIFK2, AT, 2),
    "claim_reminder": lambda to: claim_notices.claim_reminder(
        told(language=to), gathering("S1"), KIFK2, AT, 7
    ),
}
SHEET = SheetImport(
    id="sheet0001", programme="kifk2", kind="decisions", by="stab", promised_at=AT, rows=3, faults=2
)
CLOSING = Closing(
    programme="kifk2",
    number=0,
    closed_at=AT,
    applications=(),
    file_key="x.json",
    sha256="ab" * 32,
)
LISTS = (
    *("undecided", "unconfirmed", "competing", "held", "withdrawal_asked", "mails_need_staff"),
    *("address_missing", "address_bounces", "letter_faulty", "letter_long", "letter_mixed"),
)
FIGURES = ("minutes_differ", "places_differ", "quota_short", "rate_high")
STATEMENTS = (
    *("sheet_applying", "ses_sandbox", "ses_off", "ses_unchecked"),
    *("sender_unverified", "sender_unsigned", "sender_unchecked"),
)
CONCERNS = [
    *(Concern(code=code, references=("KFK2-2026-4601",), ids=("a1",)) for code in LISTS),
    *(Concern(code=code, references=("15", "16"), blocks=True) for code in FIGURES),
    Concern(code="minutes_missing", references=("15",), blocks=True),
    *(Concern(code=code) for code in STATEMENTS),
]
BOOKS = count_letters([], [])
STAFF_MAKERS: dict[str, Callable[[], Mail]] = {
    "staff_summary": lambda: staff_summaries.staff_summary(
        [a_row(received=AT), a_row(gaps=2, beds=1)], [], KIFK2, AT, STAFF
    ),
    "staff_summary, empty": lambda: staff_summaries.staff_summary([], [], KIFK2, AT, STAFF),
    "staff_summary, after the deadline": lambda: staff_summaries.staff_summary(
        [a_row()], [], KIFK2, KIFK2.closes_at + timedelta(days=2), STAFF
    ),
    "preflight": lambda: release_notices.preflight(CONCERNS, [a_row()], 7, KIFK2, AT, STAFF),
    "preflight, in order": lambda: release_notices.preflight([], [a_row()], 1, KIFK2, AT, STAFF),
    "preflight, with something to look at": lambda: release_notices.preflight(
        CONCERNS[:2], [a_row()], 1, KIFK2, AT, STAFF
    ),
    "not_begun": lambda: release_notices.not_begun(CONCERNS[-8:-7], None, KIFK2, AT, STAFF),
    "not_begun, stopped": lambda: release_notices.not_begun(
        [], Halt(by="kari@example.org", at=AT, reason="Feil tekst."), KIFK2, AT, STAFF
    ),
    "paused": lambda: release_notices.paused(
        Halt(at=AT, bounced=5, handed_over=55), KIFK2, AT, STAFF
    ),
    "accounted": lambda: release_notices.accounted(BOOKS, "sent", KIFK2, AT, STAFF),
    "accounted, closed": lambda: release_notices.accounted(BOOKS, "closed", KIFK2, AT, STAFF),
    "letter_held": lambda: staff_notices.letter_held(
        told(), a_letter(LetterState.HELD, held_because="Tegnet."), KIFK2, AT, STAFF
    ),
    "closed": lambda: staff_notices.closed(CLOSING, 3, KIFK2, AT, STAFF),
    "closed, addendum": lambda: staff_notices.closed(CLOSING.but(number=1), 1, KIFK2, AT, STAFF),
    "sheet_faulty": lambda: sheet_notices.sheet_faulty(SHEET, KIFK2, AT, STAFF),
    "beds_frozen": lambda: practice_notices.beds_frozen(
        freeze(KIFK2, gathering("S1"), [], by="remind", at=AT), gathering("S1"), KIFK2, AT, STAFF
    ),
    "sheet_applied": lambda: sheet_notices.sheet_applied(SHEET, KIFK2, AT, STAFF),
    **{
        f"place_free, {state}": lambda state=state: staff_notices.place_free(  # type: ignore[misc]
            told(), state, KIFK2, AT, STAFF
        )
        for state in (PlaceState.DECLINED, PlaceState.LAPSED, ApplicationState.WITHDRAWN)
    },
    "batch_proposed": lambda: finance_notices.batch_proposed(a_batch(), KIFK2, AT, STAFF),
    "bank_report_faulty": lambda: finance_notices.bank_report_faulty(
        "bank/kifk2/x.xml", "Ingen XML.", KIFK2, AT, STAFF
    ),
    "bank_report_read": lambda: finance_notices.bank_report_read(
        "KIFK2-1", 3, ["KFK2-2026-4601-S1"], ["x"], KIFK2, AT, STAFF
    ),
    "erasure_planned": lambda: erasure_notices.erasure_planned(
        ErasurePlan(
            programme="kifk2",
            planned_at=AT,
            due=tuple(Due(term=term, subject=str(number)) for number, term in enumerate(Term)),
        ),
        KIFK2,
        AT,
        STAFF,
    ),
}


def sound(mail: Mail) -> None:
    """The text, the values, the pages and the programme fit together with nothing left over."""
    asked = placeholders(mail.language, mail.text)
    given = mail.values.keys() | {slot for slot, page in mail.pages.items() if page.label}
    assert given - asked == set()
    assert asked - given - programme_values(KIFK2, mail.language).keys() == set()
    files = [ICS if each.file_name.endswith(".ics") else PDF for each in mail.enclosures]
    data = write_message(mail, files, sending=SENDING, programme=KIFK2, link_key=KEY)
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 998


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("name", MAKERS)
def test_a_notice_fits_its_text_in_both_languages(name: str, language: Language) -> None:
    mail = MAKERS[name](language)
    assert mail.language == language
    sound(mail)


@pytest.mark.parametrize("name", STAFF_MAKERS)
def test_a_notice_to_staff_fits_its_text(name: str) -> None:
    mail = STAFF_MAKERS[name]()
    assert (mail.to, mail.language) == (STAFF, "nb")
    sound(mail)


def test_every_notice_is_tried() -> None:
    made = {name.split(",")[0].split(" ")[0] for name in [*MAKERS, *STAFF_MAKERS]}
    there = {
        name
        for module in NOTICES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and inspect.signature(function).return_annotation in (Mail, list[Mail], Mail | None)
        and name not in ("to_contact", "to_office", "notice")
    }
    assert made == there


def test_only_the_contacts_own_mail_carries_a_secret_link() -> None:
    """The copies to the leader and to postmottak hold no link, and neither does staff's mail."""
    copies = [
        MAKERS[f"decision, {outcome}, {number}"]("nb") for outcome in Outcome for number in (1, 2)
    ]
    assert [mail.to for mail in copies[:2]] == [
        "leder-4601@example.org",
        copies[1].to,
    ]
    staff = [make() for make in STAFF_MAKERS.values()]
    secret = [
        mail.id
        for mail in (*copies, *staff)
        for page in mail.pages.values()
        if page.application_id is not None
    ]
    assert secret == []


def test_the_summary_and_the_closing_name_no_person() -> None:
    for name in ("staff_summary", "preflight", "closed"):
        mail = STAFF_MAKERS[name]()
        document = write(
            KIFK2,
            language="nb",
            name=mail.text,
            values={
                **mail.values,
                **{
                    slot: phrase("nb", page.label)
                    for slot, page in mail.pages.items()
                    if page.label
                },
            },
        )
        told_text = as_text(document) + as_html(document)
        assert [each for each in ("Kari", "Per Prøve", "kontakt-4601") if each in told_text] == []


def test_a_person_is_told_what_is_stored_about_them() -> None:
    person = Participant(
        id="p1", name="Åse Prøve", sector=Sector.HELSE, email="ase@example.org", coordinator=True
    )
    mail = group_notices.member_told(told(), Told("registered", person), KIFK2, AT)
    assert mail.to == "ase@example.org"
    stored = mail.values["stored"]
    assert isinstance(stored, list)
    assert [each in " ".join(map(str, stored)) for each in ("Åse Prøve", "ase@example.org")] == [
        True,
        True,
    ]


def test_only_the_contact_of_a_changed_gathering_gets_a_link_to_the_case() -> None:
    mails = [MAKERS[f"calendar_changed, days, {whom}"]("nb") for whom in ("contact", "p1")]
    assert [[*mail.pages] for mail in mails] == [["gatherings_link"], []]


def test_a_changed_gathering_is_told_with_what_was_before() -> None:
    mail = MAKERS["calendar_changed, days, p1"]("nb")
    assert mail.values["changes"] == [
        "Tid: 23.–24. september 2026 (før: 24.–25. september 2026)",
        "Frist for reisekravet: 15. oktober 2026 (før: 16. oktober 2026)",
    ]
    assert mail.enclosures == (ENCLOSED["nb"],)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("RJCT AC04", "Banken sier at kontoen er avsluttet."),
        ("RJCT AC01 Feil", "Banken sier at kontonummeret er feil."),
        ("RJCT XX99", "Banken oppga denne grunnen: RJCT XX99."),
        ("", None),
    ],
)
def test_the_banks_reason_is_told_in_words(reason: str, told: str | None) -> None:
    payment = a_payment(status_reason=reason)
    mail = claim_notices.payment_rejected(an_application(), a_claim("nb"), payment, KIFK2, AT)
    assert mail.values["bank_reason"] == told


def test_a_draft_is_reminded_of_what_it_lacks() -> None:
    mail = notices.draft_reminder(draft("nb", answers=LACKING), KIFK2, AT, 5)
    assert mail.values["lacking"] == ["hvorfor dere søker, og hva dere vil utvikle"]
    assert notices.draft_reminder(draft("nb"), KIFK2, AT, 1).values["lacking"] is None


def test_a_receipt_holds_every_answer_that_was_given() -> None:
    mail = receipt_notices.receipt(application("nb"), FILES, KIFK2, AT)
    text = write_message(mail, [], sending=SENDING, programme=KIFK2, link_key=KEY).decode()
    text = quopri.decodestring(text.encode()).decode(errors="replace")  # boundaries are no text
    for each in ("Vi vil nå flere barn.", "Kontaktperson, navn: Kari Prøve", "- Vedtak.pdf"):
        assert each in text
