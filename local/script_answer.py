"""The places: accepted, declined, left unanswered, offered on; and the groups that come."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from kulturkontor.programme import OSLO
from local.run import Run, check
from local.script_behalf import accept_by_phone, register_by_phone
from local.timeline import Step, morning

_DAY = timedelta(days=1)
_CONFLICT = 409


def plan_answers(run: Run) -> list[Step]:
    rules, decisions = run.programme.decision, run.decisions
    released = run.programme.released_at
    *accepting, last = (key for key in decisions.accepting if key != decisions.by_phone)
    half = len(accepting) // 2
    lapsed = rules.answer_by + _DAY
    quiet = [
        *(rules.answer_by - days * _DAY for days in rules.answer_reminder_days),
        rules.waiting_list_ends + _DAY,
    ]
    return [
        Step(released + 5 * _DAY, partial(_accept, run, accepting[:half])),
        Step(released + 5 * _DAY, partial(accept_by_phone, run)),
        Step(released + 6 * _DAY, partial(_decline, run, decisions.declining)),
        Step(released + 7 * _DAY, partial(_offer_on, run, decisions.declining)),
        Step(
            released + 9 * _DAY, partial(_accept, run, (*accepting[half:], *decisions.offered[:2]))
        ),
        Step(_at(rules.answer_by, 23), partial(_accept, run, (last,))),
        Step(_at(lapsed, 10), partial(_offer_on, run, (decisions.silent,))),
        Step(_at(lapsed + _DAY, 10), partial(_decline, run, (decisions.declining_offer,))),
        Step(_at(lapsed + _DAY, 11), partial(_offer_on, run, (decisions.declining_offer,))),
        Step(_at(lapsed + 2 * _DAY, 10), partial(_accept, run, decisions.offered[3:])),
        Step(_at(lapsed + 3 * _DAY, 10), partial(register_by_phone, run)),
        Step(_at(lapsed + 4 * _DAY, 10), partial(_register, run)),
        Step(_at(rules.waiting_list_ends + _DAY, 10), partial(_fetch_letters, run)),
        *map(morning, quiet),
    ]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), OSLO)


def _accept(run: Run, keys: Sequence[str]) -> None:
    run.together(partial(_answer, run, key, accept=True) for key in keys)


def _decline(run: Run, keys: Sequence[str]) -> None:
    run.together(partial(_answer, run, key, accept=False) for key in keys)


def _answer(run: Run, key: str, *, accept: bool) -> None:
    said = run.portal.answer(run.id_of(key), run.token_of(key), accept=accept)
    wanted = "accepted" if accept else "declined"
    check(said["place"]["state"] == wanted, f"{key} answered and its place is {said['place']}")


def _offer_on(run: Run, keys: Sequence[str]) -> None:
    """Each free place to the next on the waiting list, once: the same place cannot go twice."""
    run.staff.at_work()
    listed = {row["id"]: row for row in run.staff.get("/api/applications").json()}
    free = {row["id"] for row in listed.values() if row["place"] in ("declined", "lapsed")}
    check({run.id_of(key) for key in keys} <= free, f"free places: {sorted(free)}")
    for key in keys:
        path = f"/api/applications/{run.id_of(key)}/offer-next"
        run.staff.post(path)
        twice = run.staff.try_to_post(path).status
        check(twice == _CONFLICT, f"a place could be offered twice ({twice})")


def _register(run: Run) -> None:
    run.together(
        partial(run.portal.register, run.id_of(each.key), run.token_of(each.key), each.participants)
        for each in run.groups
        if each.key != run.decisions.by_phone
    )
    run.settle()
    run.staff.at_work()
    listed = run.staff.get("/api/applications").json()
    accepted = {run.key_of(row["id"]) for row in listed if row["place"] == "accepted"}
    check(accepted == set(run.decisions.participating), f"taking part: {sorted(accepted)}")


def _fetch_letters(run: Run) -> None:
    """Every letter as staff get it, into `letters/`."""
    folder = run.out / "letters"
    folder.mkdir(parents=True, exist_ok=True)
    run.staff.at_work()
    ledger = run.staff.get("/api/letters").json()

    def fetch(reference: str, serial: int) -> None:
        letter = run.staff.get(f"/api/letters/{reference}/{serial}", follow=True).content
        suffix = "" if serial == 1 else f"-{serial}"
        (folder / f"{reference}{suffix}.pdf").write_bytes(letter)

    run.together(partial(fetch, each["reference"], each["serial"]) for each in ledger)
