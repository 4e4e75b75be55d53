"""Who reads what: applications dealt out to reviewers as evenly as their conflicts allow.

What somebody has been given already stays theirs. Each application gets reviewers until it has as
many as the programme wants, or there is nobody left who may read it. No dealing of the new ones is
more even: as long as somebody could pass one on, also by way of others, to a person who has at
least two fewer, it is passed on.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Plan(NamedTuple):
    new: dict[str, list[str]]
    """Reviewers who get the application, by application; those who get nothing are not in it."""
    short: dict[str, int]
    """How many reviewers an application still lacks, where it does."""
    before: dict[str, int]
    after: dict[str, int]
    """How many applications each reviewer has, by reviewer."""


def distribute(
    open_to: Mapping[str, Sequence[str]],
    assigned: Mapping[str, Sequence[str]],
    *,
    wanted: int,
) -> Plan:
    """`open_to`: by application, the reviewers who may read it, in an order that settles what is
    otherwise equal; `assigned`: by application, those of them who have it already.
    """
    reviewers = list(dict.fromkeys(each for found in open_to.values() for each in found))
    before = {each: sum(each in have for have in assigned.values()) for each in reviewers}
    after = dict(before)
    new: dict[str, list[str]] = {each: [] for each in open_to}
    for application in sorted(open_to, key=lambda each: len(open_to[each])):
        held = set(assigned.get(application, ()))
        free = [each for each in open_to[application] if each not in held]
        for reviewer in sorted(free, key=lambda each: after[each])[: max(0, wanted - len(held))]:
            new[application].append(reviewer)
            after[reviewer] += 1
    while path := _path(new, open_to, assigned, after):
        _pass_on(path, new, after)
    lacking = {each: wanted - len(set(assigned.get(each, ()))) - len(new[each]) for each in open_to}
    return Plan(
        new={each: found for each, found in new.items() if found},
        short={each: count for each, count in lacking.items() if count > 0},
        before=before,
        after=after,
    )


Step = tuple[str, str, str]
"""An application, whom it goes from and whom it goes to."""


def _path(
    new: Mapping[str, Sequence[str]],
    open_to: Mapping[str, Sequence[str]],
    assigned: Mapping[str, Sequence[str]],
    load: Mapping[str, int],
) -> list[Step]:
    """Hand-overs that end with somebody who has at least two fewer than whom they begin with."""
    for giver in sorted(load, key=lambda each: -load[each]):
        came: dict[str, Step | None] = {giver: None}
        line = deque([giver])
        while line:
            holder = line.popleft()
            if load[holder] <= load[giver] - 2:
                return _back(holder, came)
            for step in _steps(holder, new, open_to, assigned):
                if step[2] not in came:
                    came[step[2]] = step
                    line.append(step[2])
    return []


def _steps(
    holder: str,
    new: Mapping[str, Sequence[str]],
    open_to: Mapping[str, Sequence[str]],
    assigned: Mapping[str, Sequence[str]],
) -> list[Step]:
    return [
        (application, holder, taker)
        for application, found in new.items()
        if holder in found
        for taker in open_to[application]
        if taker not in found and taker not in assigned.get(application, ())
    ]


def _back(holder: str, came: Mapping[str, Step | None]) -> list[Step]:
    path: list[Step] = []
    while step := came[holder]:
        path.append(step)
        holder = step[1]
    return path


def _pass_on(path: Sequence[Step], new: dict[str, list[str]], load: dict[str, int]) -> None:
    for application, giver, taker in path:
        new[application][new[application].index(giver)] = taker
        load[giver] -= 1
        load[taker] += 1
