"""Who may do what in the office: each route, and the roles that open it. What is not here is shut.

Staff handle applications, letters, mails and claims; reviewers read applications; finance releases
payments. Whoever attested a claim cannot release its payment whatever their roles: that is the
batch's own rule. An administrator reads everything and changes nothing; a person with two tasks has
two groups.
"""

from typing import Final

from kulturkontor.sessions import Role

Roles = frozenset[Role]

ANYBODY: Final = None
"""Also somebody who has not signed in."""
SIGNED_IN: Final[Roles] = frozenset()
"""Whoever has signed in, even without a role."""
EVERY_ROLE: Final[Roles] = frozenset(Role)

_STAFF: Final[Roles] = frozenset({Role.STAFF})
_FINANCE: Final[Roles] = frozenset({Role.FINANCE})
_READ_APPLICATIONS: Final[Roles] = frozenset({Role.STAFF, Role.REVIEWER, Role.ADMIN})
_READ_STAFF: Final[Roles] = frozenset({Role.STAFF, Role.ADMIN})
_STAFF_OR_FINANCE: Final[Roles] = frozenset({Role.STAFF, Role.FINANCE})
_FINANCE_OR_AUDIT: Final[Roles] = frozenset({Role.FINANCE, Role.ADMIN})
_READ_MONEY: Final[Roles] = frozenset({Role.STAFF, Role.FINANCE, Role.ADMIN})

ACCESS: Final[dict[str, Roles | None]] = {
    "GET /assets/<name>": ANYBODY,
    "GET /login": ANYBODY,
    "GET /callback": ANYBODY,
    "POST /logout": SIGNED_IN,
    "POST /language": SIGNED_IN,
    "GET /api/me": SIGNED_IN,
    "GET /": EVERY_ROLE,
    "GET /api/books": _READ_MONEY,
    "GET /applications": _READ_APPLICATIONS,
    "GET /applications/<application_id>": _READ_APPLICATIONS,
    "GET /applications/<application_id>/files/<file_id>": _READ_APPLICATIONS,
    "POST /applications/<application_id>/reason": _STAFF,
    "GET /applications/<application_id>/offer-next": _STAFF,
    "POST /applications/<application_id>/offer-next": _STAFF,
    "GET /applications/<application_id>/confirm-withdrawal": _STAFF,
    "POST /applications/<application_id>/confirm-withdrawal": _STAFF,
    "GET /late-application": _STAFF,
    "POST /late-application": _STAFF,
    "POST /applications/<application_id>/extension": _STAFF,
    "POST /applications/<application_id>/counts": _STAFF,
    "POST /api/late-application": _STAFF,
    "POST /api/applications/<application_id>/extension": _STAFF,
    "POST /api/applications/<application_id>/counts": _STAFF,
    "GET /api/applications": _READ_APPLICATIONS,
    "GET /api/applications/<application_id>": _READ_APPLICATIONS,
    "POST /api/applications/<application_id>/reason": _STAFF,
    "POST /api/applications/<application_id>/offer-next": _STAFF,
    "POST /api/applications/<application_id>/confirm-withdrawal": _STAFF,
    "GET /letters": _READ_STAFF,
    "GET /api/letters": _READ_STAFF,
    "GET /api/letters/<reference>/<serial>": _READ_STAFF,
    "GET /mails": _READ_STAFF,
    "GET /mails/<mail_id>": _READ_STAFF,
    "POST /mails/<mail_id>/resend": _STAFF,
    "POST /mails/<mail_id>/handled": _STAFF,
    "GET /api/mails": _READ_STAFF,
    "POST /api/mails/<mail_id>/resend": _STAFF,
    "POST /api/mails/<mail_id>/handled": _STAFF,
    "GET /sheets": _READ_STAFF,
    "POST /sheets": _STAFF,
    "GET /sheets/<sheet_id>": _READ_STAFF,
    "GET /api/decision-sheet": _READ_STAFF,
    "POST /api/sheets": _STAFF,
    "GET /api/sheets/<sheet_id>": _READ_STAFF,
    "GET /api/sheets/<sheet_id>/report": _READ_STAFF,
    "GET /claims": _READ_MONEY,
    "GET /claims/<application_id>/<gathering>": _READ_MONEY,
    "GET /claims/<application_id>/<gathering>/receipts/<file_id>": _READ_MONEY,
    "POST /claims/<application_id>/<gathering>/rulings": _STAFF,
    "POST /claims/<application_id>/<gathering>/attest": _STAFF,
    "GET /api/claims": _READ_MONEY,
    "GET /api/claims/<application_id>/<gathering>": _READ_MONEY,
    "POST /api/claims/<application_id>/<gathering>/rulings": _STAFF,
    "POST /api/claims/<application_id>/<gathering>/attest": _STAFF,
    "POST /claims/<application_id>/<gathering>/correction": _STAFF,
    "POST /claims/<application_id>/<gathering>/outside": _STAFF_OR_FINANCE,
    "POST /claims/<application_id>/<gathering>/outside-taken-back": _STAFF_OR_FINANCE,
    "POST /api/claims/<application_id>/<gathering>/correction": _STAFF,
    "POST /api/claims/<application_id>/<gathering>/outside": _STAFF_OR_FINANCE,
    "POST /api/claims/<application_id>/<gathering>/outside-taken-back": _STAFF_OR_FINANCE,
    "GET /rates": _READ_MONEY,
    "POST /rates": _STAFF,
    "GET /api/rates": _READ_MONEY,
    "POST /api/rates": _STAFF,
    "GET /accounts": _READ_MONEY,
    "GET /accounts/<application_id>/<gathering>": _READ_MONEY,
    "POST /accounts/<application_id>/<gathering>/confirm": _STAFF_OR_FINANCE,
    "POST /accounts/<application_id>/<gathering>/refuse": _STAFF_OR_FINANCE,
    "GET /payees/<kommunenummer>": _READ_MONEY,
    "POST /payees/<kommunenummer>": _STAFF,
    "POST /payees/<kommunenummer>/confirm": _STAFF_OR_FINANCE,
    "POST /payees/<kommunenummer>/end": _STAFF,
    "GET /api/accounts": _READ_MONEY,
    "POST /api/accounts/<application_id>/<gathering>/confirm": _STAFF_OR_FINANCE,
    "POST /api/accounts/<application_id>/<gathering>/refuse": _STAFF_OR_FINANCE,
    "GET /api/payees/<kommunenummer>": _READ_MONEY,
    "POST /api/payees/<kommunenummer>": _STAFF,
    "POST /api/payees/<kommunenummer>/confirm": _STAFF_OR_FINANCE,
    "POST /api/payees/<kommunenummer>/end": _STAFF,
    "GET /finance": _READ_MONEY,
    "GET /finance/balances": _READ_MONEY,
    "GET /finance/year-end": _READ_MONEY,
    "GET /finance/search": _READ_MONEY,
    "GET /finance/audit": _FINANCE_OR_AUDIT,
    "POST /finance/years/<year>": _FINANCE_OR_AUDIT,
    "POST /finance/exports/<export_id>": _FINANCE_OR_AUDIT,
    "GET /finance/debts": _READ_MONEY,
    "POST /finance/debts/<debt_id>/invoice": _FINANCE,
    "POST /finance/debts/<debt_id>/settle": _FINANCE,
    "POST /finance/debts/<debt_id>/reopen": _FINANCE,
    "GET /api/finance/balances": _READ_MONEY,
    "GET /api/finance/year-end": _READ_MONEY,
    "GET /api/finance/search": _READ_MONEY,
    "GET /api/finance/exports": _READ_MONEY,
    "POST /api/finance/years/<year>": _FINANCE_OR_AUDIT,
    "POST /api/finance/exports/<export_id>": _FINANCE_OR_AUDIT,
    "GET /api/finance/debts": _READ_MONEY,
    "POST /api/finance/debts/<debt_id>/invoice": _FINANCE,
    "POST /api/finance/debts/<debt_id>/settle": _FINANCE,
    "POST /api/finance/debts/<debt_id>/reopen": _FINANCE,
    "GET /batches": _READ_MONEY,
    "GET /batches/next": _READ_MONEY,
    "POST /batches": _STAFF,
    "GET /batches/<batch_id>": _READ_MONEY,
    "GET /batches/<batch_id>/release": _FINANCE,
    "POST /batches/<batch_id>/release": _FINANCE,
    "POST /batches/<batch_id>/refuse": _FINANCE,
    "GET /api/batches": _READ_MONEY,
    "POST /api/batches": _STAFF,
    "GET /api/batches/<batch_id>": _READ_MONEY,
    "POST /api/batches/<batch_id>/release": _FINANCE,
    "POST /api/batches/<batch_id>/refuse": _FINANCE,
    "POST /batches/<batch_id>/files/<name>": _FINANCE_OR_AUDIT,
    "POST /api/batches/<batch_id>/files/<name>": _FINANCE_OR_AUDIT,
    "POST /api/bank-files": _FINANCE,
    "GET /calendar": _READ_APPLICATIONS,
    "GET /calendar/<about>": _READ_APPLICATIONS,
    "POST /calendar/<about>/plan": _STAFF,
    "POST /calendar/<about>/change": _STAFF,
    "POST /calendar/<about>/finish": _STAFF,
    "POST /calendar/<about>/beds": _STAFF,
    "GET /api/calendar": _READ_APPLICATIONS,
    "POST /api/calendar/<about>/change": _STAFF,
    "POST /api/calendar/<about>/finish": _STAFF,
    "POST /api/calendar/<about>/beds": _STAFF,
}


def is_open_to(route: str, held: frozenset[Role]) -> bool:
    """Whether somebody signed in with these roles may use the route; KeyError if unlisted."""
    needed = ACCESS[route]
    return not needed or bool(needed & held)
