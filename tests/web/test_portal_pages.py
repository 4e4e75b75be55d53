import re
from collections.abc import Iterator

import boto3
import pytest
from lxml import html

from kulturkontor.applications import Application, ApplicationState
from kulturkontor.aws.wiring import Wiring
from kulturkontor.municipalities import all_municipalities
from kulturkontor.web.portal import ROUTES
from tests.conftest import messages, set_clock
from tests.office_factory import answers, read
from tests.web.portal_visitor import Seen, Visitor

COMPLETE = {
    "municipality": "4601",
    "contact.name": "Åse Øvrebø",
    "contact.email": "ase@example.com",
    "leader.name": "Kari Prøve",
    "leader.approved": "on",
    "anchoring_plans": "Planen",
    "anchoring_organisation": "Ledelsen",
    **{f"members.{each}.role": "rektor" for each in range(4)},
    **{f"members.{each}.sector": "kulturskole" for each in range(3)},
    "members.3.sector": "kultur",
    "motivation": "Flere barn",
    "capacity.working_time": "on",
    "capacity.all_gatherings": "on",
    "capacity.sharing": "on",
    "accepts_cost_split": "on",
    "privacy_notice_read": "on",
}


def opened(visitor: Visitor, path: str = "/soknad?lang=nb") -> dict[str, str]:
    """The fields of a form that was opened a minute ago."""
    set_clock("2026-03-20T10:00:00+01:00")
    fields = visitor.get(path).fields()
    set_clock("2026-03-20T10:01:00+01:00")
    return fields


def post(visitor: Visitor, fields: dict[str, str], action: str, path: str = "/soknad") -> Seen:
    return visitor.post_form(path, {**fields, "action": action})


def stored(aws: Wiring, seen: Seen) -> Application:
    """The application whose receipt the answer leads to."""
    found = re.search(r"id=([0-9a-f]{32})", seen.headers["Location"])
    assert found is not None
    return read(aws, found[1])


@pytest.mark.parametrize(
    ("moment", "state", "can_apply"),
    [
        ("2026-03-19T11:59:59+01:00", "Søknaden åpner snart", False),
        ("2026-03-19T12:00:00+01:00", "Nå kan dere søke", True),
        ("2026-04-13T23:59:59+02:00", "Nå kan dere søke", True),
        ("2026-04-14T00:00:00+02:00", "Søknadsfristen er ute", True),
        ("2026-04-30T09:00:00+02:00", "Søknadsperioden er avsluttet", False),
    ],
)
def test_front_page_tells_the_phase_and_its_times(
    visitor: Visitor, moment: str, state: str, can_apply: bool
) -> None:
    set_clock(moment)
    seen = visitor.get("/")
    assert seen.page.get_element_by_id("state").text_content() == state
    assert "13. april 2026 kl. 23.59" in seen.words
    assert bool(seen.page.cssselect('a[href^="/soknad"]')) == can_apply


def test_front_page_tells_shares_and_gatherings(visitor: Visitor) -> None:
    words = visitor.get("/").words
    assert "50 prosent av de faktiske reisekostnadene for hver deltaker" in words
    assert "24.–25. september 2026, Gardermoen" in words
    assert "25.–26. november 2027, Gardermoen" in words


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [("/", "nn-NO", "nn"), ("/", "en", "nb"), ("/?lang=nb", "nn", "nb"), ("/?lang=x", "", "nb")],
)
def test_page_is_in_the_language_asked_for(
    visitor: Visitor, path: str, accepted: str, language: str
) -> None:
    seen = visitor.get(path, **{"accept-language": accepted})
    assert seen.page.get("lang") == language
    assert seen.headers["Content-Language"] == language


def test_links_keep_the_language(visitor: Visitor) -> None:
    links = visitor.get("/?lang=nn").page.xpath("//a/@href[starts-with(., '/')]")
    others = [each for each in links if not each.endswith("lang=nn")]
    assert others == ["/?lang=nb"]


def test_form_lists_every_municipality_in_norwegian_order_with_its_county(
    visitor: Visitor,
) -> None:
    page = visitor.get("/soknad").page
    options = page.xpath("//select[@name='municipality']/option[@value!='']")
    assert [each.get("value") for each in options] == [
        each.kommunenummer for each in all_municipalities()
    ]
    words = [each.text_content() for each in options]
    assert {"Herøy (Møre og Romsdal)", "Herøy (Nordland)"} <= set(words)
    assert words.index("Ål (Buskerud)") > words.index("Øvre Eiker (Buskerud)")


def test_form_is_sent_and_gets_a_receipt(visitor: Visitor, aws: Wiring) -> None:
    seen = post(visitor, opened(visitor) | COMPLETE, "send")
    application = stored(aws, seen)
    assert seen.status == 303
    assert (application.state, application.missing, application.suspect) == ("submitted", (), False)
    assert application.answers.contact.name == "Åse Øvrebø"
    assert len(messages(aws.settings.mail_queue_url)) == 1
    receipt = visitor.get(seen.headers["Location"])
    assert receipt.status == 200
    assert "Vi tok imot søknaden 20. mars 2026 kl. 10.01.00." in receipt.words
    secrets = ("KFK2", "ase@example.com", "Øvrebø", "/s/")
    assert [each for each in secrets if each in receipt.text] == []


def test_form_sent_twice_is_one_application(visitor: Visitor, aws: Wiring) -> None:
    fields = opened(visitor) | COMPLETE
    first, second = post(visitor, fields, "send"), post(visitor, fields, "send")
    assert first.headers["Location"] == second.headers["Location"]
    assert len(messages(aws.settings.mail_queue_url)) == 1


def test_form_sent_again_with_other_answers_keeps_both_apart(visitor: Visitor) -> None:
    fields = opened(visitor) | COMPLETE
    post(visitor, fields, "send")
    seen = post(visitor, fields | {"motivation": "Noe annet"}, "send")
    assert seen.status == 409
    assert seen.fields()["motivation"] == "\nNoe annet"


def test_incomplete_form_is_received_and_the_receipt_says_so(visitor: Visitor, aws: Wiring) -> None:
    seen = post(visitor, opened(visitor) | COMPLETE | {"motivation": ""}, "send")
    assert [each.code for each in stored(aws, seen).missing] == ["motivation"]
    assert "Søknaden mangler noe." in visitor.get(seen.headers["Location"]).words


def test_faulty_form_comes_back_with_everything_that_was_typed(visitor: Visitor) -> None:
    typed = opened(visitor) | COMPLETE
    typed |= {"contact.email": "ase", "municipality": "", "motivation": "\n <b>Viktig</b>\n\n"}
    seen = post(visitor, typed, "send")
    assert seen.status == 422
    page = seen.page
    assert page.findtext(".//title").startswith("Feil: Søknad om plass")
    summary = page.cssselect('[role="alert"]')[0]
    assert summary.cssselect("h2[autofocus][tabindex='-1']")
    links = [(each.get("href"), each.text_content()) for each in summary.cssselect("a")]
    assert links == [
        ("#municipality", "Fyll ut kommunen som søker."),
        ("#contact.email", "Skriv e-postadressen til kontaktpersonen på formen navn@kommune.no."),
    ]
    for link, message in links:
        field = page.get_element_by_id(link[1:])
        assert field.get("aria-invalid") == "true"
        notes = [page.get_element_by_id(each) for each in field.get("aria-describedby").split()]
        assert message in [each.text_content() for each in notes]
    again = seen.fields()
    assert {name: again.get(name, "").strip() for name in typed} == {
        name: text.strip() for name, text in typed.items()
    }


def test_fault_of_a_member_is_told_of_the_person_who_has_it(visitor: Visitor) -> None:
    fields = opened(visitor) | COMPLETE
    gap = {f"members.1.{part}": "" for part in ("role", "sector", "name", "email")}
    seen = post(visitor, fields | gap | {"members.2.email": "x"}, "send")
    assert [each.get("href") for each in seen.page.cssselect(".summary a")] == ["#members.1.email"]
    assert "e-postadressen til person 2" in seen.words
    assert seen.fields()["members.1.email"] == "x"


def test_person_is_added_and_removed_with_nothing_lost(visitor: Visitor) -> None:
    fields = opened(visitor) | COMPLETE | {"members.1.name": "Berit", "contact.email": "halvt"}
    longer = post(visitor, fields, "add")
    assert longer.status == 200
    assert longer.page.cssselect("[autofocus]")[0].get("name") == "members.4.role"
    assert longer.fields()["contact.email"] == "halvt"
    more = longer.fields() | {"members.4.role": "ny"}
    shorter = post(visitor, more, "remove.0").fields()
    assert (shorter["members.0.name"], shorter["members.3.role"]) == ("Berit", "ny")
    assert "members.4.role" not in shorter
    assert shorter["key"] == fields["key"]


def test_people_stop_at_the_most_that_can_be_kept(visitor: Visitor) -> None:
    fields = opened(visitor)
    fields |= {f"members.{number}.role": "x" for number in range(40)}
    assert "members.40.role" not in post(visitor, fields, "add").fields()


@pytest.mark.parametrize("action", ["remove.99", "remove.x", "remove", "keep", "nonsense", ""])
def test_button_that_means_nothing_shows_the_form_again(visitor: Visitor, action: str) -> None:
    fields = opened(visitor) | COMPLETE
    seen = post(visitor, fields, action)
    assert (seen.status, seen.fields()["motivation"].strip()) == (200, "Flere barn")


def test_language_is_changed_with_nothing_lost(visitor: Visitor) -> None:
    fields = opened(visitor) | COMPLETE
    button = visitor.get("/soknad?lang=nb").page.get_element_by_id("language-link")
    assert (button.get("formaction"), button.get("value")) == ("/soknad?lang=nn", "language")
    seen = post(visitor, fields, "language", "/soknad?lang=nn")
    assert seen.page.get("lang") == "nn"
    assert seen.fields()["motivation"].strip() == "Flere barn"
    assert seen.fields()["language"] == "nn"


def test_draft_needs_only_an_address_for_its_link(visitor: Visitor, aws: Wiring) -> None:
    fields = opened(visitor)
    refused = post(visitor, fields, "save")
    assert (refused.status, "sende lenken til utkastet" in refused.words) == (422, True)
    seen = post(visitor, fields | {"contact.email": "ase@example.com"}, "save")
    assert stored(aws, seen).state is ApplicationState.DRAFT
    receipt = visitor.get(seen.headers["Location"]).words
    assert "Søknaden er ikke sendt ennå." in receipt


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [({"website": "http://spam.example"}, 60), ({}, 1), ({"key": "forged"}, 60), ({"key": ""}, 60)],
    ids=["trap", "too fast", "forged key", "no key"],
)
def test_what_no_person_sent_is_kept_as_suspect(
    visitor: Visitor, aws: Wiring, changes: dict[str, str], seconds: int
) -> None:
    fields = opened(visitor) | COMPLETE | changes
    set_clock(f"2026-03-20T10:{seconds // 60:02d}:{seconds % 60:02d}+01:00")
    first, second = post(visitor, fields, "send"), post(visitor, fields, "send")
    assert stored(aws, first).suspect
    assert first.headers["Location"] == second.headers["Location"]


def test_form_is_kept_when_the_period_is_over(visitor: Visitor) -> None:
    fields = opened(visitor) | COMPLETE
    set_clock("2026-04-30T09:00:00+02:00")
    seen = post(visitor, fields, "send")
    assert (seen.status, seen.fields()["motivation"].strip()) == (403, "Flere barn")
    assert visitor.get("/soknad").status == 403


def test_form_is_kept_when_too_many_came(visitor: Visitor) -> None:
    fields = opened(visitor)
    statuses = {post(visitor, fields, "save").status for _ in range(120)}
    seen = post(visitor, fields | {"motivation": "Flere barn"}, "send")
    assert statuses == {422}
    assert (seen.status, seen.headers["Retry-After"]) == (429, "3541")
    assert seen.fields()["motivation"].strip() == "Flere barn"


def test_receipt_is_only_for_what_is_stored(visitor: Visitor) -> None:
    assert visitor.get(f"/soknad/kvittering?id={'0' * 32}").status == 404


def test_new_link_page_answers_every_municipality_alike(visitor: Visitor, aws: Wiring) -> None:
    post(visitor, opened(visitor) | COMPLETE, "send")
    messages(aws.settings.mail_queue_url)
    seen = [visitor.post_form("/ny-lenke", {"municipality": each}) for each in ("4601", "1103")]
    assert [(each.status, each.headers["Location"]) for each in seen] == [
        (303, "/ny-lenke?sendt=ja&lang=nb")
    ] * 2
    assert len(messages(aws.settings.mail_queue_url)) == 1
    assert visitor.post_form("/ny-lenke", {"municipality": ""}).status == 422


def test_privacy_page_names_the_terms_of_the_programme(visitor: Visitor) -> None:
    words = visitor.get("/personvern").words
    assert "90 dager etter søknadsfristen" in words
    assert "tolv måneder etter svarbrevet" in words
    assert "5 år etter slutten av regnskapsåret" in words


def public_pages(visitor: Visitor) -> Iterator[Seen]:
    for path in ("/", "/soknad", "/personvern", "/tilgjengelighet", "/ny-lenke", "/nowhere"):
        for language in ("nb", "nn"):
            yield visitor.get(f"{path}?lang={language}")


def test_pages_need_no_script_and_load_only_what_is_ours(visitor: Visitor) -> None:
    for seen in public_pages(visitor):
        assert seen.page.xpath("//script | //style | //*[@style] | //iframe") == []
        assert seen.page.xpath("//@*[starts-with(name(), 'on')]") == []
        loaded = seen.page.xpath("//link/@href | //img/@src")
        assert [each for each in loaded if not each.startswith("/assets/")] == []


def test_every_field_has_a_label_and_every_id_is_one_elements(visitor: Visitor) -> None:
    for seen in public_pages(visitor):
        ids = seen.page.xpath("//@id")
        assert len(ids) == len(set(ids))
        labels = set(seen.page.xpath("//label/@for"))
        fields = seen.page.xpath("//input[@type!='hidden'] | //select | //textarea")
        assert {each.get("id") for each in fields} <= labels


@pytest.mark.parametrize("path", ["/", "/api/programme", "/nowhere", "/api/nowhere", "/soknad"])
def test_every_answer_is_protected(visitor: Visitor, path: str) -> None:
    headers = visitor.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert {"default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"} <= set(
        policy.split("; ")
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    kept = "private, no-cache" if path == "/soknad" else "no-store"
    assert headers["Cache-Control"] == kept
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_assets_are_compressed_and_kept_for_good(visitor: Visitor) -> None:
    address = visitor.get("/").page.xpath("//link[@rel='stylesheet']/@href")[0]
    seen = visitor.get(address)
    assert seen.headers["Content-Encoding"] == "gzip"
    assert seen.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    plain = visitor.get(address, **{"accept-encoding": "identity"})
    assert (plain.text, "Content-Encoding" in plain.headers) == (seen.text, False)


def test_head_is_a_get_without_a_body(visitor: Visitor) -> None:
    seen = visitor.ask("HEAD", "/")
    assert (seen.status, seen.text) == (200, "")


def test_looking_changes_nothing(visitor: Visitor, aws: Wiring) -> None:
    post(visitor, opened(visitor) | COMPLETE, "send")
    before = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    for route in ROUTES:
        if route.method == "GET":
            visitor.get(re.sub("<[a-z_]+>", "x", route.path))
    after = boto3.client("dynamodb").scan(TableName=aws.settings.table_name)["Items"]
    assert after == before


def test_fault_of_ours_is_a_page_and_logs_no_content(
    visitor: Visitor, aws: Wiring, caplog: pytest.LogCaptureFixture
) -> None:
    boto3.client("dynamodb").delete_table(TableName=aws.settings.table_name)
    body = {"submit": True, "answers": answers()}
    seen = visitor.api("POST", "/api/applications", body, idempotency_key="a-key-of-mine")
    assert (seen.status, seen.json["code"]) == (500, "fault")
    page = post(visitor, COMPLETE, "send")
    assert (page.status, html.fromstring(page.text).findtext(".//h1")) == (
        500,
        "Noe gikk galt hos oss",
    )
    faults = [vars(each) for each in caplog.records if each.getMessage() == "fault"]
    assert [each["fault"] for each in faults] == ["ResourceNotFoundException"] * 2
    logged = str(faults)
    assert [word for word in ("Prøve", "Øvrebø", "ase@", "4601") if word in logged] == []
