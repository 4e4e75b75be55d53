"""Why a line of a claim was judged as it was, in words: `texts/<language>/claim_reasons.toml`."""

from kulturkontor.judgement import JudgedLine, ReasonCode
from kulturkontor.money import format_kroner
from kulturkontor.programme import Language
from kulturkontor.rules_used import RulesUsed
from kulturkontor.word_lists import word_list


def reason_text(line: JudgedLine, *, language: Language, rules: RulesUsed) -> str:
    """The reasons of a line, the first one first, and what a person at the council wrote of it.

    `rules`: those the line was judged by, so that its words mention the numbers of then.
    """
    texts = [_text(code, language, rules) for code in (line.reason, *line.also)]
    if line.ruling and line.ruling.reason:
        texts.append(line.ruling.reason)
    return " ".join(texts)


def _text(code: ReasonCode, language: Language, rules: RulesUsed) -> str:
    text: str = word_list(language, "claim_reasons")[code]
    values = {
        "share_percent": rules.share_percent,
        "days_around": rules.days_around,
        "max_night_persons": rules.max_night_persons,
        "max_travellers": rules.max_travellers or "",
        "max_per_night": format_kroner(rules.max_ore_per_night or 0),
    }
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
