"""The release of the letters: what is in order and what is not, the board's number, the time,
letting it begin all the same, and stopping it.
"""

from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.check_release import Standing, check_release, read_standing
from kulturkontor.actions.control_release import (
    enter_minutes,
    override,
    resume_letters,
    stop_letters,
    take_back_override,
)
from kulturkontor.application_form import Line
from kulturkontor.mails import STAFF, Mail, MailState, is_letter_itself
from kulturkontor.release_checks import Concern
from kulturkontor.release_control import Override, digest_of, overriders
from kulturkontor.release_links import MENDED
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_bars import closed_names, closed_words, mail_names
from kulturkontor.web.office_mails import NothingIn
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit

MOST: Final = 1_000
"""More than there are municipalities, whatever the programme."""
Reason = Annotated[Line, Field(min_length=1, max_length=500)]


class MinutesIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    admitted: Annotated[int, Field(ge=0, le=MOST)]
    reference: Annotated[Line, Field(min_length=1, max_length=200)]


class OverrideIn(BaseModel):
    """`digest`: what of the page was overridden."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    reason: Reason


class ReasonIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason


class Item(NamedTuple):
    """A concern in words, each thing it is about with where it is mended."""

    code: str
    words: str
    links: tuple[tuple[str, str], ...]


def show_release(visit: Visit) -> Answer:
    standing = read_standing(visit.programme, visit.records)
    concerns = _check(visit, standing)
    blockers = [each for each in concerns if each.blocks]
    digest = digest_of(blockers)
    given = overriders(standing.control, digest)
    return page(
        visit,
        "letter_release",
        standing=standing,
        blockers=[_item(visit, each) for each in _open(visit, blockers)],
        others=[_item(visit, each) for each in _open(visit, concerns) if not each.blocks],
        digest=digest,
        overrides=given,
        can_override=_can_override(visit, blockers, given),
        most=MOST,
    )


def show_release_json(visit: Visit) -> Answer:
    standing = read_standing(visit.programme, visit.records)
    concerns = _check(visit, standing)
    digest = digest_of([each for each in concerns if each.blocks])
    return as_json(
        {
            "planned_for": visit.programme.released_at,
            "begun_at": standing.release.released_at if standing.release else None,
            "control": standing.control.model_dump(mode="json", exclude={"revision"}),
            "digest": digest,
            "concerns": _open(visit, concerns),
        }
    )


def _check(visit: Visit, standing: Standing) -> list[Concern]:
    """Once the letters have begun there is nothing left to check: the ledger tells the rest."""
    if standing.release is not None:
        return []
    concerns, _ = check_release(
        now=visit.now,
        copy_to_postmottak=visit.doors.copy_to_postmottak,
        standing=standing,
        programme=visit.programme,
        records=visit.records,
        look=visit.doors.look_at_sending,
    )
    return concerns


def _open(visit: Visit, concerns: list[Concern]) -> list[Concern]:
    """Each concern, since it keeps all the letters back or not; of what it is about, what is closed
    to the visitor is only counted.
    """
    closed = closed_names(visit)
    return [_without(each, closed, visit) for each in concerns]


def _without(concern: Concern, closed: frozenset[str], visit: Visit) -> Concern:
    pairs = zip(concern.references, concern.ids, strict=True) if concern.ids else ()
    left = [pair for pair in pairs if closed.isdisjoint((pair[0], *mail_names(pair[1])))]
    hidden = len(concern.ids) - len(left)
    if not hidden:
        return concern
    shown = {
        "references": (*(name for name, _ in left), closed_words(visit, hidden)),
        "ids": (*(id for _, id in left), ""),
    }
    return concern.model_copy(update=shown)


def _can_override(visit: Visit, blockers: list[Concern], given: tuple[Override, ...]) -> bool:
    is_waiting = any(each.code == "sheet_applying" for each in blockers)
    has_said = visit.by.casefold() in {each.by.casefold() for each in given}
    return bool(blockers) and not is_waiting and not has_said


def _item(visit: Visit, concern: Concern) -> Item:
    words = say(visit.language, f"concerns.{concern.code}", **_figures(concern))
    mended = MENDED[concern.code]
    if concern.ids:
        pairs = zip(concern.references, concern.ids, strict=True)
        links = ((name, mended.each.format(id=id) if id else "") for name, id in pairs)
        return Item(concern.code, words, tuple(links))
    if mended.whole.startswith("/"):
        where = say(visit.language, "release.mend")
    else:
        where = say(visit.language, "release.mend_elsewhere")
    return Item(concern.code, words, ((where, mended.whole),))


def _figures(concern: Concern) -> dict[str, str]:
    if concern.ids:
        return {}
    return dict(zip(("first", "second"), concern.references, strict=False))


def _common(visit: Visit) -> dict[str, Any]:
    return {
        "by": visit.by,
        "at": visit.now,
        "programme": visit.programme,
        "records": visit.records,
    }


def _done(visit: Visit) -> Answer:
    return show_release_json(visit) if visit.is_api else redirect("/release")


def put_in_minutes(visit: Visit) -> Answer:
    body = visit.sent(MinutesIn)
    enter_minutes(body.admitted, reference=body.reference, **_common(visit))
    return _done(visit)


def let_pass(visit: Visit) -> Answer:
    body = visit.sent(OverrideIn)
    override(body.digest, reason=body.reason, **_common(visit))
    return _done(visit)


def take_back(visit: Visit) -> Answer:
    visit.sent(NothingIn)
    take_back_override(**_common(visit))
    return _done(visit)


def stop_all(visit: Visit) -> Answer:
    stop_letters(reason=visit.sent(ReasonIn).reason, **_common(visit))
    return _done(visit)


def let_go_on(visit: Visit) -> Answer:
    reason = visit.sent(ReasonIn).reason
    resume_letters(reason=reason, mail_queue=visit.doors.mail_queue, **_common(visit))
    stopped = _stopped_letters(visit)
    return redirect("/letters?state=stopped") if stopped and not visit.is_api else _done(visit)


def _stopped_letters(visit: Visit) -> bool:
    """Whether any is still stopped by itself: the page of them says which, and why."""
    waiting = visit.records.list_open(Mail, STAFF)
    return any(mail.state is MailState.STOPPED and is_letter_itself(mail.id) for mail in waiting)


_CHANGES: Final[dict[str, Handler]] = {
    "minutes": put_in_minutes,
    "override": let_pass,
    "override/take-back": take_back,
    "stop": stop_all,
    "resume": let_go_on,
}
ROUTES: Final[dict[str, Handler]] = {
    "GET /release": show_release,
    "GET /api/release": show_release_json,
    **{f"POST /release/{name}": does for name, does in _CHANGES.items()},
    **{f"POST /api/release/{name}": does for name, does in _CHANGES.items()},
}
