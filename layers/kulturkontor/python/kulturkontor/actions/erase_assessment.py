"""What reviewers said of an application, and why some of them could not, goes with it."""

from kulturkontor.actions.erase_accounting import write_in_parts
from kulturkontor.assessments import Assessment
from kulturkontor.conflicts import Reviewing, assessment_partition
from kulturkontor.programme import Programme
from kulturkontor.records import Put, Records, Remove, decide_again


def erase_assessment(application_id: str, programme: Programme, records: Records) -> None:
    """Scores, assignments and declared conflicts; done again it finds nothing."""
    partition = assessment_partition(programme.id)
    scores = records.list(Assessment, partition, f"SCORES#{application_id}#")
    write_in_parts([Remove(each) for each in scores], records)
    for part in records.list(Reviewing, partition, "REVIEWER#"):
        _forget(part, application_id, records)


def _forget(part: Reviewing, application_id: str, records: Records) -> None:
    def attempt() -> None:
        known = records.read(Reviewing, part.key)
        if known is not None and application_id in {*known.assigned, *known.conflicts}:
            records.write(Put(known.without(application_id)))

    decide_again(attempt)
