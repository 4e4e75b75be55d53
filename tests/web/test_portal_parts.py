"""The pages of an application's parts: everything is kept by every button, and nothing is lost."""

import json
from itertools import pairwise

import pytest

from kulturkontor.application_rows import put
from kulturkontor.applications import Application
from kulturkontor.aws.wiring import Wiring
from kulturkontor.people import LinkHolder, Right
from tests.conftest import set_clock
from tests.office_factory import all_mails, oslo, read, send_in
from tests.web.filled_form import PARTS, fill, page_of, press, start, written
from tests.web.portal_visitor import Seen, Visitor

PERSON = "abcdefgh12345678"


def fields_of(visitor: Visitor, draft: str, part: str) -> dict[str, str]:
    return visitor.get(page_of(draft, part)).fields()


def save(visitor: Visitor, draft: str, part: str, action: str = "overview", **changes: str) -> Seen:
    fields = fields_of(visitor, draft, part) | {
        name.replace("__", "."): text for name, text in changes.items()
    }
    return press(visitor, page_of(draft, part), fields, action)


def autosave(visitor: Visitor, draft: str, part: str, fields: dict[str, str]) -> Seen:
    body = {**fields, "action": "autosave"}
    return visitor.post_form(page_of(draft, part), body, accept="application/json")


def colleague_of(aws: Wiring, draft: str) -> Visitor:
    holder = LinkHolder(
        id=PERSON,
        name="Ola Prøve",
        email="ola@example.org",
        rights=frozenset({Right.APPLY}),
        added_at=oslo("2026-03-20T10:02:00"),
    )
    aws.records.write(*put(read(aws, draft).but(people=(holder,))))
    return Visitor().open_case(draft, person=PERSON)


def statuses(visitor: Visitor, draft: str) -> dict[str, str]:
    page = visitor.get(f"/sak/{draft}/soknad").page
    entries = page.cssselect("ol.parts li")
    addresses = [str(each.cssselect("a")[0].get("href")) for each in entries]
    told = [each.cssselect(".ds-tag")[0].text_content() for each in entries]
    parts = [each.rpartition("/")[2].partition("?")[0] for each in addresses]
    return dict(zip(parts, told, strict=True))


def test_task_list_tells_how_far_each_part_is(visitor: Visitor) -> None:
    draft = start(visitor)
    parts = ["kommune", "forankring", "gruppe", "kapasitet", "send"]
    assert statuses(visitor, draft) == dict(
        zip(parts, ["Ferdig", *["Ikke startet"] * 4], strict=True)
    )
    save(visitor, draft, "kapasitet", motivation="Flere barn")
    assert statuses(visitor, draft)["kapasitet"] == "Påbegynt"
    fill(visitor, draft)
    assert statuses(visitor, draft) == dict(
        zip(parts, [*["Ferdig"] * 4, "Ikke startet"], strict=True)
    )


def test_task_list_says_what_is_missing_and_leads_there(visitor: Visitor) -> None:
    draft = start(visitor, contact_name="")
    page = visitor.get(f"/sak/{draft}/soknad?lang=nb").page
    links = {each.text_content(): str(each.get("href")) for each in page.cssselect("ul.ds-list a")}
    assert links["navnet på kontaktpersonen"] == f"{page_of(draft, 'kommune')}?lang=nb#contact.name"
    assert links["hvorfor dere søker, og hva dere vil utvikle"].endswith(
        "kapasitet?lang=nb#motivation"
    )


def test_every_part_is_kept_and_leads_to_the_next(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor, contact_name="")
    parts = [*PARTS, "send"]
    for part, following in pairwise(parts):
        fields = fields_of(visitor, draft, part) | PARTS[part]
        seen = press(visitor, page_of(draft, part), fields, "next")
        assert seen.headers["Location"] == f"{page_of(draft, following)}?lang=nb"
        assert seen.calls == {"dynamodb": 2}
    answers = read(aws, draft).answers
    assert (answers.leader.name, answers.motivation) == ("Kari Prøve", "Flere barn")
    assert [member.sector for member in answers.members] == ["kulturskole"] * 3 + ["kultur"]


def test_page_shows_what_was_kept_in_every_field(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    before = read(aws, draft)
    for part in PARTS:
        seen = save(visitor, draft, part)
        assert (seen.status, seen.calls) == (303, {"dynamodb": 1})
    assert read(aws, draft) == before


def test_half_filled_page_is_kept_without_a_word_of_complaint(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = start(visitor)
    seen = save(visitor, draft, "gruppe", members__1__role="rektor")
    assert seen.headers["Location"] == f"/sak/{draft}/soknad?lang=nb"
    assert fields_of(visitor, draft, "gruppe")["members.1.role"] == "rektor"


def test_what_cannot_be_kept_stops_nothing_else_and_stays_as_typed(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = start(visitor)
    number = "Ring 01010750160"
    seen = save(visitor, draft, "kapasitet", motivation=number, partners="Nabokommunen")
    assert (seen.status, read(aws, draft).answers.partners) == (422, "Nabokommunen")
    assert str(seen.page.findtext(".//title")).startswith("Feil: Motivasjon, kapasitet og deling")
    assert seen.fields()["motivation"].strip() == number
    heading = seen.page.get_element_by_id("errors")
    assert (heading.get("tabindex"), heading.get("autofocus")) == ("-1", "")
    (link,) = seen.page.cssselect(".summary a")
    field = seen.page.get_element_by_id(str(link.get("href"))[1:])
    assert field.get("aria-invalid") == "true"
    notes = [
        seen.page.get_element_by_id(each) for each in str(field.get("aria-describedby")).split()
    ]
    assert link.text_content() in [each.text_content() for each in notes]
    mended = press(visitor, page_of(draft, "kapasitet"), seen.fields() | {"motivation": "Mål"}, "")
    assert (mended.status, read(aws, draft).answers.motivation) == (303, "Mål")


def test_municipality_that_is_none_is_kept_as_typed_and_told(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor, municipality="")
    seen = save(visitor, draft, "kommune", municipality="Herøy", contact__role="rektor")
    assert (seen.status, "Flere har dette navnet" in seen.words) == (422, True)
    answers = read(aws, draft).answers
    assert (answers.municipality, answers.contact.role) == ("Herøy", "rektor")
    chosen = save(visitor, draft, "kommune", "look", municipality="Herøy (Nordland)")
    words = visitor.get(chosen.headers["Location"]).words
    assert "Herøy kommune: org.nr. 872 417 982, fylke Nordland." in words
    assert fields_of(visitor, draft, "kommune")["municipality"] == "Herøy (Nordland)"


def test_written_form_follows_the_municipality_until_another_is_chosen(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = start(visitor, municipality="")
    save(visitor, draft, "kommune", municipality="Vinje")
    assert read(aws, draft).language == "nn"
    save(visitor, draft, "kommune", language="nb")
    assert read(aws, draft).answers.language == "nb"
    save(visitor, draft, "kommune", contact__role="rektor")
    assert read(aws, draft).answers.language == "nb"


def test_person_is_added_and_removed_with_nothing_lost(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor)
    typed = {"members.0.role": "rektor", "members.3.name": "Berit"}
    fields = fields_of(visitor, draft, "gruppe") | typed
    added = press(visitor, page_of(draft, "gruppe"), fields, "add")
    longer = visitor.get(added.headers["Location"])
    assert longer.page.cssselect("[autofocus]")[0].get("name") == "members.4.role"
    assert {name: longer.fields()[name] for name in typed} == typed
    more = longer.fields() | {"members.4.role": "ny"}
    removed = press(visitor, page_of(draft, "gruppe"), more, "remove.0")
    shorter = visitor.get(removed.headers["Location"])
    assert (
        "Person 1 er fjernet."
        in shorter.page.cssselect("[role=status][autofocus], [autofocus]")[0].text_content()
    )
    kept = shorter.fields()
    assert (kept["members.2.name"], kept["members.3.role"]) == ("Berit", "ny")
    assert [member.role for member in read(aws, draft).answers.members] == ["", "", "", "ny"]


def test_people_stop_at_the_most_that_can_be_kept(visitor: Visitor) -> None:
    draft = start(visitor)
    fields = fields_of(visitor, draft, "gruppe")
    fields |= {f"members.{number}.role": "x" for number in range(40)}
    added = press(visitor, page_of(draft, "gruppe"), fields, "add")
    assert "members.40.role" not in visitor.get(added.headers["Location"]).fields()
    assert visitor.get(f"{page_of(draft, 'gruppe')}?rader=99").status == 200


@pytest.mark.parametrize("action", ["remove.99", "remove.x", "remove", "keep", "nonsense", ""])
def test_button_that_means_nothing_keeps_the_page(
    visitor: Visitor, aws: Wiring, action: str
) -> None:
    draft = start(visitor)
    seen = save(visitor, draft, "gruppe", action, members__0__role="rektor")
    assert seen.status == 303
    assert seen.headers["Location"].startswith(page_of(draft, "gruppe"))
    assert read(aws, draft).answers.members[0].role == "rektor"


def test_language_is_changed_with_nothing_lost(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor)
    address = page_of(draft, "kapasitet")
    button = visitor.get(f"{address}?lang=nb").page.get_element_by_id("language-link")
    assert button.get("formaction") == f"{address}?lang=nn"
    fields = fields_of(visitor, draft, "kapasitet") | {"motivation": "Flere barn"}
    seen = press(visitor, f"{address}?lang=nn", fields, "language")
    shown = visitor.get(seen.headers["Location"])
    assert (shown.page.get("lang"), shown.fields()["motivation"].strip()) == ("nn", "Flere barn")


def test_new_contact_address_gets_the_link(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor)
    seen = save(visitor, draft, "kommune", contact__email="ny@example.com")
    assert seen.calls == {"dynamodb": 2, "sqs": 1}
    assert [(mail.text, mail.to) for mail in all_mails(aws).values()] == [
        ("draft_link", "ase@example.com"),
        ("draft_link", "ny@example.com"),
    ]
    save(visitor, draft, "kommune", contact__email="ase@example.com")
    save(visitor, draft, "kommune", contact__email="ny@example.com")
    assert len(all_mails(aws)) == 4


# Two people in the same draft


def test_what_two_people_change_in_different_fields_is_merged(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = start(visitor)
    mine, yours = (fields_of(visitor, draft, "kapasitet") for _ in range(2))
    press(visitor, page_of(draft, "kapasitet"), yours | {"motivation": "Din tekst"}, "next")
    seen = press(visitor, page_of(draft, "kapasitet"), mine | {"partners": "Mine"}, "next")
    answers = read(aws, draft).answers
    assert (seen.status, answers.motivation, answers.partners) == (303, "Din tekst", "Mine")


def test_later_save_of_the_same_field_is_shown_both_texts_and_who(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = start(visitor)
    mine = fields_of(visitor, draft, "kapasitet") | {"motivation": "Min tekst", "partners": "Mine"}
    set_clock("2026-03-20T14:05:00+01:00")
    save(colleague_of(aws, draft), draft, "kapasitet", motivation="Din tekst")
    assert read(aws, draft).saved_by == "Ola Prøve"
    refused = press(visitor, page_of(draft, "kapasitet"), mine, "next")
    assert refused.status == 409
    assert refused.fields()["motivation"].strip() == "Min tekst"
    other = refused.page.cssselect(".the-other")[0].text_content()
    assert "Ola Prøve endret dette 20. mars 2026 kl. 14.05." in other
    assert "Din tekst" in other
    assert [each.get("href") for each in refused.page.cssselect(".summary a")] == ["#motivation"]
    answers = read(aws, draft).answers
    assert (answers.motivation, answers.partners) == ("Din tekst", "Mine")


@pytest.mark.parametrize(
    ("action", "kept"), [("next", "Min tekst"), ("theirs.motivation", "Din tekst")]
)
def test_either_text_can_be_kept(visitor: Visitor, aws: Wiring, action: str, kept: str) -> None:
    draft = start(visitor)
    mine = fields_of(visitor, draft, "kapasitet") | {"motivation": "Min tekst"}
    save(colleague_of(aws, draft), draft, "kapasitet", motivation="Din tekst")
    refused = press(visitor, page_of(draft, "kapasitet"), mine, "next")
    knowing = press(visitor, page_of(draft, "kapasitet"), refused.fields(), action)
    assert (knowing.status, read(aws, draft).answers.motivation) == (303, kept)


def test_box_and_choice_that_both_changed_are_told_in_words(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor)
    boxes = fields_of(visitor, draft, "gruppe") | {
        "members.0.role": "min",
        "members.0.sector": "kultur",
    }
    first = {"members.0.role": "din", "members.0.sector": "helse"}
    save(visitor, draft, "gruppe", **{n.replace(".", "__"): t for n, t in first.items()})
    merged = press(visitor, page_of(draft, "gruppe"), boxes, "next")
    assert merged.status == 303
    assert [member.role for member in read(aws, draft).answers.members] == ["din", "min"]
    again = fields_of(visitor, draft, "gruppe")
    save(visitor, draft, "gruppe", members__0__sector="politikk")
    refused = press(
        visitor, page_of(draft, "gruppe"), again | {"members.0.sector": "kulturskole"}, "next"
    )
    assert (refused.status, "politikk" in refused.page.cssselect("blockquote")[0].text) == (
        409,
        True,
    )


def test_colleague_cannot_have_the_contacts_link_sent_to_another_address(
    visitor: Visitor, aws: Wiring
) -> None:
    draft = start(visitor)
    colleague = colleague_of(aws, draft)
    fields = fields_of(colleague, draft, "kommune")
    assert "contact.email" not in fields
    kept = press(colleague, page_of(draft, "kommune"), fields | {"contact.role": "rektor"}, "next")
    assert (kept.status, read(aws, draft).answers.contact.role) == (303, "rektor")
    stolen = press(
        colleague, page_of(draft, "kommune"), fields | {"contact.email": "ola@example.org"}, "next"
    )
    assert (stolen.status, read(aws, draft).answers.contact.email) == (403, "ase@example.com")
    assert len(all_mails(aws)) == 1


# Autosave


def test_script_saves_and_is_told_when_and_what_it_has_seen(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor)
    fields = fields_of(visitor, draft, "kapasitet")
    set_clock("2026-03-20T14:05:00+01:00")
    told = autosave(visitor, draft, "kapasitet", fields | {"motivation": "Halv"})
    assert (told.status, told.calls) == (200, {"dynamodb": 2})
    said = told.json
    assert (said["saved"], said["problems"], said["fills"]) == ("Lagret kl. 14.05", [], {})
    assert read(aws, draft).answers.motivation == "Halv"
    knowing = fields | {"motivation": "Hel"}
    knowing |= {f"seen.{name}": digest for name, digest in said["seen"].items()}
    assert press(visitor, page_of(draft, "kapasitet"), knowing, "next").status == 303
    assert read(aws, draft).answers.motivation == "Hel"


def test_script_never_writes_over_another_and_says_so(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor)
    fields = fields_of(visitor, draft, "kapasitet")
    save(colleague_of(aws, draft), draft, "kapasitet", motivation="Din tekst")
    for _ in range(2):
        said = autosave(visitor, draft, "kapasitet", fields | {"motivation": "Min"}).json
        assert said["problems"] == [
            "Velg hva som skal stå i feltet: Noen andre har endret hvorfor dere søker."
        ]
        assert "motivation" not in said["seen"]
    assert read(aws, draft).answers.motivation == "Din tekst"


def test_script_leaves_the_contact_address_to_the_buttons(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor)
    fields = fields_of(visitor, draft, "kommune") | {"contact.email": "ny@example.co"}
    told = autosave(visitor, draft, "kommune", fields | {"contact.role": "rektor"})
    assert (told.status, "contact.email" in told.json["seen"]) == (200, False)
    contact = read(aws, draft).answers.contact
    assert (contact.email, contact.role, len(all_mails(aws))) == ("ase@example.com", "rektor", 1)


def test_script_is_told_what_a_municipality_brings(visitor: Visitor) -> None:
    draft = start(visitor, municipality="")
    fields = fields_of(visitor, draft, "kommune") | {"municipality": "vinje"}
    said = autosave(visitor, draft, "kommune", fields).json
    assert said["fills"] == {"language": "nn"}
    assert said["place"].startswith("Vinje kommune: org.nr. 964")


def test_script_does_not_make_the_same_new_person_twice(visitor: Visitor, aws: Wiring) -> None:
    draft = start(visitor)
    fields = fields_of(visitor, draft, "gruppe")
    save(colleague_of(aws, draft), draft, "gruppe", members__0__role="din")
    for typed in ("m", "mi", "min"):
        autosave(visitor, draft, "gruppe", fields | {"members.0.role": typed})
    assert [member.role for member in read(aws, draft).answers.members] == ["din"]
    press(visitor, page_of(draft, "gruppe"), fields | {"members.0.role": "min"}, "next")
    assert [member.role for member in read(aws, draft).answers.members] == ["din", "min"]


def test_script_is_told_in_words_that_it_is_too_late(visitor: Visitor) -> None:
    draft = start(visitor)
    fields = fields_of(visitor, draft, "kapasitet")
    set_clock("2026-04-14T00:00:00+02:00")
    told = autosave(visitor, draft, "kapasitet", fields | {"motivation": "For sent"})
    assert (told.status, json.loads(told.text)["code"]) == (403, "period_late")


# The deadline, and a sent application


def test_draft_after_the_deadline_is_read_and_not_lost(visitor: Visitor, aws: Wiring) -> None:
    draft = written(visitor, aws).id
    open_page = fields_of(visitor, draft, "kapasitet") | {"motivation": "\nFor sent"}
    set_clock("2026-04-14T00:00:00+02:00")
    for part in PARTS:
        seen = visitor.get(page_of(draft, part))
        assert (seen.status, seen.page.xpath("//form[@id='application']")) == (200, [])
        assert "Fristen gikk ut 13. april 2026 kl. 23.59." in seen.words
    assert "Flere barn" in visitor.get(page_of(draft, "kapasitet")).words
    refused = press(visitor, page_of(draft, "kapasitet"), open_page, "next")
    assert (refused.status, refused.fields()["motivation"].strip()) == (403, "For sent")
    assert read(aws, draft).answers.motivation == "Flere barn"


def test_draft_begun_after_the_deadline_is_written_and_told_so(
    visitor: Visitor, aws: Wiring
) -> None:
    set_clock("2026-04-15T10:00:00+02:00")
    fields = visitor.get("/soknad?lang=nb").fields() | {"contact.email": "ase@example.com"}
    set_clock("2026-04-15T10:01:00+02:00")
    seen = press(visitor, "/soknad", fields, "start")
    address = seen.headers["Location"].partition("?")[0]
    assert "merket som for sent sendt" in visitor.get(address).words
    draft = address.split("/")[2]
    assert save(visitor, draft, "kapasitet", motivation="Sent").status == 303


def sent(aws: Wiring) -> Application:
    return read(aws, send_in(aws).id)


def test_corrections_wait_beside_what_was_sent(visitor: Visitor, aws: Wiring) -> None:
    before = sent(aws)
    visitor.open_case(before.id)
    seen = save(visitor, before.id, "kapasitet", motivation="Rettet")
    after = read(aws, before.id)
    assert (seen.status, after.answers, after.version) == (303, before.answers, 1)
    assert after.working_answers.motivation == "Rettet"
    words = visitor.get(f"/sak/{before.id}/soknad").words
    assert "Dere har endringer som ikke er sendt." in words
    assert "Rettet" in visitor.get(page_of(before.id, "kapasitet")).text
    assert "Rettet" not in visitor.get(f"/sak/{before.id}/kvittering").words


def test_corrections_can_be_dropped(visitor: Visitor, aws: Wiring) -> None:
    before = sent(aws)
    visitor.open_case(before.id)
    save(visitor, before.id, "kapasitet", motivation="Rettet")
    seen = visitor.post_form(f"/sak/{before.id}/angre", {})
    assert "Endringene er forkastet." in visitor.get(seen.headers["Location"]).words
    after = read(aws, before.id)
    assert (after.pending, after.answers) == (None, before.answers)


def test_correction_put_back_is_no_correction(visitor: Visitor, aws: Wiring) -> None:
    before = sent(aws)
    visitor.open_case(before.id)
    for text in ("Rettet", before.answers.motivation):
        save(visitor, before.id, "kapasitet", motivation=text)
    assert read(aws, before.id).pending is None


def test_sent_application_stays_with_its_municipality(visitor: Visitor, aws: Wiring) -> None:
    before = sent(aws)
    visitor.open_case(before.id)
    assert "municipality" not in fields_of(visitor, before.id, "kommune")
    save(visitor, before.id, "kommune", municipality="Oslo", contact__role="rektor nå")
    answers = read(aws, before.id).working_answers
    assert (answers.municipality, answers.contact.role) == ("4601", "rektor nå")


def test_the_heaviest_application_with_the_heaviest_corrections_is_kept(
    visitor: Visitor, aws: Wiring
) -> None:
    heavy, line = "🎻" * 5_000, "🎻" * 100
    texts = ("anchoring_plans", "anchoring_organisation", "motivation", "partners")
    before = send_in(aws, submit=False, members=[{"role": line, "name": line}] * 40)
    visitor.open_case(before.id)
    for kept in (read(aws, before.id), read(aws, send_in(aws, municipality="0301").id)):
        visitor.open_case(kept.id)
        rows = {f"members__{number}__role": line for number in range(40)}
        assert save(visitor, kept.id, "gruppe", **rows).status == 303
        for name in (*texts, "earlier_participation", "capacity__text"):
            part = "forankring" if name.startswith("anchoring") else "kapasitet"
            assert save(visitor, kept.id, part, **{name: heavy}).status == 303
            assert save(visitor, kept.id, part, **{name: f"{heavy}x"}).status == 422
        assert read(aws, kept.id).working_answers.motivation == heavy


@pytest.mark.parametrize("part", [*PARTS, "send"])
def test_looking_at_a_part_changes_nothing(visitor: Visitor, aws: Wiring, part: str) -> None:
    draft = written(visitor, aws)
    for path in (page_of(draft.id, part), f"/sak/{draft.id}/soknad", f"/sak/{draft.id}/soknad.pdf"):
        assert visitor.get(path).status == 200
    assert read(aws, draft.id) == draft


@pytest.mark.parametrize("path", ["soknad", "soknad/kommune", "soknad/send", "soknad.pdf"])
def test_without_the_link_or_the_right_nothing_is_shown(
    visitor: Visitor, aws: Wiring, path: str
) -> None:
    draft = start(visitor)
    assert Visitor().get(f"/sak/{draft}/{path}").status == 401
    colleague = colleague_of(aws, draft)
    people = tuple(
        each.model_copy(update={"rights": frozenset({Right.CLAIMS})})
        for each in read(aws, draft).people
    )
    aws.records.write(*put(read(aws, draft).but(people=people)))
    assert colleague.get(f"/sak/{draft}/{path}").status == 403


def test_part_that_does_not_exist_is_not_found(visitor: Visitor) -> None:
    draft = start(visitor)
    assert visitor.get(page_of(draft, "dikt")).status == 404
    assert press(visitor, page_of(draft, "dikt"), {}, "next").status == 404


def test_link_of_an_earlier_mail_leads_to_the_task_list(visitor: Visitor) -> None:
    draft = start(visitor)
    assert visitor.get(f"/sak/{draft}/rett").headers["Location"] == f"/sak/{draft}/soknad?lang=nb"
    assert visitor.post_form(f"/sak/{draft}/lagre", {}).status == 404


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_field_has_a_label_and_every_id_is_one_elements(
    visitor: Visitor, aws: Wiring, language: str
) -> None:
    draft = written(visitor, aws).id
    for path in ("", *(f"/{part}" for part in [*PARTS, "send"])):
        page = visitor.get(f"/sak/{draft}/soknad{path}?lang={language}").page
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        fields = page.xpath("//main//input[@type!='hidden'] | //main//select | //main//textarea")
        labels = set(page.xpath("//label/@for"))
        assert {each.get("id") for each in fields} <= labels
