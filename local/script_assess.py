"""Reviewers give points: each reads what is theirs alone, and nobody what a conflict closes."""

from datetime import timedelta
from functools import partial

from local.cast import Part
from local.cast_people import words
from local.colleague import Colleague
from local.run import Json, Run, check
from local.timeline import Step

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_FORBIDDEN, _REFUSED = 403, range(400, 500)
_EACH_READS = 3


def plan_assessment(run: Run) -> list[Step]:
    begins = run.programme.closes_at + 3 * _DAY + 9 * _HOUR
    return [
        Step(begins, partial(_give_out, run)),
        Step(begins + _DAY, partial(_assess, run)),
        Step(begins + _DAY + 6 * _HOUR, partial(_see_ranking, run)),
    ]


def _give_out(run: Run) -> None:
    """Both get the same applications; the first one's own municipality is closed to them."""
    run.staff.at_work()
    own = run.cast.of(Part.MARKUP)
    for number, reviewer in enumerate(run.reviewers):
        new = {"email": reviewer.email, "reviewer": True}
        person = run.staff.post("/api/users", new).json()["person"]
        place = own.municipality.kommunenummer if number == 0 else ""
        settled = {"follows": "here", "reviewer": True, "municipality": place}
        run.staff.post(f"/api/users/{person}", settled)
        run.reviewing[reviewer.email] = person
    first, second = (run.reviewing[each.email] for each in run.reviewers)
    planned = run.staff.get("/api/assessment/distribution").json()["new"]
    check(
        first not in planned.get(run.id_of(own.key), ()),
        "somebody would be given their own municipality",
    )
    _check_refused(run, first, run.id_of(own.key))
    for key in _read_keys(run):
        for person in (first, second):
            _assign(run, person, run.id_of(key))


def _read_keys(run: Run) -> list[str]:
    """What both read, and one more that a declared conflict closes to the second."""
    decided = list(run.decisions.verdicts)
    own = run.cast.of(Part.MARKUP).key
    return [key for key in decided if key != own][: _EACH_READS + 1]


def _assign(run: Run, person: str, application_id: str) -> None:
    path = f"/api/assessment/reviewers/{person}/assign"
    run.staff.post(path, {"application_id": application_id})


def _check_refused(run: Run, person: str, application_id: str) -> None:
    path = f"/api/assessment/reviewers/{person}/assign"
    status = run.staff.try_to_post(path, {"application_id": application_id}).status
    check(status in _REFUSED, f"an application was given to who has a conflict ({status})")


def _assess(run: Run) -> None:
    first, second = run.reviewers
    *shared, closed = (run.id_of(key) for key in _read_keys(run))
    first.at_work()
    second.at_work()
    own = run.id_of(run.cast.of(Part.MARKUP).key)
    _check_closed(first, own)
    said = {"reason": words()["assessment"]["conflict"]}
    second.post(f"/api/assessment/{closed}/conflict", said)
    _check_closed(second, closed)
    run.played["conflicts"] += 2
    run.staff.at_work()
    _check_refused(run, run.reviewing[second.email], closed)
    for points, reviewer in ((4, first), (2, second)):
        for application_id in shared:
            seen = reviewer.get(f"/api/assessment/{application_id}").json()
            check(seen["others"] is None, "others' points were shown before one's own")
            reviewer.post(f"/api/assessment/{application_id}/scores", _scores(run, points))


def _check_closed(reviewer: Colleague, application_id: str) -> None:
    """Neither read nor scored by who has a conflict."""
    for path in (f"/api/assessment/{application_id}", f"/api/applications/{application_id}"):
        status = reviewer.try_to_get(path).status
        check(status == _FORBIDDEN, f"{path} was answered {status} to who has a conflict")
    status = reviewer.try_to_post(f"/api/assessment/{application_id}/scores", {}).status
    check(status == _FORBIDDEN, f"points were taken from who has a conflict ({status})")


def _scores(run: Run, points: int) -> Json:
    said = words()["assessment"]
    given = {
        each.id: {"points": points, "reason": said["reason"]}
        for each in run.programme.decision.criteria
    }
    return {"scores": given, "comment": said["comment"], "submit": True}


def _see_ranking(run: Run) -> None:
    """The points of both, and nothing of anybody else; nobody has decided anything by it."""
    run.staff.at_work()
    count = len(run.programme.decision.criteria)
    wanted = {run.id_of(key): [4 * count, 2 * count] for key in _read_keys(run)[:-1]}
    ranking = run.staff.get("/api/assessment/ranking").json()["ranking"]
    given = {each["application_id"]: sorted(each["totals"], reverse=True) for each in ranking}
    found = {application_id: totals for application_id, totals in given.items() if totals}
    check(found == wanted, f"the ranking has {found}, not {wanted}")
    run.played["assessed"] = sum(map(len, found.values()))
    check(not any(each["outcome"] for each in ranking), "points have decided something")
