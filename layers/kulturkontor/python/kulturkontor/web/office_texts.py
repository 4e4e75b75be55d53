"""The words of the office's pages, `texts/<language>/office*.toml`, each with a dotted key."""

from functools import cache
from typing import Any

from kulturkontor.programme import Language
from kulturkontor.texts import TextError
from kulturkontor.word_lists import word_lists

OFFICE_TEXTS = (
    "office",
    "office_finance",
    "office_calendar",
    "office_people",
    "office_decisions",
    "office_release",
    "office_applications",
    "office_messages",
    "office_assessment",
    "office_users",
    "office_settings",
    "office_practice",
    "office_imports",
)


def say(language: Language, key: str, /, **values: str | int) -> str:
    """The text of that key with its values; raises TextError where there is none. A text with a
    `count` may have another for one, `<key>_one`.
    """
    is_one = values.get("count") == 1 and has_text(language, f"{key}_one")
    return find_text(language, f"{key}_one" if is_one else key).format_map(values)


def has_text(language: Language, key: str) -> bool:
    return key in all_texts(language)


def find_text(language: Language, key: str) -> str:
    text = all_texts(language).get(key)
    if text is None:
        raise TextError(f"{language}/office: there is no {key}")
    return text


@cache
def all_texts(language: Language) -> dict[str, str]:
    """Every text by its dotted key."""
    return _flat("", word_lists(language, OFFICE_TEXTS))


def _flat(start: str, table: Any) -> dict[str, str]:
    if isinstance(table, str):
        return {start: table}
    found: dict[str, str] = {}
    for key, value in table.items():
        found |= _flat(f"{start}.{key}" if start else key, value)
    return found
