"""A programme's assessment as it stands: what is to be assessed, by whom, and what they have given.

Three reads, however many applications there are.
"""

from collections.abc import Sequence
from typing import NamedTuple

from kulturkontor.actions.decide import read_rows, to_decide
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.assessments import Assessment, is_submitted
from kulturkontor.conflicts import Reviewer, Reviewing, assessment_partition
from kulturkontor.days import alphabetical
from kulturkontor.municipalities import municipality
from kulturkontor.office_users import USERS, OfficeUser
from kulturkontor.programme import Programme
from kulturkontor.records import Records


class Round(NamedTuple):
    """`rows`: what is to be assessed, by the municipality's name; `reviewers` by address."""

    programme: Programme
    rows: list[ApplicationRow]
    reviewers: list[Reviewer]
    assessments: dict[tuple[str, str], Assessment]
    """By application and person."""

    def row(self, application_id: str) -> ApplicationRow | None:
        return next((each for each in self.rows if each.id == application_id), None)

    def reviewer(self, person: str) -> Reviewer | None:
        return next((each for each in self.reviewers if each.id == person), None)

    def assigned_to(self, reviewer: Reviewer) -> list[ApplicationRow]:
        return [each for each in self.rows if each.id in reviewer.part.assigned]

    def readers(self, row: ApplicationRow) -> list[Reviewer]:
        """Who the application is assigned to and may read it."""
        return [
            each
            for each in self.reviewers
            if row.id in each.part.assigned
            and each.user.may_review
            and each.conflict(row.id, row.kommunenummer) is None
        ]

    def open_to(self, row: ApplicationRow) -> list[Reviewer]:
        """Who may be dealt the application."""
        return [
            each
            for each in self.reviewers
            if each.is_dealt_to and each.conflict(row.id, row.kommunenummer) is None
        ]

    def is_done(self, row: ApplicationRow, reviewer: Reviewer) -> bool:
        return is_submitted(self.assessments.get((row.id, reviewer.id)), self.programme)

    def left_to(self, reviewer: Reviewer) -> int:
        """How many they have, may read and have not submitted points for."""
        return sum(
            reviewer in self.readers(row) and not self.is_done(row, reviewer)
            for row in self.assigned_to(reviewer)
        )

    def counting(self, row: ApplicationRow) -> list[Assessment]:
        """What was submitted, by those who have it and no conflict."""
        return [
            self.assessments[row.id, each.id]
            for each in self.readers(row)
            if self.is_done(row, each)
        ]


def read_round(programme: Programme, records: Records) -> Round:
    users = records.list(OfficeUser, USERS, "USER#")
    found = records.list_partition(
        assessment_partition(programme.id), {"REVIEWER": Reviewing, "SCORES": Assessment}
    )
    parts = {each.id: each for each in found if isinstance(each, Reviewing)}
    rows = to_decide(read_rows(programme, records))
    return Round(
        programme=programme,
        rows=sorted(
            rows, key=lambda each: alphabetical(municipality(each.kommunenummer).official_name)
        ),
        reviewers=_reviewers(users, parts, programme),
        assessments={
            (each.application_id, each.person): each
            for each in found
            if isinstance(each, Assessment)
        },
    )


def _reviewers(
    users: Sequence[OfficeUser], parts: dict[str, Reviewing], programme: Programme
) -> list[Reviewer]:
    """Those who may assess, and those who have been given something and may no longer."""
    return sorted(
        (
            Reviewer(
                user=each,
                part=parts.get(each.id) or Reviewing(programme=programme.id, email=each.email),
            )
            for each in users
            if each.may_review or each.id in parts
        ),
        key=lambda each: each.user.email,
    )
