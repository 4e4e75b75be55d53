import pytest

from kulturkontor.aws.wiring import Wiring
from tests.web.portal_visitor import Visitor, forget_portal


@pytest.fixture
def visitor(aws: Wiring) -> Visitor:
    """A visitor to a portal whose process has just started; the clock stands in the open period."""
    forget_portal()
    return Visitor()
