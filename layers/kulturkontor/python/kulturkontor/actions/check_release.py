"""All that must be in order before the letters go, found out at once: for the mail and the page."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from kulturkontor.actions.decide import read_rows
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import Application, application_key
from kulturkontor.broken_texts import find_text_concerns
from kulturkontor.decision_letters import LetterFigures, figures_of, find_letter_fault
from kulturkontor.letter_previews import LetterPreviews, previews_key
from kulturkontor.mails import STAFF, Mail, mails_partition
from kulturkontor.programme import Programme
from kulturkontor.records import Records
from kulturkontor.release import Release, release_key
from kulturkontor.release_checks import (
    Concern,
    find_address_faults,
    find_blockers,
    find_concerns,
    find_letter_faults,
    to_answer,
)
from kulturkontor.release_control import ReleaseControl, control_key
from kulturkontor.sending_account import SendingAccount, find_account_faults
from kulturkontor.sheet_imports import SHEET, SheetImport

Look = Callable[[], SendingAccount]
"""Asks SES how the account stands."""


class Standing(NamedTuple):
    """Where the release is: `release` is None until it has begun."""

    release: Release | None
    control: ReleaseControl
    previews: LetterPreviews | None


def read_standing(programme: Programme, records: Records) -> Standing:
    keys = [release_key(programme.id), control_key(programme.id), previews_key(programme.id)]
    found = {
        type(each): each
        for each in records.read_mixed([Release, ReleaseControl, LetterPreviews], keys)
    }
    release, control = found.get(Release), found.get(ReleaseControl)
    previews = found.get(LetterPreviews)
    return Standing(
        release if isinstance(release, Release) else None,
        control if isinstance(control, ReleaseControl) else ReleaseControl(programme=programme.id),
        previews if isinstance(previews, LetterPreviews) else None,
    )


def blockers_of(
    rows: Sequence[ApplicationRow], control: ReleaseControl, records: Records
) -> list[Concern]:
    minutes = control.minutes
    return find_blockers(
        rows,
        minutes.admitted if minutes else None,
        sheet_is_applying=bool(records.list_open(SheetImport, SHEET)),
    )


def read_to_answer(rows: Sequence[ApplicationRow], records: Records) -> list[Application]:
    """The applications that get an answer, whole, in the order of their references."""
    wanted = sorted(to_answer(rows), key=lambda row: row.reference or "")
    keys = [application_key(row.id) for row in wanted]
    return records.read_many(Application, keys) if keys else []


def check_release(
    *,
    now: datetime,
    copy_to_postmottak: bool,
    standing: Standing,
    programme: Programme,
    records: Records,
    look: Look,
) -> tuple[list[Concern], list[ApplicationRow]]:
    """What is not in order, what keeps the letters back first; and the rows it was found in."""
    rows = read_rows(programme, records)
    applications = read_to_answer(rows, records)
    figures = figures_of(rows, programme, now)
    mails = records.list(Mail, mails_partition(programme.id), "")
    waiting = records.list_open(Mail, STAFF)
    previews = standing.previews
    concerns = [
        *blockers_of(rows, standing.control, records),
        *find_concerns(rows, waiting, programme),
        *find_text_concerns(programme),
        *find_address_faults(applications, mails),
        *find_letter_faults(
            applications,
            _faults(applications, figures, programme),
            previews.pages if previews else {},
            programme,
        ),
        *find_account_faults(
            look(),
            mails=sum(_mails_of(each, copy_to_postmottak) for each in applications),
            per_second=programme.decision.mails_per_second,
        ),
    ]
    return concerns, rows


def _faults(
    applications: Sequence[Application], figures: LetterFigures, programme: Programme
) -> dict[str, str]:
    found = {
        each.reference or "": find_letter_fault(each, figures, programme) for each in applications
    }
    return {reference: fault for reference, fault in found.items() if fault}


def _mails_of(application: Application, copy_to_postmottak: bool) -> int:
    """The letter, the leader's copy, and the copy to postmottak where it is on."""
    leader = application.answers.leader.email
    is_copied = bool(leader) and leader != application.answers.contact.email
    return 1 + is_copied + copy_to_postmottak
