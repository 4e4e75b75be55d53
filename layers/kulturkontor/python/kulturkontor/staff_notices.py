"""The mails to staff and finance: summary, preflight, and what needs a person. In bokmål; no
personal names.
"""

from datetime import datetime

from kulturkontor.applications import Application, ApplicationState
from kulturkontor.closing import Closing
from kulturkontor.decisions import DecisionLetter, PlaceState
from kulturkontor.mails import Mail
from kulturkontor.municipalities import municipality
from kulturkontor.own_phrases import counted_of, phrase_of
from kulturkontor.programme import OSLO, Programme
from kulturkontor.staff_mail import notice


def letter_held(
    application: Application,
    letter: DecisionLetter,
    programme: Programme,
    now: datetime,
    to: str,
) -> Mail:
    here = municipality(application.kommunenummer)
    decided_at = application.decisions[-1].decided_at.astimezone(OSLO)
    return notice(
        programme,
        now,
        to,
        ("letter_held", application.id, decided_at.strftime("%Y%m%dT%H%M%S%f")),
        phrase_of(
            programme, "nb", "staff_letter_held_title", reference=application.reference or ""
        ),
        phrase_of(programme, "nb", "staff_letter_held", municipality=here.letter_name),
        [letter.held_because],
        [phrase_of(programme, "nb", "staff_letter_held_action")],
    )


def closed(
    closing: Closing, applications: int, programme: Programme, now: datetime, to: str
) -> Mail:
    """The application period is over: what was certified."""
    return notice(
        programme,
        now,
        to,
        ("closed", closing.number),
        phrase_of(programme, "nb", "staff_closed_title"),
        phrase_of(
            programme,
            "nb",
            "staff_closed",
            applications=counted_of(programme, "nb", "applications", applications),
        ),
        [phrase_of(programme, "nb", "staff_closed_hash", sha256=closing.sha256)],
        [],
    )


def place_free(
    application: Application,
    state: PlaceState | ApplicationState,
    programme: Programme,
    now: datetime,
    to: str,
) -> Mail:
    """A task with one button: «tilby plassen til neste». `state`: declined, lapsed or withdrawn."""
    here = municipality(application.kommunenummer)
    return notice(
        programme,
        now,
        to,
        ("place_free", application.id, len(application.decisions), state),
        phrase_of(programme, "nb", "staff_place_free_title", reference=application.reference or ""),
        phrase_of(programme, "nb", f"staff_place_{state}", municipality=here.letter_name),
        [],
        [phrase_of(programme, "nb", "staff_place_free_action")],
    )
