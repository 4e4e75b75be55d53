"""A step of a municipality's that staff register: the same step, with its source."""

from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest

from kulturkontor.actions import attend
from kulturkontor.actions.answer import PlaceStateError, group_digest
from kulturkontor.actions.on_behalf import (
    register,
    register_answer,
    register_contact,
    register_group,
    register_withdrawal,
)
from kulturkontor.application_form import SubmittedContact
from kulturkontor.applications import ApplicationState, application_key
from kulturkontor.attendance import Coming
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.mails import Mail, MailState, send_again
from kulturkontor.on_behalf import OnBehalf, OnBehalfError, Source
from kulturkontor.participation import attendance_at
from kulturkontor.people import Presence
from tests.conftest import messages
from tests.office_factory import (
    accept,
    admitted,
    all_mails,
    composer,
    decide_all,
    group,
    letter,
    oslo,
    read,
    release,
    send_in,
)

AT = oslo("2026-05-04T10:00:00")
PHONED = OnBehalf(by="anne@example.org", source=Source.PHONE, day=date(2026, 5, 3))
WROTE = PHONED.model_copy(update={"source": Source.MAIL})


def offered(here: Wiring, number: str = "4601") -> str:
    receipt = send_in(here, number)
    assert receipt.reference
    decide_all(here, [(receipt.reference, Outcome.ADMITTED)])
    release(here)
    letter(here, receipt.id)
    return receipt.id


def audited(here: Wiring, application_id: str) -> list[tuple[str, str, str, str]]:
    rows = here.records.list(AuditRow, application_key(application_id).partition, "AUDIT#")
    return [(e.what, e.by, e.before, e.after) for e in rows if e.what.startswith("on_behalf")]


def new_mails(here: Wiring, before: dict[str, Mail]) -> list[Mail]:
    return [mail for key, mail in all_mails(here).items() if key not in before]


def text_of(here: Wiring, mail: Mail) -> str:
    return composer(here)(mail, []).decode()


def answer(here: Wiring, application_id: str, *, accept: bool, said: OnBehalf = PHONED) -> None:
    register_answer(
        application_id,
        accept=accept,
        registered=said,
        at=AT,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def test_a_yes_by_telephone_is_the_municipalitys_yes(aws: Wiring) -> None:
    application_id = offered(aws)
    before = all_mails(aws)
    answer(aws, application_id, accept=True)
    place = read(aws, application_id).place
    assert place is not None
    assert place.state is PlaceState.ACCEPTED
    assert audited(aws, application_id) == [
        ("on_behalf#answer", "anne@example.org", "phone", "2026-05-03")
    ]
    mails = new_mails(aws, before)
    assert [(each.text, each.to, each.registered) for each in mails] == [
        ("answer_confirmed", "kontakt-4601@example.org", PHONED)
    ]


@pytest.mark.parametrize(
    ("language", "said", "words"),
    [
        (
            "nb",
            PHONED,
            "Registrert av anne@example.org på vegne av kommunen, etter telefonsamtale med "
            "kommunen 3. mai 2026.",
        ),
        (
            "nn",
            WROTE,
            "Registrert av anne@example.org på vegner av kommunen, etter e-post frå kommunen "
            "3. mai 2026.",
        ),
        (
            "nb",
            PHONED.model_copy(update={"source": Source.LETTER}),
            "Registrert av anne@example.org på vegne av kommunen, etter brev fra kommunen "
            "3. mai 2026.",
        ),
    ],
)
def test_the_receipt_says_first_who_registered_it_and_from_what_source(
    aws: Wiring, language: str, said: OnBehalf, words: str
) -> None:
    receipt = send_in(aws, "4601", language=language)
    assert receipt.reference
    decide_all(aws, [(receipt.reference, Outcome.ADMITTED)])
    release(aws)
    letter(aws, receipt.id)
    before = all_mails(aws)
    answer(aws, receipt.id, accept=False, said=said)
    (mail,) = new_mails(aws, before)
    message = message_from_bytes(composer(aws)(mail, []), policy=default)
    body = message.get_body(("plain",))
    assert body is not None
    first, rest = body.get_content().replace("\r\n", "\n").split("\n\n", 1)
    assert " ".join(first.split()) == words
    assert rest
    again = send_again(mail.but(state=MailState.SENT), to=None, now=AT)
    assert again.registered == said


def test_the_same_answer_twice_is_registered_once(aws: Wiring) -> None:
    application_id = offered(aws)
    answer(aws, application_id, accept=True)
    before = all_mails(aws)
    answer(aws, application_id, accept=True)
    assert len(audited(aws, application_id)) == 1
    assert new_mails(aws, before) == []


def test_a_mistaken_no_is_undone_by_registering_a_yes(aws: Wiring) -> None:
    application_id = offered(aws)
    answer(aws, application_id, accept=False)
    register_answer(
        application_id,
        accept=True,
        registered=WROTE,
        at=oslo("2026-05-05T10:00:00"),
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    place = read(aws, application_id).place
    assert place is not None
    assert place.state is PlaceState.ACCEPTED
    assert [each[2] for each in audited(aws, application_id)] == ["phone", "mail"]


def test_nobody_has_called_tomorrow(aws: Wiring) -> None:
    application_id = offered(aws)
    tomorrow = PHONED.model_copy(update={"day": date(2026, 5, 5)})
    with pytest.raises(OnBehalfError, match="future_day"):
        answer(aws, application_id, accept=True, said=tomorrow)
    assert audited(aws, application_id) == []


def test_staff_can_answer_for_no_place_that_the_municipality_has_not(aws: Wiring) -> None:
    receipt = send_in(aws)
    with pytest.raises(PlaceStateError):
        answer(aws, receipt.id, accept=True)
    assert audited(aws, receipt.id) == []


@pytest.mark.parametrize(
    ("at", "state", "text"),
    [
        ("2026-03-25T10:00:00", ApplicationState.WITHDRAWN, "withdrawn"),
        ("2026-04-20T10:00:00", ApplicationState.WITHDRAWAL_ASKED, "withdrawal_received"),
    ],
    ids=["before the deadline", "after it"],
)
def test_a_withdrawal_follows_the_municipalitys_own_rule(
    aws: Wiring, at: str, state: ApplicationState, text: str
) -> None:
    receipt = send_in(aws)
    before = all_mails(aws)
    register_withdrawal(
        receipt.id,
        registered=PHONED.model_copy(update={"day": date(2026, 3, 24)}),
        at=oslo(at),
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    assert read(aws, receipt.id).state is state
    assert [each.text for each in new_mails(aws, before)] == [text]
    assert [each[0] for each in audited(aws, receipt.id)] == ["on_behalf#withdraw"]


def test_a_draft_that_is_withdrawn_is_told_though_the_contact_would_hear_nothing(
    aws: Wiring,
) -> None:
    draft = send_in(aws, submit=False)
    before = all_mails(aws)
    register_withdrawal(
        draft.id,
        registered=PHONED.model_copy(update={"day": date(2026, 3, 24)}),
        at=oslo("2026-03-25T10:00:00"),
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    (mail,) = new_mails(aws, before)
    assert (mail.text, mail.to) == ("registered_on_behalf", "kontakt-4601@example.org")
    assert "trekker" in text_of(aws, mail)


def test_a_new_contact_and_the_one_before_are_both_told_who_registered_it(aws: Wiring) -> None:
    receipt = send_in(aws)
    before = all_mails(aws)
    register_contact(
        receipt.id,
        SubmittedContact(name="Nina Ny", email="nina@example.org"),
        registered=PHONED,
        at=AT,
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    assert read(aws, receipt.id).answers.contact.email == "nina@example.org"
    told = {each.to: (each.text, each.registered) for each in new_mails(aws, before)}
    assert told == {
        "nina@example.org": ("contact_new", PHONED),
        "kontakt-4601@example.org": ("contact_before", PHONED),
    }


def test_a_group_is_registered_with_a_receipt_to_the_contact_in_the_same_breath(
    aws: Wiring,
) -> None:
    application_id = offered(aws)
    application = accept(aws, application_id)
    before = all_mails(aws)
    messages(aws.settings.mail_queue_url)
    register_group(
        application_id,
        group().participants,
        seen=group_digest(application),
        registered=WROTE,
        at=AT,
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    assert len(read(aws, application_id).participants) == 4
    mails = new_mails(aws, before)
    assert sorted(each.text for each in mails) == [
        *["member_registered"] * 4,
        "registered_on_behalf",
    ]
    assert {each.registered for each in mails} == {WROTE}
    queued = {each["mail"] for each in messages(aws.settings.mail_queue_url)}
    assert queued == {each.id for each in mails}
    receipt = next(each for each in mails if each.text == "registered_on_behalf")
    assert receipt.to == "kontakt-4601@example.org"
    assert audited(aws, application_id)[-1][0] == "on_behalf#group"


def test_dropping_out_is_registered_and_taken_back(aws: Wiring) -> None:
    application_id = admitted(aws)

    def do(step: str, at: str) -> None:
        does = {
            "comes": lambda through: attend.say_who_comes(
                application_id,
                "S1",
                {"p1": Coming(comes=True)},
                at=oslo(at),
                programme=aws.programme,
                records=through,
            ),
            "drop": lambda through: attend.drop_out(
                application_id,
                "S1",
                "p1",
                at=oslo(at),
                programme=aws.programme,
                records=through,
            ),
            "undo": lambda through: attend.come_after_all(
                application_id,
                "S1",
                "p1",
                at=oslo(at),
                programme=aws.programme,
                records=through,
            ),
        }[step]
        register(
            application_id,
            "attendance",
            does,
            registered=PHONED,
            at=oslo(at),
            programme=aws.programme,
            records=aws.records,
            mail_queue=aws.mail_queue,
        )

    found = []
    for step, at in (
        ("comes", "2026-09-01T10:00:00"),
        ("drop", "2026-09-20T10:00:00"),
        ("undo", "2026-09-21T10:00:00"),
    ):
        do(step, at)
        found.append(attendance_at(read(aws, application_id), "S1")["p1"].presence)
    assert found == [Presence.COMES, Presence.DROPPED_OUT, Presence.COMES]
    assert [each[0] for each in audited(aws, application_id)] == ["on_behalf#attendance"] * 3
