"""A gathering moved, a meeting set: made once, told to exactly those concerned, finished after a
fault."""

from datetime import date, datetime

import pytest

from kulturkontor.actions.change_calendar import (
    finish_change,
    make_change,
    plan_change,
    read_changes,
)
from kulturkontor.actions.handle_mails import stop_mail
from kulturkontor.actions.invite_newcomers import invite_every_newcomer
from kulturkontor.actions.tell_change import AT_ONCE, tell_change
from kulturkontor.application_rows import put
from kulturkontor.aws.session import calls
from kulturkontor.aws.wiring import Wiring
from kulturkontor.calendar_changes import (
    NOTHING_SEEN,
    CalendarChange,
    CalendarError,
    GatheringWish,
    MeetingWish,
)
from kulturkontor.decisions import Outcome
from kulturkontor.mails import Mail, mail_id
from kulturkontor.people import Participant
from kulturkontor.programme_settings import SettingsError
from tests.conftest import messages
from tests.functions.calling import aws_calls, call, failed
from tests.office_factory import (
    admitted,
    all_mails,
    decide_all,
    group,
    letter,
    oslo,
    read,
    release,
    send_claim,
    send_in,
    send_open_mails,
)

AT = oslo("2026-08-10T10:00:00")
LATER = oslo("2026-08-11T10:00:00")
MOVED = GatheringWish(
    first_day=date(2026, 10, 1),
    last_day=date(2026, 10, 2),
    place="Lillestrøm",
    reason="Hotellet er stengt.",
    seen=0,
)
MEETING = MeetingWish.model_validate(
    {
        "starts": "2026-10-20T09:00",
        "ends": "2026-10-20T10:30",
        "address": "https://moete.example.org/1",
        "reason": "Velkommen!",
        "seen": NOTHING_SEEN,
    }
)


def change(
    here: Wiring,
    wish: GatheringWish | MeetingWish = MOVED,
    about: str = "S1",
    at: datetime = AT,
) -> CalendarChange:
    made = make_change(
        about,
        wish,
        by="stab",
        at=at,
        programme=here.programme,
        records=here.records,
        archive=here.archive,
        mail_queue=here.mail_queue,
        letter_queue=here.letter_queue,
    )
    here.current_programme.refresh()
    return made


def told(here: Wiring, about: str = "S1") -> list[Mail]:
    return [mail for mail in all_mails(here).values() if f"_calendar_{about}_" in mail.id]


def enlarge(here: Wiring, application_id: str, persons: int) -> None:
    """A group of that size, each with an address."""
    application = read(here, application_id)
    people = tuple(
        Participant(
            id=f"p{number}",
            name=f"Prøve {number}",
            sector="kultur",
            email=f"{application.kommunenummer}-{number}@example.org",
            coordinator=number == 1,
        )
        for number in range(1, persons + 1)
    )
    here.records.write(*put(application.but(participants=people)))


def test_a_moved_gathering_is_in_force_and_told_to_each_of_the_group_and_the_contact(
    aws: Wiring,
) -> None:
    application_id = admitted(aws)
    send_in(aws, "3411")
    made = change(aws)
    now = aws.programme.gathering("S1")
    assert now is not None
    assert (now.first_day, now.place, now.sequence, now.changed_at) == (
        date(2026, 10, 1),
        "Lillestrøm",
        1,
        AT,
    )
    mails = told(aws)
    assert {mail.to for mail in mails} == {
        "kontakt-4601@example.org",
        *(each.email for each in group().participants),
    }
    assert {mail.id for mail in mails} == {
        f"{application_id}_calendar_S1_1_{whom}" for whom in ("contact", "p1", "p2", "p3", "p4")
    }
    assert (made.told, made.is_told) == (5, True)


def test_the_calendar_file_that_goes_along_is_the_changed_one(aws: Wiring) -> None:
    admitted(aws)
    change(aws)
    (file,) = {mail.enclosures for mail in told(aws)}
    data = aws.archive.read(file[0].key)
    assert b"DTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261003\r\n" in data
    assert b"SEQUENCE:1\r\n" in data


def test_the_same_change_pressed_twice_is_made_and_told_once(aws: Wiring) -> None:
    admitted(aws)
    first = change(aws)
    mails = told(aws)
    again = change(aws)
    assert (again.told, again.but(revision=0)) == (5, first.but(revision=0))
    assert told(aws) == mails
    assert len(read_changes(aws.programme, aws.records)) == 1


def test_a_page_that_is_old_changes_nothing(aws: Wiring) -> None:
    change(aws)
    with pytest.raises(CalendarError, match="changed_meanwhile"):
        change(aws, MOVED.model_copy(update={"place": "Oslo"}))
    now = aws.programme.gathering("S1")
    assert now is not None
    assert now.place == "Lillestrøm"


def test_a_change_that_changes_nothing_is_refused(aws: Wiring) -> None:
    with pytest.raises(CalendarError, match="nothing_changed"):
        change(
            aws,
            MOVED.model_copy(
                update={
                    "first_day": date(2026, 9, 24),
                    "last_day": date(2026, 9, 25),
                    "place": "Gardermoen",
                }
            ),
        )


@pytest.mark.parametrize(
    "days",
    [
        {"first_day": date(2026, 10, 3)},
        {"first_day": date(2026, 7, 1), "last_day": date(2026, 7, 2)},
    ],
    ids=["ends before it begins", "outside the programme"],
)
def test_days_that_do_not_hold_together_are_refused_and_nothing_is_kept(
    aws: Wiring, days: dict[str, date]
) -> None:
    admitted(aws)
    with pytest.raises(SettingsError):
        change(aws, MOVED.model_copy(update=days))
    assert (read_changes(aws.programme, aws.records), told(aws)) == ([], [])


def test_a_cancelled_gathering_says_so_and_can_be_revived(aws: Wiring) -> None:
    admitted(aws)
    as_it_was = {
        "first_day": date(2026, 9, 24),
        "last_day": date(2026, 9, 25),
        "place": "Gardermoen",
    }
    change(aws, MOVED.model_copy(update={**as_it_was, "is_cancelled": True}))
    assert {mail.text for mail in told(aws)} == {"gathering_cancelled"}
    change(aws, MOVED.model_copy(update={**as_it_was, "seen": 1}), at=LATER)
    assert {mail.text for mail in told(aws) if "_S1_2_" in mail.id} == {"gathering_changed"}


def test_a_new_meeting_invites_the_coordinators_and_the_contact(aws: Wiring) -> None:
    admitted(aws)
    change(aws, MEETING, "M1")
    (meeting,) = aws.programme.coordinator_meetings
    assert (meeting.id, meeting.sequence, meeting.address) == (
        "M1",
        0,
        "https://moete.example.org/1",
    )
    assert {(mail.to, mail.text) for mail in told(aws, "M1")} == {
        ("kontakt-4601@example.org", "meeting_invitation"),
        ("person-1@example.org", "meeting_invitation"),
    }
    change(aws, MEETING, "M1")
    assert len(told(aws, "M1")) == 2


def test_whoever_comes_after_the_invitation_is_invited_the_next_morning_and_once(
    aws: Wiring,
) -> None:
    admitted(aws)

    def invited(at: str) -> int:
        aws.current_programme.refresh()
        return invite_every_newcomer(
            now=oslo(at),
            programme=aws.programme,
            records=aws.records,
            mail_queue=aws.mail_queue,
        )

    change(aws, MEETING, "M1")
    enlarge(aws, admitted(aws, "3411"), 4)
    assert [invited("2026-08-11T06:00:00") for _ in range(2)] == [2, 0]
    assert {mail.to for mail in told(aws, "M1")} == {
        "kontakt-4601@example.org",
        "person-1@example.org",
        "kontakt-3411@example.org",
        "3411-1@example.org",
    }
    admitted(aws, "5001")
    assert invited("2026-10-20T10:30:00") == 0
    change(aws, MEETING.model_copy(update={"is_cancelled": True, "seen": 0}), "M1", LATER)
    admitted(aws, "4204")
    assert invited("2026-08-12T06:00:00") == 0


def test_a_meeting_is_cancelled_to_those_who_were_invited(aws: Wiring) -> None:
    admitted(aws)
    change(aws, MEETING, "M1")
    change(aws, MEETING.model_copy(update={"is_cancelled": True, "seen": 0}), "M1", LATER)
    cancelled = [mail for mail in told(aws, "M1") if mail.text == "meeting_cancelled"]
    assert {mail.to for mail in cancelled} == {"kontakt-4601@example.org", "person-1@example.org"}


def test_a_meeting_does_not_become_a_gathering(aws: Wiring) -> None:
    change(aws, MEETING, "M1")
    with pytest.raises(CalendarError, match="changed_meanwhile"):
        change(aws, MOVED, "M1")
    with pytest.raises(CalendarError, match="unknown"):
        change(aws, MOVED, "S9")


def test_what_a_change_would_touch_is_told_and_nothing_is_written(aws: Wiring) -> None:
    application_id = admitted(aws)
    send_claim(aws, application_id)
    calls.clear()
    plan = plan_change("S1", MOVED, by="stab", at=AT, programme=aws.programme, records=aws.records)
    assert aws_calls() == 3
    assert (len(plan.recipients), plan.claims) == (5, 1)
    assert plan.becomes.gatherings[0].place == "Lillestrøm"
    assert (told(aws), read_changes(aws.programme, aws.records)) == ([], [])


def test_a_change_for_few_takes_one_transaction(aws: Wiring) -> None:
    admitted(aws)
    calls.clear()
    change(aws)
    written = {"s3": 2, "sqs": 1}
    assert {name: calls[name] for name in written} == written
    assert calls["dynamodb"] <= 6


def test_more_mails_than_fit_one_transaction_are_all_written(aws: Wiring) -> None:
    for number in ("4601", "3411", "5001"):
        enlarge(aws, admitted(aws, number), 40)
    made = change(aws)
    assert (made.told, made.is_told, len(told(aws))) == (AT_ONCE, False, AT_ONCE)
    written = {mail.id: mail.revision for mail in told(aws)}
    assert change(aws) == made.but(revision=1)
    asked = finish_change(
        "S1", 1, programme=aws.programme, records=aws.records, letter_queue=aws.letter_queue
    )
    assert asked.but(revision=0) == made
    task = {"programme": "kifk2", "event": "S1", "sequence": 1}
    asked_for = [each for each in messages(aws.settings.letter_queue_url) if "event" in each]
    assert asked_for == [task] * 3
    for _ in range(2):
        assert failed(call("issue_letter", "event")) == 0
    (done,) = read_changes(aws.programme, aws.records)
    assert (done.told, done.is_told, len(told(aws))) == (123, True, 123)
    assert {mail.id: mail.revision for mail in told(aws) if mail.id in written} == written


def test_a_change_that_was_changed_again_is_not_told_to_the_rest(aws: Wiring) -> None:
    for number in ("4601", "3411", "5001"):
        enlarge(aws, admitted(aws, number), 40)
    change(aws)
    change(aws, MOVED.model_copy(update={"place": "Oslo", "seen": 1}), at=LATER)
    for sequence in (1, 2):
        tell_change(
            "S1",
            sequence,
            programme=aws.programme,
            records=aws.records,
            mail_queue=aws.mail_queue,
        )
    found = [(each.told, each.is_told) for each in read_changes(aws.programme, aws.records)]
    assert found == [(123, True), (AT_ONCE, True)]
    assert len(told(aws)) == 123 + AT_ONCE


def test_a_change_that_was_never_made_cannot_be_finished(aws: Wiring) -> None:
    with pytest.raises(CalendarError, match="unknown"):
        finish_change(
            "S1", 1, programme=aws.programme, records=aws.records, letter_queue=aws.letter_queue
        )


def test_an_address_that_two_have_gets_one_mail(aws: Wiring) -> None:
    application_id = admitted(aws)
    application = read(aws, application_id)
    first = application.participants[0].model_copy(
        update={"email": application.answers.contact.email.upper()}
    )
    aws.records.write(*put(application.but(participants=(first, *application.participants[1:]))))
    change(aws)
    assert sorted(mail.to for mail in told(aws)) == [
        "kontakt-4601@example.org",
        *(f"person-{number}@example.org" for number in (2, 3, 4)),
    ]


def test_those_who_do_not_take_part_are_told_nothing(aws: Wiring) -> None:
    gone = read(aws, admitted(aws))
    aws.records.write(*put(gone.but(state="withdrawn")))
    change(aws)
    assert told(aws) == []


def test_who_has_not_answered_an_offer_is_told_that_the_letter_has_the_old_days(
    aws: Wiring,
) -> None:
    one = send_in(aws)
    decide_all(aws, [(one.reference or "", Outcome.ADMITTED)])
    release(aws)
    letter(aws, one.id)
    send_open_mails(aws, oslo("2026-04-30T09:05:00"))
    plan = plan_change("S1", MOVED, by="stab", at=AT, programme=aws.programme, records=aws.records)
    assert [each.whom for each in plan.recipients] == ["contact"]
    change(aws)
    change(aws, MEETING, "M1")
    (mail,) = told(aws)
    assert (mail.to, mail.values["offer_note"], mail.pages["gatherings_link"].path) == (
        "kontakt-4601@example.org",
        "Brevet med tilbudet om plass har den gamle planen. Det som står her, gjelder i stedet. "
        "Tilbudet er det samme, og svarfristen er fortsatt 20. mai 2026.",
        "",
    )
    assert told(aws, "M1") == []


def test_an_offer_whose_letter_is_stopped_is_not_told_of(aws: Wiring) -> None:
    one = send_in(aws)
    decide_all(aws, [(one.reference or "", Outcome.ADMITTED)])
    release(aws)
    letter(aws, one.id)
    letter_mail = mail_id(one.id, "letter", 1)
    stop_mail(aws.programme.id, letter_mail, by="stab", at=AT, records=aws.records)
    change(aws)
    assert told(aws) == []
