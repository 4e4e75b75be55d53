"""A step of a municipality's that staff register: the same step, with its source."""

from datetime import date, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from kulturkontor.actions.answer import PlaceStateError, group_digest
from kulturkontor.actions.on_behalf import Registrar
from kulturkontor.actions.on_behalf_steps import (
    register_answer,
    register_attendance,
    register_contact,
    register_drop_out,
    register_group,
    register_link_taken_back,
    register_new_link,
    register_person,
    register_substitute,
    register_substitute_removed,
    register_undo,
    register_withdrawal,
)
from kulturkontor.actions.people import NewPerson
from kulturkontor.application_form import Sector, SubmittedContact
from kulturkontor.applications import ApplicationState, application_key
from kulturkontor.attendance import Coming
from kulturkontor.audit import AuditRow
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.mail_states import send_again
from kulturkontor.mails import Mail, MailState
from kulturkontor.on_behalf import OnBehalf, OnBehalfError, Source
from kulturkontor.participation import attendance_at
from kulturkontor.people import Participant, Right
from tests.conftest import messages
from tests.office_factory import (
    accept,
    admitted,
    all_mails,
    composer,
    decide_all,
    group,
    oslo,
    post_letter,
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
    post_letter(here, receipt.id)
    return receipt.id


def audited(here: Wiring, application_id: str) -> list[tuple[str, str, str, str]]:
    rows = here.records.list(AuditRow, application_key(application_id).partition, "AUDIT#")
    return [(e.what, e.by, e.before, e.after) for e in rows if e.what.startswith("on_behalf")]


def changes(here: Wiring, application_id: str, what: str) -> list[tuple[str, str, str]]:
    rows = here.records.list(AuditRow, application_key(application_id).partition, "AUDIT#")
    return [(each.by, each.before, each.after) for each in rows if each.what == what]


def new_mails(here: Wiring, before: dict[str, Mail]) -> list[Mail]:
    return [mail for key, mail in all_mails(here).items() if key not in before]


def text_of(here: Wiring, mail: Mail) -> str:
    return composer(here)(mail, []).decode()


def registrar(
    here: Wiring, application_id: str, said: OnBehalf = PHONED, at: datetime = AT
) -> Registrar:
    return Registrar(
        application_id=application_id,
        said=said,
        at=at,
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def answer(here: Wiring, application_id: str, *, accept: bool, said: OnBehalf = PHONED) -> None:
    register_answer(registrar(here, application_id, said), accept=accept)


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
    post_letter(aws, receipt.id)
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
    answer(aws, application_id, accept=True, said=WROTE)
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
    said = PHONED.model_copy(update={"day": date(2026, 3, 24)})
    register_withdrawal(registrar(aws, receipt.id, said, oslo(at)))
    assert read(aws, receipt.id).state is state
    assert [each.text for each in new_mails(aws, before)] == [text]
    assert [each[0] for each in audited(aws, receipt.id)] == ["on_behalf#withdraw"]


def test_a_draft_that_is_withdrawn_is_told_though_the_contact_would_hear_nothing(
    aws: Wiring,
) -> None:
    draft = send_in(aws, submit=False)
    before = all_mails(aws)
    said = PHONED.model_copy(update={"day": date(2026, 3, 24)})
    register_withdrawal(registrar(aws, draft.id, said, oslo("2026-03-25T10:00:00")))
    (mail,) = new_mails(aws, before)
    assert (mail.text, mail.to) == ("registered_on_behalf", "kontakt-4601@example.org")
    assert "trekker" in text_of(aws, mail)


def test_a_new_contact_and_the_one_before_are_both_told_who_registered_it(aws: Wiring) -> None:
    receipt = send_in(aws)
    before = all_mails(aws)
    register_contact(
        registrar(aws, receipt.id), SubmittedContact(name="Nina Ny", email="nina@example.org")
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
        registrar(aws, application_id, WROTE),
        group().participants,
        seen=group_digest(application),
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
    assert changes(aws, application_id, "group") == [(PHONED.by, "0", "4")]


def test_who_comes_falls_ill_and_is_stood_in_for_is_registered_at_one_instant(
    aws: Wiring,
) -> None:
    """Each step has an audit row and a receipt of its own, also when the clock stands still."""
    application_id = admitted(aws)
    before = all_mails(aws)
    by = registrar(aws, application_id, at=oslo("2026-09-01T10:00:00"))
    vikar = Participant(id="v1", name="Vera Vikar", sector=Sector.KULTUR, instead_of="p1")
    found = []
    for do in (
        lambda: register_attendance(by, "S1", {"p1": Coming(comes=True)}),
        lambda: register_drop_out(by, "S1", "p1"),
        lambda: register_undo(by, "S1", "p1"),
        lambda: register_drop_out(by, "S1", "p1"),
        lambda: register_undo(by, "S1", "p1"),
        lambda: register_substitute(by, "S1", vikar),
        lambda: register_substitute(by, "S1", vikar),
        lambda: register_substitute_removed(by, "S1", "v1"),
    ):
        do()
        said = attendance_at(read(aws, application_id), "S1")
        found.append({each: one.presence.value for each, one in said.items()})
    stood_in = {"p1": "stays_away", "v1": "comes"}
    assert found == [
        {"p1": "comes"},
        {"p1": "dropped_out"},
        {"p1": "comes"},
        {"p1": "dropped_out"},
        {"p1": "comes"},
        stood_in,
        stood_in,
        {"p1": "stays_away"},
    ]
    steps = ["attendance", "drop_out", "undo", "drop_out", "undo"]
    steps += ["substitute", "substitute_removed"]
    assert sorted(each[0] for each in audited(aws, application_id)) == sorted(
        f"on_behalf#{step}" for step in steps
    )
    counted = [("0", "1"), ("0", "1"), ("0", "1"), ("1", "0"), ("1", "0"), ("1", "0"), ("1", "1")]
    assert sorted(changes(aws, application_id, "attendance#S1")) == [
        (PHONED.by, *each) for each in counted
    ]
    mails = new_mails(aws, before)
    assert [(each.text, each.registered) for each in mails] == [
        ("registered_on_behalf", PHONED)
    ] * len(steps)


def test_a_colleague_is_let_in_and_out_and_the_contact_is_told_each_time(aws: Wiring) -> None:
    receipt = send_in(aws)
    by, before = registrar(aws, receipt.id), all_mails(aws)
    ola = NewPerson(
        contact=SubmittedContact(name="Ola Prøve", email="ola@example.org"),
        rights=frozenset({Right.CLAIMS}),
    )
    assert register_person(by, ola, person_id="person0001").link_version == 1
    register_new_link(by, "person0001")
    assert [each.link_version for each in read(aws, receipt.id).people] == [2]
    register_link_taken_back(by, "person0001")
    register_link_taken_back(by, "person0001")
    assert read(aws, receipt.id).people == ()
    told = sorted((each.text, each.to, each.registered) for each in new_mails(aws, before))
    assert told == [
        *[("link_given", "ola@example.org", PHONED)] * 2,
        *[("registered_on_behalf", "kontakt-4601@example.org", PHONED)] * 3,
    ]
    rows = aws.records.list(AuditRow, application_key(receipt.id).partition, "AUDIT#")
    assert sorted((each.what, each.by) for each in rows) == [
        ("link#person0001#1", "anne@example.org"),
        ("link_removed#person0001#2", "anne@example.org"),
        ("link_renewed#person0001#2", "anne@example.org"),
        ("on_behalf#access", "anne@example.org"),
        ("on_behalf#access_removed", "anne@example.org"),
        ("on_behalf#access_renewed", "anne@example.org"),
    ]
