"""The application period: refused attempts, drafts, applications with their attachments, the
deadline.

Whoever applied gets a mail with a link; with that link they attach a file, mend, or withdraw.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from local.applicant import expect
from local.cast import Applicant, Part
from local.cast_files import RENAMED_PROGRAM, write_pdf
from local.cast_people import words
from local.run import Run, Sent, check
from local.timeline import Step, morning

_SOON = timedelta(minutes=7)
_EXTENDED_BEFORE = timedelta(hours=4)
_FORBIDDEN, _UNPROCESSABLE = 403, 422


def plan_applications(run: Run) -> list[Step]:
    works = defaultdict[datetime, list[Callable[[], None]]](list)
    cast = run.cast
    works[cast.too_early.sent_at].append(partial(_knock_too_early, run))
    works[cast.old_number.sent_at].append(partial(_type_old_number, run))
    works[cast.forgotten_draft.sent_at].append(partial(_apply, run, cast.forgotten_draft))
    for each in cast.applicants:
        works[each.sent_at].append(partial(_apply, run, each))
        works[each.sent_at + _SOON].append(partial(_attach, run, each))
        if each.mended_at:
            works[each.mended_at].append(partial(_mend, run, each))
        if each.mended_at and each.part is Part.EXTENDED:
            works[each.mended_at - _EXTENDED_BEFORE].append(partial(_extend, run, each))
        if each.withdrawn_at:
            works[each.withdrawn_at].append(partial(_withdraw, run, each))
    last_day = run.programme.last_application_day
    mornings = [
        morning(last_day - timedelta(days=days))
        for days in run.programme.application.draft_reminder_days
    ]
    closing = Step(run.programme.closes_at + timedelta(minutes=8), partial(_see_certificate, run))
    planned = [Step(at, partial(run.together, group)) for at, group in works.items()]
    return [*planned, *mornings, closing]


def _knock_too_early(run: Run) -> None:
    answer = run.portal.apply(run.cast.too_early.key, run.cast.too_early.answers)
    said = expect(answer, _FORBIDDEN).json()
    check(said["code"] == "period_before", f"before the opening the portal said {said}")


def _type_old_number(run: Run) -> None:
    answer = run.portal.apply(run.cast.old_number.key, run.cast.old_number.answers)
    said = expect(answer, _UNPROCESSABLE).json()
    hints = [each for each in said["errors"] if each["code"] == "municipality_old_number"]
    check(bool(hints) and "4003" in hints[0]["message"], f"no hint for an old number in {said}")


def _apply(run: Run, applicant: Applicant) -> None:
    drafts = (Part.DRAFT_FIRST, Part.EXTENDED)
    is_draft = applicant == run.cast.forgotten_draft or applicant.part in drafts
    post = partial(run.portal.apply, applicant.key, applicant.answers, submit=not is_draft)
    if applicant.part is Part.SAME_POST_TWICE:
        answers: list[object] = []
        run.together([lambda: answers.append(expect(post()).json()) for _ in range(2)])
        check(answers[0] == answers[1], f"one request sent twice got two answers: {answers}")
    receipt = expect(post()).json()
    run.sent[applicant.key] = Sent(receipt["id"], receipt["reference"] or "")


def _attach(run: Run, applicant: Applicant) -> None:
    send = partial(run.send_file, applicant.key, "attachments")
    if applicant.part is Part.RENAMED_PROGRAM:
        send("plan.pdf", RENAMED_PROGRAM)
    send("vedlegg.pdf", write_pdf([applicant.municipality.official_name, applicant.key]))


def _mend(run: Run, applicant: Applicant) -> None:
    token = run.token_of(applicant.key)
    receipt = run.portal.mend(run.id_of(applicant.key), token, applicant.mending or {})
    check(receipt["is_complete"], f"{applicant.key} is still incomplete: {receipt['missing']}")
    run.sent[applicant.key] = Sent(receipt["id"], receipt["reference"])


def _extend(run: Run, applicant: Applicant) -> None:
    """Staff let one draft in after the deadline: for a day, once, and not late."""
    run.staff.at_work()
    until = run.timeline.now + timedelta(days=1)
    said = {"until": until.isoformat(), "reason": words()["odd"]["extension_reason"]}
    extended = run.staff.post(f"/api/applications/{run.id_of(applicant.key)}/extension", said)
    check(extended.json()["state"] == "draft", f"{applicant.key} was extended: {extended.text}")


def _withdraw(run: Run, applicant: Applicant) -> None:
    receipt = run.portal.withdraw(run.id_of(applicant.key), run.token_of(applicant.key))
    early = applicant.part is Part.WITHDRAWS
    wanted = "withdrawn" if early else "withdrawal_asked"
    check(receipt["state"] == wanted, f"{applicant.key} withdrew and is {receipt['state']}")


def _see_certificate(run: Run) -> None:
    """The files of the applicants, as they were judged, and the certificate of the closing."""
    refused = run.cast.of(Part.RENAMED_PROGRAM)
    for each in run.cast.applicants:
        files = run.portal.files(run.id_of(each.key), run.token_of(each.key))
        states = sorted(file["state"] for file in files)
        wanted = ["accepted", "refused"] if each is refused else ["accepted"]
        check(states == wanted, f"the files of {each.key} are {files}")
    found = run.stack.objects("ArchiveBucket", "certificates/")
    check(len(found) == 1, f"there are {len(found)} certificates after the deadline")
    (run.out / "closing-certificate.json").write_bytes(next(iter(found.values())))
