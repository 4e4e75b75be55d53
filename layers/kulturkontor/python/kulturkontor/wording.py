"""What a text can say of a programme without being told: its names, dates, limits and shares.

A text names what it wants; `write` fills it in, so that no caller formats a fact of the programme.
"""

from collections.abc import Mapping
from functools import lru_cache

from kulturkontor.days import format_date, format_moment
from kulturkontor.documents import Document
from kulturkontor.markup import Template, TextError, parse_template
from kulturkontor.needed_slots import require_needed
from kulturkontor.own_phrases import counted_of, phrase_of
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import Value, fill, shipped


def write(
    programme: Programme, *, language: Language, name: str, values: Mapping[str, Value]
) -> Document:
    """The text with the given values, and the programme's own for the rest. Where staff's words no
    longer fit what is put into them, ours stand: no mail is lost for its words. Raises TextError
    where ours do not fit either.
    """
    if programme.own_text(name, language):
        try:
            return write_own(programme, language=language, name=name, values=values)
        except TextError:
            pass  # `broken_texts.py` finds it for staff
    template = shipped(language, name)
    return fill(template, language, {**_rest(template, programme, language), **values})


def write_own(
    programme: Programme, *, language: Language, name: str, values: Mapping[str, Value]
) -> Document:
    """The text in staff's own words, which need not name all it is given. Raises TextError."""
    template = template_of(programme, language=language, name=name)
    wanted = {key: value for key, value in values.items() if key in template.slots}
    return fill(template, language, {**_rest(template, programme, language), **wanted})


def _rest(template: Template, programme: Programme, language: Language) -> dict[str, Value]:
    of_programme = programme_values(programme, language)
    return {key: of_programme[key] for key in template.slots & of_programme.keys()}


def template_of(programme: Programme, *, language: Language, name: str) -> Template:
    """The text as staff have put it for this programme, else as it was shipped. Raises TextError
    where their words can no longer be read, or have lost what the text must have.
    """
    own = programme.own_text(name, language)
    return _own_template(language, name, own) if own else shipped(language, name)


@lru_cache(maxsize=100)
def _own_template(language: Language, name: str, words: str) -> Template:
    template = parse_template(f"{language}/{name}", words)
    require_needed(template, language, name)
    return template


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
        "all_gatherings": ("all_gatherings", len(programme.planned_gatherings)),
        "claim_days": ("days", programme.travel.window_days),
        "waiting_answer_days": (
            "working_days",
            programme.decision.waiting_list_answer_working_days,
        ),
        "kept_after_end": ("months", programme.retention.admitted_months_after_end),
    }
    return {
        key: counted_of(programme, language, noun, count) for key, (noun, count) in counts.items()
    }


def _cost_split(programme: Programme, language: Language) -> dict[str, Value]:
    """«Kommunene dekker reise, utover 50% …»: the shares of the programme in its own figures."""
    travel, overnight = programme.travel, programme.overnight
    share, limit, nights = travel.share_percent, travel.max_persons, overnight.max_persons
    own = "own_cover_all_travel" if share == 100 and not limit else "own_cover"
    return {
        "travel_share": share,
        "travel_cover": _travel_cover(programme, language),
        "overnight_cover": phrase_of(
            programme,
            language,
            "overnight_cover",
            persons=counted_of(programme, language, "persons", nights),
        )
        if nights
        else None,
        "overnight_arrangement": phrase_of(programme, language, f"overnight_{overnight.mode}")
        if nights
        else None,
        "own_cover": phrase_of(programme, language, own),
    }


def _travel_cover(programme: Programme, language: Language) -> str:
    share, limit = programme.travel.share_percent, programme.travel.max_persons
    if not limit:
        return phrase_of(programme, language, "travel_cover", share=share)
    persons = counted_of(programme, language, "persons", limit)
    return phrase_of(programme, language, "travel_cover_limited", share=share, persons=persons)
