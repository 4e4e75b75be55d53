"""Why a line of a claim was judged as it was, in words: `texts/<language>/claim_reasons.toml`."""

from kulturkontor.judgement import JudgedLine, ReasonCode
from kulturkontor.programme import Language, Programme
from kulturkontor.word_lists import word_list


def reason_text(line: JudgedLine, *, language: Language, programme: Programme) -> str:
    """The reasons of a line, the first one first, and what a person at the council wrote of it."""
    texts = [_text(code, language, programme) for code in (line.reason, *line.also)]
    if line.ruling and line.ruling.reason:
        texts.append(line.ruling.reason)
    return " ".join(texts)


def _text(code: ReasonCode, language: Language, programme: Programme) -> str:
    text: str = word_list(language, "claim_reasons")[code]
    values = {
        "share_percent": programme.travel.share_percent,
        "days_around": programme.travel.days_around,
        "max_night_persons": programme.overnight.max_persons,
        "max_travellers": programme.travel.max_persons or "",
    }
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
