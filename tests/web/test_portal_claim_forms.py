"""The forms of the travel claim: what each button does, what is kept, what is told to be wrong."""

from urllib.parse import urlencode

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.claim_drafts import MAX_LINES_OF_PERSON, ClaimDraft, DraftLine, draft_key
from kulturkontor.received_files import FileState
from kulturkontor.web.claim_edits import write_seen
from kulturkontor.web.claim_forms import cost_fields
from tests.conftest import set_clock
from tests.office_factory import admitted, send_claim
from tests.rules.claim_factory import gathering
from tests.web.claim_writer import ClaimWriter, claims_of, upload
from tests.web.portal_visitor import FORM, Seen, Visitor


@pytest.fixture
def writer(aws: Wiring, visitor: Visitor) -> ClaimWriter:
    application_id = admitted(aws)
    set_clock("2026-09-28T10:00:00+02:00")
    visitor.open_case(application_id)
    return ClaimWriter(visitor, application_id, files=[upload(aws, application_id, 1)])


def draft_of(aws: Wiring, writer: ClaimWriter) -> ClaimDraft:
    found = aws.records.read(ClaimDraft, draft_key(writer.application_id, "S1"))
    assert found is not None
    return found


def lines_of(aws: Wiring, writer: ClaimWriter, person: str = "p1") -> tuple[DraftLine, ...]:
    found = draft_of(aws, writer).person(person)
    assert found is not None
    return found.lines


def told(seen: Seen) -> list[str]:
    """The summary of what is wrong."""
    return [
        " ".join(each.text_content().split())
        for each in seen.page.xpath("//div[contains(@class, 'summary')]//li/a")
    ]


def test_saving_takes_two_calls_and_looking_one(writer: ClaimWriter) -> None:
    assert writer.look("/reisende").calls == {"dynamodb": 1}
    assert writer.press("/reisende", "next").calls == {"dynamodb": 2}
    assert writer.choose("p1", "lines").calls == {"dynamodb": 2}
    assert writer.account().calls == {"dynamodb": 2}


@pytest.mark.parametrize(
    ("path", "action", "leads_to"),
    [
        ("/reisende", "next", "/kostnader?lang=nb"),
        ("/reisende", "save", "?gjort=lagret&lang=nb"),
        ("/reisende", "keep", "/reisende?lang=nb"),
        ("/reisende", "language", "/reisende?lang=nb"),
        ("/konto", "save", "?gjort=lagret&lang=nb"),
        ("/kostnader", "save", "?gjort=lagret&lang=nb"),
        ("/kostnader/p1", "keep", "/kostnader/p1?lang=nb"),
        ("/kostnader/p1", "refresh", "/kostnader/p1?lang=nb"),
    ],
)
def test_every_button_saves_and_leads_on(
    aws: Wiring, writer: ClaimWriter, path: str, action: str, leads_to: str
) -> None:
    seen = writer.press(path, action)
    assert (seen.status, seen.headers["Location"]) == (303, f"{writer.base}{leads_to}")
    assert draft_of(aws, writer).saved_at is not None


def test_draft_keeps_whatever_was_typed(aws: Wiring, writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="mye penger", date="i går", currency="???", note="<b>")
    fields = writer.look("/kostnader/p1").fields()
    assert {name: fields[f"lines.0.{name}"] for name in ("amount", "currency", "note")} == {
        "amount": "mye penger",
        "currency": "???",
        "note": "<b>",
    }
    assert lines_of(aws, writer)[0].date == "i går"
    writer.press("/konto", "save", account__number="vet ikke")
    assert writer.look("/konto").fields()["account_number"] == "vet ikke"


def test_faults_are_told_on_top_and_at_the_field_with_everything_kept(writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="1.234")
    writer.add("p1", "car", kilometres="langt", passengers="Prøve Person 1")
    seen = writer.press("/kostnader/p1", "next")
    assert seen.status == 422
    assert seen.page.findtext(".//title", "").startswith("Feil: Kostnadene til Prøve Person 1")
    assert told(seen) == [
        "Linje 1 (tog), beløp: Beløpet kan leses på to måter. "
        "Skriv 1234 for hele kroner eller 1,23 med øre.",
        "Linje 2 (egen bil), kilometer: Skriv antall kilometer, for eksempel 120 eller 120,5.",
    ]
    links = seen.page.xpath("//div[contains(@class, 'summary')]//li/a/@href")
    assert links == ["#lines.0.amount", "#lines.1.kilometres"]
    for link in links:
        (field,) = seen.page.xpath(f"//*[@id='{link[1:]}']")
        assert field.get("aria-invalid") == "true"
        assert f"error-{link[1:]}" in field.get("aria-describedby")
    assert seen.fields()["lines.0.amount"] == "1.234"
    assert seen.fields()["lines.1.passengers"] == "Prøve Person 1"


def test_faults_speak_nynorsk_too(writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "car", kilometres="langt")
    writer.language = "nn"
    seen = writer.press("/kostnader/p1", "next")
    assert told(seen)[0].startswith("Linje 1 (eigen bil), kilometer: Skriv talet på kilometer")


def test_check_page_lists_what_is_wrong_with_links_to_where_it_is_mended(
    writer: ClaimWriter,
) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="")
    writer.choose("p2", "lines")
    writer.choose("p3", "total")
    shown = writer.look("/kontroll")
    assert (shown.status, "Send reisekravet" in shown.words) == (200, False)
    listed = [
        (" ".join(each.text_content().split())[:50], each.get("href"))
        for each in shown.page.xpath("//section[@aria-labelledby='lacking']//a")
    ]
    base = f"{writer.base}/kostnader"
    assert listed[:4] == [
        (
            "Prøve Person 1, linje 1 (tog), beløp: Skriv hva de",
            f"{base}/p1?kontroll=ja&lang=nb#lines.0.amount",
        ),
        (
            "Legg til minst én kostnad for Prøve Person 2, elle",
            f"{base}/p2?kontroll=ja&lang=nb#new-kind",
        ),
        (
            "Skriv hva reisen til Prøve Person 3 kostet i alt.",
            f"{base}/p3?kontroll=ja&lang=nb#total.travel_total",
        ),
        (
            "Velg hvordan dere fører kostnadene til Prøve Perso",
            f"{base}/p4?kontroll=ja&lang=nb#way",
        ),
    ]
    assert told(writer.look("/kostnader/p1", kontroll="ja"))[0].startswith("Linje 1 (tog), beløp")
    assert writer.look("/kostnader/p1").page.xpath("//*[@id='errors']") == []


def test_nothing_is_sent_that_is_not_in_order(aws: Wiring, writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="1.234")
    seen = writer.send("/kontroll", {"seen.part": str(draft_of(aws, writer).revision)}, "send")
    assert seen.status == 422
    assert any("Beløpet kan leses på to måter" in each for each in told(seen))
    assert claims_of(aws, writer.application_id) == []


def test_person_who_is_not_registered_is_added_and_held(aws: Wiring, writer: ClaimWriter) -> None:
    seen = writer.press("/reisende", "add", new_name="  Ukjent   Person ", new_role="Vikar")
    assert seen.headers["Location"] == f"{writer.base}/reisende?fokus=new.name&lang=nb"
    assert "Ikke meldt på. Linjene venter" in writer.look("/reisende").words
    writer.choose("x1", "lines")
    writer.add("x1", "train", amount="100", **{f"receipt_{writer.files[0]}": "on"})
    writer.rest_had_none()
    writer.account()
    assert "Linjen venter fordi personen ikke er påmeldt" in writer.look("/kontroll").words
    writer.press("/reisende", "remove.x1")
    assert draft_of(aws, writer).person("x1") is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Navn: Fyll ut dette feltet."),
        ("x" * 101, "Navn: Teksten er for lang. Bruk høyst 100 tegn."),
    ],
)
def test_person_is_added_by_a_name_that_can_be_kept(
    aws: Wiring, writer: ClaimWriter, name: str, message: str
) -> None:
    seen = writer.press("/reisende", "add", new_name=name)
    assert (seen.status, told(seen), seen.fields()["new.name"]) == (422, [message], name)
    assert len(draft_of(aws, writer).people) == 4


def test_national_identity_number_is_refused_before_it_is_kept(
    aws: Wiring, writer: ClaimWriter
) -> None:
    seen = writer.press("/reisende", "add", new_name="Ola 13097248022")
    assert seen.status == 422
    assert "fødselsnummer" in told(seen)[0]


def test_four_nights_are_marked_at_most(writer: ClaimWriter) -> None:
    writer.press("/reisende", "add", new_name="Femte Person")
    marked = {f"people_{each}_covered": "on" for each in ("p1", "p2", "p3", "p4", "x1")}
    seen = writer.press("/reisende", "next", **marked)
    assert (seen.status, len(told(seen))) == (422, 1)
    assert "Velg høyst 4 som vi skal dekke natten for." in seen.words
    marked.pop("people_p1_covered")
    fine = writer.press("/reisende", "next", people_p1_covered=None, **marked)
    assert fine.status == 303


def test_lines_are_added_copied_and_removed_with_the_focus_on_them(
    aws: Wiring, writer: ClaimWriter
) -> None:
    path = "/kostnader/p1"
    writer.choose("p1", "lines")
    fields = writer.look(path).fields()
    fields["new-kind"] = "bus"
    added = writer.send(path, fields, "add")
    assert added.headers["Location"].startswith(f"{writer.base}{path}?fokus=lines.0.date")
    writer.press(path, "save", lines_0_amount="98", **{f"lines_0_receipt_{writer.files[0]}": "on"})
    copied = writer.press(path, "copy.0")
    assert "fokus=lines.1.date" in copied.headers["Location"]
    assert [(each.id, each.amount, each.receipt_ids) for each in lines_of(aws, writer)] == [
        ("l1", "98", ("receipt0001",)),
        ("l2", "98", ("receipt0001",)),
    ]
    removed = writer.press(path, "remove.0")
    assert "fokus=lines" in removed.headers["Location"]
    assert [each.id for each in lines_of(aws, writer)] == ["l2"]
    page = writer.look(path, fokus="lines").page
    assert [each.get("id") for each in page.xpath("//*[@autofocus]")] == ["lines"]


def test_lines_are_copied_from_another_traveller(aws: Wiring, writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="498")
    writer.choose("p2", "lines")
    writer.press("/kostnader/p2", "copy-from", **{"copy-from": "p1"})
    assert [(each.id, each.amount) for each in lines_of(aws, writer, "p2")] == [("l2", "498")]


@pytest.mark.parametrize(
    "action", ["copy.7", "remove.7", "copy.x", "remove.", "copy-from", "nonsense"]
)
def test_button_that_names_nothing_changes_nothing(
    aws: Wiring, writer: ClaimWriter, action: str
) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="498")
    before = lines_of(aws, writer)
    assert writer.press("/kostnader/p1", action).status == 303
    assert lines_of(aws, writer) == before


def test_kind_that_is_none_adds_no_line(aws: Wiring, writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    for kind in ("", "meals", "travel_total", "<script>"):
        writer.send(
            "/kostnader/p1", writer.look("/kostnader/p1").fields() | {"new-kind": kind}, "add"
        )
    assert lines_of(aws, writer) == ()


def test_form_has_room_for_forty_lines(aws: Wiring, writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="498")
    for _ in range(MAX_LINES_OF_PERSON + 1):
        writer.press("/kostnader/p1", "copy.0")
    assert len(lines_of(aws, writer)) == MAX_LINES_OF_PERSON
    shown = writer.look("/kostnader/p1")
    assert "Det er ikke plass til flere linjer." in shown.words
    assert writer.press("/kostnader/p1", "next").status == 303


def test_way_can_be_changed_and_what_was_typed_is_still_there(
    aws: Wiring, writer: ClaimWriter
) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="498")
    writer.press("/kostnader/p1", "change-way")
    writer.choose("p1", "total")
    writer.press("/kostnader/p1", "save", total_travel__total="2000", total_overnight="1595")
    found = draft_of(aws, writer).person("p1")
    assert found is not None
    assert [(each.kind, each.amount, each.date) for each in found.total] == [
        ("travel_total", "2000", "2026-09-24"),
        ("overnight", "1595", "2026-09-24"),
    ]
    assert [each.amount for each in found.lines] == ["498"]


def test_travel_bill_is_chosen_among_pdfs_and_a_refused_file_is_not_offered(
    aws: Wiring, writer: ClaimWriter
) -> None:
    picture = upload(aws, writer.application_id, 2, media_type="image/jpeg")
    refused = upload(aws, writer.application_id, 3, state=FileState.REFUSED)
    waiting = upload(aws, writer.application_id, 4, media_type="", state=FileState.WAITING)
    writer.choose("p1", "total")
    writer.choose("p2", "lines")
    writer.add("p2", "train", amount="498")

    def offered(person: str) -> set[str]:
        boxes = writer.look(f"/kostnader/{person}").page.xpath("//input[@type='checkbox']/@id")
        return {each.rpartition(".")[2] for each in boxes if ".receipt." in each}

    assert offered("p1") == {writer.files[0], waiting}
    assert offered("p2") == {writer.files[0], picture, waiting}
    assert refused not in offered("p2")


def test_form_sent_twice_is_saved_once(aws: Wiring, writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    fields = writer.look("/kostnader/p1").fields() | {"new-kind": "train"}
    answers = [writer.send("/kostnader/p1", dict(fields), "add").status for _ in range(3)]
    assert (answers, len(lines_of(aws, writer))) == ([303] * 3, 1)


def test_script_that_saves_is_told_what_is_kept(aws: Wiring, writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train")
    fields = writer.look("/kostnader/p1").fields() | {"lines.0.amount": "12", "action": "autosave"}
    headers = {"content-type": FORM, "accept": "application/json"}
    path = f"{writer.base}/kostnader/p1"
    seen = writer.visitor.ask("POST", path, body=urlencode(fields), headers=headers)
    person = draft_of(aws, writer).person("p1")
    assert person is not None
    assert (seen.status, seen.json) == (
        200,
        {
            "saved": "Lagret 28. september 2026 kl. 10.00.",
            "seen": {"part": write_seen(cost_fields(person, gathering("S1")))},
            "problems": [],
            "fills": {},
        },
    )
    assert lines_of(aws, writer)[0].amount == "12"


def test_what_is_not_sent_can_be_thrown_away(aws: Wiring, writer: ClaimWriter) -> None:
    writer.choose("p1", "none")
    seen = writer.visitor.post_form(f"{writer.base}/forkast", {})
    assert seen.headers["Location"] == f"{writer.base}?gjort=forkastet&lang=nb"
    assert aws.records.read(ClaimDraft, draft_key(writer.application_id, "S1")) is None
    assert "Start reisekravet" in writer.look().words


def test_draft_of_an_older_version_is_not_sent_over_a_newer(
    aws: Wiring, writer: ClaimWriter
) -> None:
    writer.write_all().submit()
    writer.press("/kostnader/p1", "save", lines_0_amount="600")
    mine = writer.look("/kontroll").fields() | {"declared": "on"}
    body = claims_of(aws, writer.application_id)[0].claim.model_dump(mode="json")
    body["lines"][0]["note"] = "Rettet gjennom API-et."
    send_claim(aws, writer.application_id, body=body)
    assert "Kravet har fått en ny versjon" in writer.look("/kontroll").words
    assert writer.send("/kontroll", mine, "send").status == 409
    assert len(claims_of(aws, writer.application_id)) == 2


def test_nobody_elses_person_or_form_is_shown(writer: ClaimWriter) -> None:
    assert writer.look("/kostnader/p9").status == 404
    assert writer.send("/kostnader/p9", {}, "save").status == 404
    writer.press("/reisende", "save", people_p4_travelled=None)
    assert writer.look("/kostnader/p4").status == 404
    for path in ("", "/reisende", "/kostnader", "/konto", "/kontroll"):
        elsewhere = ClaimWriter(writer.visitor, writer.application_id, "S9")
        assert elsewhere.look(path).status == 404


def test_form_larger_than_a_claim_is_refused_and_not_saved(
    aws: Wiring, writer: ClaimWriter
) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", note="x" * 150_000)
    writer.choose("p2", "lines")
    writer.add("p2", "train")
    seen = writer.press("/kostnader/p2", "save", lines_0_note="x" * 100_000)
    assert seen.status == 413
    assert lines_of(aws, writer, "p2")[0].note == ""


def test_every_field_has_a_label_and_every_id_is_used_once(writer: ClaimWriter) -> None:
    writer.press("/reisende", "add", new_name="Femte Person")
    writer.choose("p1", "lines")
    for kind in ("train", "train", "car", "overnight", "passenger"):
        writer.add("p1", kind)
    writer.choose("p2", "total")
    for path in ("/reisende", "/kostnader", "/kostnader/p1", "/kostnader/p2", "/konto"):
        page = writer.look(path).page
        labels = set(page.xpath("//label/@for"))
        fields = page.xpath("//main//input[@type!='hidden'] | //main//select | //main//textarea")
        assert {each.get("id") for each in fields} <= labels
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
