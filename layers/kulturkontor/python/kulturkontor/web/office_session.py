"""Sign in, come back, sign out; and the language of the pages."""

from typing import Final

from aws_lambda_powertools.shared.cookies import Cookie, SameSite
from pydantic import BaseModel, ConfigDict

from kulturkontor.actions.change_users import end_sessions
from kulturkontor.actions.sign_in import SignInError, close_session, open_session
from kulturkontor.office_users import person_id
from kulturkontor.programme import Language
from kulturkontor.sessions import LENGTH
from kulturkontor.web import login
from kulturkontor.web.office_answers import Answer, as_json, redirect
from kulturkontor.web.office_doors import OfficeDoors
from kulturkontor.web.office_visit import LANGUAGE_COOKIE, Handler, Visit

_YEAR: Final = 365 * 24 * 3600


class LanguageIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language


def session_cookie_name(doors: OfficeDoors) -> str:
    return "__Host-session" if doors.is_secure else "session"


def _attempt_cookie_name(doors: OfficeDoors) -> str:
    return "__Host-login" if doors.is_secure else "login"


def begin_sign_in(visit: Visit) -> Answer:
    doors = visit.doors
    attempt = login.begin(doors, wanted=visit.query("next"), now=visit.now)
    sealed = login.seal(attempt, doors.signing_key())
    seconds = int(login.PATIENCE.total_seconds())
    cookie = _cookie(doors, _attempt_cookie_name(doors), sealed, seconds)
    return redirect(login.sign_in_address(doors, attempt), status=302, cookies=(cookie,))


def finish_sign_in(visit: Visit) -> Answer:
    doors = visit.doors
    if visit.query("error"):
        raise SignInError("refused by the sign-in service")
    sealed = visit.cookies.get(_attempt_cookie_name(doors), "")
    attempt = login.unseal(sealed, doors.signing_key())
    person, real_time = login.finish(
        doors, attempt, code=visit.query("code"), state=visit.query("state"), now=visit.now
    )
    session_id = open_session(
        doors.new_secret(),
        email=person.email,
        groups=person.groups,
        csrf=doors.new_secret(),
        language=visit.language,
        now=visit.now,
        table_time=real_time,
        records=doors.records,
    )
    lasting = int(LENGTH.total_seconds())
    cookies = (
        _cookie(doors, session_cookie_name(doors), session_id, lasting),
        _cookie(doors, _attempt_cookie_name(doors), "", 0),
    )
    return redirect(attempt.next, status=302, cookies=cookies)


def sign_out(visit: Visit) -> Answer:
    if visit.session is not None:
        close_session(visit.session, visit.records)
    gone = _cookie(visit.doors, session_cookie_name(visit.doors), "", 0)
    return redirect(login.sign_out_address(visit.doors), cookies=(gone,))


def sign_out_everywhere(visit: Visit) -> Answer:
    end_sessions(person_id(visit.by), by=visit.by, at=visit.now, records=visit.records)
    return sign_out(visit)


def choose_language(visit: Visit) -> Answer:
    chosen = visit.sent(LanguageIn).language
    cookie = _cookie(visit.doors, LANGUAGE_COOKIE, chosen, _YEAR)
    return redirect(visit.came_from, cookies=(cookie,))


def show_me(visit: Visit) -> Answer:
    session = visit.session
    if session is None:
        raise SignInError("signed out")
    return as_json({"email": session.email, "roles": session.roles, "csrf": session.csrf})


def _cookie(doors: OfficeDoors, name: str, value: str, seconds: int) -> Cookie:
    return Cookie(
        name,
        value,
        path="/",
        secure=doors.is_secure,
        http_only=True,
        same_site=SameSite.LAX_MODE,
        max_age=seconds,
    )


ROUTES: Final[dict[str, Handler]] = {
    "GET /login": begin_sign_in,
    "GET /callback": finish_sign_in,
    "POST /logout": sign_out,
    "POST /logout-everywhere": sign_out_everywhere,
    "POST /language": choose_language,
    "GET /api/me": show_me,
}
