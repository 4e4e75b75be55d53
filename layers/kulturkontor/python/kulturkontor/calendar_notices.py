"""The mails about a gathering or a coordinator meeting that staff have set, moved or cancelled."""

from kulturkontor.applications import Application
from kulturkontor.calendar_changes import CalendarChange, Recipient
from kulturkontor.calendar_files import meeting_name
from kulturkontor.days import format_date, format_days, format_hours
from kulturkontor.decisions import Place, PlaceState
from kulturkontor.mails import Mail, Page, Value, mail_id
from kulturkontor.municipalities import municipality
from kulturkontor.notices import own_page
from kulturkontor.programme import CoordinatorMeeting, Gathering, Language, Programme
from kulturkontor.texts import phrase


def calendar_changed(change: CalendarChange, to: Recipient, programme: Programme) -> Mail:
    """One for each recipient of one change: the same again is the same mail. Only the contact's has
    a link to the case.
    """
    application, after = to.application, change.after
    language = application.mail_language
    values: dict[str, Value] = {
        "name": to.name,
        "municipality": municipality(application.kommunenummer).letter_name,
        "reference": application.reference or "",
        "reason": change.reason,
        "gatherings_link": None,
        **(
            _of_gathering(change, after, programme, language)
            if isinstance(after, Gathering)
            else _of_meeting(change, after, programme, language)
        ),
    }
    pages = {}
    if change.is_gathering:
        values["offer_note"] = _offer_note(application.place, language)
    if to.whom == "contact":
        pages["gatherings_link"] = _link(application, change)
    return Mail(
        id=mail_id(application.id, "calendar", after.id, after.sequence, to.whom),
        programme=programme.id,
        to=to.email,
        language=language,
        text=_text(change),
        values=values,
        pages=pages,
        enclosures=(change.files[programme.language(language)],),
        queued_at=change.changed_at,
    )


def _offer_note(place: Place | None, language: Language) -> str | None:
    """To whom has not answered: the letter has the days as they were, and the offer stands."""
    if place is None or place.state is not PlaceState.OFFERED:
        return None
    return phrase(language, "change_offer_open", answer_by=format_date(place.answer_by, language))


def _link(application: Application, change: CalendarChange) -> Page:
    """The gatherings are shown to whom takes part; who has not answered sees the offer."""
    if application.place and application.place.state is PlaceState.OFFERED:
        return own_page(application, "application_link")
    path = f"/samlinger/{change.after.id}" if change.is_gathering else "/samlinger"
    return own_page(application, "gatherings_link", path)


def say_changes(change: CalendarChange, programme: Programme, language: Language) -> list[str]:
    """What is new, in words: each thing with what it was before."""
    before, after = change.before, change.after
    if before is None:
        return [phrase(language, "change_new", now=_when(after, language))]
    said = []
    if _when(before, language) != _when(after, language):
        old, now = _when(before, language), _when(after, language)
        said.append(phrase(language, "change_when", old=old, now=now))
    if _where(before) != _where(after):
        none = phrase(language, "change_unknown")
        old, now = _where(before) or none, _where(after) or none
        said.append(phrase(language, "change_where", old=old, now=now))
    if before.is_cancelled != after.is_cancelled:
        said.append(phrase(language, f"change_{'cancelled' if after.is_cancelled else 'revived'}"))
    if isinstance(before, Gathering) and isinstance(after, Gathering):
        old_day, new_day = programme.claim_deadline(before), programme.claim_deadline(after)
        if old_day != new_day:
            days = {"old": format_date(old_day, language), "now": format_date(new_day, language)}
            said.append(phrase(language, "change_claim_by", **days))
        if before.diet_form != after.diet_form:
            is_there = bool(after.diet_form)
            key = "change_diet" if is_there else "change_diet_gone"
            told = {"link": after.diet_form} if is_there else {}
            said.append(phrase(language, key, **told))
    return said


def _of_gathering(
    change: CalendarChange, after: Gathering, programme: Programme, language: Language
) -> dict[str, Value]:
    name = phrase(language, "calendar_gathering", number=after.number)
    claim_by = format_date(programme.claim_deadline(after), language)
    if after.is_cancelled:
        days = _when(change.before or after, language)
        return {"gathering": name, "gathering_days": days, "claim_by": claim_by}
    return {
        "gathering": name,
        "changes": say_changes(change, programme, language),
        "now": [
            phrase(language, "event_days", days=_when(after, language)),
            phrase(language, "event_place", place=after.place),
            phrase(language, "event_claim_by", day=claim_by),
            *_diet(after, language),
        ],
    }


def _diet(gathering: Gathering, language: Language) -> list[str]:
    if not gathering.diet_form:
        return []
    return [phrase(language, "event_diet", link=gathering.diet_form)]


def _of_meeting(
    change: CalendarChange, after: CoordinatorMeeting, programme: Programme, language: Language
) -> dict[str, Value]:
    name = meeting_name(after, language)
    if after.is_cancelled:
        hours = _when(change.before or after, language)
        called = phrase(language, "the_pre_gathering") if after.is_pre_gathering else name
        return {"meeting": called, "meeting_hours": hours}
    where = after.address or phrase(language, "change_unknown")
    return {
        "meeting": name,
        "meeting_hours": _when(after, language),
        "invitation": _invitation(change, after, name, language),
        "changes": say_changes(change, programme, language) if change.before else None,
        "now": [
            phrase(language, "event_hours", hours=_when(after, language)),
            phrase(language, "event_place", place=where),
        ],
    }


def _invitation(
    change: CalendarChange, after: CoordinatorMeeting, name: str, language: Language
) -> str:
    what = "new" if change.before is None else "moved"
    if after.is_pre_gathering:
        return phrase(language, f"pre_gathering_{what}")
    return phrase(language, f"meeting_{what}", meeting=name)


def _text(change: CalendarChange) -> str:
    if change.is_gathering:
        return "gathering_cancelled" if change.after.is_cancelled else "gathering_changed"
    return "meeting_cancelled" if change.after.is_cancelled else "meeting_invitation"


def _when(event: Gathering | CoordinatorMeeting, language: Language) -> str:
    if isinstance(event, Gathering):
        return format_days(event.first_day, event.last_day, language)
    return format_hours(event.starts_at, event.ends_at, language)


def _where(event: Gathering | CoordinatorMeeting) -> str:
    return event.place if isinstance(event, Gathering) else event.address
