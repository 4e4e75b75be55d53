"""What is put into letters and into the mails to staff, phrase by phrase in both languages:
written, checked, seen in the letters as PDF, kept with a reason. An empty field is the shipped
phrase again.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from kulturkontor.actions.edit_settings import (
    Known,
    plan_settings,
    read_history,
    read_known,
    read_standing,
)
from kulturkontor.letters import LETTER
from kulturkontor.own_phrases import fits
from kulturkontor.phrase_checks import (
    find_phrase_faults,
    phrase_groups,
    phrase_languages,
    words_of_phrase,
)
from kulturkontor.programme import Language
from kulturkontor.programme_settings import SettingsError, nested, with_changes
from kulturkontor.records import Conflict
from kulturkontor.settings_history import SettingsChange
from kulturkontor.text_checks import TextFault, editable_texts
from kulturkontor.texts import phrases, shipped_phrase
from kulturkontor.web.office_answers import Answer, page, redirect
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_phrase_edits import find_changed, group_of, keep_phrases, pairs_of
from kulturkontor.web.office_setting_form import MOST_REASON, seen_revision
from kulturkontor.web.office_setting_words import (
    Touched,
    phrase_name,
    say_effect,
    say_fault,
    text_name,
)
from kulturkontor.web.office_text_words import letter_as_pdf, say_text_fault
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit

AGAIN: Final = "again"
"""The field of the button that leads back to writing."""


class Phrase(NamedTuple):
    """One phrase in one written form, as the form shows it."""

    key: str
    language: Language
    words: str
    original: str
    is_own: bool
    is_broken: bool
    fault: str = ""

    @property
    def id(self) -> str:
        return f"{self.key}.{self.language}"


class Typed(NamedTuple):
    known: Known
    words: dict[tuple[str, Language], str]
    """What was written, by phrase and written form."""
    faults: list[tuple[str, str]]
    """The id of the field, and what is wrong with it in words."""

    @property
    def changed(self) -> dict[str, str]:
        return find_changed(self.words, self.known.programme)


def show_phrases(visit: Visit) -> Answer:
    return _form(visit)


def preview(visit: Visit) -> Answer:
    """What changes, and the letters with it; nothing is kept yet."""
    typed = _typed(visit)
    if AGAIN in visit.form or typed.faults or not typed.changed:
        is_unchanged = AGAIN not in visit.form and not typed.faults
        return _form(visit, typed, is_unchanged=is_unchanged)
    standing = read_standing(typed.known.programme, visit.records, at=visit.now)
    planned = plan_settings(typed.changed, standing)
    effects = dict.fromkeys(
        (say_effect(each, visit.language), each.is_warning)
        for those in planned.effects.values()
        for each in those
    )
    group = group_of(visit)
    letters = [name for name in editable_texts() if name.startswith(LETTER)]
    return page(
        visit,
        "phrases_preview",
        group=group,
        touched=[_touched(visit, typed, path) for path in typed.changed],
        effects=list(effects),
        letters=[
            (f"{language}/{name}", text_name(name, visit.language), language)
            for name in letters
            for language in visit.programme.languages
        ]
        if group == "letters"
        else [],
        reason=visit.form["reason"].strip(),
        fields={name: value for name, value in visit.form.items() if name != "csrf"},
    )


def print_letter(visit: Visit) -> Answer:
    """The letter that the button names, with the phrases that were written."""
    typed = _typed(visit)
    form, _, name = visit.form.get("letter", "").partition("/")
    language = next((each for each in visit.programme.languages if each == form), None)
    if language is None or name not in editable_texts() or not name.startswith(LETTER):
        raise OfficeError(404, "unknown")
    if typed.faults:
        return _form(visit, typed)
    own = with_changes(typed.known.programme, nested(typed.changed))
    return letter_as_pdf(own, language, name)


def change(visit: Visit) -> Answer:
    typed = _typed(visit)
    if typed.faults or not typed.changed:
        return _form(visit, typed, is_unchanged=not typed.faults)
    try:
        reason = visit.form["reason"].strip()
        keep_phrases(visit, typed.changed, reason=reason, seen=seen_revision(visit))
    except SettingsError as fault:
        told = [("", say_fault(each, visit.language)) for each in fault.faults]
        return _form(visit, typed._replace(faults=told))
    except Conflict:
        return _form(visit, typed, is_conflict=True)
    return redirect(f"/texts/phrases/{group_of(visit)}")


def _typed(visit: Visit) -> Typed:
    known = read_known(visit.programme, visit.records)
    words = {
        (key, language): " ".join(
            visit.form.get(
                f"{key}.{language}", words_of_phrase(known.programme, language, key)
            ).split()
        )
        or shipped_phrase(language, key)
        for key, language in pairs_of(visit)
    }
    faults = [
        (f"{key}.{language}", say_text_fault(visit.language, fault, phrases(language)[key]))
        for (key, language), said in words.items()
        for fault in find_phrase_faults(key, language, said)
    ]
    if not 0 < len(visit.form.get("reason", "").strip()) <= MOST_REASON:
        reason = TextFault(None, "reason")
        faults.append(("reason", say_text_fault(visit.language, reason, frozenset())))
    return Typed(known, words, faults)


def _touched(visit: Visit, typed: Typed, path: str) -> Touched:
    _, key, form = path.split(".")
    language: Language = "nn" if form == "nn" else "nb"
    return Touched(
        f"{phrase_name(key, form)} ({say(visit.language, f'setting_languages.{form}')})",
        words_of_phrase(typed.known.programme, language, key),
        typed.words[key, language],
        [],
    )


def _form(
    visit: Visit,
    typed: Typed | None = None,
    *,
    is_conflict: bool = False,
    is_unchanged: bool = False,
) -> Answer:
    """The group's form: as things stand, or with what was typed and what is wrong with it."""
    group = group_of(visit)
    known = typed.known if typed else read_known(visit.programme, visit.records)
    faults = typed.faults if typed and AGAIN not in visit.form else []
    return page(
        visit,
        "phrases",
        status=422 if faults else 409 if is_conflict else 200,
        group=group,
        parts_of={
            part: [_shown(each, known, typed, dict(faults)) for each in _pairs(visit, group, keys)]
            for part, keys in phrase_groups()[group].items()
        },
        told=faults,
        history=_history(visit),
        seen=known.revision if is_conflict or typed is None else seen_revision(visit),
        reason=visit.form.get("reason", ""),
        is_conflict=is_conflict,
        is_unchanged=is_unchanged,
    )


def _pairs(visit: Visit, group: str, keys: Sequence[str]) -> list[tuple[str, Language]]:
    languages = phrase_languages(group, visit.programme)
    return [(key, language) for key in keys for language in languages]


def _shown(
    pair: tuple[str, Language], known: Known, typed: Typed | None, faults: Mapping[str, str]
) -> Phrase:
    key, language = pair
    own = known.programme.own_phrase(key, language)
    return Phrase(
        key=key,
        language=language,
        words=typed.words[pair] if typed else words_of_phrase(known.programme, language, key),
        original=shipped_phrase(language, key),
        is_own=bool(own),
        is_broken=bool(own) and not fits(language, key, own),
        fault=faults.get(f"{key}.{language}", ""),
    )


def _history(visit: Visit) -> list[SettingsChange]:
    paths = {f"phrases.{key}.{language}" for key, language in pairs_of(visit)}
    return [
        each
        for each in read_history(visit.programme, visit.records)
        if any(value.path in paths for value in each.values)
    ]


_GROUP: Final = "/texts/phrases/<group>"
ROUTES: Final[dict[str, Handler]] = {
    f"GET {_GROUP}": show_phrases,
    f"POST {_GROUP}/preview": preview,
    f"POST {_GROUP}/letter": print_letter,
    f"POST {_GROUP}/change": change,
}
