"""The day of the letters: kept back until it is in order, let go by two, stopped, paused, accounted
for.
"""

import io
import zipfile
from typing import Any

import pytest
from pypdf import PdfReader

from kulturkontor.actions import (
    check_release,
    control_release,
    deliveries,
    handle_mails,
    preview_letters,
    send,
)
from kulturkontor.application_rows import programme_partition, put
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import LetterState, Outcome
from kulturkontor.mails import MailEvent, MailState, MailStateError
from kulturkontor.programme import Programme
from kulturkontor.release_control import ReleaseStateError, digest_of
from tests.conftest import messages
from tests.office_factory import (
    CONFIRMER,
    STAFF,
    all_mails,
    decide_all,
    letter,
    oslo,
    read,
    release,
    send_in,
    send_one,
    send_open_mails,
    tick,
)

DAY = "2026-04-30T09:00:00"
LATER = "2026-04-30T09:05:00"


@pytest.fixture
def decided(aws: Wiring) -> str:
    """One application that is admitted, confirmed by a second person; the board's number is not
    put in.
    """
    receipt = send_in(aws)
    decide_all(aws, [(receipt.reference or "", Outcome.ADMITTED)])
    send_open_mails(aws, oslo("2026-03-20T10:01:00"))
    return receipt.id


def common(here: Wiring, by: str, at: str = "2026-04-29T12:00:00") -> dict[str, Any]:
    return {"by": by, "at": oslo(at), "programme": here.programme, "records": here.records}


def minutes(here: Wiring, admitted: int, by: str = "kari@example.org", **when: str) -> None:
    control_release.enter_minutes(admitted, reference="Sak 12/26", **common(here, by, **when))


def override(here: Wiring, by: str, at: str = DAY) -> None:
    standing = check_release.read_standing(here.programme, here.records)
    rows = check_release.read_rows(here.programme, here.records)
    digest = digest_of(check_release.blockers_of(rows, standing.control, here.records))
    control_release.override(digest, reason="Styret vet det.", **common(here, by, at))


def stop(here: Wiring, at: str = DAY) -> None:
    control_release.stop_letters(reason="Feil tekst.", **common(here, "kari@example.org", at))


def resume(here: Wiring, at: str = LATER) -> None:
    control_release.resume_letters(
        reason="Rettet.", mail_queue=here.mail_queue, **common(here, "ola@example.org", at)
    )


def notices(here: Wiring, about: str) -> list[str]:
    return [mail.id for mail in all_mails(here).values() if about in mail.id]


def audited(here: Wiring) -> list[tuple[str, str, str]]:
    rows = here.records.list(AuditRow, programme_partition("kifk2"), "AUDIT#")
    return [(row.what, row.by, row.after) for row in rows]


def test_the_letters_stay_without_the_boards_number_and_staff_are_told_once(
    aws: Wiring, decided: str
) -> None:
    assert [tick(aws, each)["letters"] for each in (DAY, LATER, "2026-05-02T09:00:00")] == [0] * 3
    (told,) = notices(aws, "letters_not_begun")
    assert all_mails(aws)[told].values["details"] == [
        "Antallet fra styrets protokoll er ikke ført inn. 1 har fått plass her."
    ]
    minutes(aws, 1)
    assert tick(aws, "2026-05-02T09:05:00")["letters"] == 1


def test_another_number_than_the_boards_keeps_them_back_until_it_is_mended(
    aws: Wiring, decided: str
) -> None:
    minutes(aws, 2)
    assert tick(aws, DAY)["letters"] == 0
    minutes(aws, 1, at=DAY)
    assert tick(aws, LATER)["letters"] == 1
    assert audited(aws)[:2] == [
        ("minutes", "kari@example.org", "2, Sak 12/26"),
        ("minutes", "kari@example.org", "1, Sak 12/26"),
    ]


def test_two_persons_let_the_letters_go_and_both_are_named(aws: Wiring, decided: str) -> None:
    send_in(aws, "0301")
    minutes(aws, 1)
    assert tick(aws, DAY)["letters"] == 0
    override(aws, "kari@example.org")
    assert tick(aws, DAY)["letters"] == 0
    with pytest.raises(ReleaseStateError, match="same_person"):
        override(aws, "kari@example.org")
    override(aws, "ola@example.org")
    assert tick(aws, LATER)["letters"] == 1
    standing = check_release.read_standing(aws.programme, aws.records)
    assert standing.release is not None
    assert standing.release.overridden_by == ("kari@example.org", "ola@example.org")
    assert [each[:2] for each in audited(aws) if each[0].startswith("override")] == [
        ("override#kari@example.org", "kari@example.org"),
        ("override#ola@example.org", "ola@example.org"),
    ]


def test_what_changes_after_the_override_keeps_the_letters_back_again(
    aws: Wiring, decided: str
) -> None:
    send_in(aws, "0301")
    minutes(aws, 1)
    for by in ("kari@example.org", "ola@example.org"):
        override(aws, by)
    send_in(aws, "1103", at="2026-04-29T10:00:00")
    assert tick(aws, DAY)["letters"] == 0
    override(aws, "ola@example.org", LATER)
    assert tick(aws, LATER)["letters"] == 0


def test_an_override_is_taken_back_by_one_button(aws: Wiring, decided: str) -> None:
    for by in ("kari@example.org", "ola@example.org"):
        override(aws, by)
    control_release.take_back_override(**common(aws, "per@example.org"))
    assert tick(aws, DAY)["letters"] == 0
    assert ("override_taken_back", "per@example.org", "") in audited(aws)


def test_only_what_was_shown_is_overridden(aws: Wiring, decided: str) -> None:
    with pytest.raises(ReleaseStateError, match="changed"):
        control_release.override("0" * 16, reason="Gå.", **common(aws, "kari@example.org"))


def test_an_unconfirmed_answer_gets_no_letter_even_if_the_rest_is_let_go(aws: Wiring) -> None:
    receipts = [send_in(aws, number) for number in ("4601", "0301")]
    references = [each.reference or "" for each in receipts]
    decide_all(aws, [(references[0], Outcome.REJECTED)])
    decide_all(aws, [(references[1], Outcome.REJECTED)], is_confirmed=False, source="sheet-2")
    assert release(aws)["letters"] == 1
    letter(aws, receipts[1].id)
    assert read(aws, receipts[1].id).decisions[-1].letter_state is LetterState.PENDING


def test_nothing_of_the_release_is_changed_once_it_has_begun(aws: Wiring, decided: str) -> None:
    release(aws)
    for attempt in (
        lambda: minutes(aws, 1),
        lambda: move(aws, "2026-05-01T09:00:00", at=LATER),
        lambda: control_release.take_back_override(**common(aws, STAFF)),
    ):
        with pytest.raises(ReleaseStateError, match="begun"):
            attempt()


def move(here: Wiring, when: str, at: str = "2026-04-29T12:00:00") -> Programme:
    moved = control_release.schedule_release(
        oslo(when),
        reason="Styremøtet er flyttet.",
        mail_queue=here.mail_queue,
        **common(here, "kari@example.org", at),
    )
    here.current_programme.refresh()
    return moved


def test_staff_move_the_release_and_the_preflights_come_anew(aws: Wiring, decided: str) -> None:
    minutes(aws, 1)
    assert tick(aws, "2026-04-29T08:00:00")["preflights"] == 1
    assert move(aws, "2026-05-04T08:30:00").released_at == oslo("2026-05-04T08:30:00")
    assert tick(aws, DAY)["letters"] == 0
    assert tick(aws, "2026-05-01T08:00:00")["preflights"] == 1
    assert tick(aws, "2026-05-04T08:30:00")["letters"] == 1
    assert len(notices(aws, "preflight")) == 2


def test_the_release_is_not_moved_into_the_past(aws: Wiring, decided: str) -> None:
    with pytest.raises(ReleaseStateError, match="time_past"):
        move(aws, "2026-04-29T11:59:00")


def test_the_preflight_typesets_every_letter_and_tells_what_it_found(aws: Wiring) -> None:
    long, faulty, short = (send_in(aws, number) for number in ("4601", "0301", "1103"))
    for receipt, reason in ((long, "Et ord til. " * 1200), (faulty, "Nei 🎻."), (short, "Nei.")):
        decide_all(
            aws,
            [(receipt.reference or "", Outcome.REJECTED)],
            reason=reason,
            source=receipt.id,
        )
    assert tick(aws, "2026-04-23T00:05:00")["preflights"] == 1
    assert tick(aws, "2026-04-23T00:10:00")["preflights"] == 0
    (mail,) = [each for each in all_mails(aws).values() if each.text == "preflight"]
    warnings = mail.values["warnings"]
    assert isinstance(warnings, list)
    assert [each for each in warnings if str(each).startswith("Brevet")] == [
        "Brevet kan ikke skrives slik det er nå, og vil bli holdt igjen: KFK2-2026-0301",
        "Brevet er lengre enn innstillingen tillater: KFK2-2026-4601",
    ]
    previews = check_release.read_standing(aws.programme, aws.records).previews
    assert previews is not None
    assert previews.pages.keys() == {"KFK2-2026-4601", "KFK2-2026-1103"}
    assert previews.pages["KFK2-2026-1103"] == 1
    assert (
        "🎻" in previews.faults["KFK2-2026-0301"] or "U+1F3BB" in previews.faults["KFK2-2026-0301"]
    )
    with zipfile.ZipFile(io.BytesIO(aws.archive.read(previews.object_key))) as drafts:
        assert drafts.namelist() == ["KFK2-2026-1103.pdf", "KFK2-2026-4601.pdf"]
        pages = PdfReader(io.BytesIO(drafts.read("KFK2-2026-4601.pdf"))).pages
    assert len(pages) == previews.pages["KFK2-2026-4601"] > 2
    assert all("Utkast" in page.extract_text() for page in pages)


def test_a_preview_changes_nothing_and_is_a_draft(aws: Wiring, decided: str) -> None:
    before = read(aws, decided)
    reference, pdf = preview_letters.preview_letter(
        decided, now=oslo("2026-04-25T10:00:00"), programme=aws.programme, records=aws.records
    )
    assert (reference, read(aws, decided)) == ("KFK2-2026-4601", before)
    assert "Utkast" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    words = PdfReader(io.BytesIO(pdf)).pages[0].extract_text().replace("\N{NO-BREAK SPACE}", " ")
    assert "30. april 2026" in words


def test_a_letter_that_lacks_a_fact_is_held_and_the_others_go(aws: Wiring) -> None:
    receipts = [send_in(aws, number) for number in ("4601", "0301")]
    decide_all(aws, [(each.reference or "", Outcome.WAITLISTED) for each in receipts])
    application = read(aws, receipts[0].id)
    broken = application.decisions[-1].model_copy(update={"rank": None})
    aws.records.write(*put(application.but(decisions=(broken,))))
    release(aws)
    states = [letter(aws, each.id) for each in receipts]
    assert [each and each.state for each in states] == [LetterState.HELD, LetterState.RENDERED]


def test_an_emergency_stop_keeps_every_letter_that_is_not_handed_over(
    aws: Wiring, decided: str
) -> None:
    release(aws)
    stop(aws)
    assert tick(aws, LATER)["letters"] == 0
    assert letter(aws, decided) is None
    resume(aws)
    assert tick(aws, LATER)["letters"] == 1
    letter(aws, decided)
    stop(aws, "2026-04-30T09:06:00")
    mail_id = f"{decided}_letter_1"
    assert send_one(aws, mail_id, oslo("2026-04-30T09:07:00")) is send.Sending.NOT_DUE
    assert all_mails(aws)[mail_id].state is MailState.QUEUED
    messages(aws.settings.mail_queue_url)
    swept = send.sweep_mails(
        now=oslo("2026-04-30T10:00:00"), records=aws.records, mail_queue=aws.mail_queue
    )
    assert (swept["queued_again"], messages(aws.settings.mail_queue_url)) == (0, [])
    resume(aws, "2026-04-30T10:01:00")
    assert {each["mail"] for each in messages(aws.settings.mail_queue_url)} == {
        mail_id,
        f"{mail_id}_copy_leader",
    }
    assert send_one(aws, mail_id, oslo("2026-04-30T10:02:00")) is send.Sending.SENT
    assert [each for each in audited(aws) if each[0].startswith("letters_")] == [
        ("letters_begun", "prepare_letters", ""),
        ("letters_stopped", "kari@example.org", "Feil tekst."),
        ("letters_resumed", "ola@example.org", "Rettet."),
        ("letters_stopped", "kari@example.org", "Feil tekst."),
        ("letters_resumed", "ola@example.org", "Rettet."),
    ]


def test_a_stop_before_the_time_keeps_the_release_from_beginning(aws: Wiring, decided: str) -> None:
    minutes(aws, 1)
    stop(aws, "2026-04-30T08:59:59")
    assert [tick(aws, each)["letters"] for each in (DAY, LATER)] == [0, 0]
    (told,) = notices(aws, "letters_not_begun")
    assert all_mails(aws)[told].values["details"] == [
        "kari@example.org stoppet utsendingen 30. april 2026 kl. 08.59: Feil tekst."
    ]
    assert check_release.read_standing(aws.programme, aws.records).release is None
    resume(aws)
    assert tick(aws, LATER)["letters"] == 1


def test_stopping_and_resuming_twice_is_said_to_be_so(aws: Wiring, decided: str) -> None:
    with pytest.raises(ReleaseStateError, match="not_stopped"):
        resume(aws)
    stop(aws)
    with pytest.raises(ReleaseStateError, match="stopped"):
        stop(aws, LATER)


def test_other_mail_goes_while_the_letters_are_stopped(aws: Wiring) -> None:
    stop(aws)
    receipt = send_in(aws, "0301")
    sent = send_one(aws, f"{receipt.id}_receipt_1", oslo("2026-03-20T10:05:00"))
    assert sent is send.Sending.SENT


def test_one_letter_is_stopped_with_its_copies_and_let_go_again(aws: Wiring, decided: str) -> None:
    release(aws)
    letter(aws, decided)
    mail_id = f"{decided}_letter_1"
    by = {"by": "kari@example.org", "at": oslo(LATER), "records": aws.records}
    stopped = handle_mails.stop_mail("kifk2", mail_id, **by)
    assert (stopped.state, stopped.needs_staff) == (MailState.STOPPED, True)
    assert send_open_mails(aws, oslo(LATER)) == []
    with pytest.raises(MailStateError):
        handle_mails.stop_mail("kifk2", mail_id, **by)
    means = by | {"programme": aws.programme, "mail_queue": aws.mail_queue}
    handle_mails.let_mail_go(mail_id, **means | {"at": oslo("2026-04-30T09:06:00")})
    assert send_open_mails(aws, oslo("2026-04-30T09:07:00")) == [send.Sending.SENT] * 2
    with pytest.raises(MailStateError):
        handle_mails.let_mail_go(mail_id, **means)


def test_a_letter_that_is_handed_over_is_not_stopped(aws: Wiring, decided: str) -> None:
    release(aws)
    letter(aws, decided)
    send_open_mails(aws, oslo(LATER))
    with pytest.raises(MailStateError):
        handle_mails.stop_mail(
            "kifk2", f"{decided}_letter_1", by=STAFF, at=oslo(LATER), records=aws.records
        )


def tell(here: Wiring, mail_id: str, kind: str, detail: str = "") -> None:
    deliveries.record_delivery(
        mail_id,
        MailEvent(kind=kind, at=oslo(LATER), detail=detail),
        message_id=f"of-{mail_id}",
        now=oslo("2026-04-30T09:10:00"),
        staff_address=STAFF,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def test_a_letter_that_bounces_goes_to_the_second_contact_once(aws: Wiring, decided: str) -> None:
    release(aws)
    letter(aws, decided)
    send_open_mails(aws, oslo(LATER))
    mail_id = f"{decided}_letter_1"
    for _ in range(2):
        tell(aws, mail_id, "Bounce", "Permanent")
    mails = all_mails(aws)
    assert (mails[mail_id].state, mails[mail_id].second_contact) == (
        MailState.BOUNCED,
        f"{mail_id}_second",
    )
    second = mails[f"{mail_id}_second"]
    assert (second.to, second.state) == ("leder-4601@example.org", MailState.QUEUED)
    assert second.enclosures == mails[mail_id].enclosures
    send_open_mails(aws, oslo("2026-04-30T09:11:00"))
    tell(aws, second.id, "Bounce", "Permanent")
    assert [each for each in all_mails(aws) if "second" in each] == [second.id]


@pytest.mark.parametrize(
    ("mail", "kind", "detail"),
    [
        ("letter_1", "Bounce", "Transient"),
        ("letter_1", "Delivery", ""),
        ("letter_1_copy_leader", "Bounce", "Permanent"),
        ("receipt_1", "Bounce", "Permanent"),
    ],
)
def test_nothing_else_goes_to_the_second_contact(
    aws: Wiring, decided: str, mail: str, kind: str, detail: str
) -> None:
    release(aws)
    letter(aws, decided)
    send_open_mails(aws, oslo(LATER))
    tell(aws, f"{decided}_{mail}", kind, detail)
    assert [each for each in all_mails(aws) if "second" in each] == []


NUMBERS = ("4601", "0301", "1103", "5001", "3301", "4204", "3201")


@pytest.fixture
def handed_over(aws: Wiring) -> list[str]:
    """Seven letters, six of them handed over."""
    receipts = [send_in(aws, number) for number in NUMBERS]
    decide_all(aws, [(each.reference or "", Outcome.REJECTED) for each in receipts])
    release(aws)
    for receipt in receipts:
        letter(aws, receipt.id)
    ids = [f"{receipt.id}_letter_1" for receipt in receipts]
    for each in ids[:-1]:
        send_one(aws, each, oslo(LATER))
    return ids


def test_five_bounces_stop_the_letters_and_staff_are_told_once(
    aws: Wiring, handed_over: list[str]
) -> None:
    for each in handed_over[:4]:
        tell(aws, each, "Bounce", "Permanent")
    assert check_release.read_standing(aws.programme, aws.records).control.halt is None
    for each in handed_over[4:6]:
        tell(aws, each, "Bounce", "Permanent")
    halt = check_release.read_standing(aws.programme, aws.records).control.halt
    assert halt is not None
    assert (halt.by, halt.bounced, halt.handed_over) == ("", 5, 6)
    assert len(notices(aws, "letters_paused")) == 1
    last = handed_over[-1]
    assert send_one(aws, last, oslo("2026-04-30T09:12:00")) is send.Sending.NOT_DUE
    resume(aws, "2026-04-30T09:15:00")
    assert send_one(aws, last, oslo("2026-04-30T09:16:00")) is send.Sending.SENT
    tell(aws, last, "Bounce", "Permanent")
    assert check_release.read_standing(aws.programme, aws.records).control.halt is None


def test_staff_get_the_account_when_nothing_waits_and_when_it_closes(
    aws: Wiring, decided: str
) -> None:
    release(aws)
    letter(aws, decided)
    tick(aws, LATER)
    assert notices(aws, "notice_letters_") == []
    send_open_mails(aws, oslo(LATER))
    for at in ("2026-04-30T09:10:00", "2026-04-30T09:15:00"):
        tick(aws, at)
    (sent,) = notices(aws, "notice_letters_")
    assert all_mails(aws)[sent].values["details"] == [
        "1 bestemt = 1 skrevet + 0 holdt igjen",
        "1 skrevet = 1 sendt + 0 venter + 0 avvist + 0 usikre",
        "1 sendt = 0 levert + 0 i retur + 1 underveis",
        "Uforklarte brev: 0",
    ]
    tell(aws, f"{decided}_letter_1", "Delivery")
    for at in ("2026-04-30T09:20:00", "2026-04-30T09:25:00"):
        tick(aws, at)
    assert [each.rsplit("_", 1)[1] for each in notices(aws, "notice_letters_")] == [
        "closed",
        "sent",
    ]


def test_staff_get_the_account_after_an_hour_even_if_letters_wait(
    aws: Wiring, decided: str
) -> None:
    release(aws)
    letter(aws, decided)
    tick(aws, "2026-04-30T09:55:00")
    assert notices(aws, "notice_letters_") == []
    tick(aws, "2026-04-30T10:00:00")
    (sent,) = notices(aws, "notice_letters_")
    details = all_mails(aws)[sent].values["details"]
    assert isinstance(details, list)
    assert details[1] == "1 skrevet = 0 sendt + 1 venter + 0 avvist + 0 usikre"


def test_the_person_who_confirms_is_another_than_the_one_who_proposed(
    aws: Wiring, decided: str
) -> None:
    decision = read(aws, decided).decisions[-1]
    assert (decision.decided_by, decision.confirmed_by) == ("stab", CONFIRMER)
