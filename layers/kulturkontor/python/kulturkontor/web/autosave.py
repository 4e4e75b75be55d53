"""What the page's script is told when it has saved: when, what of the page is kept, what is not."""

from typing import Any

from kulturkontor.actions.edit import Edited
from kulturkontor.application_fields import (
    Fields,
    rows_of,
    settle_municipality,
    write_fields,
)
from kulturkontor.application_form import tidy
from kulturkontor.application_parts import Part
from kulturkontor.edits import digests
from kulturkontor.web.answers import Answer, as_json
from kulturkontor.web.municipality_choice import place_in_words
from kulturkontor.web.part_page import field_names, saved_words
from kulturkontor.web.problems import ProblemError
from kulturkontor.web.request import Request


def told_to_script(
    request: Request,
    part: Part,
    fields: Fields,
    edited: Edited,
    problem: ProblemError | None,
) -> Answer:
    """`seen`: digests of the fields that are kept as they stand on the page; `fills`: what was
    filled in for the sender; `problems`: sentences on what is not kept.
    """
    kept = write_fields(edited.application.working_answers)
    typed = settle_municipality(fields, kept) if part is Part.MUNICIPALITY else fields
    names = field_names(part, len(rows_of(fields)))
    same = [name for name in names if tidy(typed.get(name, "")) == kept.get(name, "")]
    told: dict[str, Any] = {
        "saved": saved_words(edited.application, request.language),
        "problems": list(problem.messages(request.language).values()) if problem else [],
        "seen": digests(kept, same),
        "fills": {},
    }
    if part is Part.MUNICIPALITY:
        told["place"] = place_in_words(kept.get("municipality", ""), request.language)
        if "language" not in same and "language" not in edited.conflicts:
            told["fills"] = {"language": kept["language"]}
            told["seen"] |= digests(kept, ["language"])
    return as_json(told)
