"""When a decision is made known: once its letter has been handed over, not when it was written.

A letter can be stopped in between: until it goes, its municipality sees neither outcome nor place.
Whoever has its copy knows it too, so one mail that was claimed is enough; that it bounced does not
undo it. One that SES never took is not out, unless staff have sent it again and that went. A letter
whose mails are there no more went long ago.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from kulturkontor.applications import Application
from kulturkontor.decisions import (
    Decision,
    DecisionLetter,
    Outcome,
    Place,
    PlaceState,
    answer_day,
)
from kulturkontor.mail_states import copy_id, is_kept_back
from kulturkontor.mails import COPIES, Mail, letter_copy_id
from kulturkontor.programme import Programme


def letter_mail_ids(decision: Decision) -> list[str]:
    """Of the mails that bring its letter; none of a decision without a letter of ours."""
    if decision.letter is None or not decision.has_letter:
        return []
    own = decision.letter.mail_id
    return [own, *(letter_copy_id(own, whom) for whom in COPIES)]


def is_letter_kept_back(decision: Decision, mails: Mapping[str, Mail]) -> bool:
    """Whether a letter is written, and nobody has been sent it. `mails` by their ids."""
    found = letter_mails(decision, mails)
    return bool(found) and all(is_kept_back(each) for each in found)


def letter_mails(decision: Decision, mails: Mapping[str, Mail]) -> list[Mail]:
    """Those that bring its letter: the contact's, its copies, and what staff sent once more."""
    first = [mails[each] for each in letter_mail_ids(decision) if each in mails]
    found, more = list[Mail](), first
    while more:
        found += more
        more = [mails[each] for each in sent_again_ids(more) if each in mails]
    return found


def sent_again_ids(mails: Iterable[Mail]) -> list[str]:
    """Of what staff sent once more of those that nobody can have: it may have gone."""
    return [
        copy_id(each, number)
        for each in mails
        if is_kept_back(each)
        for number in range(1, each.copies + 1)
    ]


def gives_too_little_time(
    application: Application,
    decision: Decision,
    mails: Mapping[str, Mail],
    *,
    today: date,
    programme: Programme,
) -> bool:
    """Whether its letter is kept back, and gives a place with a nearer answer day than one that is
    written today would: it must be taken back and written anew.
    """
    letter, place = decision.letter, application.place
    if letter is None or place is None or place.state is not PlaceState.OFFERED:
        return False
    is_given = decision.outcome is Outcome.ADMITTED and place == letter.place_left
    is_near = is_given and place.answer_by < answer_day(decision.kind, today, programme)
    return is_near and is_letter_kept_back(decision, mails)


def last_told(application: Application) -> Decision | None:
    """The decision whose letter counts now."""
    return next((each for each in reversed(application.decisions) if each.is_told), None)


def as_known(application: Application, mails: Mapping[str, Mail]) -> Application:
    """The application as its municipality knows it: as if letters that are kept back were not
    written. To be shown, never to be kept.
    """
    kept_back = {each.serial for each in application.decisions if is_letter_kept_back(each, mails)}
    if not kept_back:
        return application
    place = application.place
    for each in reversed(application.decisions):
        if each.letter is not None and each.serial in kept_back:
            place = place_without(each.letter, place)
        elif each.is_told:
            break
    decisions = tuple(
        each.model_copy(update={"letter": None}) if each.serial in kept_back else each
        for each in application.decisions
    )
    return application.model_copy(update={"decisions": decisions, "place": place})


def place_without(letter: DecisionLetter, place: Place | None) -> Place | None:
    """The place as it would be without the letter: as it was before, unless something has happened
    to it since.
    """
    return letter.place_found if place == letter.place_left else place
