"""What is done with phrases whether a page or the API asks: which, what differs, keeping it."""

from collections.abc import Iterator, Mapping

from kulturkontor.actions.edit_settings import EditError, make_settings
from kulturkontor.phrase_checks import phrase_groups, phrase_languages
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import shipped_phrase
from kulturkontor.web.office_faults import OfficeError
from kulturkontor.web.office_visit import Visit

Pair = tuple[str, Language]
"""A phrase in one written form."""


def group_of(visit: Visit) -> str:
    group = visit.params["group"]
    if group not in phrase_groups():
        raise OfficeError(404, "unknown")
    return group


def pairs_of(visit: Visit) -> Iterator[Pair]:
    """Every phrase of the group that is asked for."""
    group = group_of(visit)
    for keys in phrase_groups()[group].values():
        for key in keys:
            for language in phrase_languages(group, visit.programme):
                yield key, language


def find_changed(words: Mapping[Pair, str], programme: Programme) -> dict[str, str]:
    """What differs from how it stands, by its path; nothing, or the shipped words again, are no
    own ones.
    """
    changed: dict[str, str] = {}
    for (key, language), typed in words.items():
        own = "" if typed == shipped_phrase(language, key) else typed
        if own != programme.own_phrase(key, language):
            changed[f"phrases.{key}.{language}"] = own
    return changed


def keep_phrases(visit: Visit, values: Mapping[str, str], *, reason: str, seen: int) -> None:
    """Raises EditError where nothing differs, SettingsError, and Conflict."""
    if not values:
        raise EditError("nothing_changed")
    make_settings(
        values,
        by=visit.by,
        at=visit.now,
        reason=reason,
        seen=seen,
        programme=visit.programme,
        records=visit.records,
        mail_queue=visit.doors.mail_queue,
    )
