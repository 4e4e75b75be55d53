"""Registering for a municipality on the pages: the source is asked for, the history tells it."""

from datetime import date

import pytest
from lxml.html import document_fromstring

from kulturkontor.applications import ApplicationState
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.on_behalf import OnBehalf, Source
from kulturkontor.participation import attendance_at
from tests.office_factory import (
    admitted,
    all_mails,
    decide_all,
    post_letter,
    read,
    release,
    send_in,
)
from tests.web.office_browser import Browser, Seen, visit_office

SOURCE = {"source": "phone", "day": "2026-05-03"}
AUDITED = "På vegne av kommunen: {}. Kilde: telefon 3. mai 2026 anne@example.org"


def staff(here: Wiring, at: str = "2026-05-04T10:00:00") -> Browser:
    return visit_office(here, at=at).sign_in("staff", email="anne@example.org")


def offered(here: Wiring) -> str:
    receipt = send_in(here)
    assert receipt.reference
    decide_all(here, [(receipt.reference, Outcome.ADMITTED)])
    release(here)
    post_letter(here, receipt.id)
    return receipt.id


def test_an_answer_is_registered_and_stands_in_the_history(aws: Wiring) -> None:
    application_id = offered(aws)
    browser = staff(aws)
    page = f"/applications/{application_id}"
    assert "Takker ja" in browser.get(f"{page}/on-behalf").words
    answer = browser.post(f"{page}/on-behalf/answer", {**SOURCE, "answer": "yes"})
    assert answer.location == f"{page}#history"
    place = read(aws, application_id).place
    assert place is not None
    assert place.state is PlaceState.ACCEPTED
    assert AUDITED.format("svar på tilbudet") in browser.get(page).words


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"answer": "yes", "day": "2026-05-03"}, 422),
        ({"answer": "yes", "source": "phone"}, 422),
        ({"answer": "yes", "source": "dream", "day": "2026-05-03"}, 422),
        ({"answer": "maybe", **SOURCE}, 422),
        ({"answer": "yes", "source": "phone", "day": "2026-05-05"}, 409),
    ],
)
def test_nothing_is_registered_without_its_source(
    aws: Wiring, form: dict[str, str], status: int
) -> None:
    application_id = offered(aws)
    answer = staff(aws).post(f"/applications/{application_id}/on-behalf/answer", form)
    assert answer.status == status
    place = read(aws, application_id).place
    assert place is not None
    assert place.state is PlaceState.OFFERED


def test_there_is_no_answer_to_register_without_a_place(aws: Wiring) -> None:
    receipt = send_in(aws)
    browser = staff(aws)
    assert "Takker ja" not in browser.get(f"/applications/{receipt.id}/on-behalf").words
    answer = browser.post(
        f"/applications/{receipt.id}/on-behalf/answer", {**SOURCE, "answer": "yes"}
    )
    assert answer.status in (404, 409)
    assert browser.get(f"/applications/{receipt.id}/on-behalf/group").status in (404, 409)


def test_a_withdrawal_is_registered_only_when_it_is_meant(aws: Wiring) -> None:
    receipt = send_in(aws)
    browser = staff(aws, at="2026-03-25T10:00:00")
    address = f"/applications/{receipt.id}/on-behalf/withdrawal"
    source = {"source": "letter", "day": "2026-03-24"}
    assert browser.post(address, source).status == 422
    assert read(aws, receipt.id).state is ApplicationState.SUBMITTED
    browser.post(address, {**source, "sure": "yes"})
    assert read(aws, receipt.id).state is ApplicationState.WITHDRAWN


def test_another_contact_is_registered(aws: Wiring) -> None:
    receipt = send_in(aws)
    browser = staff(aws)
    address = f"/applications/{receipt.id}/on-behalf/contact"
    wrong = browser.post(address, {**SOURCE, "name": "", "email": "nina@example.org"})
    assert wrong.status == 422
    browser.post(address, {**SOURCE, "name": "Nina Ny", "email": "nina@example.org"})
    contact = read(aws, receipt.id).answers.contact
    assert (contact.name, contact.email) == ("Nina Ny", "nina@example.org")


def group_form(count: int = 4) -> dict[str, str]:
    form: dict[str, str] = {}
    for number in range(count):
        start = f"participants.{number}"
        form |= {
            f"{start}.id": f"p{number + 1}",
            f"{start}.name": f"Prøve {number}",
            f"{start}.sector": "kultur",
            f"{start}.email": f"p{number}@example.org",
        }
    return {**form, "participants.0.coordinator": "on", "seen": "", "action": "save"}


def accepted(here: Wiring) -> str:
    application_id = offered(here)
    staff(here).post(
        f"/applications/{application_id}/on-behalf/answer", {**SOURCE, "answer": "yes"}
    )
    return application_id


def seen_on(browser: Browser, address: str) -> str:
    text = browser.get(address).text
    return text.split('name="seen" value="')[1].split('"')[0]


def test_a_group_is_registered_by_its_form(aws: Wiring) -> None:
    application_id = accepted(aws)
    browser = staff(aws)
    address = f"/applications/{application_id}/on-behalf/group"
    form = {**group_form(), **SOURCE, "seen": seen_on(browser, address)}
    answer = browser.post(address, form)
    assert answer.location == f"/applications/{application_id}#participants"
    assert [each.name for each in read(aws, application_id).participants] == [
        f"Prøve {number}" for number in range(4)
    ]
    words = browser.get(f"/applications/{application_id}").words
    assert AUDITED.format("gruppen") in words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"participants.0.coordinator": None}, "Gruppen må ha én eller to koordinatorer"),
        ({"participants.3.name": ""}, "Se på person 4"),
        ({"source": None}, "Noe må rettes"),
        ({"day": "2026-05-05"}, "Datoen har ikke vært ennå"),
    ],
)
def test_a_group_that_cannot_be_registered_is_shown_again_as_typed(
    aws: Wiring, changes: dict[str, str | None], words: str
) -> None:
    application_id = accepted(aws)
    browser = staff(aws)
    address = f"/applications/{application_id}/on-behalf/group"
    form = {**group_form(), **SOURCE, "seen": seen_on(browser, address), **changes}
    page = browser.post(address, {name: each for name, each in form.items() if each is not None})
    assert page.status in (409, 422)
    assert words in page.words
    assert 'value="Prøve 1"' in page.text
    assert read(aws, application_id).participants == ()


def test_a_person_is_added_without_anything_being_stored(aws: Wiring) -> None:
    application_id = accepted(aws)
    page = staff(aws).post(
        f"/applications/{application_id}/on-behalf/group", {**group_form(), "action": "add"}
    )
    assert "Person 5" in page.words
    assert read(aws, application_id).participants == ()


def test_who_comes_and_who_fell_ill_is_registered_and_undone(aws: Wiring) -> None:
    application_id = admitted(aws)
    browser = staff(aws, at="2026-09-01T10:00:00")
    address = f"/applications/{application_id}/on-behalf/gatherings/S1"
    found = []
    for form in (
        {"presence.p1": "comes", "presence.p2": "stays_away", "action": "save"},
        {"action": "drop.p1"},
        {"action": "undo.p1"},
    ):
        answer = browser.post(address, {**SOURCE, **form})
        assert answer.location == f"{address}?done=1"
        said = attendance_at(read(aws, application_id), "S1")
        found.append((said["p1"].presence.value, said["p2"].presence.value))
    assert found == [
        ("comes", "stays_away"),
        ("dropped_out", "stays_away"),
        ("comes", "stays_away"),
    ]
    assert "Det er registrert." in browser.get(f"{address}?done=1").words
    unknown = browser.post(address, {**SOURCE, "action": "drop.nobody"})
    assert "Personen er ikke i gruppen" in unknown.words
    assert browser.get(f"/applications/{application_id}/on-behalf/gatherings/S9").status == 404


def test_a_substitute_is_registered_by_the_form_and_taken_away_again(aws: Wiring) -> None:
    application_id = admitted(aws)
    browser = staff(aws, at="2026-09-01T10:00:00")
    address = f"/applications/{application_id}/on-behalf/gatherings/S1"
    new_id = browser.get(address).text.split('name="id" value="')[1].split('"')[0]
    form = {"id": new_id, "name": "Vera Vikar", "sector": "kultur", "instead_of": "p1"}
    wrong = browser.post(f"{address}/substitutes", {**SOURCE, **form, "sector": ""})
    assert (wrong.status, 'value="Vera Vikar"' in wrong.text) == (422, True)
    answer = browser.post(f"{address}/substitutes", {**SOURCE, **form})
    assert answer.location == f"{address}?done=1"
    kept = read(aws, application_id).participants[-1]
    assert (kept.name, kept.only, kept.instead_of) == ("Vera Vikar", ("S1",), "p1")
    first = read(aws, application_id).participants[0].name
    assert f"Vera Vikar vikar for {first}" in browser.get(address).words
    history = browser.get(f"/applications/{application_id}").words
    assert AUDITED.format("vikar til en samling") in history
    browser.post(address, {**SOURCE, "action": f"remove.{new_id}"})
    assert new_id not in {each.id for each in read(aws, application_id).participants}


def test_a_colleague_gets_a_link_that_staff_take_back(aws: Wiring) -> None:
    receipt = send_in(aws)
    browser = staff(aws)
    address = f"/applications/{receipt.id}/on-behalf"
    ola = {**SOURCE, "name": "Ola Prøve", "email": "ola@example.org"}
    nothing = browser.post(f"{address}/access", ola)
    assert (nothing.status, "Kryss av for minst én ting" in nothing.words) == (409, True)
    browser.post(f"{address}/access", {**ola, "claims": "true"})
    (holder,) = read(aws, receipt.id).people
    assert (holder.name, sorted(holder.rights)) == ("Ola Prøve", ["claims"])
    assert "Ola Prøve, ola@example.org: reisekravene" in browser.get(address).words
    browser.post(f"{address}/link", {**SOURCE, "person": holder.id, "link": "take_back"})
    assert read(aws, receipt.id).people == ()


def fields_of(page: Seen) -> dict[str, str]:
    """The form of an application as a browser would send it untouched."""
    (form,) = document_fromstring(page.text).xpath("//form[contains(@action, '/application')]")
    return {name: str(value) for name, value in form.form_values()}


def test_a_draft_is_written_and_sent_for_the_municipality_and_corrected(aws: Wiring) -> None:
    draft = send_in(aws, submit=False)
    source = {"source": "letter", "day": "2026-03-24"}
    browser = staff(aws, at="2026-03-25T10:00:00")
    address = f"/applications/{draft.id}/on-behalf/application"
    untouched = fields_of(browser.get(address))
    written = {**untouched, "motivation": "Vi vil mer.", **source, "action": "save"}
    wrong = browser.post(address, {**written, "day": "2026-03-26"})
    assert (wrong.status, "Vi vil mer." in wrong.text) == (409, True)
    assert browser.post(address, written).location == f"/applications/{draft.id}#history"
    kept = read(aws, draft.id)
    assert (kept.state, kept.answers.motivation) == (ApplicationState.DRAFT, "Vi vil mer.")
    stale = browser.post(address, {**written, "motivation": "Noe annet"})
    assert (stale.status, "Noen andre har lagret søknaden imens" in stale.words) == (409, True)

    shown = {**fields_of(browser.get(address)), **source, "action": "send"}
    lacks = browser.post(address, {**shown, "contact.name": ""})
    assert (lacks.status, 'href="#contact.name"' in lacks.text) == (422, True)
    browser.post(address, shown)
    sent = read(aws, draft.id)
    assert (sent.state, sent.version) == (ApplicationState.SUBMITTED, 1)
    (receipt,) = [each for each in all_mails(aws).values() if each.text == "receipt"]
    assert receipt.registered == OnBehalf(
        by="anne@example.org", source=Source.LETTER, day=date(2026, 3, 24)
    )
    again = {**fields_of(browser.get(address)), **source, "members.0.role": "", "action": "send"}
    browser.post(address, again)
    assert read(aws, draft.id).version == 2
    assert "På vegne av kommunen: søknaden sendt. Kilde: brev 24. mars 2026" in (
        browser.get(f"/applications/{draft.id}").words
    )


def test_an_application_is_sent_as_json_only_while_it_may_be(aws: Wiring) -> None:
    draft = send_in(aws, submit=False)
    address = f"/api/applications/{draft.id}/on-behalf/application"
    body = {
        "source": "mail",
        "day": "2026-03-24",
        "answers": {"motivation": "Ja"},
        "submit": True,
        "version": read(aws, draft.id).revision,
    }
    late = staff(aws, at="2026-05-20T10:00:00")
    assert "kan ikke skrives eller sendes nå" in late.get(address.removeprefix("/api")).words
    shut = late.post_json(address, body)
    assert (shut.status, shut.json["code"]) == (409, "application_period")
    browser = staff(aws, at="2026-03-25T10:00:00")
    stale = browser.post_json(address, {**body, "version": 99})
    assert (stale.status, stale.json["code"]) == (409, "stale_version")
    assert browser.post_json(address, body).json["state"] == "submitted"


def test_the_group_and_who_comes_are_registered_as_json(aws: Wiring) -> None:
    """The same steps as on the pages, each with its source."""
    application_id = admitted(aws)
    browser = staff(aws, at="2026-09-01T10:00:00")
    api = f"/api/applications/{application_id}/on-behalf"
    known = browser.get(f"{api}/group").json
    known["participants"][0]["name"] = "Prøve Ny"
    unseen = browser.post_json(f"{api}/group", {**SOURCE, **known, "seen": "old"})
    assert (unseen.status, unseen.json["code"]) == (409, "group_changed")
    changed = browser.post_json(f"{api}/group", {**SOURCE, **known})
    assert changed.json["participants"][0]["name"] == "Prøve Ny"

    here = f"{api}/gatherings/S1"
    p1, p2 = (each["id"] for each in known["participants"][:2])
    vera = {"id": "v1", "name": "Vera Vikar", "sector": "kultur", "instead_of": p2}
    steps: list[tuple[str, dict[str, object]]] = [
        (here, {"said": {p1: {"comes": True}, p2: {"comes": True}}}),
        (f"{here}/drop", {"person": p1}),
        (f"{here}/substitutes", vera),
        (f"{here}/substitutes", vera),
    ]
    for path, body in steps:
        without = browser.post_json(path, body)
        assert [each["field"] for each in without.json["errors"]] == ["source", "day"]
        assert browser.post_json(path, {**SOURCE, **body}).status == 200
    told = [
        (each["id"], each["presence"], each["instead_of"])
        for each in browser.get(here).json["people"]
        if each["presence"]
    ]
    assert told == [
        (p1, "dropped_out", ""),
        (p2, "stays_away", ""),
        ("v1", "comes", known["participants"][1]["name"]),
    ]
    browser.post_json(f"{here}/undo", {**SOURCE, "person": p1})
    left = browser.post_json(f"{here}/remove", {**SOURCE, "person": "v1"}).json
    said = {each["participant"]: each["presence"] for each in left["attendance"]}
    assert said == {p1: "comes", p2: "stays_away"}


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("S1/drop", {"person": "nobody"}, 409, "attendance_unknown_participant"),
        ("S1", {"said": {"nobody": {"comes": True}}}, 409, "attendance_unknown_participant"),
        ("S1", {"said": {}}, 422, "invalid"),
        ("S9/undo", {"person": "p1"}, 404, "unknown"),
        (
            "S1/substitutes",
            {"id": "v1", "name": "Vera", "sector": "kultur", "instead_of": "p9"},
            409,
            "group_unknown_person",
        ),
        ("S1/substitutes", {"id": "v1", "name": "", "sector": "kultur"}, 422, "invalid"),
    ],
)
def test_json_that_cannot_be_registered_is_refused_with_its_code(
    aws: Wiring, path: str, body: dict[str, object], status: int, code: str
) -> None:
    application_id = admitted(aws)
    browser = staff(aws, at="2026-09-01T10:00:00")
    address = f"/api/applications/{application_id}/on-behalf/gatherings/{path}"
    answer = browser.post_json(address, {**SOURCE, **body})
    assert (answer.status, answer.json["code"]) == (status, code)
    assert read(aws, application_id).attendance == ()
