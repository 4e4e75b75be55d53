"""What must be in order before the letters go, and what of it keeps them back.

What keeps them back: somebody without an answer, an answer that no second person has confirmed,
another number of admitted than the board's minutes have (or no number), and a sheet that is being
put in. The rest is told, and the letters it is about are held while the others go.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.decisions import LetterState, Outcome
from kulturkontor.mails import Mail, MailState
from kulturkontor.programme import Programme
from kulturkontor.written_forms import has_other_form


class Concern(BaseModel):
    """One thing the preflight found: its code, and the references it is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    references: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    """What each reference is the id of: an application, a mail (of an address that bounces: the
    last to it), or a text.
    """
    blocks: bool = False
    """Whether the letters stay until it is mended, or two persons let it pass."""


def to_answer(rows: Iterable[ApplicationRow]) -> list[ApplicationRow]:
    return [row for row in rows if row.gets_answer]


def find_blockers(
    rows: Sequence[ApplicationRow], admitted_by_board: int | None, *, sheet_is_applying: bool
) -> list[Concern]:
    """What keeps the letters back. Without a number from the board there is nothing to check the
    letters against, so its absence keeps them back as well.
    """
    answered = to_answer(rows)
    found = [
        *_about("undecided", [row for row in answered if not row.letters], blocks=True),
        *_about(
            "unconfirmed",
            [row for row in answered if row.letters and not row.letters[-1].c],
            blocks=True,
        ),
    ]
    admitted = sum(row.outcome == Outcome.ADMITTED for row in answered)
    if admitted_by_board is None:
        found.append(Concern(code="minutes_missing", references=(str(admitted),), blocks=True))
    elif admitted != admitted_by_board:
        numbers = (str(admitted), str(admitted_by_board))
        found.append(Concern(code="minutes_differ", references=numbers, blocks=True))
    if sheet_is_applying:
        found.append(Concern(code="sheet_applying", blocks=True))
    return found


def find_concerns(
    rows: Sequence[ApplicationRow], waiting: Sequence[Mail], programme: Programme
) -> list[Concern]:
    """What staff should look at beside what keeps the letters back. Empty when all is in order."""
    answered = to_answer(rows)
    found = {
        "competing": [row for row in answered if row.state is ApplicationState.COMPETING],
        "held": [row for row in answered if any(m.s is LetterState.HELD for m in row.letters)],
        "withdrawal_asked": [row for row in rows if row.state is ApplicationState.WITHDRAWAL_ASKED],
    }
    concerns = [each for code, those in found.items() for each in _about(code, those)]
    admitted = sum(row.holds_place for row in answered)
    if admitted and admitted != programme.decision.places:
        numbers = (str(admitted), str(programme.decision.places))
        concerns.append(Concern(code="places_differ", references=numbers))
    if ids := tuple(sorted({mail.id for mail in waiting})):
        concerns.append(Concern(code="mails_need_staff", references=ids, ids=ids))
    return concerns


def find_address_faults(
    applications: Sequence[Application], mails: Sequence[Mail]
) -> list[Concern]:
    """Letters that would go nowhere: no address, or one that the last mail to it came back from."""
    last = {mail.to: mail for mail in sorted(mails, key=lambda mail: mail.queued_at)}
    missing, bouncing = [], []
    for application in applications:
        address = application.answers.contact.email
        if not address:
            missing.append(application)
        elif (mail := last.get(address)) and mail.state is MailState.BOUNCED:
            bouncing.append((application.reference or "", mail.id))
    return [*_of("address_missing", missing), *_named("address_bounces", bouncing, False)]


def find_letter_faults(
    applications: Sequence[Application],
    faults: Mapping[str, str],
    pages: Mapping[str, int],
    programme: Programme,
) -> list[Concern]:
    """Letters that would be held, are longer than the setting, or seem to be in both written forms;
    `faults` and `pages` by the application's reference.
    """
    most = programme.decision.max_letter_pages
    long = [each for each in applications if pages.get(each.reference or "", 0) > most]
    faulty = [each for each in applications if each.reference in faults]
    mixed = [each for each in applications if each.decision and has_other_form(each.decision)]
    return [
        *_of("letter_faulty", faulty),
        *_of("letter_long", long),
        *_of("letter_mixed", mixed),
    ]


def _about(code: str, rows: Collection[ApplicationRow], *, blocks: bool = False) -> list[Concern]:
    return _named(code, [(row.reference or "", row.id) for row in rows], blocks)


def _of(code: str, applications: Collection[Application]) -> list[Concern]:
    return _named(code, [(each.reference or "", each.id) for each in applications], False)


def _named(code: str, named: Iterable[tuple[str, str]], blocks: bool) -> list[Concern]:
    found = sorted(named)
    if not found:
        return []
    references, ids = zip(*found, strict=True)
    return [Concern(code=code, references=references, ids=ids, blocks=blocks)]
