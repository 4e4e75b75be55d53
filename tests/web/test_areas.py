"""Every page is found in the area its path leads to, and an area imports only what it needs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kulturkontor.web import office, portal
from kulturkontor.web.areas import area_of

FUNCTIONS = Path(__file__).parents[2] / "functions"
PACKAGE = Path(__file__).parents[2] / "layers" / "kulturkontor" / "python"
MOST_MODULES = 725
"""By itself a function imports at most 700 (`tests/functions`); with an area no more than this."""
_PROBE = """
import sys
before = set(sys.modules)
import app
from kulturkontor.web import {pages}
{pages}.AREAS[{number}].load()
print(len(set(sys.modules) - before))
"""


def filled(path: str) -> str:
    return re.sub("<[^>]+>", "x1", path)


def test_every_route_of_the_portal_is_in_the_area_its_path_leads_to() -> None:
    lost = [
        (route.method, route.path)
        for area in portal.AREAS
        for route in portal.routes_of(area)
        if not any(
            (each.method, each.path) == (route.method, route.path)
            for each in portal.routes_of(area_of(filled(route.path), portal.AREAS))
        )
    ]
    assert lost == []


def test_every_route_of_the_office_is_in_the_area_its_path_leads_to() -> None:
    lost = [
        route
        for area in office.AREAS
        for route in office.routes_of(area)
        if route not in office.routes_of(area_of(filled(route.split()[1]), office.AREAS))
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("function", "pages", "number"),
    [
        *(("serve_portal", "portal", number) for number in range(len(portal.AREAS))),
        *(("serve_office", "office", number) for number in range(len(office.AREAS))),
    ],
)
def test_an_area_imports_no_more_than_it_may(function: str, pages: str, number: int) -> None:
    probe = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", _PROBE.format(pages=pages, number=number)],
        cwd=FUNCTIONS / function,
        env={"PYTHONPATH": str(PACKAGE), "POWERTOOLS_SERVICE_NAME": "kulturkontor"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(probe.stdout) <= MOST_MODULES
