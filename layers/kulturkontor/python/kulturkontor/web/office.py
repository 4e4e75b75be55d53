"""The office's pages, a resolver for each area: who asks, whether they may, and only then what they
ask for.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from kulturkontor.actions.sign_in import find_session
from kulturkontor.web import office_session
from kulturkontor.web.areas import Area, area_of
from kulturkontor.web.assets import asset_answer
from kulturkontor.web.office_access import ACCESS, is_open_to
from kulturkontor.web.office_answers import Answer, redirect, refusal
from kulturkontor.web.office_bars import require_open_case
from kulturkontor.web.office_doors import OfficeDoors
from kulturkontor.web.office_faults import TOLD, OfficeError, as_office_error
from kulturkontor.web.office_roles import ANYBODY
from kulturkontor.web.office_saved import with_word
from kulturkontor.web.office_visit import Handler, Visit, read_cookies


def serve_asset(visit: Visit) -> Answer:
    answer = asset_answer(visit.params["name"], visit.header("accept-encoding"))
    if answer is None:
        raise OfficeError(404, "unknown")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _area(names: str, *modules: str) -> Area:
    """Pages and JSON whose path begins with one of these names."""
    return Area(rf"(/api)?/({names})(?=/|$)", modules)


AREAS: Final[tuple[Area, ...]] = (
    Area(r"(/api)?/applications(/export)?/?$", ("office_application_list",)),
    _area("applications/[^/]+/on-behalf/application", "office_on_behalf_application"),
    _area(
        "applications/[^/]+/on-behalf",
        "office_on_behalf",
        "office_on_behalf_group",
        "office_on_behalf_gathering",
    ),
    _area("applications/[^/]+/(notes|ask)", "office_notes"),
    _area("applications/[^/]+/(extension|counts)|late-application", "office_people"),
    _area("applications", "office_applications", "office_case"),
    _area("decisions", "office_decisions", "office_decision", "office_take_back"),
    _area("messages", "office_messages"),
    _area("letters|mails", "office_letters", "office_mails"),
    _area("release/previews?", "office_previews"),
    _area("release", "office_release", "office_release_time"),
    _area("sheets|decision-sheet", "office_sheets"),
    _area("claims", "office_claims", "office_corrections"),
    _area(
        "assessment",
        "office_assessment",
        "office_scores",
        "office_conflicts",
        "office_reviewers",
        "office_ranking",
    ),
    _area("users", "office_users"),
    _area("rates", "office_rates"),
    _area("accounts|payees", "office_accounts"),
    _area("finance", "office_finance", "office_debts", "office_year_exports"),
    _area("batches|bank-files", "office_batches"),
    _area("calendar", "office_calendar", "office_attendance"),
    _area("gatherings", "office_gatherings", "office_door"),
    _area("start", "office_start"),
    _area("settings", "office_settings_api", "office_settings_history", "office_settings"),
    _area(
        "texts",
        *("office_phrases_api", "office_texts_api"),
        *("office_phrases", "office_reasons", "office_wording"),
    ),
    Area("", ("office_session", "office_overview")),
)
_EVERYWHERE: Final[dict[str, Handler]] = {"GET /assets/<name>": serve_asset}


def routes_of(area: Area) -> dict[str, Handler]:
    """The area's routes; its code is imported."""
    own = {} if area.paths else _EVERYWHERE
    return own | {route: does for module in area.load() for route, does in module.ROUTES.items()}


class Office:
    """The whole office behind these doors; an area is made when it is first asked for."""

    def __init__(self, doors: OfficeDoors) -> None:
        self._doors = doors
        self._made: dict[Area, APIGatewayHttpResolver] = {}

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        area = area_of(str(event["rawPath"]), AREAS)
        if area not in self._made:
            self._made[area] = _resolver(self._doors, routes_of(area))
        answer: dict[str, Any] = self._made[area].resolve(dict(event), context)
        return answer


def office(doors: OfficeDoors) -> Office:
    return Office(doors)


def _resolver(doors: OfficeDoors, routes: Mapping[str, Handler]) -> APIGatewayHttpResolver:
    """Raises KeyError for a route without its roles."""
    resolver = APIGatewayHttpResolver()
    for route, handler in routes.items():
        method, path = route.split(" ")
        resolver.route(path, method=method)(
            _guarded(resolver, doors, route, handler, ACCESS[route])
        )

    @resolver.not_found
    def nothing_here(_: Exception) -> Answer:
        visit = _arrive(resolver, doors, "", {})
        return refusal(visit, OfficeError(404, "unknown"))

    return resolver


def _guarded(
    resolver: APIGatewayHttpResolver,
    doors: OfficeDoors,
    route: str,
    handler: Handler,
    needed: frozenset[Any] | None,
) -> Callable[..., Answer]:
    def answer(**params: str) -> Answer:
        visit = _arrive(resolver, doors, route, params)
        try:
            if needed is not ANYBODY:
                if visit.session is None:
                    return _ask_to_sign_in(visit)
                if not is_open_to(route, visit.roles):
                    raise OfficeError(403, "no_role" if visit.roles else "no_roles")
                if not route.startswith("GET "):
                    visit.require_own_page()
                require_open_case(visit)
            return with_word(visit, handler(visit))
        except TOLD as fault:
            return refusal(visit, as_office_error(fault))

    return answer


def _arrive(
    resolver: APIGatewayHttpResolver, doors: OfficeDoors, route: str, params: dict[str, str]
) -> Visit:
    event = resolver.current_event
    visit = Visit(
        doors=doors,
        event=event,
        now=doors.now(),
        route=route,
        params=params,
        cookies=read_cookies(event),
    )
    if route and ACCESS[route] is ANYBODY:
        return visit
    session_id = visit.cookies.get(office_session.session_cookie_name(doors), "")
    found = find_session(
        session_id, programme_id=doors.programme.id, now=visit.now, records=doors.records
    )
    if found is None:
        return visit
    return replace(
        visit,
        session=found.session,
        own_municipality=found.municipality,
        reviewing=found.reviewing,
    )


def _ask_to_sign_in(visit: Visit) -> Answer:
    if visit.is_api:
        raise OfficeError(401, "signed_out")
    query = visit.event.raw_query_string if visit.event.http_method == "GET" else ""
    path = visit.event.path if visit.event.http_method == "GET" else "/"
    wanted = f"{path}?{query}" if query else path
    return redirect(f"/login?{urlencode({'next': wanted})}", status=302)
