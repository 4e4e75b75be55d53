"""The pages that everybody may see before there is a case: what is asked, when, and by whom."""

from datetime import timedelta

from kulturkontor.application_period import phase
from kulturkontor.programme import Language
from kulturkontor.texts import counted
from kulturkontor.web.answers import Answer, page, text
from kulturkontor.web.assets import asset_answer
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route
from kulturkontor.wording import programme_values

LEFT = (
    ("days", timedelta(days=1)),
    ("hours", timedelta(hours=1)),
    ("minutes", timedelta(minutes=1)),
)
"""The units that time left is told in: the largest that two or more of are left."""


def show_front(request: Request) -> Answer:
    programme = request.programme
    now = phase(programme, request.at)
    ends = {"before": programme.opens_at, "open": programme.closes_at}.get(now)
    left = ends - request.at if ends else None
    return page(
        request,
        "front.html",
        phase=now,
        says=programme_values(programme, request.language),
        left=left and say_left(left, now, request.language),
        seconds_left=left and int(left.total_seconds()),
        units=[unit for unit, _ in LEFT],
    )


def say_left(left: timedelta, now: str, language: Language) -> str:
    """ "2 dager igjen", "3 timer igjen": whole units, so never more than there is."""
    for unit, size in LEFT:
        if (count := left // size) > 1:
            return text(language, f"left.{now}_{unit}", count=count)
    return text(language, f"left.{now}_moment")


def show_privacy(request: Request) -> Answer:
    terms = request.programme.retention
    language = request.language
    return page(
        request,
        "privacy.html",
        says=programme_values(request.programme, language),
        attempts=counted(language, "days", terms.draft_days),
        not_admitted=counted(language, "months", terms.not_admitted_months),
        after_end=counted(language, "months", terms.admitted_months_after_end),
        accounting=terms.accounting_years,
    )


def show_accessibility(request: Request) -> Answer:
    return page(request, "accessibility.html")


def show_contact(request: Request) -> Answer:
    return page(request, "contact.html")


def show_asset(request: Request) -> Answer:
    accepted = request.headers.get("accept-encoding", "")
    answer = asset_answer(request.path["name"], accepted)
    if answer is None:
        raise ProblemError("not_found")
    return answer


ROUTES = (
    Route(method="GET", path="/", answer=show_front),
    Route(method="GET", path="/personvern", answer=show_privacy),
    Route(method="GET", path="/tilgjengelighet", answer=show_accessibility),
    Route(method="GET", path="/kontakt", answer=show_contact),
    Route(method="GET", path="/assets/<name>", answer=show_asset),
)
