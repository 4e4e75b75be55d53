"""The list of applications and one of them, as staff see and use them."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook

from kulturkontor.actions import attend, people, receive_files
from kulturkontor.actions.save import save
from kulturkontor.application_form import SubmittedContact
from kulturkontor.application_parts import Part
from kulturkontor.application_rows import put
from kulturkontor.applications import application_key
from kulturkontor.attendance import Coming
from kulturkontor.aws.session import calls
from kulturkontor.aws.wiring import Wiring
from kulturkontor.links import BY_LINK, SecretLink
from kulturkontor.notes import Note
from kulturkontor.people import Right
from kulturkontor.plain_sheet import write_sheet
from kulturkontor.received_files import FileState, ReceivedFile, file_key
from kulturkontor.records import Put
from kulturkontor.web.linked import LinkedRecords
from kulturkontor.web.office_notes import AskIn
from kulturkontor.web.own_case import read_own_case
from tests.office_factory import admitted, all_mails, oslo, read, send_in
from tests.web.office_browser import Browser, visit_office

ASKING_WHO_IT_IS = 1
"""The session."""
NEVER_SHOWN = "Snakket med rektor; han er syk."


def staff(here: Wiring, *, at: str = "2026-04-15T10:00:00", who: str = "anne") -> Browser:
    return visit_office(here, at=at).sign_in("staff", email=f"{who}@example.org")


def many(here: Wiring, count: int) -> None:
    """As many applications of one municipality, without going through the form for each."""
    first = read(here, send_in(here).id)
    for number in range(1, count):
        here.records.write(
            *put(first.but(id=f"{number:0>32}", revision=0, reference=f"KFK2-2026-4601-{number}"))
        )


def test_a_long_list_has_pages_whose_addresses_keep_what_was_asked_for(aws: Wiring) -> None:
    many(aws, 53)
    browser = staff(aws)
    first = browser.get("/applications?county=Vestland&sort=received&order=desc")
    assert "Viser 53 av 53 søknader. Side 1 av 2." in first.words
    assert "page=2" in first.text
    address = "/applications?county=Vestland&amp;sort=received&amp;order=desc&amp;page=2"
    assert address in first.text
    last = browser.get("/applications?county=Vestland&sort=received&order=desc&page=99")
    assert "Side 2 av 2." in last.words
    assert last.text.count('<th scope="row">') == 3


def test_the_list_is_one_query(aws: Wiring) -> None:
    many(aws, 53)
    browser = staff(aws)
    browser.get("/applications")
    calls.clear()
    browser.get("/applications?late=no&sort=population")
    assert calls["dynamodb"] == ASKING_WHO_IT_IS + 1


def test_a_contact_is_found_by_address_and_the_row_does_not_hold_it(aws: Wiring) -> None:
    send_in(aws, "4601")
    send_in(aws, "5001")
    browser = staff(aws)
    found = browser.get("/api/applications?q=Kontakt-5001@example.org").json
    assert [each["reference"] for each in found] == ["KFK2-2026-5001"]
    assert "kontakt-5001" not in browser.get("/applications").text
    assert "mails" not in found[0]


def test_an_empty_list_says_why(aws: Wiring) -> None:
    browser = staff(aws)
    assert "Ingen har begynt på en søknad ennå." in browser.get("/applications").words
    send_in(aws)
    assert "Ingen søknader passer" in browser.get("/applications?late=yes").words


def test_what_is_shown_can_be_carried_out_for_norwegian_excel(aws: Wiring) -> None:
    send_in(aws, "4601")
    send_in(aws, "5001", motivation="")
    browser = staff(aws)
    answer = browser.get("/applications/export?as=csv&county=Vestland")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kifk2-2026-04-15.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert [(each["Kommune"], each["Innbyggere"]) for each in rows] == [("Bergen", "291940")]
    assert "kontakt-" not in answer.text
    assert browser.get("/applications/export?as=pdf").status == 404


def test_the_workbook_holds_numbers_as_numbers(aws: Wiring) -> None:
    data = write_sheet(
        {"name": "Kommune", "population": "Innbyggere"},
        [{"name": "=1+1", "population": 291_940}, {"name": "Oslo", "population": ""}],
        title="Søknader",
        made_at=oslo("2026-04-15T10:00:00"),
    )
    sheet = load_workbook(io.BytesIO(data))["Søknader"]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["Kommune", "Innbyggere"],
        ["=1+1", 291_940],
        ["Oslo", None],
    ]
    assert sheet["A2"].data_type == "s"
    assert staff(aws).get("/applications/export?as=xlsx").status == 200


def test_an_attachment_is_opened_apart_from_our_pages_for_a_minute(aws: Wiring) -> None:
    """The link leads to the bucket's own origin, is good for 60 seconds, downloads under a safe
    name, and is of the copy that was inspected.
    """
    receipt = send_in(aws)
    receive_files.promise_file(
        read(aws, receipt.id),
        file_id="abcdef0123456789",
        purpose="attachments",
        name="plan <b>.pdf",
        at=oslo("2026-03-21T10:00:00"),
        records=aws.records,
        uploads=aws.uploads,
    )
    browser = staff(aws)
    address = f"/applications/{receipt.id}/files/abcdef0123456789"
    assert browser.get(address).status == 409
    file = aws.records.read(ReceivedFile, file_key(receipt.id, "abcdef0123456789"))
    assert file is not None
    aws.records.write(Put(file.but(state=FileState.ACCEPTED, sha256="ab" * 32)))
    answer = browser.get(address)
    leads = urlsplit(answer.location)
    query = parse_qs(leads.query)
    assert answer.status == 302
    assert leads.netloc != urlsplit(aws.settings.office_url).netloc
    assert leads.path.endswith(f"accepted/{receipt.id}/abcdef0123456789/{'ab' * 32}")
    assert query["X-Amz-Expires"] == ["60"]
    assert query["response-content-disposition"] == ['attachment; filename="plan_b.pdf"']


def test_notes_are_staffs_alone(aws: Wiring) -> None:
    receipt = send_in(aws)
    anne = staff(aws)
    page = f"/applications/{receipt.id}"
    answer = anne.post(f"{page}/notes", {"text": NEVER_SHOWN, "key": "note00000001"})
    assert answer.location == f"{page}#notes"
    assert NEVER_SHOWN in anne.get(page).words
    assert "Notat skrevet" in anne.get(page).words
    admin = visit_office(aws, at="2026-04-15T10:00:00").sign_in("admin")
    assert NEVER_SHOWN in admin.get(page).words
    other = visit_office(aws, at="2026-04-15T10:00:00").sign_in("reviewer")
    assert other.get("/applications").status == 200
    assert NEVER_SHOWN not in other.get(page).words + other.get(f"/api{page}").text
    assert other.post(f"{page}/notes", {"text": "x", "key": "note00000002"}).status == 403


def test_the_applicants_own_reading_never_meets_a_note(aws: Wiring) -> None:
    receipt = send_in(aws)
    staff(aws).post(
        f"/applications/{receipt.id}/notes", {"text": NEVER_SHOWN, "key": "note00000001"}
    )
    linked = LinkedRecords(aws.records, SecretLink(receipt.id, 1), None)
    assert NEVER_SHOWN not in str(read_own_case(linked))
    assert all(NEVER_SHOWN not in str(each) for each in all_mails(aws).values())


def test_only_its_author_is_offered_to_strike_a_note(aws: Wiring) -> None:
    receipt = send_in(aws)
    page = f"/applications/{receipt.id}"
    anne, ola = staff(aws), staff(aws, who="ola")
    anne.post(f"{page}/notes", {"text": "Ringte.", "key": "note00000001"})
    assert "Stryk notatet" in anne.get(page).words
    assert "Stryk notatet" not in ola.get(page).words
    assert ola.post(f"{page}/notes/note00000001/strike").status == 409
    anne.post(f"{page}/notes/note00000001/strike")
    assert "<del>Ringte.</del>" in anne.get(page).text
    kept = aws.records.list(Note, application_key(receipt.id).partition, "NOTE#")
    assert [each.text for each in kept] == ["Ringte."]


def test_a_note_of_nothing_is_told(aws: Wiring) -> None:
    receipt = send_in(aws)
    answer = staff(aws).post(
        f"/applications/{receipt.id}/notes", {"text": "  ", "key": "note00000001"}
    )
    assert answer.status == 422
    assert "Et felt er ikke fylt ut." in answer.words


def test_every_part_can_be_asked_for() -> None:
    assert {name for name in AskIn.model_fields if name not in ("until", "message")} == set(Part)


def test_the_applicant_is_asked_and_sees_it_on_the_task_list(aws: Wiring) -> None:
    receipt = send_in(aws)
    browser = staff(aws)
    page = f"/applications/{receipt.id}"
    form = {"forankring": "true", "until": "2026-04-22T12:00", "message": "Hvem eier planen?"}
    preview = browser.post(f"{page}/ask/preview", form)
    assert "Hvem eier planen?" in preview.words
    assert all(each.text != "ask_more" for each in all_mails(aws).values())
    assert re.findall('name="(?!csrf)([a-z]+)" value="(.+?)"', preview.text)[:3] == [
        ("forankring", "true"),
        ("until", "2026-04-22T12:00:00"),
        ("message", "Hvem eier planen?"),
    ]
    again = browser.post(f"{page}/ask/draft", form).text
    assert 'name="forankring" value="true" checked' in again
    assert ">Hvem eier planen?</textarea>" in again
    assert browser.post(f"{page}/ask", form).location == f"{page}#asked"
    (mail,) = [each for each in all_mails(aws).values() if each.text == "ask_more"]
    assert f"Slik får {mail.to} e-posten" in preview.words
    seen = browser.get(page).words
    assert "venter på søkeren" in seen
    assert "Åpent til 22. april 2026 kl. 12.00." in seen
    assert "Søkeren er spurt om mer" in seen
    assert [e["reference"] for e in browser.get("/api/applications?asked=waiting").json] == [
        "KFK2-2026-4601"
    ]
    browser.post(f"{page}/ask/close")
    assert "Avsluttet 15. april 2026 kl. 10.00." in browser.get(page).words


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"until": "2026-04-22T12:00", "message": "Hva?"}, "Ingen deler er valgt"),
        ({"gruppe": "true", "until": "2026-04-01T12:00", "message": "Hva?"}, "Tidspunktet er pas"),
        ({"gruppe": "true", "until": "2026-05-01T12:00", "message": "Hva?"}, "Da er brevene sendt"),
    ],
)
def test_what_cannot_be_asked_is_told(aws: Wiring, form: dict[str, str], words: str) -> None:
    receipt = send_in(aws)
    for step in ("ask/preview", "ask"):
        answer = staff(aws).post(f"/applications/{receipt.id}/{step}", form)
        assert words in answer.words
        assert f">{form['message']}</textarea>" in answer.text


def test_an_extension_can_be_reached_from_the_case_and_a_late_one_from_the_list(
    aws: Wiring,
) -> None:
    receipt = send_in(aws)
    browser = staff(aws)
    assert (
        f'action="/applications/{receipt.id}/extension"'
        in browser.get(f"/applications/{receipt.id}").text
    )
    assert 'href="/late-application"' in browser.get("/applications").text


def test_the_history_is_one_with_the_newest_first(aws: Wiring) -> None:
    application_id = admitted(aws)
    words = staff(aws, at="2026-06-01T10:00:00").get(f"/applications/{application_id}").words
    history = words[words.rindex("Historikk") :]
    places = [
        history.index(each)
        for each in (
            "Meldt inn i gruppen",
            "Svar på tilbudet",
            "Svarbrev, plass",
            "Kvittering for søknad",
            "Søknaden ble sendt, versjon 1",
            "Søknaden ble påbegynt",
        )
    ]
    assert places == sorted(places)


def let_in_one(here: Wiring, application_id: str, person_id: str, name: str) -> None:
    contact = SubmittedContact(name=name, email=f"{person_id}@example.org")
    people.let_in(
        application_id,
        people.NewPerson(contact=contact, rights=frozenset({Right.MEMBERS})),
        person_id=person_id,
        by=BY_LINK,
        at=oslo("2026-06-03T10:00:00"),
        programme=here.programme,
        records=here.records,
        mail_queue=here.mail_queue,
    )


def test_the_history_tells_what_the_municipality_did_with_its_group_and_its_links(
    aws: Wiring,
) -> None:
    """Who did it in words or by name, how many in figures, and no id of anybody."""
    application_id = admitted(aws)
    ola, per = "ola0000000000001", "per0000000000001"
    for person_id, name in ((ola, "Ola Prøve"), (per, "Per Prøve")):
        let_in_one(aws, application_id, person_id, name)
    at, records, programme = oslo("2026-06-04T10:00:00"), aws.records, aws.programme
    for said in ({"p1": True, "p2": True}, {"p1": False}):
        attend.say_who_comes(
            application_id,
            "S1",
            {each: Coming(comes=comes) for each, comes in said.items()},
            by=per if "p2" not in said else ola,
            at=at,
            programme=programme,
            records=records,
        )
    people.send_person_link(
        application_id,
        per,
        by=BY_LINK,
        at=at,
        programme=programme,
        records=records,
        mail_queue=aws.mail_queue,
    )
    people.take_back(application_id, per, by=BY_LINK, at=at, records=records)
    words = staff(aws, at="2026-06-05T10:00:00").get(f"/applications/{application_id}").words
    history = words[words.rindex("Historikk") :]
    told = [
        "Antall i gruppen (0 → 4) kontaktpersonen",
        "Tilgang for en kollega (gruppa) kontaktpersonen",
        "Antall som kommer på samling S1 (0 → 2) Ola Prøve",
        "Antall som kommer på samling S1 (2 → 1) en kollega med egen lenke",
        "Ny lenke sendt til en kollega (gruppa) kontaktpersonen",
        "Tilgangen er tatt bort (gruppa) kontaktpersonen",
    ]
    assert [each for each in told if each not in history] == []
    assert per not in history


def test_versions_stand_side_by_side_with_what_differs_marked_in_words(aws: Wiring) -> None:
    receipt = send_in(aws)
    save(
        receipt.id,
        {"motivation": "Vi vil nå mange flere barn."},
        submit=True,
        expected_version=None,
        received_at=oslo("2026-03-22T10:00:00"),
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    browser = staff(aws)
    page = browser.get(f"/applications/{receipt.id}/versions")
    assert "Ulike svar: 1." in page.words
    assert "Lagt til: mange" in page.words
    same = browser.get(f"/applications/{receipt.id}/versions?earlier=1&later=1")
    assert "Dette er samme versjon." in same.words
    unknown = browser.get(f"/applications/{receipt.id}/versions?earlier=9&later=x")
    assert "Lagt til: mange" in unknown.words
    draft = send_in(aws, "5001", submit=False)
    assert browser.get(f"/applications/{draft.id}/versions").status == 404
