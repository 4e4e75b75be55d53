"""What the portal answers with: pages, JSON, problems, redirects and files."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel

from kulturkontor.days import format_date, format_days, format_moment, format_weekday_date
from kulturkontor.money import format_kroner
from kulturkontor.programme import Language, Programme
from kulturkontor.web.assets import asset_path
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request
from kulturkontor.word_lists import word_lists

HTML = "text/html; charset=utf-8"
PROBLEM = "application/problem+json"

PAGE_TEXTS = ("pages", "pages_apply", "pages_case", "pages_people", "pages_files", "pages_claim")
"""Where the words of the portal stand: what everybody sees, the application, the case after it, who
has a link, files, and travel claims.
"""

Answer = Response[Any]


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    send_to: str | Sequence[str] = (),
    other_language: str | None = None,
    **values: object,
) -> Answer:
    """`send_to`: other origins that forms and scripts of the page send to. `other_language`: the
    form whose button changes the language, where a link would lose what was typed.
    """
    language = request.language
    html = (
        _templates()
        .get_template(template)
        .render(
            {
                "request": request,
                "programme": request.programme,
                "language": language,
                "t": partial(text, language),
                "link": partial(link, language),
                "day": partial(format_date, language=language),
                "weekday": partial(format_weekday_date, language=language),
                "days": partial(format_days, language=language),
                "moment": partial(_say_moment, language=language),
                "kroner": format_kroner,
                "closes": say_deadline(request.programme, language),
                "asset": asset_path,
                "language_form": other_language,
                **values,
            }
        )
    )
    answered = {
        "Content-Language": language,
        "Content-Security-Policy": policy((send_to,) if isinstance(send_to, str) else send_to),
        "Vary": "Accept-Encoding, Accept-Language",
        **(headers or {}),
    }
    return Response(status, content_type=HTML, body=html, headers=answered, compress=True)


def _say_moment(at: datetime | None, language: Language, *, seconds: bool = False) -> str:
    """None: an application that came before the office was in use, and nobody knows when."""
    if at is None:
        return text(language, "own.received_earlier")
    return format_moment(at, language, seconds=seconds)


def policy(others: Sequence[str] = ()) -> str:
    """What a page may load and where it may send: ours, and other origins it names. Designsystemet
    has its icons as `data:` in its stylesheet.
    """
    send_to = " ".join(("'self'", *others))
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
        f"img-src 'self' data:; connect-src {send_to}; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {send_to}"
    )


def as_json(value: BaseModel | Mapping[str, Any], status: int = 200) -> Answer:
    body = value.model_dump_json() if isinstance(value, BaseModel) else _dump(value)
    return Response(status, content_type="application/json", body=body, compress=True)


def as_problem(request: Request, problem: ProblemError) -> Answer:
    """A problem in words, as the one who asked reads: JSON or a page."""
    if not request.wants_json:
        return page(
            request, "problem.html", status=problem.status, headers=problem.headers, problem=problem
        )
    headers = {"Content-Language": request.language, **problem.headers}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = _dump(problem.as_json(request.language))
    return Response(problem.status, content_type=PROBLEM, body=body, headers=headers)


def redirect(request: Request, path: str, **query: str) -> Answer:
    """Another page of ours, to be read with GET."""
    headers = {"Location": link(request.language, path, **query)}
    return Response(303, content_type=None, body="", headers=headers)


def link(language: Language, path: str, **query: str) -> str:
    """A path of ours in that language."""
    return f"{path}?{urlencode({**query, 'lang': language})}"


def text(language: Language, key: str, **values: str | int) -> str:
    """A text of the pages by its table and name, with its values put in."""
    table, _, name = key.partition(".")
    template: str = word_lists(language, PAGE_TEXTS)[table][name]
    return template.format_map(values)


def say_deadline(programme: Programme, language: Language) -> str:
    """The last minute in time for a deadline at midnight, which else reads as the next day."""
    closes = programme.closes_at
    at_midnight = (closes.hour, closes.minute) == (0, 0)
    return format_moment(closes - timedelta(minutes=1) if at_midnight else closes, language)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@cache
def _templates() -> Environment:
    folder = Path(__file__).parent / "templates" / "portal"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
