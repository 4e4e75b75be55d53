"""Starting an application: one draft however often the form is sent, and its link by mail."""

import pytest

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import ApplicationState
from kulturkontor.aws.wiring import Wiring
from kulturkontor.municipalities import all_municipalities
from kulturkontor.records import Put
from tests.conftest import messages, set_clock
from tests.office_factory import all_mails, read
from tests.web.filled_form import START, application_id, opened, press, start
from tests.web.portal_visitor import Seen, Visitor


def begin(visitor: Visitor, fields: dict[str, str]) -> Seen:
    return press(visitor, "/soknad", fields, "start")


def rows(aws: Wiring) -> list[str]:
    partition = f"PROGRAMME#{aws.programme.id}"
    return [each.id for each in aws.records.list(ApplicationRow, partition, "APPLICATION#")]


def test_form_offers_every_municipality_in_norwegian_order_with_its_county(
    visitor: Visitor,
) -> None:
    page = visitor.get("/soknad").page
    field = page.get_element_by_id("municipality")
    offered = page.xpath(f"//datalist[@id='{field.get('list')}']/option/@value")
    assert offered == [each.listed_name for each in all_municipalities()]
    assert {"Herøy (Møre og Romsdal)", "Herøy (Nordland)"} <= set(offered)
    assert offered.index("Ål (Buskerud)") > offered.index("Øvre Eiker (Buskerud)")


def test_what_makes_an_application_incomplete_is_said_before_the_start(visitor: Visitor) -> None:
    words = visitor.get("/soknad?lang=nb").words
    assert "en kommunegruppe på minst fire personer, med rolle og sektor for hver" in words
    assert "bekreftelse på at lederen har godkjent søknaden" in words
    assert "13. april 2026 kl. 23.59" in words


def test_start_makes_a_draft_mails_its_link_and_opens_it(visitor: Visitor, aws: Wiring) -> None:
    seen = begin(visitor, opened(visitor) | START)
    assert (seen.status, seen.calls) == (303, {"dynamodb": 3, "sqs": 1})
    draft = read(aws, application_id(seen))
    assert (draft.state, draft.suspect, draft.answers.municipality) == ("draft", False, "4601")
    assert draft.answers.contact.email == "ase@example.com"
    told = [(mail.text, mail.to) for mail in all_mails(aws).values()]
    assert told == [("draft_link", "ase@example.com")]
    listed = visitor.get(seen.headers["Location"])
    assert (listed.status, "Søknaden fra Bergen kommune" in listed.words) == (200, True)
    (cookie,) = [each for name, each in visitor.cookies.items() if name.startswith("__Host-")]
    assert cookie.startswith(draft.id)


def test_only_the_address_is_needed(visitor: Visitor, aws: Wiring) -> None:
    refused = begin(visitor, opened(visitor) | START | {"contact.email": " "})
    assert (refused.status, "sende lenken til utkastet" in refused.words) == (422, True)
    assert (rows(aws), refused.fields()["municipality"]) == ([], "Bergen")
    seen = begin(visitor, opened(visitor) | {"contact.email": "ase@example.com"})
    assert read(aws, application_id(seen)).state is ApplicationState.DRAFT


def test_nynorsk_municipality_brings_its_written_form(visitor: Visitor, aws: Wiring) -> None:
    begun = read(aws, start(visitor, municipality="Vinje"))
    assert (begun.answers.language, begun.language) == ("nn", "nn")
    assert read(aws, start(visitor, municipality="Bergen")).language == "nb"


@pytest.mark.parametrize(
    ("municipality", "said"),
    [
        ("Et sted", "Velg kommunen som søker fra listen."),
        ("3025", "Nummeret er gammelt, nå heter det: 3203 Asker."),
        ("Våler", "Flere har dette navnet: 3419 Våler (Innlandet), 3114 Våler (Østfold)."),
    ],
    ids=["no municipality", "an old number", "two of that name"],
)
def test_a_municipality_that_is_none_or_several_is_explained(
    visitor: Visitor, aws: Wiring, municipality: str, said: str
) -> None:
    seen = begin(visitor, opened(visitor) | START | {"municipality": municipality})
    assert (seen.status, said in seen.words, rows(aws)) == (422, True, [])
    field = seen.page.get_element_by_id("municipality")
    assert (field.get("aria-invalid"), field.get("value")) == ("true", municipality)


def test_form_sent_twice_is_one_application(visitor: Visitor, aws: Wiring) -> None:
    fields = opened(visitor) | START
    first, second = begin(visitor, fields), begin(visitor, fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(messages(aws.settings.mail_queue_url)) == 1


def test_address_put_right_with_the_back_button_gets_the_link_too(
    visitor: Visitor, aws: Wiring
) -> None:
    fields = opened(visitor) | START
    first = begin(visitor, fields | {"contact.email": "asse@example.com"})
    second = begin(visitor, fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert read(aws, application_id(second)).answers.contact.email == "ase@example.com"
    assert [mail.to for mail in all_mails(aws).values()] == ["asse@example.com", "ase@example.com"]


def test_form_found_in_the_history_opens_nothing_later(visitor: Visitor, aws: Wiring) -> None:
    fields = opened(visitor) | START
    draft = application_id(begin(visitor, fields))
    set_clock("2026-03-20T11:01:01+01:00")
    stranger = Visitor()
    seen = begin(stranger, fields)
    assert (seen.status, stranger.cookies) == (401, {})
    assert stranger.get(f"/sak/{draft}/soknad").status == 401


def test_replaced_link_is_not_handed_out_again(visitor: Visitor, aws: Wiring) -> None:
    fields = opened(visitor) | START
    draft = application_id(begin(visitor, fields))
    aws.records.write(Put(read(aws, draft).but(link_version=2)))
    assert begin(visitor, fields).status == 401
    assert visitor.get(f"/sak/{draft}/soknad").status == 410


def test_language_is_changed_with_nothing_lost(visitor: Visitor) -> None:
    fields = opened(visitor) | START
    button = visitor.get("/soknad?lang=nb").page.get_element_by_id("language-link")
    assert (button.get("formaction"), button.get("value")) == ("/soknad?lang=nn", "language")
    seen = press(visitor, "/soknad?lang=nn", fields, "language")
    assert seen.page.get("lang") == "nn"
    assert {name: seen.fields()[name] for name in fields} == fields


def test_enter_in_a_line_starts_nothing_and_loses_nothing(visitor: Visitor, aws: Wiring) -> None:
    fields = opened(visitor) | START
    seen = press(visitor, "/soknad", fields, "keep")
    assert (seen.status, {name: seen.fields()[name] for name in fields}) == (200, fields)
    assert rows(aws) == []


@pytest.mark.parametrize(
    ("changes", "seconds", "opens"),
    [
        ({"website": "http://spam.example"}, 60, True),
        ({}, 1, True),
        ({"key": "forged"}, 60, False),
        ({"key": ""}, 60, False),
    ],
    ids=["trap", "too fast", "forged key", "no key"],
)
def test_what_no_person_sent_is_kept_as_suspect(
    visitor: Visitor, aws: Wiring, changes: dict[str, str], seconds: int, opens: bool
) -> None:
    fields = opened(visitor) | START | changes
    set_clock(f"2026-03-20T10:{seconds // 60:02d}:{seconds % 60:02d}+01:00")
    first, second = begin(visitor, fields), begin(visitor, fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert read(aws, application_id(first)).suspect
    assert (visitor.get(first.headers["Location"]).status == 200) == opens


def test_form_is_kept_when_the_period_is_over(visitor: Visitor) -> None:
    fields = opened(visitor) | START
    set_clock("2026-04-30T09:00:00+02:00")
    seen = begin(visitor, fields)
    assert (seen.status, seen.fields()["municipality"]) == (403, "Bergen")
    assert visitor.get("/soknad").status == 403


def test_form_is_kept_when_too_many_came(visitor: Visitor) -> None:
    fields = opened(visitor)
    statuses = {begin(visitor, fields).status for _ in range(120)}
    seen = begin(visitor, fields | START)
    assert statuses == {422}
    assert (seen.status, seen.headers["Retry-After"]) == (429, "3541")
    assert seen.fields()["municipality"] == "Bergen"


def test_national_identity_number_is_refused_with_an_explanation(
    visitor: Visitor, aws: Wiring
) -> None:
    seen = begin(visitor, opened(visitor) | START | {"contact.name": "Kari 01010750160"})
    assert (seen.status, "Fjern fødselsnummeret" in seen.words, rows(aws)) == (422, True, [])
