"""The day of the letters: the board's number, the release, an emergency stop, and what bounced, was
held or is not known.
"""

import io
import time
import zipfile
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from local.cast_people import words
from local.postman import is_letter
from local.run import Run, check, corrected
from local.script_decide import confirm_all
from local.timeline import Step

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_ENOUGH = 3
"""So many letters have gone when somebody stops the others."""
_PATIENCE_SECONDS = 180


def plan_release(run: Run) -> list[Step]:
    released = run.programme.released_at
    watch = _Watch(run)
    return [
        Step(released - 48 * _HOUR, partial(_put_in_wrong_minutes, run)),
        Step(released - 47 * _HOUR, partial(_put_in_minutes, run)),
        Step(released - 46 * _HOUR, partial(_fetch_drafts, run)),
        Step(released - _MINUTE, partial(_expect_trouble, run)),
        Step(released - _MINUTE, watch.begin),
        Step(released, watch.see_the_others_stay),
        Step(released + 12 * _MINUTE, watch.let_go_on),
        Step(released + 30 * _MINUTE, partial(_see_letters_go, run)),
        Step(released + 80 * _MINUTE, partial(_see_uncertain, run)),
        Step(released + 2 * _HOUR, partial(_mend_reason, run)),
        Step(released + 3 * _HOUR, partial(_correct_addresses, run)),
        Step(released + 4 * _HOUR, run.postman.tell_late),
    ]


def _put_in_wrong_minutes(run: Run) -> None:
    """A number that is not that of the sheet keeps the letters back."""
    found = _blockers_with(run, _admitted(run) + 1)
    check(found == ["minutes_differ"], f"with a wrong number in the minutes: {found}")


def _put_in_minutes(run: Run) -> None:
    found = _blockers_with(run, _admitted(run))
    check(not found, f"the release is kept back by {found}")


def _admitted(run: Run) -> int:
    return sum(each.outcome == "admitted" for each in run.decisions.verdicts.values())


def _blockers_with(run: Run, admitted: int) -> list[str]:
    """What keeps the letters back once the minutes say so many."""
    run.staff.at_work()
    said = {"admitted": admitted, "reference": words()["release"]["minutes"]}
    told = run.staff.post("/api/release/minutes", said).json()
    return [each["code"] for each in told["concerns"] if each["blocks"]]


def _fetch_drafts(run: Run) -> None:
    """Every letter as a draft, into `drafts/`, but the one whose reason cannot be printed."""
    run.staff.post("/api/release/previews")
    run.settle()
    packed = run.staff.get("/release/previews/zip", follow=True).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(run.out / "drafts")
        run.played["drafts"] = len(archive.namelist())


def _expect_trouble(run: Run) -> None:
    """Two addresses of those who get a letter do not exist; of one, SES's answer is lost."""
    run.postman.bouncing |= {run.applicant(key).address for key in run.decisions.bouncing}
    lost = run.applicant(run.decisions.uncertain).address
    run.postman.unheard.add(lost)
    run.stack.post_office.lose_answer_to.add(lost)


class _Watch:
    """Somebody who sees the letters go, and stops them when a few have gone."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._pool = ThreadPoolExecutor(1)
        self._stopped: Future[None] | None = None
        self._sent = 0

    def begin(self) -> None:
        self._run.second.at_work()
        self._stopped = self._pool.submit(self._stop)

    def _stop(self) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while len(_letters_sent(self._run)) < _ENOUGH:
            check(time.monotonic() < deadline, "no letters went at the time of the release")
            time.sleep(0.05)
        self._run.second.post("/api/release/stop", {"reason": words()["release"]["stop"]})

    def see_the_others_stay(self) -> None:
        """What had not been handed over when they were stopped is not handed over afterwards."""
        if self._stopped is not None:
            self._stopped.result()
        self._pool.shutdown()
        run = self._run
        run.settle()
        self._sent = sent = len(_letters_sent(run))
        check(
            _ENOUGH <= sent < len(run.decisions.verdicts),
            f"{sent} letters went though they were stopped",
        )
        run.staff.at_work()
        told = run.staff.get("/api/release").json()
        halt = told["control"]["halt"]
        check(halt is not None and halt["by"] == run.second.email, f"the release is {told}")
        run.played["stopped"] += 1

    def let_go_on(self) -> None:
        """Several ticks have passed, and nothing has gone; the rest goes with the next ones."""
        run = self._run
        check(len(_letters_sent(run)) == self._sent, "letters went while they were stopped")
        run.staff.at_work()
        run.staff.post("/api/release/resume", {"reason": words()["release"]["resume"]})
        run.settle()


def _letters_sent(run: Run) -> list[str]:
    """The letters themselves that SES has taken, by their mails."""
    return [mail for each in run.stack.mails() if is_letter(mail := each.tags.get("mail", ""))]


def _see_letters_go(run: Run) -> None:
    run.staff.at_work()
    books = run.staff.get("/api/books").json()["letters"]
    decided = len(run.decisions.verdicts)
    check(
        (books["decided"], books["held"], books["rendered"]) == (decided, 1, decided - 1),
        f"on the day of the letters the letter book says {books}",
    )
    check(books["bounced"] == len(run.decisions.bouncing), f"bounced letters: {books}")


def _see_uncertain(run: Run) -> None:
    found = run.staff.get("/api/mails?state=uncertain").json()
    lost = run.applicant(run.decisions.uncertain).address
    check([each["to"] for each in found] == [lost], f"not the mail to {lost} but {found}")
    run.played["uncertain"] += 1


def _mend_reason(run: Run) -> None:
    key = run.decisions.unprintable
    whole = run.staff.get(f"/api/applications/{run.id_of(key)}").json()
    decision = whole["application"]["decisions"][-1]
    check(decision["letter"]["state"] == "held", f"an unprintable reason was not held: {decision}")
    reason = words()["reasons"][decision["language"]][run.decisions.verdicts[key].reason]
    held = run.staff.get("/api/decisions?state=held").json()
    (seen,) = (each["digest"] for each in held if each["id"] == run.id_of(key))
    mended = {"reason": reason, "seen": seen}
    run.staff.post(f"/api/applications/{run.id_of(key)}/reason", mended)
    confirm_all(run)


def _correct_addresses(run: Run) -> None:
    """Each leader has had the letter of the contact whose address took none. One of the contacts
    gets it too, at the address that they gave by telephone; for the other the leader answers.
    """
    found = run.staff.get("/api/mails?state=bounced").json()
    check(len(found) == len(run.decisions.bouncing), f"bounced mails: {found}")
    for key in run.decisions.bouncing:
        applicant = run.applicant(key)
        leader = applicant.answers["leader"]["email"]
        tries = [each for each in run.stack.mails() if each.tags["mail"].endswith("_second")]
        second = [each for each in tries if leader in each.recipients]
        enclosed = [each for mail in second for each in mail.message.iter_attachments()]
        check(len(enclosed) == 1, f"the second contact of {key} has {len(enclosed)} letters")
        run.played["second_contacts"] += 1
        (mail,) = (each for each in found if each["to"] == applicant.address)
        if key == run.decisions.second_contact:
            run.staff.post(f"/api/mails/{mail['id']}/handled")
        else:
            to = {"to": corrected(mail["to"])}
            run.staff.post(f"/api/mails/{mail['id']}/resend", to)
