"""What a text must not lose, whoever writes it: its reader's link, deadline, reason, sum.

The table is `[needed]` of `texts/<language>/text_slots.toml`. A phrase must keep every figure it is
shipped with.
"""

from kulturkontor.markup import Template, TextError
from kulturkontor.programme import Language
from kulturkontor.word_lists import word_list


def needed_slots(language: Language, name: str) -> frozenset[str]:
    """What the reader of that text cannot do without."""
    return frozenset(word_list(language, "text_slots")["needed"][name])


def require_needed(template: Template, language: Language, name: str) -> None:
    """Raises TextError for a text in staff's own words that has lost what it must have."""
    if lost := needed_slots(language, name) - template.slots:
        raise TextError(f"{template.where}: {{{min(lost)}}} must be in the text")
