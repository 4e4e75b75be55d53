"""What happens to some claims between their coming and their being vouched for: staff ask and the
municipality answers, a substitute is registered, the rate of a new year is put in.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from kulturkontor.programme import Gathering
from local.applicant import expect
from local.cast_claims import Claim
from local.cast_oddities import substitute
from local.cast_parts import ClaimPart
from local.cast_people import words
from local.run import Run, check
from local.timeline import Step

_NEW_RATE_ORE = 545
_HOUR = timedelta(hours=1)


def plan_turns(run: Run, gathering: Gathering) -> list[Step]:
    """One municipality drives on days without a rate first; staff put the rate in for all."""
    here = [claim for claim in run.claims if claim.gathering == gathering.id]
    steps = [step for claim in here for step in _turns(run, claim)]
    waits = [claim for claim in here if claim.part is ClaimPart.CAR_WITHOUT_RATE]
    if waits:
        first = min(waits, key=lambda claim: claim.sendings[0].at)
        at = first.sendings[0].at + 6 * _HOUR
        steps.append(Step(at, partial(_put_in_rate, run, first, gathering)))
    return steps


def _turns(run: Run, claim: Claim) -> Iterator[Step]:
    if claim.part is ClaimPart.ASKED:
        sent = claim.sendings[0].at
        yield Step(sent + 6 * _HOUR, partial(_ask, run, claim))
        yield Step(sent + 9 * _HOUR, partial(_answer, run, claim))
    if claim.part is ClaimPart.STRANGER:
        yield Step(claim.sendings[1].at - 3 * _HOUR, partial(_register_substitute, run, claim))


def _ask(run: Run, claim: Claim) -> None:
    run.staff.at_work()
    said = words()["travel"]
    question = {
        "line_id": _asked_line(claim),
        "verdict": "ask",
        "reason": said["question"],
        "internal": said["internal"],
    }
    run.staff.post(f"{_office_path(run, claim)}/rulings", {"rulings": [question]})
    shown = run.portal.read_claim(run.id_of(claim.key), run.token_of(claim.key), claim.gathering)
    told = str(shown)
    check(said["question"] in told, f"{claim.key} does not see what it was asked")
    check(said["internal"] not in told, f"{claim.key} sees what only the council may")
    held = [each["line_id"] for each in shown["judgement"]["lines"] if each["state"] == "held"]
    check(held == [_asked_line(claim)], f"{claim.key} waits for {held}")


def _answer(run: Run, claim: Claim) -> None:
    answer = run.portal.answer_line(
        run.id_of(claim.key),
        run.token_of(claim.key),
        claim.gathering,
        _asked_line(claim),
        words()["travel"]["reply"],
    )
    said = expect(answer, 201).json()
    wanted = claim.sendings[0].expected.council_ore
    found = said["judgement"]["council_ore"]
    check(said["version"] == 2, f"{claim.key} answered, and has version {said['version']}")
    check(found == wanted, f"{claim.key} answered, and gets {found} instead of {wanted}")


def _asked_line(claim: Claim) -> str:
    return str(claim.sendings[0].body["lines"][0]["id"])


def _register_substitute(run: Run, claim: Claim) -> None:
    group = next(each for each in run.groups if each.key == claim.key)
    sector = group.participants[0]["sector"]
    newcomer = substitute() | {"sector": sector, "only": [claim.gathering]}
    people = (*group.participants, newcomer)
    run.portal.register(run.id_of(claim.key), run.token_of(claim.key), people)


def _put_in_rate(run: Run, claim: Claim, gathering: Gathering) -> None:
    run.staff.at_work()
    year = gathering.first_day.year
    rate = {
        "valid_from": f"{year}-01-01",
        "valid_to": f"{year}-12-31",
        "kroner": f"{_NEW_RATE_ORE // 100},{_NEW_RATE_ORE % 100:02}",
        "source": words()["travel"]["new_rate"],
    }
    run.staff.post("/api/rates", rate)
    lines = run.staff.get(_office_path(run, claim)).json()["judgement"]["lines"]
    found = {each["ore_per_km"] for each in lines if each["kind"] == "car"}
    supplement = run.programme.travel.passenger_supplement_ore_per_km
    check(found == {_NEW_RATE_ORE + supplement}, f"{claim.key} drives for {found}")


def _office_path(run: Run, claim: Claim) -> str:
    return f"/api/claims/{run.id_of(claim.key)}/{claim.gathering}"
