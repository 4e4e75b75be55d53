"""What the municipality's own page shows: state, gaps, letters, place, files, claims in words."""

from collections.abc import Mapping
from typing import Any

from kulturkontor.application_form import Missing, Sector, find_missing, find_warnings
from kulturkontor.applications import Application, ApplicationState, Phase, phase
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.municipalities import UnknownMunicipalityError, municipality
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import counted, phrase
from kulturkontor.web.api_models import claim_receipt
from kulturkontor.web.own_case import OwnCase
from kulturkontor.web.request import Request

DONE = frozenset(
    {
        *("kladd", "sendt", "trukket", "trekk-bedt", "ja", "nei", "svar-mangler"),
    }
)
"""What the page may be asked to say was done; its text is `done.<name>`."""

_ANSWERED = (PlaceState.ACCEPTED, PlaceState.DECLINED)
_OPEN_STATES = (ApplicationState.SUBMITTED, ApplicationState.COMPETING)


def own_page_values(request: Request, case: OwnCase) -> Mapping[str, Any]:
    application, language = case.application, request.language
    now = phase(request.programme, request.at)
    told = [each for each in application.decisions if each.is_told]
    place = application.place if told and application.state in _OPEN_STATES else None
    has_place = place is not None and place.state is PlaceState.ACCEPTED
    return {
        "application": application,
        "title": name_of_municipality(application),
        "phase": now,
        "can_edit": _can_edit(application, now),
        "can_withdraw": application.state in (ApplicationState.DRAFT, *_OPEN_STATES)
        and not (told and told[-1].outcome is Outcome.REJECTED),
        "gaps": say_gaps(find_missing(application.answers, request.programme), request),
        "warnings": _say_warnings(application, request.programme, language),
        "told": told,
        "place": place,
        "has_place": has_place,
        "has_answered": place is not None and place.state in _ANSWERED,
        "can_answer": place is not None and place.state is not PlaceState.PASSED_ON,
        "claims": [
            (each, claim_receipt(each, programme=request.programme, language=language))
            for each in case.claims.values()
        ],
        "sectors": {str(each): phrase(language, f"sector_{each}") for each in Sector},
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


def _say_warnings(application: Application, programme: Programme, language: Language) -> list[str]:
    return [
        phrase(language, f"warning_{each.code}")
        for each in find_warnings(application.answers, programme)
    ]


def _can_edit(application: Application, now: Phase) -> bool:
    if application.state is ApplicationState.DRAFT:
        return now in ("open", "late")
    return application.state in _OPEN_STATES and now == "open"
