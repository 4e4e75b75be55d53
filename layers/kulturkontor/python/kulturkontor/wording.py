"""What a text can say of a programme without being told: its names, dates, limits and shares.

A text names what it wants; `write` fills it in, so that no caller formats a fact of the programme.
"""

from collections.abc import Mapping
from functools import lru_cache

from kulturkontor.days import format_date, format_moment
from kulturkontor.documents import Document
from kulturkontor.markup import Template, parse_template
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import Value, counted, fill, phrase, shipped


def write(
    programme: Programme, *, language: Language, name: str, values: Mapping[str, Value]
) -> Document:
    """The text with the given values, and the programme's own for the rest; raises TextError."""
    template = template_of(programme, language=language, name=name)
    of_programme = programme_values(programme, language)
    rest = {key: of_programme[key] for key in template.slots & of_programme.keys()}
    wanted = {key: value for key, value in values.items() if key in template.slots}
    is_own = bool(programme.own_text(name, language))
    return fill(template, language, {**rest, **(wanted if is_own else values)})


def template_of(programme: Programme, *, language: Language, name: str) -> Template:
    """The text as staff have put it for this programme, else as it was shipped. Raises TextError
    where their words can no longer be read.
    """
    own = programme.own_text(name, language)
    return _own_template(f"{language}/{name}", own) if own else shipped(language, name)


@lru_cache(maxsize=100)
def _own_template(where: str, words: str) -> Template:
    return parse_template(where, words)


def programme_values(programme: Programme, language: Language) -> dict[str, Value]:
    """Every placeholder that a programme fills by itself."""
    contact = programme.contact
    return {
        "programme": programme.name[language],
        "organiser": programme.organiser,
        "contact_name": contact.name[language],
        "contact_email": contact.email,
        "contact_phone": contact.phone,
        **_dates(programme, language),
        **_terms(programme, language),
        **_cost_split(programme, language),
    }


def _dates(programme: Programme, language: Language) -> dict[str, Value]:
    decision = programme.decision
    days = {
        "starts": programme.starts,
        "ends": programme.ends,
        "deadline": programme.last_application_day,
        "letters_day": decision.released.date(),
        "group_by": decision.group_by,
        "feedback_by": decision.feedback_by,
        "waiting_list_ends": decision.waiting_list_ends,
    }
    return {
        **{key: format_date(day, language) for key, day in days.items()},
        "letters_at": format_moment(programme.released_at, language),
        "pre_gathering": when_pre_gathering(programme, language),
        "other_offers": decision.other_offers[language],
    }


def when_pre_gathering(programme: Programme, language: Language) -> str:
    """Its moment once staff have set it, before that what the programme says of when it comes."""
    event = programme.pre_gathering
    if event is None or event.is_cancelled:
        return programme.decision.pre_gathering[language]
    return format_moment(event.starts_at, language)


def _terms(programme: Programme, language: Language) -> dict[str, Value]:
    counts = {
        "min_members": ("persons", programme.application.min_members),
        "all_gatherings": ("all_gatherings", len(programme.gatherings)),
        "claim_days": ("days", programme.travel.window_days),
        "waiting_answer_days": (
            "working_days",
            programme.decision.waiting_list_answer_working_days,
        ),
        "kept_after_end": ("months", programme.retention.admitted_months_after_end),
    }
    return {key: counted(language, noun, count) for key, (noun, count) in counts.items()}


def _cost_split(programme: Programme, language: Language) -> dict[str, Value]:
    """«Kommunene dekker reise, utover 50% …»: the shares of the programme in its own figures."""
    travel, overnight = programme.travel, programme.overnight
    share = travel.share_percent
    limit = (
        {"persons": counted(language, "persons", travel.max_persons)} if travel.max_persons else {}
    )
    nights = counted(language, "persons", overnight.max_persons) if overnight.max_persons else ""
    own = "own_cover_all_travel" if share == 100 and not limit else "own_cover"
    return {
        "travel_share": share,
        "travel_cover": phrase(
            language, "travel_cover_limited" if limit else "travel_cover", share=share, **limit
        ),
        "overnight_cover": phrase(language, "overnight_cover", persons=nights) if nights else None,
        "overnight_arrangement": phrase(language, f"overnight_{overnight.mode}")
        if nights
        else None,
        "own_cover": phrase(language, own),
    }
