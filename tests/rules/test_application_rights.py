"""What an application says of its links, its group, its place, and where it lies."""

from typing import Any

import pytest

from kulturkontor.application_rows import ApplicationRow, mail_digest, put, row_of
from kulturkontor.applications import ApplicationState, application_key, rights_of
from kulturkontor.decisions import Outcome, PlaceState, is_place_free
from kulturkontor.links import DeadLinkError, SecretLink
from kulturkontor.municipality_guards import guard_key
from kulturkontor.participation import attendance_at, has_given_up, has_taken_part, participants_at
from kulturkontor.people import Attendance, LinkHolder, Participant, Presence, Right
from kulturkontor.records import Key, Put
from kulturkontor.release import release_key
from tests.rules.application_factory import ID, RECEIVED, a_decision, an_application, told

HOLDER = LinkHolder(
    id="person01",
    name="Prøve Person",
    email=" Person@Example.org",
    rights=frozenset({Right.CLAIMS}),
    link_version=2,
    added_at=RECEIVED,
)
OTHER = HOLDER.model_copy(update={"id": "person02", "rights": frozenset({Right.APPLY})})


@pytest.mark.parametrize(
    ("link", "rights"),
    [
        pytest.param(SecretLink(ID, 3), frozenset(Right), id="the contact has them all"),
        pytest.param(SecretLink(ID, 2, "person01"), {Right.CLAIMS}, id="a person's own"),
        pytest.param(SecretLink(ID, 2, "person02"), {Right.APPLY}, id="another person's"),
    ],
)
def test_link_opens_what_its_holder_may_do(link: SecretLink, rights: frozenset[Right]) -> None:
    application = an_application(link_version=3, people=(HOLDER, OTHER))
    assert rights_of(application, link) == rights


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(SecretLink(ID, 2), id="the contact's older link"),
        pytest.param(SecretLink(ID, 1, "person01"), id="a person's older link"),
        pytest.param(SecretLink(ID, 3, "person01"), id="the contact's version"),
        pytest.param(SecretLink(ID, 2, "person09"), id="nobody of that id"),
    ],
)
def test_link_that_a_newer_has_replaced_opens_nothing(link: SecretLink) -> None:
    with pytest.raises(DeadLinkError):
        rights_of(an_application(link_version=3, people=(HOLDER, OTHER)), link)


def member(member_id: str, *only: str) -> Participant:
    return Participant.model_validate(
        {"id": member_id, "name": f"Prøve {member_id}", "sector": "kultur", "only": only}
    )


def test_substitute_is_registered_for_the_own_gatherings_alone() -> None:
    group = (member("p1"), member("p2", "S2"), member("p3", "S1", "S2"))
    application = an_application(participants=group)
    assert [each.id for each in participants_at(application, "S1")] == ["p1", "p3"]
    assert [each.id for each in participants_at(application, "S2")] == ["p1", "p2", "p3"]
    assert [each.id for each in participants_at(application, "S3")] == ["p1"]


def attends(participant: str, gathering: str, **changes: Any) -> Attendance:
    usual = {"presence": Presence.COMES, "at": RECEIVED}
    return Attendance(gathering=gathering, participant=participant, **(usual | changes))


def test_attendance_is_told_for_each_gathering() -> None:
    here, there = attends("p1", "S1"), attends("p1", "S2", presence=Presence.STAYS_AWAY)
    application = an_application(attendance=(here, there, attends("p2", "S1")))
    assert attendance_at(application, "S1") == {"p1": here, "p2": attends("p2", "S1")}
    assert attendance_at(application, "S2") == {"p1": there}


def place(state: PlaceState) -> Any:
    offered = told().place
    assert offered is not None
    return offered.model_copy(update={"state": state})


@pytest.mark.parametrize(
    ("changes", "has_taken", "has_given"),
    [
        pytest.param({"place": None}, False, True, id="no place"),
        pytest.param({"place": None, "participants": (member("p1"),)}, False, True, id="a group"),
        pytest.param({"place": place(PlaceState.OFFERED)}, False, True, id="offered"),
        pytest.param({"place": place(PlaceState.ACCEPTED)}, True, False, id="accepted"),
        pytest.param({"place": place(PlaceState.DECLINED)}, False, True, id="declined"),
        pytest.param(
            {"place": place(PlaceState.PASSED_ON), "participants": (member("p1"),)},
            *(True, True),
            id="given up after it registered its group",
        ),
        pytest.param(
            {"place": place(PlaceState.ACCEPTED), "state": ApplicationState.WITHDRAWN},
            *(True, True),
            id="withdrawn",
        ),
        pytest.param(
            {"place": place(PlaceState.ACCEPTED), "state": ApplicationState.WITHDRAWAL_ASKED},
            *(True, True),
            id="asked to withdraw",
        ),
    ],
)
def test_municipality_has_had_its_place_or_given_it_up(
    changes: dict[str, Any], has_taken: bool, has_given: bool
) -> None:
    application = an_application(**changes)
    assert (has_taken_part(application), has_given_up(application)) == (has_taken, has_given)


@pytest.mark.parametrize("state", PlaceState)
def test_place_goes_on_when_it_was_left(state: PlaceState) -> None:
    left = state in (PlaceState.DECLINED, PlaceState.LAPSED)
    held = state in (PlaceState.OFFERED, PlaceState.ACCEPTED)
    assert is_place_free(state, is_withdrawn=False) is left
    assert is_place_free(state, is_withdrawn=True) is (left or held)


def test_row_shows_what_lists_sort_and_count_by() -> None:
    waiting = a_decision(Outcome.WAITLISTED, rank=3)
    asked = attends("p1", "S1", bed_asked=False)
    application = an_application(
        revision=4,
        decisions=(waiting,),
        participants=(member("p1"), member("p2")),
        attendance=(asked, attends("p2", "S1")),
        people=(HOLDER,),
        is_late=True,
    )
    assert row_of(application) == ApplicationRow(
        revision=4,
        id=ID,
        programme="kifk2",
        reference="KFK2-2026-4601",
        kommunenummer="4601",
        state=ApplicationState.SUBMITTED,
        late=True,
        gaps=0,
        received=RECEIVED,
        saved=RECEIVED,
        language="nb",
        letters=({"n": 1, "o": "waitlisted", "s": "pending"},),
        rank=3,
        place=None,
        group=2,
        beds=1,
        mails=("48fcbc942f22", "46585948dd0f"),
    )


def test_row_of_an_application_without_a_decision_has_no_rank() -> None:
    assert (row_of(an_application()).rank, row_of(told()).place) == (None, "offered")


def test_address_is_found_by_its_digest_however_it_is_typed() -> None:
    assert mail_digest(" Person@Example.ORG ") == mail_digest("person@example.org")
    assert mail_digest("") == mail_digest("  ") == ""
    assert len(mail_digest("person@example.org")) == 12


def test_everything_of_an_application_lies_where_it_is_looked_for() -> None:
    application = an_application(revision=2)
    assert application_key("a1") == Key("APPLICATION#a1", "APPLICATION")
    assert guard_key("kifk2", "4601") == Key("MUNICIPALITY#kifk2#4601", "GUARD")
    assert release_key("kifk2") == Key("PROGRAMME#kifk2", "RELEASE")
    assert put(application) == [Put(application), Put(row_of(application))]
