"""What the municipality's own page shows: what to do next, and each part with where it stands.

Only what the visitor's link opens is shown; the contact's opens all of it.
"""

from collections.abc import Collection, Mapping
from typing import Any

from kulturkontor.application_form import Missing, find_missing, find_warnings
from kulturkontor.application_period import Phase, phase
from kulturkontor.applications import STANDING, Application, ApplicationState
from kulturkontor.attendance import is_over
from kulturkontor.claims import ClaimState
from kulturkontor.days import format_date, format_days
from kulturkontor.decisions import Outcome, Place, PlaceState
from kulturkontor.money import format_kroner
from kulturkontor.municipalities import UnknownMunicipalityError, municipality
from kulturkontor.next_steps import Step, group_by, next_steps
from kulturkontor.participation import open_place
from kulturkontor.people import Right
from kulturkontor.programme import Gathering
from kulturkontor.texts import counted, phrase
from kulturkontor.web.answers import link, text
from kulturkontor.web.case_parts import Part, files_part, standing_of
from kulturkontor.web.own_case import OwnCase
from kulturkontor.web.portal_link import own_path
from kulturkontor.web.request import Request

DONE = frozenset({"kladd", "sendt", "trukket", "trekk-bedt", "ja", "nei", "gruppe"})
"""What the page may be asked to say was done; its text is `done.<name>`."""

_WITHDRAWABLE = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.COMPETING,
)
_PLACE_COLOURS = {PlaceState.ACCEPTED: "success", PlaceState.OFFERED: "warning"}
_CLAIM_COLOURS = {
    ClaimState.PAID: "success",
    ClaimState.BANK_REJECTED: "danger",
    ClaimState.ACCOUNT_REFUSED: "danger",
}


def own_page_values(
    request: Request, case: OwnCase, rights: Collection[Right]
) -> Mapping[str, Any]:
    application = case.application
    told = [each for each in application.decisions if each.is_told]
    steps = next_steps(application, case.claims, programme=request.programme, at=request.at)
    is_open = _can_edit(application, phase(request.programme, request.at))
    return {
        "application": application,
        "title": name_of_municipality(application),
        "rights": rights,
        "steps": [_say_step(request, each) for each in steps if each.right in rights],
        "gaps": say_gaps(find_missing(application.answers, request.programme), request)
        if is_open
        else [],
        "warnings": _say_warnings(request, application) if is_open else [],
        "told": told,
        "parts": _parts(request, case, rights),
        "claims": _claims(request, case) if Right.CLAIMS in rights else [],
        "can_withdraw": Right.CONTACT in rights
        and application.state in _WITHDRAWABLE
        and not (told and told[-1].outcome is Outcome.REJECTED),
    }


def name_of_municipality(application: Application) -> str:
    """Its name as on letters; a draft may say something else, or nothing yet."""
    try:
        return municipality(application.kommunenummer).letter_name
    except UnknownMunicipalityError:
        return application.answers.municipality


def say_gaps(missing: tuple[Missing, ...], request: Request) -> list[str]:
    """What is missing in words, each thing once."""
    language = request.language
    persons = counted(language, "persons", request.programme.application.min_members)
    return list(
        dict.fromkeys(
            phrase(language, "missing_members_too_few", persons=persons)
            if gap.code == "members_too_few"
            else phrase(language, f"missing_{gap.code}")
            for gap in missing
        )
    )


def _say_step(request: Request, step: Step) -> tuple[str, str]:
    """Its words, and the address where it is done."""
    by = format_date(step.by, request.language) if step.by else ""
    words = text(request.language, f"step.{step.code}", by=by, number=step.number)
    return words, _address(request, step.path)


def _parts(request: Request, case: OwnCase, rights: Collection[Right]) -> list[Part]:
    application = case.application
    place = open_place(application)
    parts = []
    if Right.APPLY in rights:
        parts.append(_application_part(request, application))
        parts += files_part(request, case, "attachments")
    if place and Right.CONTACT in rights:
        parts.append(_answer_part(request, place))
    if place and place.state is PlaceState.ACCEPTED and Right.MEMBERS in rights:
        parts += [_group_part(request, application, place), _gatherings_part(request, application)]
    return parts


def _application_part(request: Request, application: Application) -> Part:
    say, language = _say(request), request.language
    can_edit = _can_edit(application, phase(request.programme, request.at))
    hint = ""
    if can_edit and application.state is not ApplicationState.DRAFT:
        deadline = format_date(request.programme.last_application_day, language)
        hint = say("part.application_open", by=deadline)
    return Part(
        say("part.application"),
        _address(request, "/soknad"),
        say(f"short.{application.state}"),
        "success" if application.state is ApplicationState.SUBMITTED else "neutral",
        hint,
    )


def _answer_part(request: Request, place: Place) -> Part:
    say = _say(request)
    return Part(
        say("part.answer"),
        _address(request, "/svar") if place.state is not PlaceState.PASSED_ON else "",
        say(f"place_short.{place.state}"),
        _PLACE_COLOURS.get(place.state, "neutral"),
        say(f"place.{place.state}", by=format_date(place.answer_by, request.language)),
    )


def _group_part(request: Request, application: Application, place: Place) -> Part:
    say, language = _say(request), request.language
    count = len(application.participants)
    if count:
        words = say("part.group_count", count=count)
        return Part(say("part.group"), _address(request, "/gruppe"), words, "success")
    due = format_date(group_by(place, request.programme), language)
    hint = say("part.group_due", by=due)
    return Part(
        say("part.group"), _address(request, "/gruppe"), say("part.group_none"), "warning", hint
    )


def _gatherings_part(request: Request, application: Application) -> Part:
    say = _say(request)
    coming = next(
        (
            each
            for each in request.programme.gatherings
            if not each.is_cancelled and not is_over(each, request.at)
        ),
        None,
    )
    name, address = say("part.gatherings"), _address(request, "/samlinger")
    if coming is None:
        return Part(name, address, say("part.gatherings_over"))
    words, colour = standing_of(request, application, coming)
    days = format_days(coming.first_day, coming.last_day, request.language)
    next_one = say("part.gatherings_next", number=coming.number, days=days, place=coming.place)
    return Part(name, address, words, colour, next_one)


def _claims(request: Request, case: OwnCase) -> list[Part]:
    """The claims sent, and those that can be sent: a gathering that is over, also a cancelled one,
    for tickets may be paid.
    """
    place = open_place(case.application)
    has_place = place is not None and place.state is PlaceState.ACCEPTED
    claims = [
        _claim_part(request, case, each)
        for each in request.programme.gatherings
        if each.id in case.claims or has_place
    ]
    return [*claims, *files_part(request, case, "receipts")]


def _claim_part(request: Request, case: OwnCase, gathering: Gathering) -> Part:
    say, claim = _say(request), case.claims.get(gathering.id)
    name = say("part.claim", number=gathering.number)
    address = _address(request, f"/reisekrav/{gathering.id}")
    days = format_days(gathering.first_day, gathering.last_day, request.language)
    if claim is None:
        deadline = format_date(request.programme.claim_deadline(gathering), request.language)
        words = say("part.claim_none" if is_over(gathering, request.at) else "part.claim_ahead")
        return Part(name, address, words, hint=say("part.claim_due", days=days, by=deadline))
    sums = say(
        "part.claim_sums",
        council=format_kroner(claim.judgement.council_ore),
        municipality=format_kroner(claim.judgement.municipality_ore),
    )
    return Part(
        name,
        address,
        say(f"claim_short.{claim.state}"),
        _CLAIM_COLOURS.get(claim.state, "info"),
        f"{days}. {sums}",
    )


def _say_warnings(request: Request, application: Application) -> list[str]:
    return [
        phrase(request.language, f"warning_{each.code}")
        for each in find_warnings(application.answers, request.programme)
    ]


def _can_edit(application: Application, now: Phase) -> bool:
    if application.state is ApplicationState.DRAFT:
        return now in ("open", "late")
    is_sent = application.state in STANDING
    return is_sent and now == "open"


def _say(request: Request) -> Any:
    return lambda key, **values: text(request.language, key, **values)


def _address(request: Request, path: str) -> str:
    return link(request.language, f"{own_path(request)}{path}")
