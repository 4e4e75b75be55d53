"""The mails to staff about the letters: what must be in order before, what stopped them, and the
account of what was sent. In bokmål; no personal names.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.days import format_moment
from kulturkontor.decisions import Outcome
from kulturkontor.mails import Mail, Page, Value, mail_id
from kulturkontor.own_phrases import counted_of, phrase_of
from kulturkontor.programme import OSLO, Programme
from kulturkontor.release import LetterBooks
from kulturkontor.release_checks import Concern
from kulturkontor.release_control import Halt
from kulturkontor.release_links import MENDED
from kulturkontor.staff_mail import notice, to_office

_LONGEST_LIST: Final = 60
_TO_RELEASE: Final = {"office_link": Page(path="/release", label="release_link", office=True)}
_TO_LEDGER: Final = {"office_link": Page(path="/letters", label="ledger_link", office=True)}


def preflight_id(days: int, released: date) -> str:
    """One for each of its days before that day; when the release is moved, they come anew."""
    return mail_id("staff", "preflight", released.isoformat(), days)


def preflight(
    concerns: Sequence[Concern],
    rows: Sequence[ApplicationRow],
    days: int,
    programme: Programme,
    now: datetime,
    to: str,
) -> Mail:
    """What keeps the letters back, what else to look at, and what will be sent."""
    blockers = [in_words(each, programme) for each in concerns if each.blocks]
    others = [in_words(each, programme) for each in concerns if not each.blocks]
    outcomes = Counter(row.outcome for row in rows if row.is_live and row.outcome)
    verdict = "not_ready" if blockers else "look" if others else "ready"
    values: dict[str, Value] = {
        "days_left": counted_of(programme, "nb", "days", days),
        "problem_count": counted_of(programme, "nb", "staff_problems", len(blockers))
        if blockers
        else phrase_of(programme, "nb", "staff_no_problems"),
        "verdict": phrase_of(programme, "nb", f"staff_verdict_{verdict}"),
        "problems": blockers or None,
        "warnings": others or None,
        "counts": [
            phrase_of(programme, "nb", f"staff_count_{outcome}", count=outcomes[outcome])
            for outcome in Outcome
        ],
    }
    mail = to_office(programme, now, to, "preflight", values, days)
    released = programme.released_at.astimezone(OSLO).date()
    return mail.but(
        id=preflight_id(days, released),
        pages={
            **_TO_RELEASE,
            **_mended_at("problems", [each for each in concerns if each.blocks]),
            **_mended_at("warnings", [each for each in concerns if not each.blocks]),
        },
    )


def _mended_at(slot: str, concerns: Sequence[Concern]) -> dict[str, Page]:
    """Each item of the list leads to where it is mended; one thing alone to its own page."""
    return {
        f"{slot}.{number}": Page(path=_address(each), label="", office=True)
        for number, each in enumerate(concerns)
    }


def _address(concern: Concern) -> str:
    mended = MENDED[concern.code]
    return mended.each.format(id=concern.ids[0]) if len(concern.ids) == 1 else mended.whole


def in_words(concern: Concern, programme: Programme) -> str:
    """A concern of ids lists them; one of figures names each."""
    if concern.code in _FIGURES:
        figures = dict(zip(("first", "second"), concern.references, strict=False))
        return phrase_of(programme, "nb", f"staff_concern_{concern.code}", **figures)
    if not concern.references:
        return phrase_of(programme, "nb", f"staff_concern_{concern.code}")
    listed = ", ".join(concern.references[:_LONGEST_LIST])
    more = len(concern.references) - _LONGEST_LIST
    if more > 0:
        listed = f"{listed} {phrase_of(programme, 'nb', 'staff_and_more', count=more)}"
    return phrase_of(programme, "nb", f"staff_concern_{concern.code}", references=listed)


_FIGURES: Final = frozenset(
    {"minutes_missing", "minutes_differ", "places_differ", "quota_short", "rate_high"}
)


def not_begun(
    blockers: Sequence[Concern], halt: Halt | None, programme: Programme, now: datetime, to: str
) -> Mail:
    """The time has come, and the letters stay: who stopped them or what else is in the way, and
    what to do.
    """
    stopped = [_stopped(halt, programme)] if halt else []
    resume = [phrase_of(programme, "nb", "staff_not_begun_resume")] if halt else []
    mend = [
        phrase_of(programme, "nb", "staff_not_begun_mend"),
        phrase_of(programme, "nb", "staff_not_begun_override"),
    ]
    mail = notice(
        programme,
        now,
        to,
        ("letters_not_begun", programme.decision.released.isoformat()),
        phrase_of(programme, "nb", "staff_not_begun_title"),
        phrase_of(
            programme,
            "nb",
            "staff_not_begun",
            letters_at=format_moment(programme.released_at, "nb"),
        ),
        stopped + [in_words(each, programme) for each in blockers],
        resume + (mend if blockers else []),
    )
    return mail.but(pages=_TO_RELEASE)


def _stopped(halt: Halt, programme: Programme) -> str:
    return phrase_of(
        programme,
        "nb",
        "staff_not_begun_stopped",
        by=halt.by,
        when=format_moment(halt.at, "nb"),
        reason=halt.reason,
    )


def paused(halt: Halt, programme: Programme, now: datetime, to: str) -> Mail:
    """Too many letters came back: nothing more goes until somebody has looked."""
    mail = notice(
        programme,
        now,
        to,
        ("letters_paused", halt.bounced),
        phrase_of(programme, "nb", "staff_paused_title"),
        phrase_of(
            programme, "nb", "staff_paused", bounced=halt.bounced, handed_over=halt.handed_over
        ),
        [],
        [
            phrase_of(programme, "nb", "staff_paused_look"),
            phrase_of(programme, "nb", "staff_paused_resume"),
        ],
    )
    return mail.but(pages=_TO_RELEASE)


def accounted(books: LetterBooks, kind: str, programme: Programme, now: datetime, to: str) -> Mail:
    """The three equations; `kind` is `sent` once nothing waits, `closed` when they have closed."""
    figures = books.model_dump()
    mail = notice(
        programme,
        now,
        to,
        ("letters", kind),
        phrase_of(programme, "nb", f"staff_letters_{kind}_title"),
        phrase_of(programme, "nb", f"staff_letters_{kind}"),
        [
            phrase_of(programme, "nb", key, **{name: figures[name] for name in names})
            for key, names in EQUATIONS.items()
        ]
        + _outside_equations(books, programme)
        + [phrase_of(programme, "nb", "staff_letters_unexplained", count=books.unexplained)],
        [],
    )
    return mail.but(pages=_TO_LEDGER)


def _outside_equations(books: LetterBooks, programme: Programme) -> list[str]:
    """What no letter is due for, or was taken back, and who has no answer: told where there is
    any.
    """
    counts = books.model_dump(
        include={"withdrawal_asked", "unconfirmed", "taken_back", "unanswered"}
    )
    return [
        phrase_of(programme, "nb", f"staff_letters_{why}", count=count)
        for why, count in counts.items()
        if count
    ]


EQUATIONS: Final = {
    "staff_equation_decided": ("decided", "rendered", "held"),
    "staff_equation_rendered": ("rendered", "handed_over", "waiting", "refused", "uncertain"),
    "staff_equation_handed_over": ("handed_over", "delivered", "bounced", "in_transit"),
}
