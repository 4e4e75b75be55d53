"""Staff ask for more: the parts they chose are open until their time, and nothing else is."""

from datetime import timedelta
from typing import Any

import pytest

from kulturkontor.actions import edit
from kulturkontor.actions.application_checks import ApplicationStateError, PeriodError
from kulturkontor.actions.ask_more import AskError, ask_more, close_question
from kulturkontor.actions.edit import digest_of_shown
from kulturkontor.actions.save import save
from kulturkontor.application_parts import Part
from kulturkontor.application_period import as_sendable
from kulturkontor.application_rows import ApplicationRow, row_of
from kulturkontor.applications import Application, ApplicationVersion, application_key
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome
from kulturkontor.mails import Mail
from kulturkontor.next_steps import Step, StepCode, next_steps
from tests.office_factory import (
    all_mails,
    composer,
    decide_all,
    letter,
    oslo,
    read,
    release,
    send_in,
)

AFTER = oslo("2026-04-15T10:00:00")
UNTIL = oslo("2026-04-22T12:00:00")
ANNE = "anne@example.org"


def ask(
    here: Wiring, application_id: str, *parts: Part, at: Any = AFTER, **changes: Any
) -> Application:
    values: dict[str, Any] = {"until": UNTIL, "message": "Hvem eier planen?", "by": ANNE} | changes
    return ask_more(
        application_id,
        parts,
        values.pop("until"),
        at=at,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
        **values,
    )


def write(here: Wiring, application_id: str, part: Part, *, at: Any, **typed: str) -> None:
    edit.edit(
        application_id,
        part,
        typed,
        seen={},
        person="",
        at=at,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def send(here: Wiring, application_id: str, *, at: Any, **terms: str) -> None:
    known = as_sendable(read(here, application_id), here.programme, at)
    edit.send(
        application_id,
        terms,
        shown=digest_of_shown(known.working_answers),
        person="",
        at=at,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def versions(here: Wiring, application_id: str) -> list[ApplicationVersion]:
    partition = application_key(application_id).partition
    return here.records.list(ApplicationVersion, partition, "VERSION#")


def mails_named(here: Wiring, text: str) -> list[Mail]:
    return [each for each in all_mails(here).values() if each.text == text]


def test_the_contact_is_told_what_is_asked_and_where(aws: Wiring) -> None:
    receipt = send_in(aws)
    asked = ask(aws, receipt.id, Part.TEAM, Part.ANCHORING)
    assert asked.reopened is not None
    assert asked.reopened.parts == (Part.ANCHORING, Part.TEAM)
    (mail,) = mails_named(aws, "ask_more")
    assert (mail.to, mail.values["message"]) == ("kontakt-4601@example.org", "Hvem eier planen?")
    assert mail.values["until"] == "22. april 2026 kl. 12.00"
    assert mail.pages["more_link"].path == "/soknad"
    assert composer(aws)(mail, [])
    rows = aws.records.list(AuditRow, application_key(receipt.id).partition, "AUDIT#")
    assert [(each.what, each.by, each.before) for each in rows] == [
        ("ask_more", ANNE, "forankring,gruppe")
    ]


def test_only_the_chosen_part_can_be_written_after_the_deadline(aws: Wiring) -> None:
    receipt = send_in(aws)
    later = AFTER + timedelta(hours=1)
    with pytest.raises(PeriodError):
        write(aws, receipt.id, Part.ANCHORING, at=AFTER, anchoring_plans="For sent.")
    ask(aws, receipt.id, Part.ANCHORING)
    write(aws, receipt.id, Part.ANCHORING, at=later, anchoring_plans="Ny plan.")
    with pytest.raises(PeriodError):
        write(aws, receipt.id, Part.CAPACITY, at=later, motivation="Noe helt annet.")
    with pytest.raises(PeriodError):
        write(aws, receipt.id, Part.ANCHORING, at=UNTIL, anchoring_plans="For sent.")


def test_what_is_sent_is_a_supplement_and_the_application_keeps_its_time(aws: Wiring) -> None:
    receipt = send_in(aws)
    ask(aws, receipt.id, Part.ANCHORING)
    at = AFTER + timedelta(days=1)
    write(aws, receipt.id, Part.ANCHORING, at=at, anchoring_plans="Ny plan.")
    send(aws, receipt.id, at=at)
    sent = read(aws, receipt.id)
    assert sent.received_at == oslo("2026-03-20T10:00:00")
    assert not sent.is_late
    assert sent.answers.anchoring_plans == "Ny plan."
    assert sent.pending is None
    assert sent.reopened is not None
    assert sent.reopened.answered_at == at
    assert [(each.version, each.is_supplement) for each in versions(aws, receipt.id)] == [
        (1, False),
        (2, True),
    ]
    receipts = mails_named(aws, "receipt")
    assert "Det dere la til, kom 16. april 2026" in str(receipts[-1].values["status"])
    assert receipts[-1].values["change_note"] is None
    (told,) = [each for each in mails_named(aws, "staff_notice") if "more" in each.id]
    assert told.to == ANNE


def test_corrections_never_sent_in_time_are_not_sent_with_the_supplement(aws: Wiring) -> None:
    receipt = send_in(aws)
    in_time = oslo("2026-04-01T10:00:00")
    write(aws, receipt.id, Part.CAPACITY, at=in_time, motivation="Aldri sendt.")
    ask(aws, receipt.id, Part.ANCHORING)
    at = AFTER + timedelta(days=1)
    write(aws, receipt.id, Part.ANCHORING, at=at, anchoring_plans="Ny plan.")
    send(aws, receipt.id, at=at, privacy_notice_read="on")
    sent = read(aws, receipt.id)
    assert sent.answers.anchoring_plans == "Ny plan."
    assert sent.answers.motivation == "Vi vil nå flere barn."
    assert sent.answers.accepts_cost_split
    assert sent.pending is not None
    assert sent.pending.motivation == "Aldri sendt."


def test_the_json_api_may_change_the_chosen_parts_alone(aws: Wiring) -> None:
    receipt = send_in(aws)
    ask(aws, receipt.id, Part.ANCHORING)

    def submit(**body: str) -> None:
        save(
            receipt.id,
            body,
            submit=True,
            expected_version=None,
            received_at=AFTER + timedelta(hours=1),
            programme=aws.programme,
            records=aws.records,
            mail_queue=aws.mail_queue,
        )

    with pytest.raises(PeriodError):
        submit(anchoring_plans="Ny plan.", motivation="Noe annet.")
    submit(anchoring_plans="Ny plan.")
    assert read(aws, receipt.id).answers.anchoring_plans == "Ny plan."
    assert versions(aws, receipt.id)[-1].is_supplement


def test_what_is_sent_before_the_deadline_is_an_ordinary_version(aws: Wiring) -> None:
    receipt = send_in(aws)
    ask(aws, receipt.id, Part.ANCHORING, at=oslo("2026-03-25T10:00:00"))
    at = oslo("2026-03-26T10:00:00")
    write(aws, receipt.id, Part.CAPACITY, at=at, motivation="Bedre sagt.")
    send(aws, receipt.id, at=at, accepts_cost_split="on", privacy_notice_read="on")
    sent = read(aws, receipt.id)
    assert (sent.received_at, versions(aws, receipt.id)[-1].is_supplement) == (at, False)
    assert sent.reopened is not None
    assert sent.reopened.answered_at == at


def test_it_may_be_sent_again_until_the_time_that_was_set(aws: Wiring) -> None:
    receipt = send_in(aws)
    ask(aws, receipt.id, Part.ANCHORING)
    for day in (1, 2):
        at = AFTER + timedelta(days=day)
        write(aws, receipt.id, Part.ANCHORING, at=at, anchoring_plans=f"Plan {day}.")
        send(aws, receipt.id, at=at)
    assert [each.is_supplement for each in versions(aws, receipt.id)] == [False, True, True]
    assert len([each for each in mails_named(aws, "staff_notice") if "more" in each.id]) == 2


def test_a_question_taken_back_shuts_its_parts_at_once(aws: Wiring) -> None:
    receipt = send_in(aws)
    ask(aws, receipt.id, Part.ANCHORING)
    at = AFTER + timedelta(hours=1)
    close_question(receipt.id, by=ANNE, at=at, records=aws.records)
    closed = close_question(receipt.id, by=ANNE, at=at, records=aws.records)
    assert closed.reopened is not None
    assert closed.reopened.standing == ""
    with pytest.raises(PeriodError):
        write(aws, receipt.id, Part.ANCHORING, at=at, anchoring_plans="For sent.")
    rows = aws.records.list(AuditRow, application_key(receipt.id).partition, "AUDIT#")
    assert [each.what for each in rows] == ["ask_more", "ask_closed"]


def test_the_list_tells_whom_a_question_waits_for(aws: Wiring) -> None:
    receipt = send_in(aws)

    def standing() -> str:
        row = aws.records.read(ApplicationRow, row_of(read(aws, receipt.id)).key)
        assert row is not None
        return row.asked

    found = [standing()]
    ask(aws, receipt.id, Part.ANCHORING)
    found.append(standing())
    at = AFTER + timedelta(hours=1)
    write(aws, receipt.id, Part.ANCHORING, at=at, anchoring_plans="Ny plan.")
    send(aws, receipt.id, at=at)
    found.append(standing())
    close_question(receipt.id, by=ANNE, at=at, records=aws.records)
    found.append(standing())
    assert found == ["", "waiting", "answered", ""]


def test_the_applicant_is_told_what_to_do_until_it_is_done(aws: Wiring) -> None:
    receipt = send_in(aws)
    ask(aws, receipt.id, Part.ANCHORING)
    at = AFTER + timedelta(hours=1)

    def steps() -> list[Step]:
        return next_steps(read(aws, receipt.id), {}, programme=aws.programme, at=at)

    assert [(each.code, each.path, each.by) for each in steps()] == [
        (StepCode.MORE, "/soknad", UNTIL.date())
    ]
    write(aws, receipt.id, Part.ANCHORING, at=at, anchoring_plans="Ny plan.")
    send(aws, receipt.id, at=at)
    assert steps() == []


@pytest.mark.parametrize(
    ("parts", "changes", "code"),
    [
        ((), {}, "no_parts"),
        ((Part.TEAM,), {"until": AFTER}, "past"),
        ((Part.TEAM,), {"until": oslo("2026-04-30T09:00:00")}, "after_letters"),
    ],
    ids=["no parts", "a time that is past", "after the letters"],
)
def test_a_question_that_cannot_be_answered_is_not_asked(
    aws: Wiring, parts: tuple[Part, ...], changes: dict[str, Any], code: str
) -> None:
    receipt = send_in(aws)
    with pytest.raises(AskError, match=code):
        ask(aws, receipt.id, *parts, **changes)
    assert mails_named(aws, "ask_more") == []


def test_nobody_is_asked_once_the_letter_is_written(aws: Wiring) -> None:
    receipt = send_in(aws)
    assert receipt.reference
    decide_all(aws, [(receipt.reference, Outcome.REJECTED)])
    release(aws)
    letter(aws, receipt.id)
    with pytest.raises(AskError, match="told"):
        ask(aws, receipt.id, Part.TEAM)


def test_a_draft_is_not_asked_for_more(aws: Wiring) -> None:
    draft = send_in(aws, submit=False)
    with pytest.raises(ApplicationStateError, match="draft"):
        ask(aws, draft.id, Part.TEAM)
    with pytest.raises(AskError, match="not_asked"):
        close_question(draft.id, by=ANNE, at=AFTER, records=aws.records)


def test_the_same_button_twice_asks_once(aws: Wiring) -> None:
    receipt = send_in(aws)
    ask(aws, receipt.id, Part.TEAM)
    ask(aws, receipt.id, Part.TEAM, at=AFTER + timedelta(minutes=1))
    assert len(mails_named(aws, "ask_more")) == 1
