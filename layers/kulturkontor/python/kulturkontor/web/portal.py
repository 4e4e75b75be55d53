"""The portal: every route of the applicants' pages and of the JSON API, a resolver for each area.

app = portal(PortalDoors(...)); answer = app.resolve(event, context)
"""

import re
from collections.abc import Callable, Mapping, Sequence
from traceback import extract_tb
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from kulturkontor.links import InvalidLinkError
from kulturkontor.web.answers import Answer, as_problem, policy
from kulturkontor.web.areas import Area, area_of
from kulturkontor.web.doors import PortalDoors
from kulturkontor.web.problems import REFUSALS, ProblemError, problem_of
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route

logger = Logger()

AREAS: tuple[Area, ...] = (
    Area(r"/api/", ("openapi",)),
    Area(
        r"/sak/[^/]+/reisekrav",
        (
            "portal_claim",
            "portal_claim_form",
            "portal_claim_costs",
            "portal_claim_person",
            "portal_claim_send",
            "portal_claim_answer",
        ),
    ),
    Area(
        r"/sak/[^/]+/(soknad|angre|rett|kvittering)(?=[/.]|$)",
        ("portal_draft", "portal_send", "portal_part"),
    ),
    Area(r"/sak/[^/]+/(vedlegg|kvitteringer|filer|fil)(?=/|$)", ("portal_files",)),
    Area(r"/(overlevert|sak/[^/]+/(tilgang|overlever|valg))(?=/|$)", ("portal_people",)),
    Area(
        r"/sak/",
        (
            "portal_link",
            "portal_own",
            "portal_answer",
            "portal_group",
            "portal_gatherings",
            "portal_post",
        ),
    ),
    Area(r"/soknad", ("portal_start",)),
    Area(r"/kalender", ("portal_calendar",)),
    Area(r"", ("portal_front", "portal_questions", "portal_link", "portal_new_link")),
)
PROTECTION: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer that does not say otherwise itself."""
TRANSPORT = "max-age=31536000; includeSubDomains"
_OWN_PAGE = re.compile(r"/sak/[^/]+")


def routes_of(area: Area) -> tuple[Route, ...]:
    """The area's routes; its code is imported."""
    return tuple(route for module in area.load() for route in module.ROUTES)


class Portal:
    """Hands a request to its area, which is made when it is first asked for."""

    def __init__(self, doors: PortalDoors) -> None:
        self._doors = doors
        self._made: dict[Area, AreaOfPortal] = {}

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        area = area_of(str(event["rawPath"]), AREAS)
        if area not in self._made:
            self._made[area] = AreaOfPortal(self._doors, routes_of(area))
        return self._made[area].resolve(event, context)


class AreaOfPortal(APIGatewayHttpResolver):
    def __init__(self, doors: PortalDoors, routes: Sequence[Route]) -> None:
        super().__init__()
        self.doors = doors
        self.routes = routes
        for each in routes:
            methods = ["GET", "HEAD"] if each.method == "GET" else [each.method]
            self.route(each.path, method=methods)(self._endpoint(each))
        self.not_found(self._elsewhere)
        self.exception_handler(ProblemError)(self._tell)
        self.exception_handler([*REFUSALS])(self._refuse)
        self.exception_handler(Exception)(self._admit)

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        answer: dict[str, Any] = super().resolve(event, context)
        answer["headers"] = {**PROTECTION, **answer.get("headers", {})}
        if self.doors.public_url.startswith("https:"):
            answer["headers"]["Strict-Transport-Security"] = TRANSPORT
        if event["requestContext"]["http"]["method"] == "HEAD":
            answer.update(body="", isBase64Encoded=False)
        return answer

    def _endpoint(self, route: Route) -> Callable[..., Answer]:
        def answer(**path: str) -> Answer:
            request = Request(
                self.doors,
                self.current_event.raw_event,
                path,
                right=route.right,
                shown_at=self._shown_at(str(self.current_event.raw_event["rawPath"])),
            )
            self.context["request"] = request
            if route.method == "POST" and not request.is_api and request.is_from_elsewhere:
                raise ProblemError("from_elsewhere")
            return route.answer(request)

        return answer

    def _elsewhere(self, _: NotFoundError) -> Answer:
        request = self._request()
        path = str(request.event["rawPath"])
        allowed = sorted({each.method for each in self.routes if each.matches(path)})
        if allowed and request.method not in (*allowed, "HEAD"):
            headers = {"Allow": ", ".join(allowed)}
            return self._tell(ProblemError("method_not_allowed", headers=headers))
        return self._tell(ProblemError("not_found"))

    def _refuse(self, fault: Exception) -> Answer:
        """A person is told that a link is dead; to a program it is a key that does not fit."""
        if isinstance(fault, InvalidLinkError) and self._request().is_api:
            return self._tell(ProblemError("link_invalid"))
        return self._tell(problem_of(fault))

    def _tell(self, problem: ProblemError) -> Answer:
        return as_problem(self._request(), problem)

    def _admit(self, fault: Exception) -> Answer:
        """A fault of ours: where it happened goes to the log, never what it was about."""
        where = [f"{each.filename}:{each.lineno}" for each in extract_tb(fault.__traceback__)[-8:]]
        logger.error("fault", fault=type(fault).__name__, where=where)
        return self._tell(ProblemError("fault"))

    def _request(self) -> Request:
        known = self.context.get("request")
        if isinstance(known, Request):
            return known
        event = self.current_event.raw_event
        return Request(self.doors, event, {}, shown_at=self._shown_at(str(event["rawPath"])))

    def _shown_at(self, path: str) -> str:
        """The page that a path belongs to: itself, or the nearest above it that can be looked
        at.
        """
        pages = [each for each in self.routes if each.method == "GET"]
        while path and not (_OWN_PAGE.fullmatch(path) or any(p.matches(path) for p in pages)):
            path = path.rpartition("/")[0]
        return path or "/"


def portal(doors: PortalDoors) -> Portal:
    return Portal(doors)
