"""Every letter and every mail about a case, for its contact. No link of a mail is shown: it would
open what it was sent to one person for.
"""

from kulturkontor.applications import Application
from kulturkontor.days import format_moment
from kulturkontor.documents import Document, as_data
from kulturkontor.made_known import as_known
from kulturkontor.mail_states import is_kept_back
from kulturkontor.mails import Mail, MailState, carries_letter, mail_key, mails_partition
from kulturkontor.programme import Programme
from kulturkontor.texts import TextError, phrase
from kulturkontor.web.answers import Answer, link, page, text
from kulturkontor.web.case_parts import Part
from kulturkontor.web.linked import LinkedRecords, by_cookie
from kulturkontor.web.portal_link import own_path, read_own
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route
from kulturkontor.wording import write

_COLOURS = {
    MailState.DELIVERED: "success",
    MailState.BOUNCED: "danger",
    MailState.FAILED: "danger",
    MailState.UNCERTAIN: "warning",
}


def show_post(request: Request) -> Answer:
    linked = by_cookie(request)
    application = read_own(request, linked)
    mails = _mails(request.programme, application, linked)
    known = as_known(application, {each.id: each for each in mails})
    return page(
        request,
        "post.html",
        base=own_path(request),
        told=[each for each in known.decisions if each.has_letter],
        sent=[_listed(request, each) for each in mails if not _is_letter_kept_back(each)],
    )


def show_mail(request: Request) -> Answer:
    linked = by_cookie(request)
    application = read_own(request, linked)
    wanted = request.path["mail_id"]
    if not wanted.startswith(f"{application.id}_"):
        raise ProblemError("not_found")
    mail = linked.read(Mail, mail_key(request.programme.id, wanted))
    if mail is None or _is_letter_kept_back(mail):
        raise ProblemError("not_found")
    document = without_links(mail, request.programme)
    return page(
        request,
        "post_mail.html",
        base=own_path(request),
        mail=mail,
        subject=_subject(request, mail),
        blocks=as_data(document) if document else None,
    )


def without_links(mail: Mail, programme: Programme) -> Document | None:
    """The mail as it reads, each link by its name alone; None if its text has changed so much since
    that it cannot be written again.
    """
    names = {slot: phrase(mail.language, each.label) for slot, each in mail.pages.items()}
    try:
        return write(
            programme, language=mail.language, name=mail.text, values={**mail.values, **names}
        )
    except TextError:
        return None


def _is_letter_kept_back(mail: Mail) -> bool:
    """What a letter says is shown once it has been handed over."""
    return carries_letter(mail.id) and is_kept_back(mail)


def _mails(programme: Programme, application: Application, linked: LinkedRecords) -> list[Mail]:
    """The newest first."""
    found = linked.list(Mail, mails_partition(programme.id), f"{application.id}_")
    return sorted(found, key=lambda each: each.queued_at, reverse=True)


def _listed(request: Request, mail: Mail) -> Part:
    language = request.language
    return Part(
        _subject(request, mail),
        link(language, f"{own_path(request)}/post/{mail.id}"),
        text(language, f"mail_state.{mail.state}"),
        _COLOURS.get(mail.state, "neutral"),
        text(language, "post.to_at", to=mail.to, at=format_moment(mail.queued_at, language)),
    )


def _subject(request: Request, mail: Mail) -> str:
    """Without the programme's name, which every subject begins with."""
    document = without_links(mail, request.programme)
    if document is None:
        return text(request.language, "post.no_subject")
    subject = document.subject.removeprefix(f"«{request.programme.name[mail.language]}»: ")
    return subject[:1].upper() + subject[1:]


ROUTES = (
    Route(method="GET", path="/sak/<application_id>/post", answer=show_post),
    Route(method="GET", path="/sak/<application_id>/post/<mail_id>", answer=show_mail),
)
