"""The application form filled in by a visitor, for the tests of what comes of it."""

from tests.conftest import set_clock
from tests.web.portal_visitor import Seen, Visitor

COMPLETE = {
    "municipality": "4601",
    "contact.name": "Åse Øvrebø",
    "contact.email": "ase@example.com",
    "leader.name": "Kari Prøve",
    "leader.approved": "on",
    "anchoring_plans": "Planen",
    "anchoring_organisation": "Ledelsen",
    **{f"members.{each}.role": "rektor" for each in range(4)},
    **{f"members.{each}.sector": "kulturskole" for each in range(3)},
    "members.3.sector": "kultur",
    "motivation": "Flere barn",
    "capacity.working_time": "on",
    "capacity.all_gatherings": "on",
    "capacity.sharing": "on",
    "accepts_cost_split": "on",
    "privacy_notice_read": "on",
}


def opened(visitor: Visitor, path: str = "/soknad?lang=nb") -> dict[str, str]:
    """The fields of a form that was opened a minute ago."""
    set_clock("2026-03-20T10:00:00+01:00")
    fields = visitor.get(path).fields()
    set_clock("2026-03-20T10:01:00+01:00")
    return fields


def post(visitor: Visitor, fields: dict[str, str], action: str, path: str = "/soknad") -> Seen:
    return visitor.post_form(path, {**fields, "action": action})
