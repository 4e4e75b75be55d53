"""The words for a claim: why a line is judged as it is, and what is wrong with a field.

`texts/<language>/claim_reasons.toml` and `claim_errors.toml`; values are inserted once, never
filled again. The numbers in a reason are the programme's own.
"""

from kulturkontor.claim_form import FieldError
from kulturkontor.judgement import JudgedLine
from kulturkontor.programme import Language, Programme
from kulturkontor.word_lists import word_list


def explain_line(line: JudgedLine, *, programme: Programme, language: Language) -> str:
    """Why the line has its state, in one or two sentences."""
    template: str = word_list(language, "claim_reasons")[line.reason]
    return template.format_map(
        {
            "share_percent": programme.travel.share_percent,
            "max_night_persons": programme.overnight.max_persons,
            "max_travellers": programme.travel.max_persons,
            "days_around": programme.travel.days_around,
        }
    )


def explain_error(error: FieldError, language: Language) -> str:
    """What to do about the field, to be shown beside it."""
    template: str = word_list(language, "claim_errors")[error.code]
    return template.format_map(error.values)
