"""The applications: the list, each one whole, and what staff do with it."""

from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.decide import mend_reason, read_rows
from kulturkontor.actions.offer_places import is_free, offer_next_place
from kulturkontor.actions.withdraw import confirm_withdrawal
from kulturkontor.application_form import Text
from kulturkontor.applications import (
    Application,
    ApplicationRow,
    ApplicationState,
    ApplicationVersion,
    application_key,
)
from kulturkontor.audit import AuditRow
from kulturkontor.claims import TravelClaim
from kulturkontor.decisions import Outcome, is_place_free
from kulturkontor.mails import Mail
from kulturkontor.municipalities import Municipality, municipality
from kulturkontor.notices import missing_words
from kulturkontor.received_files import ReceivedFile
from kulturkontor.web.office_access import is_open_to
from kulturkontor.web.office_answers import Answer, as_json, page, redirect
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_files import archived_file
from kulturkontor.web.office_visit import Handler, Visit


class ReasonIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Annotated[Text, Field(min_length=1)]


class Listed(NamedTuple):
    """A row of the list with its municipality; a draft may not have chosen one."""

    row: ApplicationRow
    municipality: Municipality | None


class Whole(NamedTuple):
    """All that is kept of one application."""

    application: Application
    versions: list[ApplicationVersion]
    files: list[ReceivedFile]
    claims: list[TravelClaim]
    audit: list[AuditRow]


def list_applications(visit: Visit) -> list[Listed]:
    """What the query asks for by `state`, `outcome`, `county`, `place` (or `free`) and `q`."""
    rows = [
        Listed(row, municipality(row.kommunenummer) if row.kommunenummer else None)
        for row in read_rows(visit.programme, visit.records)
    ]
    found = [each for each in rows if _is_wanted(visit, each)]
    return sorted(found, key=lambda each: (each.row.reference is None, each.row.reference or ""))


def _is_wanted(visit: Visit, each: Listed) -> bool:
    row, place = each.row, each.municipality
    words = f"{row.reference or ''} {place.official_name if place else ''}".casefold()
    is_free_place = visit.query("place") == "free" and is_place_free(
        row.place, is_withdrawn=row.state is ApplicationState.WITHDRAWN
    )
    return (
        visit.query("state") in ("", row.state)
        and visit.query("outcome") in ("", row.outcome or "none")
        and visit.query("county") in ("", place.county if place else "")
        and (is_free_place or visit.query("place") in ("", row.place or ""))
        and visit.query("q").casefold() in words
    )


def read_whole(visit: Visit) -> Whole:
    partition = application_key(visit.params["application_id"]).partition
    found = visit.records.list_partition(
        partition,
        {
            "APPLICATION": Application,
            "VERSION": ApplicationVersion,
            "FILE": ReceivedFile,
            "CLAIM": TravelClaim,
            "AUDIT": AuditRow,
        },
    )
    applications = [each for each in found if isinstance(each, Application)]
    if not applications:
        raise OfficeError(404, "unknown")
    return Whole(
        application=applications[0],
        versions=[each for each in found if isinstance(each, ApplicationVersion)],
        files=[each for each in found if isinstance(each, ReceivedFile)],
        claims=[each for each in found if isinstance(each, TravelClaim)],
        audit=[each for each in found if isinstance(each, AuditRow)],
    )


def show_list(visit: Visit) -> Answer:
    found = list_applications(visit)
    counties = sorted({each.municipality.county for each in found if each.municipality})
    return page(
        visit,
        "applications",
        found=found,
        counties=counties,
        states=list(ApplicationState),
        outcomes=[*Outcome, "none"],
    )


def show_list_json(visit: Visit) -> Answer:
    return as_json(
        [
            {
                **each.row.model_dump(mode="json"),
                "municipality": each.municipality.official_name if each.municipality else None,
                "county": each.municipality.county if each.municipality else None,
            }
            for each in list_applications(visit)
        ]
    )


def show_whole(visit: Visit) -> Answer:
    whole = read_whole(visit)
    application = whole.application
    mails = visit.records.list(Mail, f"MAILS#{visit.programme.id}", f"{application.id}_")
    known = municipality(application.kommunenummer) if application.kommunenummer else None
    return page(
        visit,
        "application",
        whole=whole,
        application=application,
        municipality=known,
        missing=missing_words(application, visit.programme),
        mails=mails,
        is_free=is_free(application),
        may_extend=_may_extend(application, visit),
        may_count=_may_count(application),
    )


def _may_extend(application: Application, visit: Visit) -> bool:
    """Until the letters go out, for what can still be sent."""
    can_be_sent = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.COMPETING)
    return application.state in can_be_sent and visit.now < visit.programme.released_at


def _may_count(application: Application) -> bool:
    """It stands beside another of the same municipality, or behind it."""
    beside = (ApplicationState.COMPETING, ApplicationState.SUPERSEDED)
    return application.state in beside and not any(each.is_told for each in application.decisions)


def show_whole_json(visit: Visit) -> Answer:
    whole = read_whole(visit)
    if not is_open_to("GET /api/claims", visit.roles):
        whole = whole._replace(claims=[])
    return as_json(whole._asdict())


def serve_attachment(visit: Visit) -> Answer:
    return archived_file(visit, "attachments")


def change_reason(visit: Visit) -> Answer:
    application_id = visit.params["application_id"]
    reason = visit.sent(ReasonIn).reason
    changed = mend_reason(application_id, reason, by=visit.by, at=visit.now, records=visit.records)
    return _done(visit, changed, application_id)


def offer_next(visit: Visit) -> Answer:
    free_id = visit.params["application_id"]
    offered = offer_next_place(
        free_id,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        letter_queue=visit.doors.letter_queue,
    )
    return _done(visit, offered, offered.id)


def confirm_gone(visit: Visit) -> Answer:
    application_id = visit.params["application_id"]
    gone = confirm_withdrawal(
        application_id,
        by=visit.by,
        at=visit.now,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
    return _done(visit, gone, application_id)


def _done(visit: Visit, changed: Application, shown: str) -> Answer:
    return as_json(changed) if visit.is_api else redirect(f"/applications/{shown}")


def ask_offer_next(visit: Visit) -> Answer:
    return _ask(visit, "offer_next")


def ask_confirm_withdrawal(visit: Visit) -> Answer:
    return _ask(visit, "confirm_withdrawal")


def _ask(visit: Visit, what: str) -> Answer:
    """The step before what cannot be undone."""
    application = read_whole(visit).application
    return page(
        visit,
        "confirm",
        what=what,
        about=f"{municipality(application.kommunenummer).official_name} ({application.reference})",
        action=visit.event.path,
        back=f"/applications/{application.id}",
    )


_ONE: Final = "/applications/<application_id>"
ROUTES: Final[dict[str, Handler]] = {
    "GET /applications": show_list,
    f"GET {_ONE}": show_whole,
    f"GET {_ONE}/files/<file_id>": serve_attachment,
    f"POST {_ONE}/reason": change_reason,
    f"GET {_ONE}/offer-next": ask_offer_next,
    f"POST {_ONE}/offer-next": offer_next,
    f"GET {_ONE}/confirm-withdrawal": ask_confirm_withdrawal,
    f"POST {_ONE}/confirm-withdrawal": confirm_gone,
    "GET /api/applications": show_list_json,
    f"GET /api{_ONE}": show_whole_json,
    f"POST /api{_ONE}/reason": change_reason,
    f"POST /api{_ONE}/offer-next": offer_next,
    f"POST /api{_ONE}/confirm-withdrawal": confirm_gone,
}
