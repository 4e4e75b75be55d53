"""The phrases of letters and of the mails to staff, as JSON: the same checks as on the pages."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from kulturkontor.actions.edit_settings import read_known
from kulturkontor.own_phrases import fits
from kulturkontor.phrase_checks import find_phrase_faults, words_of_phrase
from kulturkontor.programme_settings import SettingsError
from kulturkontor.texts import phrases
from kulturkontor.web.office_answers import Answer, as_json
from kulturkontor.web.office_faults import FieldFault, OfficeError
from kulturkontor.web.office_phrase_edits import Pair, find_changed, keep_phrases, pairs_of
from kulturkontor.web.office_setting_form import MOST_REASON
from kulturkontor.web.office_settings_api import refused
from kulturkontor.web.office_text_words import say_text_fault
from kulturkontor.web.office_visit import Handler, Visit


class PhrasesIn(BaseModel):
    """`words`: by `<phrase>.<language>`, an empty one is the shipped phrase again; `seen`: the
    revision that GET gave.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: dict[str, str]
    reason: Annotated[str, Field(pattern=r"\S", max_length=MOST_REASON)]
    seen: Annotated[int, Field(ge=0)]


def show_phrases(visit: Visit) -> Answer:
    known = read_known(visit.programme, visit.records)
    told = {}
    for key, language in pairs_of(visit):
        own = known.programme.own_phrase(key, language)
        told[f"{key}.{language}"] = {
            "words": words_of_phrase(known.programme, language, key),
            "is_own": bool(own),
            "is_broken": bool(own) and not fits(language, key, own),
        }
    return as_json({"revision": known.revision, "phrases": told})


def change(visit: Visit) -> Answer:
    body = visit.sent(PhrasesIn)
    stands = read_known(visit.programme, visit.records).programme
    values = find_changed(_checked(visit, body), stands)
    try:
        keep_phrases(visit, values, reason=body.reason.strip(), seen=body.seen)
    except SettingsError as fault:
        raise refused(visit, fault.faults) from fault
    return show_phrases(visit)


def _checked(visit: Visit, body: PhrasesIn) -> dict[Pair, str]:
    known = {f"{key}.{language}": (key, language) for key, language in pairs_of(visit)}
    errors = [FieldFault(name, "extra_forbidden") for name in body.words if name not in known]
    words: dict[Pair, str] = {}
    for name in body.words.keys() & known.keys():
        key, language = known[name]
        words[key, language] = typed = " ".join(body.words[name].split())
        for fault in find_phrase_faults(key, language, typed) if typed else []:
            said = say_text_fault(visit.language, fault, phrases(language)[key])
            errors.append(FieldFault(name, fault.code, said))
    if errors:
        raise OfficeError(422, "invalid", errors=tuple(errors))
    return words


_GROUP: Final = "/api/texts/phrases/<group>"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_GROUP}": show_phrases,
    f"POST {_GROUP}": change,
}
