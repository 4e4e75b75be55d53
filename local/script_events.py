"""What befalls municipalities and gatherings meanwhile: a contact leaves, somebody falls ill, a
gathering is called off, a municipality withdraws; and what staff decide about claims that wait.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from kulturkontor.programme import OSLO, Gathering
from local.applicant import expect
from local.cast_claims import Claim
from local.cast_parts import ClaimPart
from local.cast_people import words
from local.own_case import OwnCase
from local.run import Run, check
from local.timeline import Step

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_DEAD_LINK = 401


def plan_events(run: Run, gathering: Gathering) -> list[Step]:
    here = [claim for claim in run.claims if claim.gathering == gathering.id]
    steps = [step for claim in here for step in _events(run, claim, gathering)]
    if gathering is run.programme.gatherings[0]:
        steps.append(Step(_at_ten(gathering.first_day - 30 * _DAY), partial(_hand_over, run)))
    return steps


def _events(run: Run, claim: Claim, gathering: Gathering) -> Iterator[Step]:
    first = gathering.first_day
    if claim.part is ClaimPart.DROPPED_OUT:
        yield Step(_at_ten(first - 3 * _DAY), partial(_fall_ill, run, claim))
    if claim.part is ClaimPart.CANCELLED:
        yield Step(_at_ten(first - 20 * _DAY), partial(_call_off, run, gathering))
    if claim.part is ClaimPart.WITHDRAWN:
        yield Step(_at_ten(first - 14 * _DAY), partial(_withdraw, run, claim))
    if claim.ruled:
        yield Step(claim.sendings[0].at + 6 * _HOUR, partial(_rule, run, claim))


def _at_ten(day: date) -> datetime:
    return datetime.combine(day, time(10), OSLO)


def _case(run: Run, key: str) -> OwnCase:
    return OwnCase(run.portal.url, run.id_of(key), run.token_of(key))


def _hand_over(run: Run) -> None:
    """The next contact gets a link; that of the one before is dead."""
    key = run.decisions.handing_over
    old = run.token_of(key)
    number = run.applicant(key).municipality.kommunenummer
    address = f"etterfolger@k{number}.test"
    said = words()["successor"] | {"email": address}
    fields = {f"contact.{name}": text for name, text in said.items()}
    _case(run, key).post("/overlever", fields)
    run.successors[key] = address
    run.settle()
    expect(run.portal.try_to_read(run.id_of(key), old), _DEAD_LINK)
    contact = run.portal.read(run.id_of(key), run.token_of(key))["answers"]["contact"]
    check(contact["email"] == address, f"{key} was handed over to {contact}")


def _fall_ill(run: Run, claim: Claim) -> None:
    ill = next(each for each in run.groups if each.key == claim.key).ids[-1]
    page = _case(run, claim.key).post(f"/samlinger/{claim.gathering}/frafall", {"person": ill})
    check("gjort=frafall" in page.url, f"falling ill led to {page.url}")


def _call_off(run: Run, gathering: Gathering) -> None:
    run.staff.at_work()
    wish = {
        "first_day": gathering.first_day.isoformat(),
        "last_day": gathering.last_day.isoformat(),
        "place": gathering.place,
        "is_cancelled": True,
        "reason": words()["travel"]["cancelled"],
        "seen": gathering.sequence,
    }
    made = run.staff.post(f"/api/calendar/{gathering.id}/change", wish).json()
    check(made["after"]["is_cancelled"], f"{gathering.id} became {made}")
    run.settle()
    changes = run.staff.get("/api/calendar").json()["changes"]
    (told,) = [each for each in changes if each["after"] == made["after"]]
    check(told["is_told"], f"not all were told that {gathering.id} is cancelled: {told}")


def _withdraw(run: Run, claim: Claim) -> None:
    receipt = run.portal.withdraw(run.id_of(claim.key), run.token_of(claim.key))
    check(receipt["state"] == "withdrawal_asked", f"{claim.key} is {receipt['state']}")
    run.staff.at_work()
    run.staff.post(f"/api/applications/{run.id_of(claim.key)}/confirm-withdrawal")


def _rule(run: Run, claim: Claim) -> None:
    """Nothing of these claims is paid before staff have decided, line by line."""
    run.staff.at_work()
    said = words()["travel"]
    rulings = [
        {"line_id": line, "verdict": verdict, "reason": said[f"{verdict}_after_all"]}
        for line, verdict in claim.rulings.items()
    ]
    path = f"/api/claims/{run.id_of(claim.key)}/{claim.gathering}"
    run.staff.post(f"{path}/rulings", {"rulings": rulings})
    judgement = run.staff.get(path).json()["judgement"]
    reasons = {each["line_id"]: each["reason"] for each in judgement["lines"]}
    found, wanted = (reasons, judgement["council_ore"]), claim.ruled
    check(
        wanted is not None and found == (wanted.reasons, wanted.council_ore),
        f"{claim.key} {claim.gathering} ({claim.part}) was ruled to {found}, not {wanted}",
    )
