"""An application written page by page by a visitor, for the tests of what comes of it."""

import re

from kulturkontor.applications import Application
from kulturkontor.aws.wiring import Wiring
from tests.conftest import set_clock
from tests.office_factory import read
from tests.web.portal_visitor import Seen, Visitor

START = {"municipality": "Bergen", "contact.name": "Åse Øvrebø", "contact.email": "ase@example.com"}
PARTS = {
    "kommune": {"municipality": "Bergen (Vestland)", "contact.name": "Åse Øvrebø"},
    "forankring": {
        "leader.name": "Kari Prøve",
        "leader.approved": "on",
        "anchoring_plans": "Planen",
        "anchoring_organisation": "Ledelsen",
    },
    "gruppe": {
        **{f"members.{each}.role": "rektor" for each in range(4)},
        **{f"members.{each}.sector": "kulturskole" for each in range(3)},
        "members.3.sector": "kultur",
    },
    "kapasitet": {
        "motivation": "Flere barn",
        "capacity.working_time": "on",
        "capacity.all_gatherings": "on",
        "capacity.sharing": "on",
    },
}
TERMS = {"accepts_cost_split": "on", "privacy_notice_read": "on"}


def opened(visitor: Visitor, path: str = "/soknad?lang=nb") -> dict[str, str]:
    """The fields of a form that was opened a minute ago."""
    set_clock("2026-03-20T10:00:00+01:00")
    fields = visitor.get(path).fields()
    set_clock("2026-03-20T10:01:00+01:00")
    return fields


def press(visitor: Visitor, path: str, fields: dict[str, str], action: str) -> Seen:
    return visitor.post_form(path, {**fields, "action": action})


def start(visitor: Visitor, **changes: str) -> str:
    """The id of a draft that was just begun; the visitor has its link."""
    typed = {name.replace("_", "."): text for name, text in changes.items()}
    return application_id(press(visitor, "/soknad", opened(visitor) | START | typed, "start"))


def application_id(seen: Seen) -> str:
    found = re.search(r"/sak/([0-9a-f]{32})", seen.headers["Location"])
    assert found is not None
    return found[1]


def page_of(draft: str, part: str) -> str:
    return f"/sak/{draft}/soknad/{part}"


def fill(visitor: Visitor, draft: str) -> None:
    """Every part as somebody who knows all the answers fills it in."""
    for part, typed in PARTS.items():
        fields = visitor.get(page_of(draft, part)).fields()
        assert press(visitor, page_of(draft, part), fields | typed, "next").status == 303


def send(visitor: Visitor, draft: str) -> Seen:
    fields = visitor.get(page_of(draft, "send")).fields()
    return press(visitor, page_of(draft, "send"), fields | TERMS, "send")


def written(visitor: Visitor, aws: Wiring) -> Application:
    """A draft with every answer, not sent."""
    draft = start(visitor)
    fill(visitor, draft)
    return read(aws, draft)
