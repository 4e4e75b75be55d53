"""The group registered by a form: rows by the server, faults by field, mails to those concerned."""

import re
from typing import Any

import pytest

from kulturkontor.application_rows import put
from kulturkontor.aws.wiring import Wiring
from tests.conftest import set_clock
from tests.office_factory import accept, admitted, all_mails, group, read, register, send_in
from tests.web.portal_visitor import Seen, Visitor
from tests.web.test_portal_own import offered

PEOPLE = (
    ("Kari Prøve", "kulturskole", "kari@example.org"),
    ("Ola Prøve", "kultur", "ola@example.org"),
    ("Per Prøve", "helse", ""),
    ("Åse Prøve", "oppvekst", "ase@example.org"),
)


def accepted(here: Wiring) -> str:
    application_id = offered(here)
    accept(here, application_id)
    set_clock("2026-05-20T10:00:00+02:00")
    return application_id


def form(visitor: Visitor, application_id: str) -> dict[str, str]:
    return visitor.open_case(application_id).get(f"/sak/{application_id}/gruppe").fields()


def send(
    visitor: Visitor, application_id: str, fields: dict[str, str], action: str = "save"
) -> Seen:
    return visitor.open_case(application_id).post_form(
        f"/sak/{application_id}/gruppe", {**fields, "action": action}
    )


def filled(fields: dict[str, str]) -> dict[str, str]:
    """The form as it was shown, filled with four people, the first of them the coordinator."""
    typed = dict(fields)
    for number, (name, sector, email) in enumerate(PEOPLE):
        typed |= {
            f"participants.{number}.name": name,
            f"participants.{number}.sector": sector,
            f"participants.{number}.email": email,
        }
    return typed | {"participants.0.coordinator": "on"}


def members_told(here: Wiring) -> list[tuple[str, str]]:
    return sorted(
        (mail.text, mail.to) for mail in all_mails(here).values() if mail.text.startswith("member_")
    )


def test_the_form_has_a_row_for_each_that_is_needed_and_writes_nothing(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = accepted(aws)
    fields = form(visitor, application_id)
    ids = [text for name, text in fields.items() if name.endswith(".id")]
    assert len(set(ids)) == 4
    assert all(re.fullmatch(r"p[0-9a-f]{12}", each) for each in ids)
    assert read(aws, application_id).participants == ()


def test_the_group_is_registered_and_each_with_an_address_is_told(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = accepted(aws)
    seen = send(visitor, application_id, filled(form(visitor, application_id)))
    assert (seen.status, seen.calls) == (303, {"dynamodb": 2, "sqs": 1})
    people = read(aws, application_id).participants
    assert [(each.name, each.sector, each.email, each.coordinator) for each in people] == [
        (*person, number == 0) for number, person in enumerate(PEOPLE)
    ]
    assert members_told(aws) == [
        ("member_registered", "ase@example.org"),
        ("member_registered", "kari@example.org"),
        ("member_registered", "ola@example.org"),
    ]
    assert "Kommunegruppen er lagret." in visitor.get(seen.headers["Location"]).words


def test_the_form_sent_twice_registers_once(visitor: Visitor, aws: Wiring) -> None:
    application_id = accepted(aws)
    fields = filled(form(visitor, application_id))
    assert send(visitor, application_id, fields).status == 303
    known = read(aws, application_id)
    assert send(visitor, application_id, fields).status == 303
    assert read(aws, application_id) == known
    assert len(members_told(aws)) == 3


def test_a_person_keeps_their_id_and_is_told_of_what_is_changed(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = accepted(aws)
    send(visitor, application_id, filled(form(visitor, application_id)))
    before = [each.id for each in read(aws, application_id).participants]
    again = form(visitor, application_id)
    assert again["participants.1.name"] == "Ola Prøve"
    send(visitor, application_id, again | {"participants.1.name": "Ola Nyprøve"})
    assert [each.id for each in read(aws, application_id).participants] == before
    assert ("member_changed", "ola@example.org") in members_told(aws)
    assert len(members_told(aws)) == 4


def test_somebody_who_is_taken_out_is_told(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    set_clock("2026-06-04T10:00:00+02:00")
    fields = form(visitor, application_id)
    longer = send(visitor, application_id, fields, "add").fields()
    shorter = send(visitor, application_id, longer, "remove.1").fields()
    named = shorter | {"participants.3.name": "Ny Prøve", "participants.3.sector": "annet"}
    assert send(visitor, application_id, named).status == 303
    assert [each.name for each in read(aws, application_id).participants] == [
        *("Prøve Person 1", "Prøve Person 3", "Prøve Person 4", "Ny Prøve")
    ]
    assert ("member_removed", "person-2@example.org") in members_told(aws)


def test_rows_are_added_and_removed_without_storing(visitor: Visitor, aws: Wiring) -> None:
    application_id = accepted(aws)
    fields = form(visitor, application_id) | {"participants.0.name": "Kari Prøve"}
    longer = send(visitor, application_id, fields, "add")
    assert (longer.status, "participants.4.name" in longer.fields()) == (200, True)
    assert longer.fields()["participants.0.name"] == "Kari Prøve"
    assert longer.page.xpath("//*[@autofocus]/@id") == ["participants.4.name"]
    shorter = send(visitor, application_id, longer.fields(), "remove.0")
    assert shorter.fields()["participants.0.name"] == ""
    assert "participants.4.name" not in shorter.fields()
    assert read(aws, application_id).participants == ()


def test_the_language_is_changed_without_losing_what_was_typed(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = accepted(aws)
    fields = form(visitor, application_id) | {"participants.0.name": "Kari Prøve"}
    seen = visitor.post_form(
        f"/sak/{application_id}/gruppe?lang=nn", {**fields, "action": "language"}
    )
    assert (seen.page.get("lang"), seen.fields()["participants.0.name"]) == ("nn", "Kari Prøve")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"participants.1.name": ""}, "participants.1.name", "Fyll ut navnet til person 2."),
        (
            {"participants.1.sector": ""},
            "participants.1.sector",
            "Velg sektoren til person 2 fra listen.",
        ),
        (
            {"participants.1.email": "ola"},
            "participants.1.email",
            "Skriv e-postadressen til person 2 på formen navn@kommune.no.",
        ),
        (
            {"participants.1.name": "01010750160"},
            "participants.1.name",
            "Fjern fødselsnummeret fra navnet til person 2. Vi trenger det ikke.",
        ),
        (
            {f"participants.3.{part}": "" for part in ("name", "sector", "email")},
            "participants",
            "Meld inn minst fire personer. Vikarer regnes ikke med",
        ),
        (
            {f"participants.{number}.coordinator": "on" for number in (0, 1, 2)},
            "participants.0.coordinator",
            "Kryss av for én eller to koordinatorer",
        ),
    ],
)
def test_faults_stand_on_top_and_at_their_field_and_nothing_typed_is_lost(
    visitor: Visitor, aws: Wiring, changes: dict[str, str], field: str, message: str
) -> None:
    application_id = accepted(aws)
    typed = filled(form(visitor, application_id)) | changes
    seen = send(visitor, application_id, typed)
    assert seen.status == 422
    assert seen.page.xpath("//title/text()")[0].startswith("Feil: Kommunegruppen")
    (link,) = seen.page.xpath("//div[contains(@class, 'summary')]//a")
    assert (link.get("href"), link.text_content()) == (f"#{field}", message)
    assert seen.page.get_element_by_id(field) is not None
    assert seen.page.xpath("//p[contains(@class, 'error')]/text()") == [message]
    kept = {name: text for name, text in typed.items() if text and not name.endswith(".id")}
    assert {name: seen.fields()[name] for name in kept} == kept
    assert read(aws, application_id).participants == ()


def test_two_who_register_at_once_are_told_of_each_other(visitor: Visitor, aws: Wiring) -> None:
    application_id = accepted(aws)
    mine = filled(form(visitor, application_id)) | {"participants.0.name": "Min Prøve"}
    yours = filled(form(visitor, application_id)) | {"participants.0.name": "Din Prøve"}
    assert send(visitor, application_id, yours).status == 303
    refused = send(visitor, application_id, mine)
    assert (refused.status, refused.fields()["participants.0.name"]) == (409, "Min Prøve")
    assert "Din Prøve" in refused.words
    assert send(visitor, application_id, refused.fields()).status == 303
    assert read(aws, application_id).participants[0].name == "Min Prøve"


def test_substitutes_stay_when_the_group_is_saved(visitor: Visitor, aws: Wiring) -> None:
    application_id = admitted(aws)
    set_clock("2026-06-04T10:00:00+02:00")
    known = read(aws, application_id)
    vikar = group(5).participants[4].model_copy(update={"only": ("S1",), "instead_of": "p2"})
    aws.records.write(*put(known.but(participants=(*known.participants, vikar))))
    fields = form(visitor, application_id)
    assert "participants.4.name" not in fields
    send(visitor, application_id, fields | {"participants.0.name": "Nytt Navn"})
    after = read(aws, application_id).participants
    assert [each.name for each in after][::4] == ["Nytt Navn", "Prøve Person 5"]


def test_whoever_leaves_after_the_first_gathering_stays_registered_for_it(
    visitor: Visitor, aws: Wiring
) -> None:
    application_id = admitted(aws)
    set_clock("2026-10-20T10:00:00+02:00")
    fields = send(visitor, application_id, form(visitor, application_id), "add").fields()
    shorter = send(visitor, application_id, fields, "remove.1").fields()
    named = shorter | {"participants.3.name": "Ny Prøve", "participants.3.sector": "annet"}
    assert send(visitor, application_id, named).status == 303
    left = next(each for each in read(aws, application_id).participants if each.id == "p2")
    assert left.only == ("S1",)


@pytest.mark.parametrize("ids", [["p1", "p1"], ["P 1", ""], ["a" * 21, "../x"]])
def test_ids_that_somebody_meddled_with_are_replaced(
    visitor: Visitor, aws: Wiring, ids: list[str]
) -> None:
    application_id = accepted(aws)
    fields = filled(form(visitor, application_id))
    meddled = fields | {f"participants.{number}.id": each for number, each in enumerate(ids)}
    assert send(visitor, application_id, meddled).status == 303
    found = [each.id for each in read(aws, application_id).participants]
    assert len(set(found)) == 4


def test_no_group_without_a_place(visitor: Visitor, aws: Wiring) -> None:
    application_id = send_in(aws).id
    visitor.open_case(application_id)
    assert visitor.get(f"/sak/{application_id}/gruppe").status == 409
    typed: dict[str, Any] = filled({f"participants.{number}.id": "" for number in range(4)})
    assert send(visitor, application_id, typed).status == 409


def test_the_same_group_by_the_api_is_not_told_again(visitor: Visitor, aws: Wiring) -> None:
    application_id = accepted(aws)
    register(aws, application_id)
    known = read(aws, application_id)
    register(aws, application_id, at="2026-05-21T10:00:00")
    assert read(aws, application_id) == known
    assert len(members_told(aws)) == 4
