"""The secret link of a mail: looking changes nothing, the button opens the case.

Mail scanners open links, and some press buttons too: neither spends the link. The button keeps it
in a cookie, so that no page's own address holds the secret.
"""

import re

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from kulturkontor.actions.read_known import read_known
from kulturkontor.applications import Application, application_key
from kulturkontor.web.answers import Answer, page, redirect
from kulturkontor.web.linked import LinkedRecords, by_cookie, by_token, case_path, cookie_name
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

WANTED_FIELD = "til"
_WANTED = re.compile(r"(/[A-Za-z0-9_-]{1,40}){1,4}")


def show_link(request: Request) -> Answer:
    read_own(request, by_token(request, request.path["token"]))
    return page(request, "link.html", wanted=path_within(request.query.get(WANTED_FIELD, "")))


def open_case(request: Request) -> Answer:
    token = request.path["token"]
    linked = by_token(request, token)
    read_own(request, linked)
    wanted = path_within(request.read_form().get(WANTED_FIELD, ""))
    application_id = linked.link.application_id
    answer = redirect(request, f"{case_path(application_id)}{wanted}")
    answer.cookies = [case_cookie(request, application_id, token)]
    return answer


def close_case(request: Request) -> Answer:
    """For machines that people share: the next one at it needs the mail's link."""
    by_cookie(request)
    answer = redirect(request, "/", lukket="ja")
    answer.cookies = [case_cookie(request, request.path["application_id"], "")]
    return answer


def case_cookie(request: Request, application_id: str, token: str) -> Cookie:
    """Until the browser is closed; an empty token takes it away."""
    return Cookie(
        cookie_name(application_id, is_secure=request.doors.is_secure),
        token,
        path="/",
        secure=request.doors.is_secure,
        http_only=True,
        same_site=SameSite.LAX_MODE,
        max_age=None if token else 0,
    )


def read_own(request: Request, linked: LinkedRecords) -> Application:
    """The link's application; its language is that of the page."""
    application = linked.read(Application, application_key(linked.link.application_id))
    if application is None:
        raise ProblemError("gone")
    request.prefers = application.language
    return application


def read_known_own(request: Request, linked: LinkedRecords) -> Application:
    """The same as its municipality knows it: without letters that nobody has been sent yet."""
    return read_known(read_own(request, linked), linked)


def own_path(request: Request) -> str:
    return case_path(request.path["application_id"])


def path_within(text: str) -> str:
    """The page of a case that a request names, as `/reisekrav/S1`; the first if it names none."""
    return text if _WANTED.fullmatch(text) else ""


ROUTES = (
    Route(method="GET", path="/s/<token>", answer=show_link, right=None),
    Route(method="POST", path="/s/<token>", answer=open_case, right=None),
    Route(method="POST", path="/sak/<application_id>/lukk", answer=close_case, right=None),
)
