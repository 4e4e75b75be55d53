"""Read whether letters have been handed over: what a municipality may see, and be answered for.

One read of the letters' mails, and none where no letter is written; one more where SES never took
one and staff have sent it again.
"""

from collections.abc import Iterable
from datetime import datetime

from kulturkontor.applications import Application, application_key
from kulturkontor.decisions import Decision
from kulturkontor.made_known import (
    as_known,
    gives_too_little_time,
    is_letter_kept_back,
    last_told,
    letter_mail_ids,
    sent_again_ids,
)
from kulturkontor.mails import Mail, carries_letter, mail_key
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Records


def read_known(application: Application, records: Records) -> Application:
    """The application as its municipality knows it; to be shown, never to be kept."""
    return as_known(application, _mails(application.programme, application.decisions, records))


def made_known(applications: Iterable[Application], records: Records) -> list[Application]:
    """Those of one programme that know their last letter, or have none."""
    found = list(applications)
    last = {each.id: last_told(each) for each in found}
    told = [each for each in last.values() if each is not None]
    mails = _mails(found[0].programme, told, records) if found else {}
    return [
        each
        for each in found
        if (letter := last[each.id]) is None or not is_letter_kept_back(letter, mails)
    ]


def read_letter_mails(
    application: Application, decisions: Iterable[Decision], records: Records
) -> list[Mail]:
    """The mails that bring their letters: the contact's first, then copies, and what staff sent
    once more of those that nobody can have.
    """
    return list(_mails(application.programme, decisions, records).values())


def read_too_late(
    waiting: Iterable[Mail], *, now: datetime, programme: Programme, records: Records
) -> list[Application]:
    """The applications whose letters are among those mails, and can go no more as they are."""
    about = {mail.id.split("_")[0] for mail in waiting if carries_letter(mail.id)}
    found = records.read_many(Application, [application_key(each) for each in sorted(about)])
    last = {each.id: decision for each in found if (decision := last_told(each)) is not None}
    mails = _mails(programme.id, last.values(), records)
    today = now.astimezone(OSLO).date()
    return [
        each
        for each in found
        if each.id in last
        and gives_too_little_time(each, last[each.id], mails, today=today, programme=programme)
    ]


def _mails(programme_id: str, decisions: Iterable[Decision], records: Records) -> dict[str, Mail]:
    ids = [mail_id for each in decisions for mail_id in letter_mail_ids(each)]
    found = dict[str, Mail]()
    while ids:
        more = records.read_many(Mail, [mail_key(programme_id, each) for each in ids])
        found.update((mail.id, mail) for mail in more)
        ids = sent_again_ids(more)
    return found
