"""The reasons that staff choose from when they decide: written in both languages, seen before they
are kept.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from kulturkontor.actions.edit_settings import (
    Known,
    make_settings,
    plan_settings,
    read_known,
    read_standing,
)
from kulturkontor.decisions import Outcome
from kulturkontor.programme_settings import SettingFault, SettingsError
from kulturkontor.reason_wording import PATH, Row, find_faults, read_phrases, rows_of
from kulturkontor.records import Conflict
from kulturkontor.web.office_answers import Answer, page, redirect
from kulturkontor.web.office_setting_form import MOST_REASON, seen_revision
from kulturkontor.web.office_setting_words import Touched, say_effect, say_fault
from kulturkontor.web.office_texts import say
from kulturkontor.web.office_visit import Handler, Visit


class Typed(NamedTuple):
    known: Known
    rows: list[Row]
    changed: list[dict[str, Any]]
    faults: list[SettingFault]


def show_reasons(visit: Visit) -> Answer:
    return _form(visit)


def plan(visit: Visit) -> Answer:
    typed = _typed(visit)
    if typed.faults or not typed.changed:
        return _form(visit, faults=typed.faults, is_unchanged=not typed.faults)
    standing = read_standing(typed.known.programme, visit.records, at=visit.now)
    try:
        planned = plan_settings({PATH: typed.changed}, standing)
    except SettingsError as fault:
        return _form(visit, faults=fault.faults)
    return page(
        visit,
        "reasons_plan",
        touched=_touched(visit, typed),
        effects=[
            (say_effect(each, visit.language), each.is_warning) for each in planned.effects[PATH]
        ],
        reason=visit.form["reason"].strip(),
        fields={name: value for name, value in visit.form.items() if name != "csrf"},
    )


def change(visit: Visit) -> Answer:
    typed = _typed(visit)
    if typed.faults or not typed.changed:
        return _form(visit, faults=typed.faults, is_unchanged=not typed.faults)
    try:
        make_settings(
            {PATH: typed.changed},
            by=visit.by,
            at=visit.now,
            reason=visit.form["reason"].strip(),
            seen=seen_revision(visit),
            programme=visit.programme,
            records=visit.records,
            mail_queue=visit.doors.mail_queue,
        )
    except SettingsError as fault:
        return _form(visit, faults=fault.faults)
    except Conflict:
        return _form(visit, is_conflict=True)
    return redirect("/texts/reasons")


def _typed(visit: Visit) -> Typed:
    known = read_known(visit.programme, visit.records)
    rows = rows_of(known.programme, visit.form)
    faults = list(find_faults(rows))
    if not 0 < len(visit.form.get("reason", "").strip()) <= MOST_REASON:
        faults.append(SettingFault("reason", "reason"))
    return Typed(known, rows, read_phrases(rows, known.programme), faults)


def _touched(visit: Visit, typed: Typed) -> list[Touched]:
    before = {each.id: each for each in typed.known.programme.decision.reason_phrases}
    none = say(visit.language, "reasons.none")
    return [
        Touched(
            f"{say(visit.language, 'outcomes.' + str(each['outcome']))}, "
            f"{say(visit.language, 'setting_languages.' + language)}",
            (before[each["id"]][language] if each["id"] in before else "") or none,
            each[language] or none,
            [],
        )
        for each in typed.changed
        for language in typed.known.programme.languages
    ]


def _form(
    visit: Visit,
    *,
    faults: Sequence[SettingFault] = (),
    is_conflict: bool = False,
    is_unchanged: bool = False,
) -> Answer:
    known = read_known(visit.programme, visit.records)
    rows = rows_of(known.programme, visit.form)
    return page(
        visit,
        "reasons",
        status=422 if faults else 409 if is_conflict else 200,
        rows={
            outcome.value: [row for row in rows if row.outcome == outcome] for outcome in Outcome
        },
        told=[(each.path, say_fault(each, visit.language)) for each in faults],
        seen=known.revision if is_conflict or not visit.form else seen_revision(visit),
        reason=visit.form.get("reason", ""),
        is_conflict=is_conflict,
        is_unchanged=is_unchanged,
    )


ROUTES: Final[dict[str, Handler]] = {
    "GET /texts/reasons": show_reasons,
    "POST /texts/reasons/plan": plan,
    "POST /texts/reasons/change": change,
}
