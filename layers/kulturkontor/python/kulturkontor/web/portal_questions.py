"""Everything that the application asks, on one page to print: the questions of the form itself."""

from kulturkontor.application_form import Sector
from kulturkontor.application_parts import MEMBER, PARTS, Kind
from kulturkontor.application_period import phase
from kulturkontor.application_words import needed_in_words, part_title
from kulturkontor.texts import phrase
from kulturkontor.web.answers import Answer, page, text
from kulturkontor.web.files_section import limits
from kulturkontor.web.request import Request
from kulturkontor.web.routes import Route


def show_questions(request: Request) -> Answer:
    programme, language = request.programme, request.language
    forms = [text(language, f"form.language_{each}") for each in programme.languages]
    sectors = [phrase(language, f"sector_{each}") for each in Sector]
    return page(
        request,
        "questions.html",
        parts=[(part_title(part, language), groups) for part, groups in PARTS.items()],
        members=Kind.MEMBERS,
        member=MEMBER,
        options={"language": ", ".join(forms), "sector": ", ".join(sectors)},
        needed=needed_in_words(programme, language),
        can_apply=phase(programme, request.at) in ("open", "late"),
        limits=limits(),
    )


ROUTES = (Route(method="GET", path="/sporsmal", answer=show_questions),)
