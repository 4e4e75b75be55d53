"""What the office answers with: a page, a problem, JSON, another address, or a file."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.shared.cookies import Cookie
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import TypeAdapter

from kulturkontor.accounts import format_account_number
from kulturkontor.audit import AuditRow
from kulturkontor.days import format_date, format_moment
from kulturkontor.mails import Mail
from kulturkontor.money import format_kroner
from kulturkontor.programme import Language
from kulturkontor.web.assets import asset_path
from kulturkontor.web.office_access import nearest_page
from kulturkontor.web.office_faults import FieldFault, OfficeError
from kulturkontor.web.office_menu import MenuGroup, menu
from kulturkontor.web.office_saved import told, word_for
from kulturkontor.web.office_texts import has_text, say
from kulturkontor.web.office_visit import Visit, origin

HTML: Final = "text/html; charset=utf-8"
PROBLEM: Final = "application/problem+json"
_JSON: Final = TypeAdapter(Any)
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Strict-Transport-Security": "max-age=63072000",
}

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\S+")
_PERSON: Final = re.compile(r"[a-z0-9]{8,40}")
"""The id of who has, or had, a link of their own."""
_OF_LINKS: Final = ("link", "link_renewed", "link_removed")

Answer = Response[Any]


def page(
    visit: Visit,
    name: str,
    /,
    *,
    status: int = 200,
    forms_to: tuple[str, ...] = (),
    **values: object,
) -> Answer:
    """A page of `templates/office`. `forms_to`: other origins that its forms may lead to."""
    language = visit.language
    body = (
        _templates(language)
        .get_template(f"{name}.html")
        .render(
            visit=visit,
            session=visit.session,
            programme=visit.programme,
            language=language,
            saved=word_for(visit),
            **values,
        )
    )
    forms = " ".join(("'self'", origin(visit.doors.login_url), *forms_to))
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {**_HEADERS, "Content-Security-Policy": policy, "Content-Language": language}
    return Response(
        status, content_type=HTML, body=body, headers=headers, cookies=told(visit), compress=True
    )


def as_json(value: Any, *, status: int = 200, closed: int = 0) -> Answer:
    """Models, dates and enums as pydantic writes them. `closed`: how many rows of a list are left
    out, since the visitor has a conflict of interest about them.
    """
    body = _JSON.dump_json(value).decode()
    headers = _HEADERS | ({"X-Rows-Closed": str(closed)} if closed else {})
    return Response(
        status, content_type="application/json", body=body, headers=headers, compress=True
    )


def redirect(address: str, *, status: int = 303, cookies: tuple[Cookie, ...] = ()) -> Answer:
    headers = {**_HEADERS, "Location": address}
    return Response(status, body="", headers=headers, cookies=list(cookies))


def file(data: bytes, *, name: str, media_type: str) -> Answer:
    headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(200, content_type=media_type, body=data, headers=headers)


def inline(data: bytes, *, name: str, media_type: str) -> Answer:
    """A file that the browser shows."""
    headers = {**_HEADERS, "Content-Disposition": f'inline; filename="{name}"'}
    return Response(200, content_type=media_type, body=data, headers=headers)


def refusal(visit: Visit, fault: OfficeError) -> Answer:
    """The fault as a problem (RFC 9457) or as a page, in the visitor's language."""
    code = fault.code if has_text("nb", f"problems.{fault.code}.title") else "refused"
    title = say(visit.language, f"problems.{code}.title")
    detail = say(visit.language, f"problems.{code}.detail")
    errors = [
        {"field": each.field, "code": each.code, "message": _field_words(visit.language, each)}
        for each in fault.errors
    ]
    if not visit.is_api:
        return page(
            visit,
            "problem",
            status=fault.status,
            title=title,
            detail=detail,
            errors=errors,
            back=_back(visit),
        )
    problem: Mapping[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": fault.status,
        "detail": detail,
        "code": fault.code,
        "errors": errors,
    }
    body = json.dumps(problem, ensure_ascii=False)
    return Response(fault.status, content_type=PROBLEM, body=body, headers=_HEADERS)


def _back(visit: Visit) -> str:
    """The page that the visitor came from, or the nearest above it; nothing for the first one, nor
    for the page that could not be shown.
    """
    page = nearest_page(visit.came_from)
    is_this = page == visit.event.path and visit.event.http_method == "GET"
    return "" if is_this or page == "/" else page


def _field_words(language: Language, fault: FieldFault) -> str:
    return fault.message or _message(language, fault.code)


def _message(language: Language, code: str) -> str:
    known = has_text(language, f"fields.{code}")
    return say(language, f"fields.{code}" if known else "fields.other")


def _menu(visit: Visit) -> list[MenuGroup]:
    return menu(visit.event.path, visit.roles)


def _mail_name(language: Language, mail: Mail) -> str:
    """What the mail is and whom it is about."""
    key = f"mail_texts.{mail.text}"
    name = say(language, key) if has_text(language, key) else mail.text
    about = mail.values.get("municipality") or mail.values.get("reference")
    return f"{name}, {about}" if isinstance(about, str) and about else name


def _audited(language: Language, row: AuditRow) -> str:
    """A change in words; what follows a `#` is the gathering or the batch it was made to, or whose
    link it is about and its number, which tell the reader nothing.
    """
    kind, _, part = row.what.partition("#")
    if kind == "on_behalf":
        return _on_behalf(language, row, part)
    key = f"audit.{kind}" if has_text(language, f"audit.{kind}") else "audit.other"
    if kind == "contact":
        return say(language, key)
    part = "" if kind in _OF_LINKS else part
    values = [_changed(language, kind, each) for each in (row.before, row.after) if each]
    told = f"({' → '.join(values)})" if values else ""
    return " ".join(each for each in (say(language, key), part, told) if each)


def _on_behalf(language: Language, row: AuditRow, step: str) -> str:
    """A step that staff registered for the municipality, and from what source."""
    source = say(language, f"sources.{row.before}")
    day = format_date(date.fromisoformat(row.after), language)
    what = say(language, f"on_behalf_steps.{step}")
    return say(language, "on_behalf.audited", step=what, source=source, day=day)


def _actor(language: Language, by: str) -> str:
    """Staff by their address; a function of ours, or whoever had a link, in words."""
    if has_text(language, f"actors.{by}"):
        return say(language, f"actors.{by}")
    return say(language, "actors.own_link") if _PERSON.fullmatch(by) else by


def _changed(language: Language, kind: str, value: str) -> str:
    if kind in ("attest", "rulings") and value.isdigit():
        return format_kroner(int(value))
    if _MOMENT.fullmatch(value):
        return format_moment(datetime.fromisoformat(value), language)
    if kind in _OF_LINKS:
        return ", ".join(say(language, f"rights.{each}") for each in value.split(","))
    sections = ("outcomes", "places", "claim_states", "batch_states")
    known = (f"{section}.{value}" for section in sections)
    return next((say(language, key) for key in known if has_text(language, key)), value)


def _sent_or_letter_state(language: Language, state: str) -> str:
    kind = "mail_states" if has_text(language, f"mail_states.{state}") else "letter_states"
    return say(language, f"{kind}.{state}")


@cache
def _templates(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates" / "office"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        t=partial(say, language),
        asset=asset_path,
        menu=_menu,
        mail_name=partial(_mail_name, language),
        field_words=lambda errors: sorted({_message(language, each.code) for each in errors}),
        audited=partial(_audited, language),
        letter_or_mail_state=partial(_sent_or_letter_state, language),
    )
    environment.filters.update(
        moment=lambda at: format_moment(at, language) if at else "–",
        day=lambda day: format_date(day, language) if day else "–",
        kroner=format_kroner,
        decimal=lambda number: f"{number.normalize():f}".replace(".", ","),
        actor=partial(_actor, language),
        thousands=lambda number: f"{number:,}".replace(",", "\u00a0"),
        kilobytes=lambda size: f"{-(-size // 1000)} kB" if size else "–",
        account=format_account_number,
    )
    return environment
