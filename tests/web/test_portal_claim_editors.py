"""Two people in the same form of a travel claim: merged field by field, and only what both changed
is asked about.
"""

from typing import Any
from urllib.parse import urlencode

import pytest

from kulturkontor.applications import Application, application_key
from kulturkontor.aws.wiring import Wiring
from kulturkontor.claim_drafts import MAX_LINES_OF_PERSON, ClaimDraft, DraftLine, draft_key
from kulturkontor.people import LinkHolder, Right
from kulturkontor.records import Put
from tests.conftest import set_clock
from tests.office_factory import admitted, oslo
from tests.web.claim_writer import ACCOUNT, ClaimWriter, upload
from tests.web.portal_visitor import FORM, Visitor

OTHER_ACCOUNT = "1234 56 78903"


@pytest.fixture
def writer(aws: Wiring, visitor: Visitor) -> ClaimWriter:
    application_id = admitted(aws)
    set_clock("2026-09-28T10:00:00+02:00")
    visitor.open_case(application_id)
    return ClaimWriter(visitor, application_id, files=[upload(aws, application_id, 1)])


def colleague_of(aws: Wiring, writer: ClaimWriter) -> ClaimWriter:
    """Somebody with a link of their own to the claims."""
    found = aws.records.read(Application, application_key(writer.application_id))
    assert found is not None
    holder = LinkHolder(
        id="person0001",
        name="Ola Prøve",
        email="ola@example.org",
        rights=frozenset({Right.CLAIMS}),
        added_at=oslo("2026-09-01T10:00:00"),
    )
    aws.records.write(Put(found.but(people=(holder,))))
    theirs = Visitor().open_case(writer.application_id, person=holder.id)
    return ClaimWriter(theirs, writer.application_id)


def draft_of(aws: Wiring, writer: ClaimWriter) -> ClaimDraft:
    found = aws.records.read(ClaimDraft, draft_key(writer.application_id, "S1"))
    assert found is not None
    return found


def lines_of(aws: Wiring, writer: ClaimWriter) -> tuple[DraftLine, ...]:
    found = draft_of(aws, writer).person("p1")
    assert found is not None
    return found.lines


def autosave(writer: ClaimWriter, path: str, fields: dict[str, str]) -> Any:
    headers = {"content-type": FORM, "accept": "application/json"}
    body = urlencode({**fields, "action": "autosave"})
    return writer.visitor.ask("POST", f"{writer.base}{path}", body=body, headers=headers).json


def test_two_who_change_different_fields_of_a_form_are_merged(
    aws: Wiring, writer: ClaimWriter
) -> None:
    mine = writer.look("/konto").fields()
    writer.press("/konto", "save", account__number=ACCOUNT)
    writer.send("/konto", mine, "save", vat="excluded")
    draft = draft_of(aws, writer)
    assert (draft.account_number, draft.vat) == (ACCOUNT, "excluded")


def test_later_save_of_the_same_field_is_shown_what_the_other_wrote_and_who(
    aws: Wiring, writer: ClaimWriter
) -> None:
    mine = writer.look("/konto").fields()
    colleague_of(aws, writer).account(kid="")
    seen = writer.send("/konto", mine, "next", account__number=OTHER_ACCOUNT, vat="excluded")
    assert (seen.status, seen.page.cssselect("#errors")[0].text) == (
        409,
        "Noen andre har endret det samme imens",
    )
    links = [each.get("href") for each in seen.page.cssselect(".summary a")]
    assert links == ["#account_number", "#vat"]
    told = [" ".join(each.text_content().split()) for each in seen.page.cssselect(".the-other")]
    assert told[0].startswith(
        "Kontonummer Ola Prøve endret dette 28. september 2026 kl. 10.00. Nå står det: " + ACCOUNT
    )
    assert "Ja, beløpene er slik de ble betalt" in told[1]
    assert (seen.fields()["account_number"], seen.fields()["vat"]) == (OTHER_ACCOUNT, "excluded")
    assert draft_of(aws, writer).account_number == ACCOUNT


@pytest.mark.parametrize(
    ("action", "kept"), [("next", OTHER_ACCOUNT), ("theirs.account_number", ACCOUNT)]
)
def test_who_has_seen_the_other_text_decides_which_is_kept(
    aws: Wiring, writer: ClaimWriter, action: str, kept: str
) -> None:
    mine = writer.look("/konto").fields()
    writer.account(kid="")
    seen = writer.send("/konto", mine, "next", account__number=OTHER_ACCOUNT, vat="included")
    assert writer.send("/konto", seen.fields(), action).status == 303
    assert draft_of(aws, writer).account_number == kept


def test_conflict_sent_again_is_told_again(aws: Wiring, writer: ClaimWriter) -> None:
    mine = writer.look("/konto").fields()
    writer.account()
    sent = [
        writer.send("/konto", dict(mine), "next", account__number=OTHER_ACCOUNT).status
        for _ in range(2)
    ]
    assert (sent, draft_of(aws, writer).account_number) == ([409, 409], ACCOUNT)


def test_lines_that_two_add_and_change_are_all_kept(aws: Wiring, writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="100")
    mine = writer.look("/kostnader/p1").fields()
    writer.add("p1", "bus", amount="20")
    writer.press("/kostnader/p1", "save", lines_0_route="Voss–Bergen")
    writer.send("/kostnader/p1", mine, "save", lines_0_amount="111")
    lines = lines_of(aws, writer)
    assert [(line.kind, line.amount, line.route) for line in lines] == [
        ("train", "111", "Voss–Bergen"),
        ("bus", "20", ""),
    ]


def test_same_amount_of_a_line_is_shown_with_its_line_and_kept_once_chosen(
    aws: Wiring, writer: ClaimWriter
) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="100")
    mine = writer.look("/kostnader/p1").fields()
    writer.press("/kostnader/p1", "save", lines_0_amount="200")
    seen = writer.send("/kostnader/p1", mine, "save", lines_0_amount="300", lines_0_note="Tur")
    (other,) = seen.page.cssselect(".the-other")
    assert other.cssselect("h2")[0].text == "Linje 1: tog, beløp"
    assert (seen.status, other.cssselect("blockquote")[0].text) == (409, "200")
    assert seen.fields()["lines.0.amount"] == "300"
    assert [(each.amount, each.note) for each in lines_of(aws, writer)] == [("200", "Tur")]
    writer.send("/kostnader/p1", seen.fields(), "theirs.lines.0.amount")
    assert [each.amount for each in lines_of(aws, writer)] == ["200"]
    writer.send("/kostnader/p1", seen.fields(), "save")
    assert [each.amount for each in lines_of(aws, writer)] == ["300"]


@pytest.mark.parametrize(
    ("typed", "kept"), [({}, []), ({"lines_0_amount": "120"}, ["120"])], ids=["alone", "changed"]
)
def test_line_that_another_took_away_comes_back_only_if_it_was_changed(
    aws: Wiring, writer: ClaimWriter, typed: dict[str, str], kept: list[str]
) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="100")
    mine = writer.look("/kostnader/p1").fields()
    writer.press("/kostnader/p1", "remove.0")
    writer.send("/kostnader/p1", mine, "save", **typed)
    assert [each.amount for each in lines_of(aws, writer)] == kept


def test_line_that_another_changed_is_not_removed_unseen(aws: Wiring, writer: ClaimWriter) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="100")
    mine = writer.look("/kostnader/p1").fields()
    writer.press("/kostnader/p1", "save", lines_0_amount="200")
    seen = writer.send("/kostnader/p1", mine, "remove.0")
    assert (seen.status, [each.amount for each in lines_of(aws, writer)]) == (409, ["200"])
    assert writer.send("/kostnader/p1", seen.fields(), "remove.0").status == 303
    assert lines_of(aws, writer) == ()


def test_other_way_chosen_meanwhile_is_told_and_no_line_is_lost(
    aws: Wiring, writer: ClaimWriter
) -> None:
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="100")
    mine = writer.look("/kostnader/p1").fields()
    writer.press("/kostnader/p1", "change-way")
    writer.choose("p1", "total")
    seen = writer.send("/kostnader/p1", mine, "save", lines_0_amount="150")
    (other,) = seen.page.cssselect(".the-other")
    assert (seen.status, other.cssselect("blockquote")[0].text) == (409, "Ført samlet")
    person = draft_of(aws, writer).person("p1")
    assert person is not None
    assert (person.way, [each.amount for each in person.lines]) == ("total", ["150"])


def filled(aws: Wiring, writer: ClaimWriter, count: int) -> None:
    """One traveller with a train and so many buses."""
    writer.choose("p1", "lines")
    writer.add("p1", "train", amount="100")
    draft = draft_of(aws, writer)
    person = draft.person("p1")
    assert person is not None
    buses = [DraftLine(id=f"b{number}", kind="bus", amount="20") for number in range(count)]
    aws.records.write(
        Put(draft.with_person(person.model_copy(update={"lines": (*person.lines, *buses)})))
    )


def test_line_that_there_is_no_room_for_is_shown_as_typed_and_kept_once_there_is(
    aws: Wiring, writer: ClaimWriter
) -> None:
    """One takes a line away and fills the list while another changes that line."""
    path = "/kostnader/p1"
    filled(aws, writer, MAX_LINES_OF_PERSON - 1)
    mine = writer.look(path).fields()
    writer.press(path, "remove.0")
    writer.press(path, "copy.0")
    before = lines_of(aws, writer)
    assert len(before) == MAX_LINES_OF_PERSON
    for _ in range(2):
        seen = writer.send(path, dict(mine), "next", lines_0_amount="111", lines_1_note="Buss")
        told = " ".join(seen.page.cssselect(".summary")[0].text_content().split())
        assert (seen.status, told) == (
            409,
            "Det er ikke plass til alle linjene Under står alt dere skrev. Linjene det ikke er "
            "plass til, står nederst og er ikke lagret. Resten er lagret. «Linje 41: tog» er ikke "
            "lagret. Det er plass til 40 linjer for hver reisende og 200 i hele kravet. Ta bort "
            "eller slå sammen noen linjer, og lagre på nytt.",
        )
    links = [each.get("href") for each in seen.page.cssselect(".summary a")]
    assert links == ["#lines.40.date"]
    assert seen.page.xpath("//*[@id='lines.40.date']")
    assert seen.fields()["lines.40.amount"] == "111"
    kept = lines_of(aws, writer)
    assert [each.id for each in kept] == [each.id for each in before]
    assert kept[0].note == "Buss"
    assert writer.send(path, seen.fields(), "remove.5").status == 303
    after = lines_of(aws, writer)
    assert [each.id for each in after] == [
        *(each.id for number, each in enumerate(before) if number != 5),
        "l1",
    ]
    assert (after[-1].kind, after[-1].amount) == ("train", "111")


def test_script_is_told_of_a_line_that_there_is_no_room_for(
    aws: Wiring, writer: ClaimWriter
) -> None:
    filled(aws, writer, MAX_LINES_OF_PERSON - 1)
    mine = writer.look("/kostnader/p1").fields() | {"lines.0.amount": "111"}
    writer.press("/kostnader/p1", "remove.0")
    writer.press("/kostnader/p1", "copy.0")
    told = autosave(writer, "/kostnader/p1", mine)
    assert [each.partition(".")[0] for each in told["problems"]] == [
        "«Linje 41: tog» er ikke lagret"
    ]


def test_costs_copied_from_another_that_there_is_no_room_for_are_shown(
    aws: Wiring, writer: ClaimWriter
) -> None:
    filled(aws, writer, 2)
    draft = draft_of(aws, writer)
    full = tuple(
        DraftLine(id=f"t{number}", kind="taxi") for number in range(MAX_LINES_OF_PERSON - 1)
    )
    other = draft.person("p2")
    assert other is not None
    aws.records.write(
        Put(draft.with_person(other.model_copy(update={"way": "lines", "lines": full})))
    )
    seen = writer.press("/kostnader/p2", "copy-from", **{"copy-from": "p1"})
    kinds = [seen.fields().get(f"lines.{number}.kind") for number in range(39, 43)]
    assert (seen.status, kinds) == (409, ["train", "bus", "bus", None])
    found = draft_of(aws, writer).person("p2")
    assert found is not None
    assert [each.kind for each in found.lines[39:]] == ["train"]


def test_travellers_that_two_tick_are_all_ticked(aws: Wiring, writer: ClaimWriter) -> None:
    mine = writer.look("/reisende").fields()
    writer.press("/reisende", "save", **{"people_p1_travelled": None})
    writer.press("/reisende", "add", **{"new_name": "Vara Prøve"})
    writer.send("/reisende", mine, "save", **{"people_p2_travelled": None})
    travelled = {each.name or each.id: each.travelled for each in draft_of(aws, writer).people}
    assert list(travelled.values()) == [False, False, True, True, True]


def test_script_never_writes_over_another_and_goes_on_saving(
    aws: Wiring, writer: ClaimWriter
) -> None:
    mine = writer.look("/konto").fields()
    writer.press("/konto", "save", account__number=ACCOUNT, kid="123")
    told = autosave(writer, "/konto", mine | {"account_number": OTHER_ACCOUNT, "vat": "included"})
    assert told["problems"] == ["Velg hva som skal stå: Kontonummer"]
    mine |= {"seen.part": told["seen"]["part"], "account_number": OTHER_ACCOUNT}
    autosave(writer, "/konto", mine | {"vat": "excluded"})
    draft = draft_of(aws, writer)
    assert (draft.account_number, draft.kid, draft.vat) == (ACCOUNT, "123", "excluded")


def test_two_people_at_two_parts_do_not_meet(aws: Wiring, writer: ClaimWriter) -> None:
    mine = writer.look("/kostnader/p1").fields()
    writer.choose("p2", "none")
    writer.account()
    assert writer.send("/kostnader/p1", mine, "way", way="none").status == 303
    assert [each.way for each in draft_of(aws, writer).people] == ["none", "none", "", ""]
