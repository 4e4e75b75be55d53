"""What the office does besides the journeys, so that its pages have something to show: a message to
everybody, a changed setting, a new colleague, a sheet that is not right.
"""

from local.colleague import Colleague
from tests.browser.deployed.season import STAFF, Season
from tests.browser.deployed.test_application_period import BERGEN

_MESSAGE = {
    "key": "melding01",
    "group": "contacts",
    **{f"subject_{form}": "Hei fra kontoret" for form in ("nb", "nn")},
    **{f"text_{form}": "Hei, {name}." for form in ("nb", "nn")},
}
_OVERNIGHT = {
    "overnight.mode": "refund",
    "overnight.max_persons": "4",
    "overnight.max_ore_per_night": "",
    "overnight.hotel_days_before": "31",
    "reason": "Hotellet må vite det en dag før.",
}


def leave_traces(season: Season) -> list[str]:
    """Pages that no link leads to at the journey's end; what was done before is not done again."""
    staff = Colleague(season.stack, STAFF)
    staff.at_work()
    if not staff.get("/api/messages").json():
        _work(season, staff)
    reference = season.references[BERGEN]
    rows = staff.get("/api/applications").json()
    own = next(row["id"] for row in rows if row["reference"] == reference)
    return [f"/applications/{own}", f"/assessment/{own}", "/start/links"]


def _work(season: Season, staff: Colleague) -> None:
    count = staff.post("/api/messages/preview", _MESSAGE).json()["count"]
    staff.post("/api/messages", _MESSAGE | {"count": count})
    staff.post("/api/users", {"email": "ny@example.org", "reviewer": True})
    staff.fill_in("/settings/overnight", _OVERNIGHT, to="/settings/overnight/change")
    kind = "municipalities"
    template = staff.get(f"/start/templates/{kind}").content
    path = f"/api/start/kinds/{kind}"
    promise = staff.upload(path, {}, "kommuner.xlsx", template)
    address = f"/api/start/sheets/{promise['sheet']['id']}"
    while staff.get(address).json()["sheet"]["state"] == "waiting":
        season.settle()
