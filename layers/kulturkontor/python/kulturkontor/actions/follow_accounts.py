"""The sign-in service's accounts follow what an administrator has set: whoever is shut out has them
disabled, whoever is let in again has them back.

Our own sessions refuse from the same write on. The accounts are another service, which may be down:
that they are due stands in that write, is done at once if it can be, and else by `sweep`. Doing it
again changes nothing.
"""

from kulturkontor.actions.ports import Accounts, AccountsLaterError
from kulturkontor.office_users import ACCOUNT, OfficeUser, user_key
from kulturkontor.records import Put, Records, decide_again


def follow_account(person: str, *, accounts: Accounts, records: Records) -> bool:
    """Whether they follow now. Where somebody changed the user meanwhile, what was changed to is
    done as well: of two opposite changes the one that stands is the last to be done.
    """

    def attempt() -> bool:
        user = records.read(OfficeUser, user_key(person))
        if user is None:
            return True
        if user.is_blocked:
            accounts.shut_out(user.email)
        else:
            accounts.let_in(user.email)
        records.write(Put(user.but(account_due_at=None)))
        return True

    try:
        return decide_again(attempt)
    except AccountsLaterError:
        return False


def follow_accounts(*, accounts: Accounts, records: Records) -> int:
    """How many users' accounts were behind, and follow now."""
    due = records.list_open(OfficeUser, ACCOUNT)
    return sum(follow_account(each.id, accounts=accounts, records=records) for each in due)
