"""Reviewers who do not exist, and what they gave."""

from collections.abc import Mapping
from datetime import datetime

from kulturkontor.assessments import Assessment, Score, Scores
from kulturkontor.conflicts import DeclaredConflict, Reviewing
from kulturkontor.office_users import OfficeUser
from kulturkontor.programme import OSLO, load_programme
from kulturkontor.sessions import Role

PROGRAMME = load_programme("kifk2")
CRITERIA = tuple(each.id for each in PROGRAMME.decision.criteria)
AT = datetime(2026, 4, 15, 10, 0, tzinfo=OSLO)


def a_user(email: str = "vera@example.org", *roles: Role, **changes: object) -> OfficeUser:
    return OfficeUser(email=email, groups=roles or (Role.REVIEWER,)).but(**changes)


def given(points: int = 3, **by_criterion: int | None) -> Scores:
    """The same points for each criterion but those named, with a reason."""
    return Scores(
        scores={
            each: Score(points=by_criterion.get(each, points), reason="Tydelig i planen.")
            for each in CRITERIA
        }
    )


def an_assessment(
    points: int = 3, *, email: str = "vera@example.org", submitted: bool = True, **by: int | None
) -> Assessment:
    return Assessment(
        programme=PROGRAMME.id,
        application_id="a1",
        email=email,
        given=given(points, **by),
        saved_at=AT,
        submitted_at=AT if submitted else None,
    )


def a_part(
    email: str = "vera@example.org", conflicts: Mapping[str, str] | None = None
) -> Reviewing:
    return Reviewing(
        programme=PROGRAMME.id,
        email=email,
        conflicts={
            each: DeclaredConflict(reason=reason, at=AT)
            for each, reason in (conflicts or {}).items()
        },
    )
