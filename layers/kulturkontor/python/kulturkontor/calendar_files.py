"""Calendar files of gatherings and coordinator meetings, as RFC 5545 (iCalendar) has them.

A pure function of the programme: no clock in it, so the same programme gives the same bytes. A
gathering takes whole days (`VALUE=DATE`, the end exclusive), as its hours are not announced; a
meeting has its hours in UTC, which every calendar shows in its owner's own time. A UID never
changes; SEQUENCE rises with each change that staff make, and what is cancelled stays in the file
with STATUS:CANCELLED, or calendars would keep showing it. Published, not sent as a request: nobody
has to answer.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from kulturkontor.programme import CoordinatorMeeting, Gathering, Language, Programme
from kulturkontor.texts import phrase

MEDIA_TYPE = "text/calendar"
_LINE_OCTETS = 75
_REFRESH = "PT12H"


def calendar_file(
    programme: Programme,
    language: Language,
    *,
    gatherings: Iterable[Gathering] = (),
    meetings: Iterable[CoordinatorMeeting] = (),
) -> bytes:
    """These gatherings and meetings of the programme as one file in UTF-8."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(programme.organiser)}//Kulturkontor//{language.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(programme.name[language])}",
        f"X-WR-CALNAME:{_text(programme.name[language])}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
        f"X-PUBLISHED-TTL:{_REFRESH}",
    ]
    for gathering in gatherings:
        lines += _gathering(gathering, programme, language)
    for meeting in meetings:
        lines += _meeting(meeting, programme, language)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def meeting_name(meeting: CoordinatorMeeting, language: Language) -> str:
    """«koordinatormøte 2», or «presamling»."""
    if meeting.is_pre_gathering:
        return phrase(language, "calendar_pre_gathering")
    return phrase(language, "calendar_meeting", number=meeting.number)


def _gathering(gathering: Gathering, programme: Programme, language: Language) -> list[str]:
    name = phrase(language, "calendar_gathering", number=gathering.number)
    return _event(
        gathering,
        programme,
        language,
        name,
        [
            f"DTSTART;VALUE=DATE:{_day(gathering.first_day)}",
            f"DTEND;VALUE=DATE:{_day(gathering.last_day + timedelta(days=1))}",
            f"LOCATION:{_text(gathering.place)}",
        ],
    )


def _meeting(meeting: CoordinatorMeeting, programme: Programme, language: Language) -> list[str]:
    name = meeting_name(meeting, language)
    where = [f"LOCATION:{_text(meeting.address)}"] if meeting.address else []
    return _event(
        meeting,
        programme,
        language,
        name,
        [
            f"DTSTART:{_moment(meeting.starts_at)}",
            f"DTEND:{_moment(meeting.ends_at)}",
            *where,
        ],
    )


def _event(
    what: Gathering | CoordinatorMeeting,
    programme: Programme,
    language: Language,
    name: str,
    when_and_where: list[str],
) -> list[str]:
    changed = _moment(what.changed_at or programme.opens_at)
    title = f"{programme.name[language]}: {name}"
    if what.is_cancelled:
        title = phrase(language, "calendar_cancelled", title=title)
    return [
        "BEGIN:VEVENT",
        f"UID:{programme.id}-{what.id.lower()}@kulturkontor",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{what.sequence}",
        f"STATUS:{'CANCELLED' if what.is_cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(title)}",
        *when_and_where,
        "END:VEVENT",
    ]


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _moment(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """A value of type TEXT: RFC 5545, section 3.3.11."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """Lines of 75 octets at most, and no character cut in two: RFC 5545, section 3.1."""
    folded: list[str] = []
    current, room = "", _LINE_OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            folded.append(current)
            current, room = "", _LINE_OCTETS - 1
        current, room = current + character, room - size
    return "\r\n ".join([*folded, current])
