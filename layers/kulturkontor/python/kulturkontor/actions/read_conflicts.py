"""What somebody has a conflict of interest with, for a change that reaches other applications than
the one that it names.
"""

from kulturkontor.applications import Application
from kulturkontor.conflicts import ConflictError, Conflicts, Reviewing, reviewing_key
from kulturkontor.office_users import OfficeUser, person_id, user_key
from kulturkontor.programme import Programme
from kulturkontor.records import Records


def read_conflicts(by: str, programme: Programme, records: Records) -> Conflicts:
    """`by`: an address; none for what the system does by itself. One read."""
    person = person_id(by)
    keys = (user_key(person), reviewing_key(programme.id, person))
    found = records.read_mixed((OfficeUser, Reviewing), keys)
    user = next((each for each in found if isinstance(each, OfficeUser)), None)
    reviewing = next((each for each in found if isinstance(each, Reviewing)), None)
    return Conflicts(user.municipality if user else "", reviewing)


def require_open(application: Application, conflicts: Conflicts) -> None:
    """Raises ConflictError for one that is closed to them."""
    if conflicts.close(application.id, application.kommunenummer):
        raise ConflictError
