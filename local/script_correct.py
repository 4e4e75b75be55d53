"""A letter that told the wrong reason: proposed anew, confirmed by a second person, told again."""

import io
from datetime import timedelta
from functools import partial

import pypdf

from local.cast_people import words
from local.run import Run, check
from local.script_decide import confirm_all
from local.timeline import Step

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_NOT_A_CORRECTION = 409


def plan_correction(run: Run) -> list[Step]:
    begins = run.programme.released_at + _DAY
    return [
        Step(begins, partial(_correct, run)),
        Step(begins + _HOUR, partial(confirm_all, run)),
        Step(begins + 2 * _HOUR, partial(_see_correction, run)),
    ]


def _correct(run: Run) -> None:
    """What the letter said cannot be said again: a correction corrects something."""
    run.staff.at_work()
    application_id = run.id_of(run.decisions.corrected)
    decided = run.staff.get("/api/decisions").json()
    line = next(each for each in decided if each["id"] == application_id)
    told = line["decision"]
    said = words()["correction"][told["language"]]
    path = f"/api/decisions/{application_id}"
    new = {
        "outcome": told["outcome"],
        "reason": told["reason"],
        "correction_reason": said["why"],
        "seen": line["digest"],
    }
    refused = run.staff.try_to_post(path, new).status
    check(refused == _NOT_A_CORRECTION, f"the same decision again was answered {refused}")
    proposed = run.staff.post(path, new | {"reason": said["reason"]}).json()
    kind, state = proposed["decision"]["kind"], proposed["state"]
    check((kind, state) == ("correction", "proposed"), f"the correction is {kind} and {state}")


def _see_correction(run: Run) -> None:
    """The second letter has arrived, and says why it replaces the first one."""
    application_id = run.id_of(run.decisions.corrected)
    ledger = run.staff.get("/api/letters").json()
    fates = {
        each["serial"]: each["fate"] for each in ledger if each["application_id"] == application_id
    }
    check(fates == {1: "delivered", 2: "delivered"}, f"the corrected letters are {fates}")
    (mail,) = (e for e in run.stack.mails() if e.tags["mail"] == f"{application_id}_letter_2")
    (letter,) = mail.message.iter_attachments()
    pages = pypdf.PdfReader(io.BytesIO(letter.get_content())).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in words()["correction"].values():
        if said["why"] in text and said["reason"] in text:
            run.played["corrected"] += 1
    check(run.played["corrected"] == 1, f"the correction does not say why: {text}")
