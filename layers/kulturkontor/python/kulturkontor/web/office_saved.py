"""The short word that tells that something was done: a cookie brings it to the next page, once.

A handler whose address tells what came of it (`?kept=…`) says it better itself.
"""

from typing import Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from kulturkontor.web.office_texts import has_text
from kulturkontor.web.office_visit import Visit

_SECONDS: Final = 60
_SILENT: Final = frozenset({"POST /language", "POST /logout", "POST /logout-everywhere"})
_CASE: Final = "POST /applications/<application_id>"
_CLAIM: Final = "POST /claims/<application_id>/<gathering>"
_CODES: Final = {
    f"{_CASE}/ask": "asked",
    f"{_CASE}/notes": "note",
    f"{_CASE}/offer-next": "offered",
    f"{_CLAIM}/attest": "attested",
    f"{_CLAIM}/rulings": "ruled",
    "POST /calendar/<about>/change": "calendar",
    "POST /calendar/<about>/finish": "mails",
    "POST /calendar/<about>/invite": "mails",
    "POST /decisions/<application_id>": "proposed",
    "POST /decisions/<application_id>/unconfirm": "unconfirmed",
    "POST /late-application": "mails",
    "POST /mails/<mail_id>/handled": "handled",
    "POST /mails/<mail_id>/resend": "mails",
    "POST /messages": "message",
    "POST /release/minutes": "minutes",
    "POST /settings/<section>/change": "settings",
    "POST /users": "user",
    "POST /users/<person>": "user",
}
"""By route, the words of what most wait to hear of; the rest are told that it is done."""


def with_word(visit: Visit, answer: Response[object]) -> Response[object]:
    """The answer, which brings the word along if it leads from a form of ours to a page of ours."""
    address = str(answer.headers.get("Location") or "")
    is_page = answer.status_code == 303 and address.startswith("/") and "?" not in address
    if is_page and visit.route.startswith("POST /") and visit.route not in _SILENT:
        answer.cookies.append(_cookie(visit, code_of(visit.route), _SECONDS))
    return answer


def code_of(route: str) -> str:
    if "/on-behalf/" in route:
        return "registered"
    return _CODES.get(route, "done")


def word_for(visit: Visit) -> str:
    """The key of the words that this page is to tell, if any."""
    key = f"saved.{visit.cookies.get(_name(visit), '')}"
    return key if has_text(visit.language, key) else ""


def told(visit: Visit) -> list[Cookie]:
    """So that the page after this one does not tell it again."""
    return [_cookie(visit, "", 0)] if _name(visit) in visit.cookies else []


def _name(visit: Visit) -> str:
    return "__Host-saved" if visit.doors.is_secure else "saved"


def _cookie(visit: Visit, value: str, seconds: int) -> Cookie:
    return Cookie(
        _name(visit),
        value,
        path="/",
        secure=visit.doors.is_secure,
        http_only=True,
        same_site=SameSite.LAX_MODE,
        max_age=seconds,
    )
