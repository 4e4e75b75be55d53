"""The application as PDF: whole, the same each time, and whatever people write is text."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from kulturkontor.application_form import Answers
from kulturkontor.application_print import print_application
from kulturkontor.applications import Application, ApplicationState
from kulturkontor.printing import REPLACED
from kulturkontor.programme import Language
from tests.office_factory import answers
from tests.rules.application_factory import KIFK2, an_application


def draft(**changes: Any) -> Application:
    return an_application(
        state=ApplicationState.DRAFT,
        reference=None,
        received_at=None,
        answers=Answers.model_validate(answers(**changes)),
    )


def words_of(application: Application, language: Language = "nb", **options: bool) -> str:
    pdf = print_application(application, KIFK2, language, **options)
    pages = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).replace("\N{ZERO WIDTH SPACE}", "").split())


def test_the_draft_is_printed_with_every_question_and_answer() -> None:
    words = words_of(draft(motivation="Vi vil nå flere barn.\n\nOg ungdom."))
    for told in (
        "Søknaden fra Bergen kommune",
        "Utkast, ikke sendt",
        "Sist lagret 20. mars 2026 kl. 10.00",
        "Kontaktperson, navn Kari Prøve",
        "Hvorfor søker dere, og hva vil dere utvikle? Vi vil nå flere barn. Og ungdom.",
        "Person 4 leder, oppvekst og skole",
        "Samarbeidspartnere Ikke besvart",
        "Side 1 av 2",
    ):
        assert told in words


def test_it_speaks_the_readers_language() -> None:
    words = words_of(draft(), "nn")
    assert "Søknaden frå Bergen kommune" in words
    assert "Utkast, ikkje sendt" in words


def test_the_same_answers_give_the_same_bytes() -> None:
    assert print_application(draft(), KIFK2, "nb") == print_application(draft(), KIFK2, "nb")


def test_it_is_tagged_for_screen_readers_and_says_its_language() -> None:
    reader = PdfReader(BytesIO(print_application(draft(), KIFK2, "nn")))
    catalogue: Any = reader.trailer["/Root"]
    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"]) == ("nn", True)
    assert reader.metadata is not None
    assert reader.metadata.title == "Søknaden frå Bergen kommune"


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("x") #import "/etc/passwd": * #read("application.typ") $x^2$ `kode`',
        "*fet* _kursiv_ @ref <merke> = Tittel \\ // kommentar /* mer */ ~",
        "<script>alert(1)</script> {{7*7}} ${x} %s",
        "1. 2. 3. - + / [liste](lenke)",
    ],
    ids=["typst code", "typst markup", "html", "lists"],
)
def test_what_people_write_is_printed_as_it_stands(hostile: str) -> None:
    assert hostile in words_of(draft(motivation=hostile))


def test_a_character_without_a_glyph_is_replaced_and_told() -> None:
    words = words_of(draft(motivation="Vi spiller 🎻 og 琴."))
    assert f"Vi spiller {REPLACED} og {REPLACED}." in words
    assert f"erstattet av «{REPLACED}»: U+7434, U+1F3BB." in words
    assert "erstattet" not in words_of(draft())


def test_an_empty_draft_and_one_of_many_pages_are_printed() -> None:
    empty = draft().but(answers=Answers())
    assert "Ikke besvart" in words_of(empty)
    assert "Slutten." in words_of(draft(motivation="Et avsnitt.\n\n" * 400 + "Slutten."))


def test_corrections_are_said_to_be_unsent_and_what_was_sent_can_be_had() -> None:
    sent = an_application(pending=Answers.model_validate(answers(motivation="Rettet.")))
    corrected = words_of(sent)
    assert "KFK2-2026-4601, med endringer som ikke er sendt" in corrected
    assert "Rettet." in corrected
    received = words_of(sent, as_sent=True)
    assert "Rettet." not in received
    assert "Mottatt 20. mars 2026 kl. 10.00" in received
