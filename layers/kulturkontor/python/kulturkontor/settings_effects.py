"""What a change of the settings touches, counted before anything is changed.

What people have been told stays as they were told it: letters keep their dates, claims the rules
they were judged by, sealed batches their account. Each effect is a code of words and its figures.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from kulturkontor.application_rows import ApplicationRow
from kulturkontor.applications import ApplicationState
from kulturkontor.claims import ClaimState
from kulturkontor.decisions import TOLD, Outcome, PlaceState
from kulturkontor.letters import LETTER
from kulturkontor.own_phrases import STAFF
from kulturkontor.payments import BatchState
from kulturkontor.programme import OSLO, Programme
from kulturkontor.settings_standing import Standing


class Effect(NamedTuple):
    """`values` may hold dates, which the page writes in its reader's language."""

    code: str
    values: Mapping[str, int | date] = {}
    is_warning: bool = False


class _Change(NamedTuple):
    standing: Standing
    becomes: Programme

    @property
    def before(self) -> Programme:
        return self.standing.programme

    @property
    def rows(self) -> Sequence[ApplicationRow]:
        return self.standing.rows

    @property
    def today(self) -> date:
        return self.standing.at.astimezone(OSLO).date()


Effects = Iterator[Effect]


def find_effects(
    paths: Sequence[str], standing: Standing, becomes: Programme
) -> dict[str, list[Effect]]:
    """By the path of each changed field; every field touches something, if only what comes."""
    change = _Change(standing, becomes)
    return {path: list(_of_field(path)(change)) for path in paths}


def _of_field(path: str) -> Callable[[_Change], Effects]:
    section, _, rest = path.partition(".")
    if section == "texts":
        return _letters if rest.startswith(LETTER) else _mails
    if section == "phrases":
        return _mails if rest.startswith(STAFF) else _letters
    return _FIELDS.get(path) or _SECTIONS.get(section) or _letters


def _letters(change: _Change) -> Effects:
    """What stands in letters and mails."""
    told = sum(mark.s in TOLD for row in change.rows for mark in row.letters)
    if told:
        yield Effect("letters_stay", {"count": told}, is_warning=True)
    yield Effect("letters_to_come", {"count": _to_tell(change)})


def _mails(_: _Change) -> Effects:
    yield Effect("mails_from_now")


def _opens(change: _Change) -> Effects:
    if change.becomes.opens_at <= change.standing.at:
        yield Effect("opens_now", is_warning=True)
    else:
        yield Effect("opens_later", {"day": change.becomes.application.opens.date()})


def _closes(change: _Change) -> Effects:
    yield Effect("drafts", {"count": _drafts(change)})
    yield from _draft_reminders(change)
    yield Effect("received_stay", {"count": _received(change)})
    if change.becomes.closes_at < change.before.closes_at:
        yield Effect("shorter_period", is_warning=True)
    if change.becomes.closes_at <= change.standing.at:
        yield Effect("closes_now", is_warning=True)


def _draft_reminders(change: _Change) -> Effects:
    last, drafts = change.becomes.last_application_day, _drafts(change)
    for days in change.becomes.application.draft_reminder_days:
        if (day := last - timedelta(days=days)) >= change.today:
            yield Effect("draft_reminder", {"count": drafts, "day": day})


def _demands(change: _Change) -> Effects:
    yield Effect("drafts_checked", {"count": _drafts(change)})
    yield Effect("received_stay", {"count": _received(change)})


def _released(change: _Change) -> Effects:
    yield Effect(
        "letters_go", {"count": _to_tell(change), "day": change.becomes.released_at.date()}
    )
    yield from _preflight(change)


def _preflight(change: _Change) -> Effects:
    released = change.becomes.decision.released.date()
    for days in change.becomes.decision.preflight_days:
        if (day := released - timedelta(days=days)) >= change.today:
            yield Effect("preflight", {"day": day})


def _places(change: _Change) -> Effects:
    admitted = sum(row.holds_place for row in change.rows)
    places = change.becomes.decision.places
    differs = admitted > places
    yield Effect("admitted", {"count": admitted, "places": places}, is_warning=differs)
    if change.standing.is_released:
        yield Effect("letters_state_places", is_warning=True)


def _answer_by(change: _Change) -> Effects:
    yield Effect("offers_keep", {"count": _in_place(change, PlaceState.OFFERED)})
    yield Effect("letters_to_come", {"count": _to_tell(change)})


def _answer_reminders(change: _Change) -> Effects:
    yield Effect("offers_reminded", {"count": _in_place(change, PlaceState.OFFERED)})


def _groups(change: _Change) -> Effects:
    accepted = [row for row in _live(change.rows) if row.place == PlaceState.ACCEPTED]
    yield Effect("groups_lacking", {"count": sum(not row.group for row in accepted)})
    yield from _letters(change)


def _waiting_list(change: _Change) -> Effects:
    waiting = sum(row.outcome == Outcome.WAITLISTED for row in _live(change.rows))
    yield Effect("waiting", {"count": waiting})
    yield from _letters(change)


def _claims(change: _Change) -> Effects:
    judged = [row for row in change.standing.claim_rows if row.state is not ClaimState.RETURNED]
    yield Effect("claims_keep", {"count": len(judged)})
    yield Effect("claims_to_come")


def _cost_split(change: _Change) -> Effects:
    yield from _claims(change)
    yield from _letters(change)


def _window(change: _Change) -> Effects:
    for gathering in change.becomes.gatherings:
        if not gathering.is_cancelled and gathering.last_day >= change.today:
            day = change.becomes.claim_deadline(gathering)
            yield Effect("claim_deadline", {"number": int(gathering.number), "day": day})
    yield from _claims(change)


def _mode(change: _Change) -> Effects:
    accepted = _in_place(change, PlaceState.ACCEPTED)
    yield Effect(f"mode_{change.becomes.overnight.mode}", {"count": accepted}, is_warning=True)
    yield from _cost_split(change)


def _batches(change: _Change) -> Effects:
    proposed = sum(batch.state is BatchState.PROPOSED for batch in change.standing.batches)
    if proposed:
        yield Effect("batches_proposed", {"count": proposed}, is_warning=True)
    yield Effect("batches_keep", {"count": len(change.standing.batches) - proposed})


def _account(change: _Change) -> Effects:
    yield Effect("payer", is_warning=True)
    yield from _batches(change)


def _reasons(_: _Change) -> Effects:
    yield Effect("reasons_chosen")


def _sending(change: _Change) -> Effects:
    yield Effect("letters_to_come", {"count": _to_tell(change)})


def _assessment(change: _Change) -> Effects:
    yield Effect("assessed", {"count": _received(change)})


def _summary(_: _Change) -> Effects:
    yield Effect("next_summary")


def _retention(_: _Change) -> Effects:
    yield Effect("next_erasure", is_warning=True)


def _live(rows: Sequence[ApplicationRow]) -> list[ApplicationRow]:
    return [row for row in rows if row.is_live and row.reference]


def _is_told(row: ApplicationRow) -> bool:
    return any(mark.is_told for mark in row.letters)


def _to_tell(change: _Change) -> int:
    return sum(row.gets_answer and not _is_told(row) for row in change.rows)


def _drafts(change: _Change) -> int:
    return sum(row.state is ApplicationState.DRAFT for row in change.rows)


def _received(change: _Change) -> int:
    return len(_live(change.rows))


def _in_place(change: _Change, state: PlaceState) -> int:
    return sum(row.place == state for row in _live(change.rows))


_FIELDS: Final[Mapping[str, Callable[[_Change], Effects]]] = {
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
_SECTIONS: Final[Mapping[str, Callable[[_Change], Effects]]] = {
    "application": _demands,
    "travel": _claims,
    "overnight": _claims,
    "payment": _batches,
    "assessment": _assessment,
    "summary": _summary,
    "retention": _retention,
}
