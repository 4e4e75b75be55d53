"""One application whole: answers, versions side by side, files, and everything that happened."""

from typing import Final, NamedTuple

from kulturkontor.actions.ask_more import may_ask
from kulturkontor.actions.choose import may_count, rivals_of
from kulturkontor.actions.offer_places import is_free
from kulturkontor.application_period import reopened_parts
from kulturkontor.application_rows import row_of
from kulturkontor.application_words import part_title
from kulturkontor.applications import (
    Application,
    ApplicationState,
    ApplicationVersion,
    application_key,
)
from kulturkontor.audit import AuditRow
from kulturkontor.claims import TravelClaim
from kulturkontor.decisions import decision_digest
from kulturkontor.mails import Mail, mails_partition
from kulturkontor.municipalities import municipality
from kulturkontor.notes import Note, in_order
from kulturkontor.notices import missing_words
from kulturkontor.received_files import ReceivedFile
from kulturkontor.sessions import Role
from kulturkontor.timeline import timeline
from kulturkontor.web.office_answers import Answer, as_json, page
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_files import archived_file
from kulturkontor.web.office_visit import Handler, Visit
from kulturkontor.web.reviewers_view import as_sent, only_assesses


class Whole(NamedTuple):
    """All that is kept of one application, as far as the visitor may see it."""

    application: Application
    versions: list[ApplicationVersion]
    files: list[ReceivedFile]
    claims: list[TravelClaim]
    audit: list[AuditRow]
    notes: list[Note]


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
            "NOTE": Note,
        },
    )
    applications = [each for each in found if isinstance(each, Application)]
    if not applications:
        raise OfficeError(404, "unknown")
    whole = Whole(
        application=applications[0],
        versions=[each for each in found if isinstance(each, ApplicationVersion)],
        files=[each for each in found if isinstance(each, ReceivedFile)],
        claims=[each for each in found if isinstance(each, TravelClaim)],
        audit=[each for each in found if isinstance(each, AuditRow)],
        notes=in_order([each for each in found if isinstance(each, Note)]),
    )
    return _as_sent(whole) if only_assesses(visit) else whole


def _as_sent(whole: Whole) -> Whole:
    return Whole(
        application=as_sent(whole.application),
        versions=whole.versions,
        files=[each for each in whole.files if each.purpose == "attachments"],
        claims=[],
        audit=[],
        notes=[],
    )


def show_whole(visit: Visit) -> Answer:
    whole = read_whole(visit)
    application = whole.application
    mails = _mails(visit, application)
    known = municipality(application.kommunenummer) if application.kommunenummer else None
    asked = application.reopened
    return page(
        visit,
        "application",
        whole=whole,
        application=application,
        municipality=known,
        missing=missing_words(application, visit.programme),
        mails=mails,
        events=timeline(
            application,
            versions=whole.versions,
            files=whole.files,
            claims=whole.claims,
            audit=whole.audit,
            mails=mails,
            notes=whole.notes,
        ),
        holders={each.id: each.name for each in application.people},
        note_id=visit.doors.new_id(),
        asked_parts=[part_title(each, visit.language) for each in asked.parts] if asked else [],
        is_reopened=bool(reopened_parts(application, visit.now)),
        may_ask=may_ask(application) and visit.now < visit.programme.released_at,
        may_declare=visit.may(Role.STAFF, Role.REVIEWER) and row_of(application).gets_answer,
        is_free=is_free(application),
        digest=decision_digest(application.decision),
        may_extend=_may_extend(application, visit),
        may_count=_may_count(application, visit),
    )


def _mails(visit: Visit, application: Application) -> list[Mail]:
    if only_assesses(visit):
        return []
    return visit.records.list(Mail, mails_partition(visit.programme.id), f"{application.id}_")


def _may_extend(application: Application, visit: Visit) -> bool:
    """Until the letters go out, for what can still be sent."""
    can_be_sent = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.COMPETING)
    return application.state in can_be_sent and visit.now < visit.programme.released_at


def _may_count(application: Application, visit: Visit) -> bool:
    if application.reference is None:
        return False
    _, known = rivals_of(application, visit.records)
    return may_count(application, known)


def show_whole_json(visit: Visit) -> Answer:
    return as_json(read_whole(visit)._asdict())


def compare_versions(visit: Visit) -> Answer:
    """Two versions side by side, the last two unless others are asked for."""
    # Here, not above: only who compares needs to compare.
    from kulturkontor.application_changes import find_changes

    whole = read_whole(visit)
    versions = {each.version: each for each in whole.versions}
    if not versions:
        raise OfficeError(404, "unknown")
    numbers = sorted(versions)
    earlier = _number(visit.query("earlier"), numbers, numbers[max(len(numbers) - 2, 0)])
    later = _number(visit.query("later"), numbers, numbers[-1])
    before, after = versions[earlier], versions[later]
    changes = find_changes(before.answers, after.answers, visit.programme, visit.language)
    return page(
        visit,
        "versions",
        application=whole.application,
        municipality=municipality(whole.application.kommunenummer),
        versions=[versions[each] for each in numbers],
        before=before,
        after=after,
        changes=changes,
    )


def _number(text: str, known: list[int], default: int) -> int:
    return int(text) if text.isdigit() and int(text) in known else default


def serve_attachment(visit: Visit) -> Answer:
    return archived_file(visit, "attachments")


_ONE: Final = "/applications/<application_id>"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_ONE}": show_whole,
    f"GET {_ONE}/versions": compare_versions,
    f"GET {_ONE}/files/<file_id>": serve_attachment,
    f"GET /api{_ONE}": show_whole_json,
}
