from collections.abc import Iterator

import pytest

from kulturkontor.aws import session
from kulturkontor.aws.wiring import Wiring
from tests.crash.faults import Faults
from tests.crash.world import World


@pytest.fixture(scope="session")
def hooked() -> Iterator[Faults]:
    """Hooks on the product's session; its clients are made anew once, for they copy the hooks."""
    _forget_clients()
    made = Faults()
    made.install()
    yield made
    _forget_clients()


@pytest.fixture
def faults(aws: Wiring, hooked: Faults, monkeypatch: pytest.MonkeyPatch) -> Faults:
    hooked.reset()
    hooked.skip_waiting(monkeypatch)
    return hooked


@pytest.fixture
def world(aws: Wiring, faults: Faults) -> World:
    return World(aws, faults)


def _forget_clients() -> None:
    session.client.cache_clear()
    session._session.cache_clear()
