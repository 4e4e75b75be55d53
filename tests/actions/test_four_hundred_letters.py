"""More letters than there are municipalities, in one run: each written, kept and queued once.

The records and queues are in memory, since moto reads its own whole at each write; the files are
moto's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from time import process_time
from typing import Any

from kulturkontor.application_rows import put
from kulturkontor.applications import Application
from kulturkontor.aws.wiring import Wiring
from kulturkontor.decisions import LetterState, Outcome
from kulturkontor.letter_ledger import Fate, count_fates, ledger_lines
from kulturkontor.mails import is_letter_itself
from kulturkontor.municipalities import all_municipalities
from tests.actions.memory_records import MemoryRecords
from tests.office_factory import CONFIRMER, all_mails, letter, oslo, read, release
from tests.rules.application_factory import a_decision, an_application

LETTERS = 400
SECONDS = 60
"""Of the processor; far more than it takes."""
BATCH = 25
OUTCOMES = (Outcome.ADMITTED, Outcome.WAITLISTED, Outcome.REJECTED)


class Listed:
    """A queue that keeps what it is sent."""

    def __init__(self) -> None:
        self.messages: list[Mapping[str, Any]] = []

    def send(self, messages: Iterable[Mapping[str, Any]]) -> None:
        self.messages += messages


def decided(number: int) -> Application:
    """One of 400: the municipalities one after another, then some of them a second time."""
    known = [each.kommunenummer for each in all_municipalities()]
    kommunenummer = known[number % len(known)]
    suffix = "-B" if number >= len(known) else ""
    outcome = OUTCOMES[number % len(OUTCOMES)]
    decision = a_decision(
        outcome,
        rank=number if outcome is Outcome.WAITLISTED else None,
        language="nn" if number % 2 else "nb",
        confirmed_by=CONFIRMER,
        confirmed_at=oslo("2026-04-21T10:00:00"),
    )
    return an_application(
        kommunenummer,
        id=f"{number:032x}",
        reference=f"KFK2-2026-{kommunenummer}{suffix}",
        decisions=(decision,),
    )


def test_four_hundred_letters_are_written_kept_and_queued_in_one_run(aws: Wiring) -> None:
    memory: Any = MemoryRecords()
    letter_queue: Any = Listed()
    mail_queue: Any = Listed()
    here = replace(aws, records=memory, letter_queue=letter_queue, mail_queue=mail_queue)
    applications = [decided(number) for number in range(LETTERS)]
    for start in range(0, LETTERS, BATCH):
        page = applications[start : start + BATCH]
        memory.write(*(change for each in page for change in put(each)))
    began = process_time()
    assert release(here)["letters"] == LETTERS
    tasks = letter_queue.messages
    assert sorted(each["application"] for each in tasks) == [each.id for each in applications]
    for each in tasks:
        letter(here, each["application"])
    seconds = process_time() - began
    mails = all_mails(here)
    letters = [mail for mail in mails.values() if is_letter_itself(mail.id)]
    written = [read(here, each.id) for each in applications]
    kept = [each.decisions[-1].letter for each in written]
    assert [each and each.state for each in kept] == [LetterState.RENDERED] * LETTERS
    assert len(letters) == len({each.key for each in kept if each}) == LETTERS
    assert count_fates(ledger_lines(written, mails))[Fate.WAITING] == LETTERS
    assert all(here.archive.read(each.key).startswith(b"%PDF-") for each in kept if each)
    queued = {each["mail"] for each in mail_queue.messages}
    assert {mail.id for mail in letters} <= queued
    assert seconds < SECONDS
