"""Which of the two written forms a text is in, so far as its commonest words tell: a letter in
nynorsk with a reason in bokmål is one that nobody meant to send.
"""

import re
from functools import cache
from typing import Final

from kulturkontor.decisions import Decision
from kulturkontor.programme import Language
from kulturkontor.word_lists import word_list

_FORMS: Final[tuple[Language, ...]] = ("nb", "nn")


def has_other_form(decision: Decision) -> bool:
    """Whether its reason, its conditions or why it corrects seem to be in another form than the
    letter.
    """
    texts = (decision.reason, decision.conditions, decision.correction_reason)
    return any(is_in_other_form(each, decision.language) for each in texts)


def is_in_other_form(text: str, form: Language) -> bool:
    """Whether more of its words are found only in the other form than only in this one."""
    words = re.findall(r"\w+", text.casefold())
    counts = {each: sum(word in _only_in(each) for word in words) for each in _FORMS}
    return counts[form] < max(counts.values())


@cache
def _only_in(form: Language) -> frozenset[str]:
    return frozenset(word_list(form, "written_form")["only_here"].split())
