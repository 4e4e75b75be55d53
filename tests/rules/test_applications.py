"""When an application may come, what it lacks, and what it is called."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kulturkontor.application_form import (
    Answers,
    Missing,
    Sector,
    Submission,
    find_missing,
    find_warnings,
    tidy,
)
from kulturkontor.application_period import Phase, phase
from kulturkontor.application_rows import ApplicationRow, LetterMark, mail_digest, row_of
from kulturkontor.applications import ApplicationState, Reopened
from kulturkontor.decisions import LetterState, Outcome
from kulturkontor.municipality_guards import reference_of
from kulturkontor.participation import check_ins_at, is_away
from kulturkontor.people import Attendance, CheckIn, LinkHolder, Participant, Presence, Right
from kulturkontor.programme import OSLO, Programme
from tests.office_factory import answers, oslo
from tests.rules.application_factory import (
    DECIDED,
    ID,
    KIFK2,
    RECEIVED,
    a_decision,
    a_letter,
    an_application,
    told,
)

MILLISECOND = timedelta(milliseconds=1)


def around(opens: str, closes: str, released: str) -> Programme:
    rules = KIFK2.application.model_copy(
        update={"opens": datetime.fromisoformat(opens), "closes": datetime.fromisoformat(closes)}
    )
    decision = KIFK2.decision.model_copy(update={"released": datetime.fromisoformat(released)})
    return KIFK2.model_copy(update={"application": rules, "decision": decision})


@pytest.mark.parametrize(
    ("instant", "before", "after"),
    [
        pytest.param(KIFK2.opens_at, "before", "open", id="opening-in-winter-time"),
        pytest.param(KIFK2.closes_at, "open", "late", id="closing-in-summer-time"),
        pytest.param(KIFK2.released_at, "late", "closed", id="release"),
    ],
)
def test_a_phase_begins_at_its_very_millisecond(
    instant: datetime, before: Phase, after: Phase
) -> None:
    found = [phase(KIFK2, instant + step) for step in (-MILLISECOND, timedelta(0), MILLISECOND)]
    assert found == [before, after, after]


@pytest.mark.parametrize(
    ("closes", "last", "first_late"),
    [
        pytest.param(
            "2026-03-29T03:30:00",
            "2026-03-29T01:29:59.999+00:00",
            "2026-03-29T01:30:00+00:00",
            id="the-night-an-hour-is-skipped",
        ),
        pytest.param(
            "2026-10-25T03:00:00",
            "2026-10-25T01:59:59.999+00:00",
            "2026-10-25T02:00:00+00:00",
            id="the-night-an-hour-comes-twice",
        ),
        pytest.param(
            "2026-04-13T15:00:00",
            "2026-04-13T12:59:59.999+00:00",
            "2026-04-13T13:00:00+00:00",
            id="an-afternoon",
        ),
    ],
)
def test_a_deadline_is_oslos_clock_across_daylight_saving(
    closes: str, last: str, first_late: str
) -> None:
    programme = around("2026-03-01T12:00:00", closes, "2026-12-01T09:00:00")
    found = [phase(programme, datetime.fromisoformat(each)) for each in (last, first_late)]
    assert found == ["open", "late"]


def test_a_deadline_at_midnight_belongs_to_the_day_before() -> None:
    assert KIFK2.last_application_day == datetime(2026, 4, 13, tzinfo=OSLO).date()
    afternoon = around("2026-03-01T12:00:00", "2026-04-13T15:00:00", "2026-04-30T09:00:00")
    assert afternoon.last_application_day == datetime(2026, 4, 13, tzinfo=OSLO).date()


def test_a_full_form_is_complete_without_warnings() -> None:
    full = Answers.model_validate(answers())
    assert (find_missing(full, KIFK2), find_warnings(full, KIFK2)) == ((), ())


LEADER = answers()["leader"]
CAPACITY = answers()["capacity"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        pytest.param({"leader": LEADER | {"name": ""}}, "leader.name", "leader_name", id="leader"),
        pytest.param(
            {"leader": LEADER | {"approved": False}},
            "leader.approved",
            "leader_approved",
            id="leader-has-not-approved",
        ),
        pytest.param({"anchoring_plans": " "}, "anchoring_plans", "anchoring_plans", id="plans"),
        pytest.param(
            {"anchoring_organisation": ""},
            "anchoring_organisation",
            "anchoring_organisation",
            id="organisation",
        ),
        pytest.param(
            {"members": answers()["members"][:3]}, "members", "members_too_few", id="few-members"
        ),
        pytest.param(
            {"members": [*answers()["members"][:3], {"role": "leder"}]},
            "members.3",
            "member_role_and_sector",
            id="member-without-sector",
        ),
        pytest.param({"motivation": ""}, "motivation", "motivation", id="motivation"),
        pytest.param(
            {"capacity": CAPACITY | {"working_time": False}},
            "capacity.working_time",
            "capacity_working_time",
            id="working-time",
        ),
        pytest.param(
            {"capacity": CAPACITY | {"all_gatherings": False}},
            "capacity.all_gatherings",
            "capacity_gatherings",
            id="gatherings",
        ),
        pytest.param(
            {"capacity": CAPACITY | {"sharing": False}},
            "capacity.sharing",
            "capacity_sharing",
            id="sharing",
        ),
        pytest.param(
            {"accepts_cost_split": False}, "accepts_cost_split", "cost_split", id="cost-split"
        ),
        pytest.param(
            {"privacy_notice_read": False}, "privacy_notice_read", "privacy_notice", id="privacy"
        ),
        pytest.param(
            {"motivation": "x" * (KIFK2.application.max_text + 1)},
            "motivation",
            "text_too_long",
            id="too-long",
        ),
    ],
)
def test_what_an_application_lacks_is_named(changes: dict[str, Any], field: str, code: str) -> None:
    given_answers = Answers.model_validate(answers(**changes))
    assert find_missing(given_answers, KIFK2) == (Missing(field=field, code=code),)


def test_a_text_of_just_the_limit_is_not_too_long() -> None:
    just = Answers.model_validate(answers(motivation="x" * KIFK2.application.max_text))
    assert find_missing(just, KIFK2) == ()


def test_too_few_sectors_and_nobody_from_kulturskolen_only_warn() -> None:
    alike = Answers.model_validate(answers(members=[{"role": "leder", "sector": "kultur"}] * 4))
    assert find_missing(alike, KIFK2) == ()
    assert [each.code for each in find_warnings(alike, KIFK2)] == [
        "sectors_too_few",
        "nobody_from_kulturskolen",
    ]


def test_an_empty_draft_can_be_kept_and_lacks_all() -> None:
    lacking = [each.code for each in find_missing(Answers(), KIFK2)]
    assert len(lacking) == len(set(lacking)) == 11


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"municipality": ""}, "required", id="no-municipality"),
        pytest.param({"municipality": "1201"}, "municipality_old_number", id="old-number"),
        pytest.param({"municipality": "9999"}, "municipality_not_found", id="unknown-number"),
        pytest.param({"contact": {"name": "Kari"}}, "missing", id="no-address"),
        pytest.param({"contact": {"name": "", "email": "a@example.org"}}, "required", id="no-name"),
        pytest.param(
            {"contact": {"name": "Kari", "email": "a@example.org\r\nBcc: b@example.org"}},
            "email",
            id="header-injection",
        ),
        pytest.param({"motivation": "Fødselsnummer 01819012012"}, "national_id", id="national-id"),
        pytest.param({"motivation": "x" * 10_001}, "string_too_long", id="far-too-long"),
        pytest.param({"unknown": "x"}, "extra_forbidden", id="unknown-field"),
        pytest.param({"members": [{}] * 41}, "too_long", id="too-many-members"),
        pytest.param({"language": "en"}, "literal_error", id="no-such-language"),
    ],
)
def test_what_cannot_be_received_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Submission.model_validate(answers(**changes))
    assert [each["type"] for each in refused.value.errors()] == [code]


@pytest.mark.parametrize(
    ("place", "reference"),
    [(0, "KFK2-2026-4601"), (1, "KFK2-2026-4601-B"), (2, "KFK2-2026-4601-C")],
)
def test_a_further_application_gets_the_next_letter(place: int, reference: str) -> None:
    assert reference_of(KIFK2, "4601", place) == reference


@given(st.text(max_size=50))
def test_tidied_text_stays_as_it_is(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_text_is_tidied_as_people_mean_it() -> None:
    composed = "æ" + "å"
    assert tidy(" \x00æa\u030a\r\nb\x85\t ") == f"{composed}\nb"


def test_the_slim_row_says_what_lists_show_and_nothing_of_persons() -> None:
    application = told().but(revision=3)
    row = row_of(application)
    assert (row.revision, row.reference, row.outcome, row.place, row.gaps) == (
        3,
        "KFK2-2026-4601",
        "admitted",
        "offered",
        0,
    )
    text = row.as_kept()
    assert ApplicationRow.model_validate_json(text).but(revision=3) == row
    assert [each for each in ("Kari", "Per", "@", "Slik ble det") if each in text] == []
    assert len(text.encode()) <= 400


def person(name: str) -> Participant:
    return Participant(id=name, name=name, sector=Sector.KULTUR)


def said(name: str, presence: Presence = Presence.COMES, **changes: Any) -> Attendance:
    usual = {"gathering": "S1", "participant": name, "presence": presence, "at": RECEIVED}
    return Attendance.model_validate(usual | changes)


def noted(name: str, came: bool, gathering: str = "S1") -> CheckIn:
    return CheckIn(gathering=gathering, participant=name, came=came, at=RECEIVED)


def asked_more(**changes: Any) -> Reopened:
    usual = {
        "parts": ("gruppe",),
        "until": DECIDED,
        "by": "stab",
        "at": RECEIVED,
        "message": "Hvem blir med?",
    }
    return Reopened.model_validate(usual | changes)


def test_the_slim_row_counts_and_marks_what_lists_are_sorted_by() -> None:
    colleague = LinkHolder(
        id="abcdef12",
        name="Per",
        email="Per@example.org ",
        rights=frozenset({Right.MEMBERS}),
        added_at=RECEIVED,
    )
    first = a_decision(confirmed_by="leder", confirmed_at=DECIDED, letter=a_letter())
    application = told(
        decisions=(first, a_decision(Outcome.WAITLISTED, serial=2, rank=4)),
        is_late=True,
        missing=(Missing(field="motivation", code="motivation"),),
        suspect=True,
        reopened=asked_more(),
        participants=(person("kari"), person("per")),
        people=(colleague,),
        attendance=(
            said("kari", bed_asked=True),
            said("kari", gathering="S2", bed_asked=False),
            said("per"),
        ),
    ).but(revision=3)
    assert row_of(application) == ApplicationRow(
        revision=3,
        id=ID,
        programme="kifk2",
        reference="KFK2-2026-4601",
        kommunenummer="4601",
        state=ApplicationState.SUBMITTED,
        late=True,
        gaps=1,
        received=RECEIVED,
        saved=RECEIVED,
        language="nb",
        letters=(
            LetterMark(n=1, o="admitted", s=LetterState.RENDERED, c=True),
            LetterMark(n=2, o="waitlisted", s=LetterState.PENDING, c=False),
        ),
        rank=4,
        place="offered",
        group=2,
        beds=2,
        mails=(
            mail_digest(application.answers.contact.email),
            mail_digest("per@example.org"),
        ),
        suspect=True,
        asked="waiting",
    )


@pytest.mark.parametrize(
    ("reopened", "asked"),
    [
        pytest.param(None, "", id="nothing-asked"),
        pytest.param(asked_more(), "waiting", id="asked"),
        pytest.param(asked_more(answered_at=DECIDED), "answered", id="answered"),
        pytest.param(asked_more(answered_at=DECIDED, closed_at=DECIDED), "", id="done"),
        pytest.param(asked_more(closed_at=DECIDED), "", id="taken-back"),
    ],
)
def test_the_slim_row_says_whom_a_question_waits_for(reopened: Reopened | None, asked: str) -> None:
    assert row_of(an_application(reopened=reopened)).asked == asked


def test_the_slim_row_is_kept_without_its_revision_and_without_what_is_as_it_begins() -> None:
    application = an_application().but(revision=3)
    assert json.loads(row_of(application).as_kept()) == {
        "id": ID,
        "programme": "kifk2",
        "reference": "KFK2-2026-4601",
        "kommunenummer": "4601",
        "state": "submitted",
        "late": False,
        "gaps": 0,
        "received": "2026-03-20T10:00:00+01:00",
        "saved": "2026-03-20T10:00:00+01:00",
        "language": "nb",
        "mails": [mail_digest(application.answers.contact.email)],
    }


def test_check_ins_are_those_of_the_gathering() -> None:
    application = told(
        check_ins=(noted("kari", True), noted("per", False), noted("per", True, "S2"))
    )
    assert [check_ins_at(application, each) for each in ("S1", "S2", "S3")] == [
        {"kari": True, "per": False},
        {"per": True},
        {},
    ]


@pytest.mark.parametrize(
    ("attendance", "check_ins", "away"),
    [
        pytest.param((), (), False, id="nothing-is-known"),
        pytest.param((said("kari"),), (), False, id="said-to-come"),
        pytest.param((said("kari", Presence.STAYS_AWAY),), (), True, id="said-to-stay-away"),
        pytest.param((said("kari", Presence.DROPPED_OUT),), (), True, id="dropped-out"),
        pytest.param((), (noted("kari", True),), False, id="seen-at-the-door"),
        pytest.param((), (noted("kari", False),), True, id="missed-at-the-door"),
        pytest.param(
            (said("kari"),), (noted("kari", False),), True, id="said-to-come-and-was-missed"
        ),
        pytest.param(
            (said("kari", Presence.DROPPED_OUT),),
            (noted("kari", True),),
            False,
            id="came-after-all",
        ),
        pytest.param(
            (said("kari", Presence.STAYS_AWAY, gathering="S2"),),
            (noted("kari", False, "S2"),),
            False,
            id="of-another-gathering",
        ),
        pytest.param(
            (said("per", Presence.STAYS_AWAY),), (noted("per", False),), False, id="of-another"
        ),
    ],
)
def test_what_was_noted_at_the_door_counts_before_what_was_said(
    attendance: tuple[Attendance, ...], check_ins: tuple[CheckIn, ...], away: bool
) -> None:
    application = told(attendance=attendance, check_ins=check_ins)
    assert is_away(application, "S1", "kari") is away


def test_a_letter_decides_the_language_of_later_mails_and_a_draft_the_form() -> None:
    assert an_application(language="nn").mail_language == "nn"
    application = told(language="nn").but(language="nb")
    assert application.mail_language == "nn"


def test_time_of_receipt_is_kept_to_the_microsecond() -> None:
    moment = oslo("2026-04-13T23:59:59.999999")
    kept = an_application(received_at=moment)
    assert type(kept).model_validate_json(kept.model_dump_json()).received_at == moment
