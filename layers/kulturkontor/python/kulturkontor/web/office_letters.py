"""The ledger of letters: each decision, its letter's hash and template, and its mail's fate."""

from typing import Final

from kulturkontor.actions.check_release import read_standing
from kulturkontor.actions.decide import read_rows
from kulturkontor.actions.read_books import read_mails
from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import Application, application_key
from kulturkontor.books import told_letters
from kulturkontor.decisions import Outcome
from kulturkontor.ledger_sheet import COLUMNS, ledger_rows, write_ledger_book, write_ledger_csv
from kulturkontor.letter_ledger import Fate, LedgerLine, count_fates, ledger_lines
from kulturkontor.made_known import gives_too_little_time
from kulturkontor.mails import Mail, mail_id
from kulturkontor.paging import page_of
from kulturkontor.programme import OSLO
from kulturkontor.release import LetterBooks, count_letters
from kulturkontor.web.office_answers import Answer, as_json, file, page
from kulturkontor.web.office_bars import Parted, closed_words, part
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_files import XLSX, serve
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit


def show_ledger(visit: Visit) -> Answer:
    rows = read_rows(visit.programme, visit.records)
    mails = _mails(visit)
    every = _ledger(visit, rows, mails)
    fates = count_fates(every)
    wanted, number = visit.query("state"), visit.query("page")
    lines, closed = _open(visit, [line for line in every if wanted in ("", line.fate)])
    shown = page_of(lines, int(number) if number.isdecimal() else 1)
    return page(
        visit,
        "letters",
        standing=read_standing(visit.programme, visit.records),
        shown=shown,
        too_late=[
            line.mail.id for line in shown.rows if line.mail and _is_too_late(visit, line, mails)
        ],
        closed=closed,
        books=_books(rows, mails),
        arrived=sum(line.has_arrived_since for line in every),
        fates=[(fate, count) for fate, count in fates.items() if count],
    )


def _is_too_late(visit: Visit, line: LedgerLine, mails: dict[str, Mail]) -> bool:
    today = visit.now.astimezone(OSLO).date()
    return line.is_last and gives_too_little_time(
        line.application, line.decision, mails, today=today, programme=visit.programme
    )


def show_ledger_json(visit: Visit) -> Answer:
    rows = read_rows(visit.programme, visit.records)
    lines, closed = _open(visit, _ledger(visit, rows, _mails(visit)))
    return as_json(
        [
            {
                "application_id": line.application.id,
                "reference": line.application.reference,
                "serial": line.decision.serial,
                "outcome": line.decision.outcome,
                "fate": line.fate,
                "letter": line.decision.letter,
                "mail": line.mail and {"id": line.mail.id, "state": line.mail.state},
                "second_contact": line.second
                and {"id": line.second.id, "state": line.second.state},
                "sent_again": line.again and {"id": line.again.id, "state": line.again.state},
            }
            for line in lines
        ],
        closed=closed,
    )


def export_ledger(visit: Visit) -> Answer:
    """The whole ledger; `form=csv` or a workbook."""
    rows = read_rows(visit.programme, visit.records)
    words = {
        **{f"outcome.{each}": say(visit.language, f"outcomes.{each}") for each in Outcome},
        **{f"fate.{each}": say(visit.language, f"fates.{each}") for each in Fate},
    }
    headings = {name: say(visit.language, f"ledger_columns.{name}") for name in COLUMNS}
    lines, closed = _open(visit, _ledger(visit, rows, _mails(visit)))
    table = ledger_rows(lines, words)
    if closed:
        table.append(dict.fromkeys(COLUMNS, "") | {"municipality": closed_words(visit, closed)})
    called = say(visit.language, "letters.file_name")
    name = f"{visit.programme.id}-{called}-{visit.now:%Y-%m-%d}"
    if visit.query("form") == "csv":
        data = write_ledger_csv(table, headings)
        return file(data, name=f"{name}.csv", media_type="text/csv; charset=utf-8")
    title = say(visit.language, "letters.title")
    data = write_ledger_book(table, headings, title=title, made_at=visit.now)
    return file(data, name=f"{name}.xlsx", media_type=XLSX)


def _mails(visit: Visit) -> dict[str, Mail]:
    return {mail.id: mail for mail in read_mails(visit.programme, visit.records)}


def _ledger(visit: Visit, rows: list[ApplicationRow], mails: dict[str, Mail]) -> list[LedgerLine]:
    keys = [application_key(row.id) for row in rows if row.letters]
    found = visit.records.read_many(Application, keys) if keys else []
    return ledger_lines(found, mails)


def _open(visit: Visit, lines: list[LedgerLine]) -> Parted[LedgerLine]:
    return part(visit, lines, lambda line: [line.application.id])


def _books(rows: list[ApplicationRow], mails: dict[str, Mail]) -> LetterBooks:
    told = (mail_id(row.id, "letter", mark.n) for row, mark in told_letters(rows))
    return count_letters(rows, [mails[each] for each in told if each in mails])


def serve_letter(visit: Visit) -> Answer:
    reference, serial = visit.params["reference"], visit.params["serial"]
    ids = [
        row.id for row in read_rows(visit.programme, visit.records) if row.reference == reference
    ]
    application = visit.records.read(Application, application_key(ids[0])) if ids else None
    written = [
        each.letter.key
        for each in ((*application.decisions, *application.taken_back) if application else ())
        if str(each.serial) == serial and each.letter and each.letter.key
    ]
    if not written:
        raise OfficeError(404, "unknown")
    return serve(visit, written[0], file_name=f"{reference}-{serial}.pdf")


ROUTES: Final[dict[str, Handler]] = {
    "GET /letters": show_ledger,
    "GET /letters/export": export_ledger,
    "GET /api/letters": show_ledger_json,
    "GET /api/letters/<reference>/<serial>": serve_letter,
}
