"""The ledger of letters: each decision, its letter's hash and template, and its mail's fate."""

from typing import Final, NamedTuple

from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.read_books import read_mails
from kulturkontor.applications import Application, application_key
from kulturkontor.books import told_letters
from kulturkontor.decisions import Decision, LetterState
from kulturkontor.mails import Mail, mail_id
from kulturkontor.municipalities import municipality
from kulturkontor.release import count_letters
from kulturkontor.web.office_answers import Answer, as_json, page
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_files import serve
from kulturkontor.web.office_visit import Handler, Visit


class LedgerLine(NamedTuple):
    application: Application
    municipality: str
    decision: Decision
    mail: Mail | None

    @property
    def state(self) -> str:
        """Of the letter until it is written, then of its mail."""
        return self.mail.state if self.mail else self.decision.letter_state


def show_ledger(visit: Visit) -> Answer:
    rows = read_rows(visit.programme, visit.records)
    mails = {mail.id: mail for mail in read_mails(visit.programme, visit.records)}
    lines = _ledger(visit, [row.id for row in rows if row.letters], mails)
    told = [
        mails[key] for row, mark in told_letters(rows) if (key := _mail_id(row.id, mark.n)) in mails
    ]
    wanted = visit.query("state")
    return page(
        visit,
        "letters",
        lines=[line for line in lines if wanted in ("", line.state, line.decision.letter_state)],
        books=count_letters(rows, told),
        states=sorted({line.state for line in lines}),
    )


def show_ledger_json(visit: Visit) -> Answer:
    rows = read_rows(visit.programme, visit.records)
    mails = {mail.id: mail for mail in read_mails(visit.programme, visit.records)}
    lines = _ledger(visit, [row.id for row in rows if row.letters], mails)
    return as_json(
        [
            {
                "application_id": line.application.id,
                "reference": line.application.reference,
                "serial": line.decision.serial,
                "outcome": line.decision.outcome,
                "letter": line.decision.letter,
                "mail": line.mail and {"id": line.mail.id, "state": line.mail.state},
            }
            for line in lines
        ]
    )


def _ledger(visit: Visit, ids: list[str], mails: dict[str, Mail]) -> list[LedgerLine]:
    found = (
        visit.records.read_many(Application, [application_key(each) for each in ids]) if ids else []
    )
    return [
        LedgerLine(
            application=application,
            municipality=municipality(application.kommunenummer).official_name,
            decision=decision,
            mail=mails.get(_mail_id(application.id, decision.serial)),
        )
        for application in sorted(found, key=lambda each: each.reference or "")
        for decision in application.decisions
    ]


def _mail_id(application_id: str, serial: int) -> str:
    return mail_id(application_id, "letter", serial)


def serve_letter(visit: Visit) -> Answer:
    reference, serial = visit.params["reference"], visit.params["serial"]
    ids = [
        row.id for row in read_rows(visit.programme, visit.records) if row.reference == reference
    ]
    application = visit.records.read(Application, application_key(ids[0])) if ids else None
    told = [
        each.letter
        for each in (application.decisions if application else ())
        if str(each.serial) == serial and each.letter_state is LetterState.RENDERED
    ]
    if not told or told[0] is None:
        raise OfficeError(404, "unknown")
    return serve(visit, told[0].key, file_name=f"{reference}-{serial}.pdf")


ROUTES: Final[dict[str, Handler]] = {
    "GET /letters": show_ledger,
    "GET /api/letters": show_ledger_json,
    "GET /api/letters/<reference>/<serial>": serve_letter,
}
