"""One deployed stack for all journeys: they are told in the order of the season, in its clock."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE as IN_PROCESS
from tests.browser.deployed.camera import camera
from tests.browser.deployed.season import PATIENCE, Season, open_season


@pytest.fixture(scope="session")
def whole_season(chromium: Browser) -> Iterator[Season]:
    with open_season(chromium, camera()) as season:
        yield season


@pytest.fixture
def season(whole_season: Season) -> Iterator[Season]:
    """The season as it stands; no browser had anything to complain of meanwhile."""
    expect.set_options(timeout=PATIENCE)
    yield whole_season
    expect.set_options(timeout=IN_PROCESS)
    complaints, whole_season.complaints = whole_season.complaints, []
    assert complaints == []
