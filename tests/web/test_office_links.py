"""No page of the office leads its reader to a page that is shut to them."""

import re
from collections import deque
from html import unescape

import pytest

from kulturkontor.aws.wiring import Wiring
from kulturkontor.sessions import Role
from tests.office_factory import admitted, attest, seal, send_claim, send_in
from tests.web.office_browser import Browser, visit_office

AT = "2026-10-12T10:00:00"
_LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
_NAME = re.compile(r"[0-9a-f]{12,}|KFK2-[^/?]+|KIFK2-[^/?]+|(?<=/)(S\d|\d{4})(?=/|$|\?)|=[^&]*")
_KEPT_ELSEWHERE = (302, 303)


def shut(browser: Browser) -> tuple[set[str], int]:
    """Where links lead that do not open, and how many kinds of pages were seen; one page stands for
    all of its kind.
    """
    waiting, known = deque([("/", "/")]), {"/"}
    faults = set()
    while waiting:
        address, origin = waiting.popleft()
        answer = browser.get(address)
        if answer.status in _KEPT_ELSEWHERE:
            continue
        if answer.status != 200:
            faults.add(f"{origin} leads to {address}: {answer.status}")
            continue
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for each in map(unescape, _LINK.findall(answer.text)):
            if (kind := _NAME.sub("x", each)) not in known:
                known.add(kind)
                waiting.append((each, address))
    return faults, len(known)


@pytest.mark.parametrize("role", list(Role))
def test_every_link_leads_its_reader_to_a_page_that_opens(aws: Wiring, role: Role) -> None:
    application_id = admitted(aws)
    send_in(aws, "0301")
    send_claim(aws, application_id)
    attest(aws, application_id)
    seal(aws)
    faults, seen = shut(visit_office(aws, at=AT).sign_in(role.value))
    assert faults == set()
    assert seen >= 3
