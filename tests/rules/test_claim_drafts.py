"""A claim while it is written: what it begins with, and what it becomes when it is sent."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kulturkontor.applications import Application
from kulturkontor.claim_corrections import (
    LineChange,
    begin_draft,
    changes_between,
    draft_of_claim,
)
from kulturkontor.claim_drafts import (
    MAX_BYTES,
    MAX_LINES,
    MAX_LINES_OF_PERSON,
    ClaimDraft,
    DraftLine,
    DraftPerson,
    DraftTooLargeError,
    check_size,
    fit,
    next_line_id,
    next_person_id,
)
from kulturkontor.claim_form import ClaimIn
from kulturkontor.claim_layout import lay_out, read_day
from kulturkontor.claims import ClaimState
from kulturkontor.people import Attendance, Presence
from tests.office_factory import group, oslo
from tests.rules.application_factory import told
from tests.rules.claim_factory import ACCOUNT, car, claim, line, night, travel_claim

AT = oslo("2026-09-26T10:00:00")


def an_application(**presence: Presence) -> Application:
    attendance = tuple(
        Attendance(gathering="S1", participant=each, presence=said, at=AT)
        for each, said in presence.items()
    )
    substitute = group(5).participants[4].model_copy(update={"id": "v1", "only": ("S2",)})
    return told().but(participants=(*group(4).participants, substitute), attendance=attendance)


def a_draft(*people: DraftPerson, **changes: object) -> ClaimDraft:
    usual: dict[str, Any] = {
        "application_id": "app01",
        "gathering": "S1",
        "people": people,
        "account_number": ACCOUNT,
        "vat": "included",
    }
    return ClaimDraft.model_validate(usual | changes)


def a_person(number: int = 1, **changes: object) -> DraftPerson:
    usual = {"id": f"p{number}", "name": f"Prøve Person {number}"}
    return DraftPerson.model_validate(usual | changes)


def a_line(**changes: object) -> DraftLine:
    usual = {"id": "l1", "kind": "train", "date": "2026-09-24", "amount": "498,00"}
    return DraftLine.model_validate(usual | changes)


def sent(draft: ClaimDraft) -> ClaimIn:
    return ClaimIn.model_validate(lay_out(draft, declared=True).body)


def test_draft_begins_with_those_who_came_or_said_so_or_nothing() -> None:
    application = an_application(p1=Presence.COMES, p3=Presence.STAYS_AWAY, p4=Presence.DROPPED_OUT)
    draft = begin_draft(application, "S1", [])
    assert [(each.id, each.travelled) for each in draft.people] == [
        ("p1", True),
        ("p2", True),
        ("p3", False),
        ("p4", False),
    ]
    assert (draft.based_on, draft.saved, draft.account_number) == (0, frozenset(), "")


def test_substitute_is_asked_about_for_the_own_gathering_only() -> None:
    draft = begin_draft(an_application(), "S2", [])
    assert [each.id for each in draft.people] == ["p1", "p2", "p3", "p4", "v1"]


def test_account_is_that_of_the_municipalitys_latest_claim() -> None:
    earlier = travel_claim(claim(line("l1")), gathering="S1")
    assert begin_draft(an_application(), "S2", [earlier]).account_number == ACCOUNT
    refused = earlier.but(state=ClaimState.BANK_REJECTED)
    assert begin_draft(an_application(), "S2", [refused]).account_number == ""


def test_account_that_the_bank_refused_is_asked_for_again() -> None:
    refused = travel_claim(claim(line("l1")), state=ClaimState.BANK_REJECTED)
    draft = begin_draft(an_application(), "S1", [refused])
    assert (draft.account_number, draft.based_on) == ("", 1)
    assert draft.saved == {"travellers", "costs"}


CLAIMS = {
    "by line": claim(line("l1"), line("l2", "p2", kind="bus", amount="98", note="Nattbuss.")),
    "by sum": claim(
        line("l1", kind="travel_total", receipt_ids=["b"]),
        night("l2", receipt_ids=["b"]),
        line("l3", "p2", kind="travel_total", receipt_ids=["b"]),
    ),
    "by sum and by line": claim(
        line("l1", kind="travel_total", receipt_ids=["b"]), line("l2", "p2")
    ),
    "sum with a note": claim(line("l1", kind="travel_total", note="Se vedlegg.")),
    "two receipts for the sum, one for the night": claim(
        line("l1", kind="travel_total", receipt_ids=["a", "b"]), night("l2", receipt_ids=["b"])
    ),
    "own car": claim(car("l1", kilometres="100"), car("l2", kilometres="120,5")),
    "passengers": claim(car("l1", passengers=["Prøve Person 3", "En Annen"])),
    "stated in kroner": claim(line("l1", currency="SEK", foreign_amount="498")),
    "converted": claim(
        line(
            "l1",
            amount=None,
            currency="EUR",
            foreign_amount="99,50",
            rate="11,4325",
            rate_date="2026-09-01",
            rate_source="Norges Bank",
        )
    ),
    "given back": claim(line("l1"), line("l2", amount="-200", refunds="l1")),
    "answered": claim(line("l1", reply="Det gikk ikke buss.")),
    "nothing": claim(account_number=""),
}


@pytest.mark.parametrize("sent_before", CLAIMS.values(), ids=CLAIMS)
def test_claim_taken_up_and_sent_again_unchanged_is_the_same(sent_before: ClaimIn) -> None:
    draft = draft_of_claim(travel_claim(sent_before), an_application())
    again = sent(draft)
    assert sorted(again.lines, key=lambda each: each.id) == sorted(
        sent_before.lines, key=lambda each: each.id
    )
    assert again.model_copy(update={"lines": ()}) == sent_before.model_copy(update={"lines": ()})


def test_short_form_shows_only_what_it_loses_nothing_of() -> None:
    ways = {
        name: draft_of_claim(travel_claim(each), an_application()).people[0].way
        for name, each in CLAIMS.items()
    }
    assert {name for name, way in ways.items() if way == "total"} == {
        "by sum",
        "by sum and by line",
    }
    assert ways["nothing"] == "none"


def test_correction_lists_those_who_were_registered_since() -> None:
    draft = draft_of_claim(travel_claim(claim(line("l1"), persons=2)), an_application())
    assert [(each.id, each.travelled) for each in draft.people] == [
        ("p1", True),
        ("p2", True),
        ("p3", False),
        ("p4", False),
    ]


def test_lines_of_another_way_or_another_traveller_are_kept_but_not_sent() -> None:
    both = a_person(1, way="total", total=[a_line(kind="travel_total")], lines=[a_line(id="l2")])
    stayed = a_person(2, way="lines", travelled=False, lines=[a_line(id="l3")])
    assert [each.id for each in sent(a_draft(both, stayed)).lines] == ["l1"]


def test_fault_leads_back_to_the_form_it_was_typed_in() -> None:
    people = (
        a_person(1, way="lines", lines=[a_line(), a_line(id="l2", amount="1.234")]),
        a_person(2, way="total", total=[a_line(id="l3", kind="overnight", amount="")]),
    )
    laid = lay_out(a_draft(*people), declared=True)
    assert laid.places == (("p1", "lines.0"), ("p1", "lines.1"), ("p2", "total.overnight"))
    with pytest.raises(ValidationError) as fault:
        ClaimIn.model_validate(laid.body)
    assert [each["loc"][:2] for each in fault.value.errors()] == [("lines", 1), ("lines", 2)]


def test_nobody_with_costs_is_an_answer_without_an_account() -> None:
    people = (a_person(1, way="none"), a_person(2, way="none"))
    answer = sent(a_draft(*people, account_number="", vat=""))
    assert (answer.no_cost, answer.lines, answer.account_number) == (True, (), "")
    ticked = sent(a_draft(a_person(1, way="lines", lines=[a_line()]), no_cost=True))
    assert (ticked.no_cost, ticked.lines) == (True, ())


def test_marked_nights_are_told_only_where_somebody_is_marked() -> None:
    people = [a_person(number, way="none") for number in (1, 2)]
    assert [each.covered_night for each in sent(a_draft(*people)).participants] == [None, None]
    people[1] = a_person(2, way="none", covered_night=True)
    assert [each.covered_night for each in sent(a_draft(*people)).participants] == [None, True]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-09-24", "2026-09-24"),
        ("24.9.2026", "2026-09-24"),
        (" 24. 09. 2026 ", "2026-09-24"),
        ("24.9.26", "24.9.26"),
        ("i går", "i går"),
        ("", ""),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, read: str) -> None:
    assert read_day(typed) == read


def test_ids_are_never_used_twice() -> None:
    draft = a_draft(a_person(1, total=[a_line(id="l2")], lines=[a_line()]), a_person(2, id="x1"))
    assert (next_line_id(draft), next_line_id(draft, ["l3"])) == ("l3", "l4")
    assert next_person_id(draft) == "x2"


def test_draft_larger_than_a_claim_can_be_is_refused() -> None:
    check_size(a_draft(a_person(way="lines", lines=[a_line(note="x" * (MAX_BYTES - 1_000))])))
    with pytest.raises(DraftTooLargeError):
        check_size(a_draft(a_person(way="lines", lines=[a_line(note="x" * MAX_BYTES)])))


anything = st.text(max_size=30)


@given(
    st.builds(
        DraftLine,
        **{
            name: anything
            for name in DraftLine.model_fields
            if name not in ("driven", "receipt_ids")
        },
    )
)
def test_whatever_was_typed_the_claim_is_refused_by_its_fields_or_made(line: DraftLine) -> None:
    body = lay_out(a_draft(a_person(1, way="lines", lines=[line])), declared=True).body
    assert [each["id"] for each in body["lines"]] == [line.id]
    with suppress(ValidationError):
        assert [each.id for each in ClaimIn.model_validate(body).lines] == [line.id]


def test_change_from_one_version_to_the_next_is_told_line_by_line() -> None:
    before = travel_claim(claim(line("l1"), line("l2", "p2"), line("l3", "p3")))
    after = travel_claim(
        claim(line("l1", amount="500"), line("l3", "p3", note="x"), line("l4", "p4")), version=2
    )
    assert changes_between(before, after) == (
        LineChange("changed", "Prøve Person 1", "train", 498_00, 500_00),
        LineChange("changed", "Prøve Person 3", "train", 498_00, 498_00),
        LineChange("added", "Prøve Person 4", "train", None, 498_00),
        LineChange("removed", "Prøve Person 2", "train", 498_00, None),
    )
    assert changes_between(before, before) == ()


def with_lines(*counts: int, prefix: str = "l") -> ClaimDraft:
    """A draft of one traveller for each count, with so many lines."""
    people = tuple(
        DraftPerson(
            id=f"p{person}",
            name="Prøve",
            lines=tuple(DraftLine(id=f"{prefix}{person}-{n}", kind="bus") for n in range(count)),
        )
        for person, count in enumerate(counts)
    )
    return ClaimDraft(application_id="a1", gathering="S1", people=people)


@given(
    known=st.integers(0, MAX_LINES_OF_PERSON + 20),
    new=st.integers(0, 60),
    others=st.integers(0, MAX_LINES),
)
def test_no_line_is_lost_where_there_is_no_room(known: int, new: int, others: int) -> None:
    """Lines that were there stay; of the new ones, those that fit; the rest is told."""
    draft = with_lines(known + new, others)
    person = draft.people[0]
    before = person.model_copy(update={"lines": person.lines[:known]})
    fitted, left_out = fit(draft, before)
    kept = fitted.people[0].lines
    room = max(min(MAX_LINES_OF_PERSON, MAX_LINES - others), known)
    assert (*kept, *left_out) == person.lines
    assert len(kept) == min(known + new, room)
    assert fitted.people[1:] == draft.people[1:]


def test_an_id_that_was_taken_away_is_given_to_no_other() -> None:
    draft = with_lines(0).model_copy(update={"gone": frozenset({"l1", "x1"})})
    assert (next_line_id(draft), next_person_id(draft)) == ("l2", "x2")
