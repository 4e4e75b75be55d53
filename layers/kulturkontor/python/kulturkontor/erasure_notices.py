"""The mail to staff about what will be erased. In bokmål; no personal names."""

from collections import Counter
from datetime import datetime

from kulturkontor.days import format_date
from kulturkontor.mails import Mail
from kulturkontor.own_phrases import phrase_of
from kulturkontor.programme import OSLO, Programme
from kulturkontor.retention import ErasurePlan
from kulturkontor.staff_mail import notice


def erasure_planned(plan: ErasurePlan, programme: Programme, now: datetime, to: str) -> Mail:
    """The dry run: what will be erased when its notice is over."""
    terms = Counter(due.term for due in plan.due)
    return notice(
        programme,
        now,
        to,
        ("erasure", plan.planned_at.astimezone(OSLO).date()),
        phrase_of(programme, "nb", "staff_erasure_title"),
        phrase_of(programme, "nb", "staff_erasure", day=format_date(plan.erased_from, "nb")),
        [
            phrase_of(programme, "nb", f"staff_erasure_{term}", count=count)
            for term, count in terms.items()
        ],
        [phrase_of(programme, "nb", "staff_erasure_action")],
    )
