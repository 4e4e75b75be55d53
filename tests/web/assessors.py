"""Reviewers in browsers of their own, and applications for them to assess."""

from kulturkontor.actions import assign
from kulturkontor.actions.assess import save_scores
from kulturkontor.assessments import Assessment
from kulturkontor.aws.wiring import Wiring
from kulturkontor.office_users import OfficeUser, person_id, user_key
from kulturkontor.records import Put
from kulturkontor.sessions import Role
from tests.office_factory import oslo, send_in
from tests.rules.assessment_factory import given
from tests.web.office_browser import Browser, visit_office

AT = "2026-04-16T10:00:00"
VERA, PER, ANNE = "vera@example.org", "per@example.org", "anne@example.org"


def reviewer(here: Wiring, email: str = VERA, role: str = "reviewer") -> Browser:
    return visit_office(here, at=AT).sign_in(role, email=email)


def staff(here: Wiring) -> Browser:
    return visit_office(here, at=AT).sign_in("staff", email=ANNE)


def known(here: Wiring, email: str, *roles: Role, municipality: str = "") -> str:
    """A user who need not sign in; the id of the person."""
    found = here.records.read(OfficeUser, user_key(person_id(email)))
    user = found or OfficeUser(email=email)
    here.records.write(
        Put(user.but(own_roles=roles or (Role.REVIEWER,), municipality=municipality))
    )
    return user.id


def give(here: Wiring, application_id: str, email: str = VERA) -> None:
    assign.assign(
        person_id(email),
        application_id,
        by=ANNE,
        at=oslo(AT),
        programme=here.programme,
        records=here.records,
    )


def score(
    here: Wiring, application_id: str, points: int, email: str = VERA, *, submit: bool = True
) -> Assessment:
    return save_scores(
        application_id,
        given(points),
        submit=submit,
        seen=0,
        by=email,
        at=oslo(AT),
        programme=here.programme,
        records=here.records,
    )


def sent_by(here: Wiring, *municipalities: str) -> list[str]:
    """Applications, one of each."""
    return [send_in(here, each).id for each in municipalities]


def scores_form(points: int | str = 4, *, step: str = "submit", seen: int = 0) -> dict[str, str]:
    """What the page's form sends."""
    fields = {"step": step, "seen": str(seen), "comment": ""}
    for each in given().scores:
        fields |= {f"points-{each}": str(points), f"reason-{each}": "Planen sier hvordan."}
    return fields
