"""What a change of the settings touches, counted before anything is changed.

What people have been told stays as they were told it: letters keep their dates, claims the rules
they were judged by, sealed batches their account. Each effect is a code of words and its figures.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from kulturkontor.claims import ClaimState
from kulturkontor.decisions import TOLD, Outcome, PlaceState
from kulturkontor.letters import LETTER
from kulturkontor.own_phrases import STAFF
from kulturkontor.payments import BatchState
from kulturkontor.programme import Programme
from kulturkontor.settings_reach import Change
from kulturkontor.settings_standing import Standing


class Effect(NamedTuple):
    """`values` may hold dates, which the page writes in its reader's language."""

    code: str
    values: Mapping[str, int | date] = {}
    is_warning: bool = False


Effects = Iterator[Effect]


def find_effects(
    paths: Sequence[str], standing: Standing, becomes: Programme
) -> dict[str, list[Effect]]:
    """By the path of each changed field; every field touches something, if only what comes."""
    change = Change(standing, becomes)
    return {path: list(_of_field(path)(change)) for path in paths}


def _of_field(path: str) -> Callable[[Change], Effects]:
    section, _, rest = path.partition(".")
    if section == "texts":
        return _letters if rest.startswith(LETTER) else _mails
    if section == "phrases":
        return _mails if rest.startswith(STAFF) else _letters
    return _FIELDS.get(path) or _SECTIONS.get(section) or _letters


def _letters(change: Change) -> Effects:
    """What stands in letters and mails."""
    told = sum(mark.s in TOLD for row in change.rows for mark in row.letters)
    if told:
        yield Effect("letters_stay", {"count": told}, is_warning=True)
    yield Effect("letters_to_come", {"count": change.to_tell})


def _mails(_: Change) -> Effects:
    yield Effect("mails_from_now")


def _opens(change: Change) -> Effects:
    if change.becomes.opens_at <= change.standing.at:
        yield Effect("opens_now", is_warning=True)
    else:
        yield Effect("opens_later", {"day": change.becomes.application.opens.date()})


def _closes(change: Change) -> Effects:
    yield Effect("drafts", {"count": change.drafts})
    yield from _draft_reminders(change)
    yield Effect("received_stay", {"count": change.received})
    if change.becomes.closes_at < change.before.closes_at:
        yield Effect("shorter_period", is_warning=True)
    if change.becomes.closes_at <= change.standing.at:
        yield Effect("closes_now", is_warning=True)


def _draft_reminders(change: Change) -> Effects:
    last, drafts = change.becomes.last_application_day, change.drafts
    for days in change.becomes.application.draft_reminder_days:
        if (day := last - timedelta(days=days)) >= change.today:
            yield Effect("draft_reminder", {"count": drafts, "day": day})


def _demands(change: Change) -> Effects:
    yield Effect("drafts_checked", {"count": change.drafts})
    yield Effect("received_stay", {"count": change.received})


def _released(change: Change) -> Effects:
    yield Effect("letters_go", {"count": change.to_tell, "day": change.becomes.released_at.date()})
    yield from _preflight(change)


def _preflight(change: Change) -> Effects:
    released = change.becomes.decision.released.date()
    for days in change.becomes.decision.preflight_days:
        if (day := released - timedelta(days=days)) >= change.today:
            yield Effect("preflight", {"day": day})


def _places(change: Change) -> Effects:
    admitted = sum(row.holds_place for row in change.rows)
    places = change.becomes.decision.places
    differs = admitted > places
    yield Effect("admitted", {"count": admitted, "places": places}, is_warning=differs)
    if change.standing.is_released:
        yield Effect("letters_state_places", is_warning=True)


def _answer_by(change: Change) -> Effects:
    yield Effect("offers_keep", {"count": change.in_place(PlaceState.OFFERED)})
    yield Effect("letters_to_come", {"count": change.to_tell})


def _answer_reminders(change: Change) -> Effects:
    yield Effect("offers_reminded", {"count": change.in_place(PlaceState.OFFERED)})


def _groups(change: Change) -> Effects:
    accepted = [row for row in change.live if row.place == PlaceState.ACCEPTED]
    yield Effect("groups_lacking", {"count": sum(not row.group for row in accepted)})
    yield from _letters(change)


def _waiting_list(change: Change) -> Effects:
    waiting = sum(row.outcome == Outcome.WAITLISTED for row in change.live)
    yield Effect("waiting", {"count": waiting})
    yield from _letters(change)


def _claims(change: Change) -> Effects:
    judged = [row for row in change.standing.claim_rows if row.state is not ClaimState.RETURNED]
    yield Effect("claims_keep", {"count": len(judged)})
    yield Effect("claims_to_come")


def _cost_split(change: Change) -> Effects:
    yield from _claims(change)
    yield from _letters(change)


def _window(change: Change) -> Effects:
    for gathering in change.becomes.gatherings:
        if not gathering.is_cancelled and gathering.last_day >= change.today:
            day = change.becomes.claim_deadline(gathering)
            yield Effect("claim_deadline", {"number": int(gathering.number), "day": day})
    yield from _claims(change)


def _mode(change: Change) -> Effects:
    accepted = change.in_place(PlaceState.ACCEPTED)
    yield Effect(f"mode_{change.becomes.overnight.mode}", {"count": accepted}, is_warning=True)
    yield from _cost_split(change)


def _batches(change: Change) -> Effects:
    proposed = sum(batch.state is BatchState.PROPOSED for batch in change.standing.batches)
    if proposed:
        yield Effect("batches_proposed", {"count": proposed}, is_warning=True)
    yield Effect("batches_keep", {"count": len(change.standing.batches) - proposed})


def _account(change: Change) -> Effects:
    yield Effect("payer", is_warning=True)
    yield from _batches(change)


def _reasons(_: Change) -> Effects:
    yield Effect("reasons_chosen")


def _sending(change: Change) -> Effects:
    yield Effect("letters_to_come", {"count": change.to_tell})


def _criteria(change: Change) -> Effects:
    """One more makes what was submitted lack it; none is ever taken away (`settings_values`)."""
    more = len(change.becomes.decision.criteria) > len(change.before.decision.criteria)
    if more and change.standing.has_scores:
        yield Effect("scores_lack_it", is_warning=True)
    yield from _letters(change)


def _assessment(change: Change) -> Effects:
    yield Effect("assessed", {"count": change.received})


def _summary(_: Change) -> Effects:
    yield Effect("next_summary")


def _retention(_: Change) -> Effects:
    yield Effect("next_erasure", is_warning=True)


_FIELDS: Final[Mapping[str, Callable[[Change], Effects]]] = {
    "application.opens": _opens,
    "application.closes": _closes,
    "application.draft_reminder_days": _draft_reminders,
    "decision.released": _released,
    "decision.preflight_days": _preflight,
    "decision.max_letter_pages": _preflight,
    "decision.mails_per_second": _sending,
    "decision.pause_at_bounces": _sending,
    "decision.pause_above_percent": _sending,
    "decision.places": _places,
    "decision.criteria": _criteria,
    "decision.reason_phrases": _reasons,
    "decision.offer_by_itself": _waiting_list,
    "decision.answer_by": _answer_by,
    "decision.answer_reminder_days": _answer_reminders,
    "decision.group_by": _groups,
    "decision.waiting_list_ends": _waiting_list,
    "travel.share_percent": _cost_split,
    "travel.max_persons": _cost_split,
    "travel.window_days": _window,
    "overnight.mode": _mode,
    "overnight.max_persons": _cost_split,
    "payment.debtor_account": _account,
    "payment.debtor_bic": _account,
}
_SECTIONS: Final[Mapping[str, Callable[[Change], Effects]]] = {
    "application": _demands,
    "travel": _claims,
    "overnight": _claims,
    "payment": _batches,
    "assessment": _assessment,
    "summary": _summary,
    "retention": _retention,
}
