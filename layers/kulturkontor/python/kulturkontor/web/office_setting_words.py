"""The settings in words: what a field is called, what stands in it, what is wrong with it, and what
a change of it touches.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from kulturkontor.days import format_date, format_moment
from kulturkontor.money import format_kroner
from kulturkontor.programme import OSLO, Language, Programme
from kulturkontor.programme_rules import Words
from kulturkontor.programme_settings import SettingFault, value_at
from kulturkontor.settings_effects import Effect
from kulturkontor.settings_fields import SECTIONS, Field, Kind, all_fields, find_field
from kulturkontor.settings_history import ChangedValue
from kulturkontor.texts import phrases, shipped_phrase
from kulturkontor.web.office_texts import has_text, say
from kulturkontor.web.office_visit import Visit

_UNITS: Final = (
    *("working_days", "bank_days", "days_around", "days_before", "days"),
    *("months_after_end", "months", "years", "pages", "persons", "members", "text"),
)
"""The longer ends first."""


class Said(NamedTuple):
    """A changed value in words."""

    name: str
    before: str
    after: str


def label(path: str, language: Language) -> str:
    """What a path is called: a field, a field in one language, or what has a page of its own."""
    if field := find_field(path):
        return say(language, f"setting_labels.{field.key}")
    parent, _, last = path.rpartition(".")
    if last in ("nb", "nn") and (field := find_field(parent)):
        name = say(language, f"setting_labels.{field.key}")
        return f"{name} ({say(language, f'setting_languages.{last}')})"
    return _elsewhere(path, language)


def _elsewhere(path: str, language: Language) -> str:
    section, *rest = path.split(".")
    if section in ("texts", "phrases"):
        name, form = rest
        called = text_name(name, language) if section == "texts" else phrase_name(name, form)
        return f"{called} ({say(language, f'setting_languages.{form}')})"
    called = say(language, f"setting_other.{section}")
    return f"{called} {rest[0]}" if section in ("gatherings", "coordinator_meetings") else called


def text_name(name: str, language: Language) -> str:
    """What a letter or a mail is called."""
    key = f"mail_texts.{name}"
    return say(language, key if has_text(language, key) else f"letter_texts.{name}")


def phrase_name(key: str, form: str) -> str:
    """A phrase is known by the words it was shipped with."""
    written: Language = "nn" if form == "nn" else "nb"
    return f"«{shipped_phrase(written, key) if key in phrases(written) else key}»"


def say_change(change: ChangedValue, language: Language) -> Said:
    name = label(change.path, language)
    field = _field_of(change.path)
    if field is None and change.path.startswith("texts."):
        return Said(name, "", say(language, "settings.changed_text"))
    if field is None and change.path.startswith("phrases."):
        original = say(language, "texts.original")
        return Said(name, change.before or original, change.after or original)
    return Said(
        name, say_value(field, change.before, language), say_value(field, change.after, language)
    )


def _field_of(path: str) -> Field | None:
    return find_field(path) or find_field(path.rpartition(".")[0])


def say_value(field: Field | None, value: Any, language: Language) -> str:
    """A value as the file has it or as plain JSON."""
    if value is None or value == "":
        return say(language, "settings.not_set")
    if field is None:
        return _plain(value, language)
    if field.kind is Kind.CHOICE:
        return say(language, f"setting_choices.{field.key}_{value}")
    if field.kind is Kind.CHOICES:
        return _joined([say(language, f"setting_choices.{field.key}_{e}") for e in value], language)
    if field.kind is Kind.KRONER:
        return format_kroner(value)
    if field.kind is Kind.LIMITS:
        told = [f"{code} {limit}" for code, limit in sorted(value.items()) if limit]
        return _joined(told, language)
    return _number(field, value, language)


def _number(field: Field, value: Any, language: Language) -> str:
    """With what it counts, where it is a number."""
    if field.kind is Kind.PERCENT:
        return f"{value}\u00a0%"
    unit = unit_of(field.path) if field.kind in (Kind.COUNT, Kind.COUNTS) else ""
    return _measured(value, unit, language) if value and unit else _plain(value, language)


def unit_of(path: str) -> str:
    """What a number counts, by the end of its path; empty for one that its label says it of."""
    return next((each for each in _UNITS if f".{path}".endswith((f"_{each}", f".{each}"))), "")


def _measured(value: Any, unit: str, language: Language) -> str:
    numbers = value if isinstance(value, list | tuple) else [value]
    count = numbers[0] if len(numbers) == 1 else _plain(value, language)
    return say(language, f"setting_units.{unit}", count=count)


def _plain(value: Any, language: Language) -> str:
    if isinstance(value, bool):
        return say(language, "base.yes" if value else "base.no")
    if isinstance(value, str):
        return _dated(value, language)
    if isinstance(value, datetime):
        return format_moment(value.replace(tzinfo=OSLO), language)
    if isinstance(value, date):
        return format_date(value, language)
    if isinstance(value, list | tuple):
        return _joined([_plain(each, language) for each in value], language)
    if isinstance(value, Words):
        return _plain({"nb": value.nb, "nn": value.nn}, language)
    if isinstance(value, dict):
        words = [str(each) for name, each in value.items() if each and name != "id"]
        return " / ".join(dict.fromkeys(words))
    return str(value)


def _dated(value: str, language: Language) -> str:
    """A day or a moment of plain JSON in words; any other text as it is."""
    if len(value) < len("2000-01-01") or not value[:4].isdigit() or value[4] != "-":
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if len(value) == len("2000-01-01"):
        return format_date(moment.date(), language)
    return format_moment(moment if moment.tzinfo else moment.replace(tzinfo=OSLO), language)


def _joined(words: list[str], language: Language) -> str:
    return ", ".join(words) if words else say(language, "settings.empty_list")


def say_fault(fault: SettingFault, language: Language) -> str:
    return say(language, f"setting_faults.{fault.code}", **fault.values)


def say_effect(effect: Effect, language: Language) -> str:
    values = {
        name: format_date(value, language) if isinstance(value, date) else value
        for name, value in effect.values.items()
    }
    return say(language, f"setting_effects.{effect.code}", **values)


def told_effects(effects: Sequence[Effect], language: Language) -> list[dict[str, Any]]:
    """As the API tells them."""
    return [
        {"code": each.code, "words": say_effect(each, language), "is_warning": each.is_warning}
        for each in effects
    ]


class Touched(NamedTuple):
    """What one changed field was and becomes, and what that touches."""

    name: str
    before: str
    after: str
    effects: list[tuple[str, bool]]


def touched(
    values: Mapping[str, Any],
    effects: Mapping[str, Sequence[Effect]],
    before: Programme,
    becomes: Programme,
    visit: Visit,
) -> list[Touched]:
    field_of = {each.path: each for fields in SECTIONS.values() for each in fields}
    return [
        Touched(
            label(path, visit.language),
            say_value(field_of.get(path), value_at(before, path), visit.language),
            say_value(field_of.get(path), value_at(becomes, path), visit.language),
            [(say_effect(each, visit.language), each.is_warning) for each in effects[path]],
        )
        for path in values
    ]


def path_in_form(path: str) -> str:
    """The field that a fault belongs to: `decision.criteria` also for one of its items."""
    known = (each.path for each in all_fields())
    return next((each for each in known if path == each or path.startswith(f"{each}.")), path)
