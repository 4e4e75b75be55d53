"""A municipality that calls: staff register what it says, and where they have it from."""

from kulturkontor.programme import OSLO
from local.run import Json, Run, check

_PEOPLE = ("id", "name", "sector", "email")


def accept_by_phone(run: Run) -> None:
    """The same answer as by the link, and the contact has a receipt of it."""
    key = run.decisions.by_phone
    run.staff.at_work()
    path = f"/api/applications/{run.id_of(key)}/on-behalf/answer"
    said = run.staff.post(path, _by_phone(run) | {"answer": "yes"}).json()
    check(said["place"]["state"] == "accepted", f"{key} called, and its place is {said['place']}")
    before = len(run.stack.mails())
    run.settle()
    told = [each for each in run.stack.mails(before) if run.address_of(key) in each.recipients]
    check(len(told) == 1, f"{key} called, and had {len(told)} receipts")
    run.played["on_behalf"] += 1


def register_by_phone(run: Run) -> None:
    """The group, in the form that staff have for it."""
    key = run.decisions.by_phone
    group = next(each for each in run.groups if each.key == key)
    fields = {
        f"participants.{number}.{part}": str(each[part])
        for number, each in enumerate(group.participants)
        for part in _PEOPLE
    }
    fields |= {
        f"participants.{number}.coordinator": "on"
        for number, each in enumerate(group.participants)
        if each["coordinator"]
    }
    run.staff.at_work()
    run.staff.fill_in(f"/applications/{run.id_of(key)}/on-behalf/group", fields | _by_phone(run))
    whole = run.staff.get(f"/api/applications/{run.id_of(key)}").json()["application"]
    names = [each["name"] for each in whole["participants"]]
    check(names == [each["name"] for each in group.participants], f"{key} registered {names}")
    run.played["on_behalf"] += 1


def _by_phone(run: Run) -> Json:
    today = run.timeline.now.astimezone(OSLO).date()
    return {"source": "phone", "day": today.isoformat()}
