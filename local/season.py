"""Replays a whole programme through the deployed system, and checks that its books close.

`make season` runs this: 55 applications in spring 2026, letters, places, six gatherings until
December 2027, payments; everything by HTTP, uploads, schedules, queues and mail. Writes
`out/season/`.
"""

import argparse
import shutil
import signal
import sys
from contextlib import ExitStack
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from kulturkontor.programme import Programme, ProgrammeError, load_programme
from local.applicant import Portal, UnexpectedAnswerError
from local.books import Books, close_books
from local.cast import make_cast
from local.cast_claims import make_claims
from local.cast_decisions import decide
from local.cast_groups import make_groups
from local.colleague import Colleague
from local.deploy import PARAMETERS
from local.emulator import EmulatorError
from local.office_users import OFFICE_USERS, SignInFailedError, add_users
from local.postman import NoMailError, Postman, write_mails
from local.progress import Stage
from local.run import Run, ScriptError
from local.schedules import read_schedules
from local.script_answer import plan_answers
from local.script_apply import plan_applications
from local.script_assess import plan_assessment
from local.script_claims import plan_claims
from local.script_correct import plan_correction
from local.script_decide import plan_decisions
from local.script_fault import await_failure, plant_forged_event
from local.script_release import plan_release
from local.script_year import plan_year_end
from local.stack import FunctionError, NotSettledError, Stack, deployed
from local.timeline import Step, Timeline, choose_quiet_days
from local.transform import ROOT

_QUIET_DAYS = 20
_SECOND, _STAFF, _FINANCE, *_REVIEWERS = OFFICE_USERS
_GONE = (ConnectionError, HTTPException, HTTPClientError)
_FAULTS = (
    BotoCoreError,
    ClientError,
    EmulatorError,
    FunctionError,
    NoMailError,
    NotSettledError,
    OSError,
    ProgrammeError,
    ScriptError,
    SignInFailedError,
    UnexpectedAnswerError,
)


def replay(seed: int, out: Path, port: int | None) -> Books:
    """The books of one season; raises one of _FAULTS or _GONE if the script cannot go on."""
    programme = load_programme(PARAMETERS.get("Programme", "kifk2"))
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    seconds: dict[str, float] = {}
    with ExitStack() as closing:
        with Stage("Deploy", 1) as stage:
            stack = closing.enter_context(deployed(ports=(port, port + 1) if port else None))
            add_users(stack)
        seconds["Deploy"] = stage.seconds
        run = _prepare(stack, programme, seed, out)
        plant_forged_event(run)
        for name, steps in _plan(run):
            with Stage(name, len(steps)) as stage:
                run.timeline.run(steps, done=stage.step)
            seconds[name] = stage.seconds
            if name == "Answers":
                await_failure(run)
        with Stage("Books", 1) as stage:
            write_mails(stack.mails(), out / "mail")
            books = close_books(run)
        seconds["Books"] = stage.seconds
    books.write(out, seconds)
    return books


def _prepare(stack: Stack, programme: Programme, seed: int, out: Path) -> Run:
    cast = make_cast(programme, seed)
    decisions = decide(cast, programme, seed)
    groups = make_groups(cast, decisions, seed)
    postman = Postman(stack)
    starts = programme.opens_at - timedelta(hours=6)
    stack.set_clock(starts)
    schedules = read_schedules(stack.template)
    run = Run(
        stack=stack,
        programme=programme,
        cast=cast,
        decisions=decisions,
        groups=groups,
        claims=make_claims(programme, groups, seed),
        timeline=Timeline(stack, schedules, lambda: run.settle(), starts),
        postman=postman,
        portal=Portal(stack.portal_url),
        staff=Colleague(stack, _STAFF),
        second=Colleague(stack, _SECOND),
        finance=Colleague(stack, _FINANCE),
        reviewers=tuple(Colleague(stack, each) for each in _REVIEWERS),
        out=out,
    )
    return run


def _plan(run: Run) -> list[tuple[str, list[Step]]]:
    """The stages with their steps; the days without any are lived through in between."""
    programme = run.programme
    plan = [
        ("Applications", plan_applications(run)),
        ("Assessment", plan_assessment(run)),
        ("Decisions", [*plan_decisions(run), *plan_release(run), *plan_correction(run)]),
        ("Answers", plan_answers(run)),
        *((f"Gathering {each.id}", plan_claims(run, each)) for each in programme.gatherings),
        ("Year's end", plan_year_end(run)),
    ]
    every = [step for _, steps in plan for step in steps]
    run.timeline.quiet_days = choose_quiet_days(every, _QUIET_DAYS, run.timeline.now)
    return plan


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make season", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which cast (default 1)")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "season")
    parser.add_argument("--port", type=int, help="of the emulator; the next is taken too")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    try:
        books = replay(chosen.seed, chosen.out, chosen.port)
    except KeyboardInterrupt:
        print("\nmake season: stopped; start it again whenever you like", file=sys.stderr)
        return 130
    except _GONE as fault:
        print(f"make season: the emulator no longer answers ({fault})", file=sys.stderr)
        return 1
    except _FAULTS as fault:
        print(f"make season: {' '.join(str(fault).split())}", file=sys.stderr)
        return 1
    print(books.table())
    for line in books.faults:
        print(f"make season: {line}", file=sys.stderr)
    return 1 if books.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
