"""Whom the office's routes are open to: sets of roles, by what they may do together."""

from typing import Final

from kulturkontor.sessions import Role

Roles = frozenset[Role]

ANYBODY: Final = None
"""Also somebody who has not signed in."""
SIGNED_IN: Final[Roles] = frozenset()
"""Whoever has signed in, even without a role."""
EVERY_ROLE: Final[Roles] = frozenset(Role)

STAFF: Final[Roles] = frozenset({Role.STAFF})
FINANCE: Final[Roles] = frozenset({Role.FINANCE})
ADMIN: Final[Roles] = frozenset({Role.ADMIN})
ASSESS: Final[Roles] = frozenset({Role.STAFF, Role.REVIEWER})
READ_APPLICATIONS: Final[Roles] = frozenset({Role.STAFF, Role.REVIEWER, Role.ADMIN})
READ_STAFF: Final[Roles] = frozenset({Role.STAFF, Role.ADMIN})
STAFF_OR_FINANCE: Final[Roles] = frozenset({Role.STAFF, Role.FINANCE})
FINANCE_OR_AUDIT: Final[Roles] = frozenset({Role.FINANCE, Role.ADMIN})
READ_MONEY: Final[Roles] = frozenset({Role.STAFF, Role.FINANCE, Role.ADMIN})
