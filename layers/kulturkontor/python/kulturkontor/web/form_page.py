"""The application form as a page: shown empty, filled, with errors, and reshaped by its own
buttons.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from kulturkontor.application_form import Sector
from kulturkontor.applications import phase
from kulturkontor.municipalities import all_municipalities
from kulturkontor.texts import phrase
from kulturkontor.web.answers import Answer, page
from kulturkontor.web.forms import Fields, add_row, member_rows, remove_row, with_rows
from kulturkontor.web.problems import ProblemError, field_name
from kulturkontor.web.request import Request

ACTION_FIELD = "action"


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """`send_to` and `save_to` are paths; `municipality_fixed`: it has been sent as this one's."""

    send_to: str
    save_to: str
    is_new: bool
    is_draft: bool = True
    hidden: Mapping[str, str]
    municipality_fixed: bool = False
    back_to: str = "/"


def show_form(
    request: Request,
    form: FormPage,
    fields: Fields,
    *,
    problem: ProblemError | None = None,
    focus: str = "",
) -> Answer:
    """The form with what was typed. `focus`: where to go when no problem takes the focus."""
    shown = with_rows(fields, request.programme.application)
    messages = problem.messages(request.language) if problem else {}
    return page(
        request,
        "form.html",
        status=problem.status if problem else 200,
        headers=problem.headers if problem else None,
        other_language=form.send_to,
        form=form,
        phase=phase(request.programme, request.at),
        fields=shown,
        rows=range(len(member_rows(shown))),
        problem=problem,
        errors={_place(path): message for path, message in messages.items()},
        focus=focus,
        municipalities=municipality_options(shown.get("municipality", "")),
        sectors=[(str(each), phrase(request.language, f"sector_{each}")) for each in Sector],
        name_of=lambda path: field_name(path, request.language),
    )


def reshape(fields: Fields, action: str) -> Callable[[Request, FormPage], Answer] | None:
    """What a button that stores nothing does: add or remove a row, change language, show again."""
    kind, _, argument = action.partition(".")
    if kind == "add":
        longer = add_row(fields)
        focus = f"members.{len(member_rows(longer)) - 1}.role"
        return lambda request, form: show_form(request, form, longer, focus=focus)
    if kind == "remove" and argument.isdigit() and len(argument) < 4:
        shorter = remove_row(fields, int(argument))
        return lambda request, form: show_form(request, form, shorter, focus="members")
    if kind == "language":
        return lambda request, form: show_form(
            request, form, {**fields, "language": request.language}, focus="language-link"
        )
    if kind not in ("send", "save"):
        return lambda request, form: show_form(request, form, fields)
    return None


@cache
def _known() -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.kommunenummer, f"{each.official_name.removesuffix(county)}{county}")
        for each in all_municipalities()
        for county in (f" ({each.county})",)
    )


def municipality_options(chosen: str) -> tuple[tuple[str, str], ...]:
    """Every municipality by name and county, and what a draft says that is none of them."""
    known = _known()
    if not chosen or any(number == chosen for number, _ in known):
        return known
    return ((chosen, chosen), *known)


def _place(path: str) -> str:
    """The field that an error belongs to; what names no field belongs to the first."""
    return path if path else "municipality"
