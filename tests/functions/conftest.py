import pytest

from kulturkontor.aws.wiring import Wiring
from tests.conftest import set_clock
from tests.office_factory import send_in


@pytest.fixture
def office(aws: Wiring) -> Wiring:
    """One application is in, and its receipt is to be sent; it is a minute later."""
    send_in(aws)
    set_clock("2026-03-20T10:01:00+01:00")
    return aws
