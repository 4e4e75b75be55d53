import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader

from kulturkontor.decisions import Outcome
from kulturkontor.letters import LetterData
from kulturkontor.programme import Language
from kulturkontor.typesetting import UnprintableTextError, typeset_letter
from tests.rules.letter_factory import RELEASED_AT, a_letter

ONE_PAGE_OF_WORDS = "Søknaden er grundig og viser god forankring i planene. " * 12


def typeset(letter: LetterData) -> bytes:
    return typeset_letter(letter, at=RELEASED_AT)


def text_of(pdf: bytes) -> str:
    """The words of the PDF on one line; line breaks and breaks within long words removed."""
    pages = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).replace("\N{ZERO WIDTH SPACE}", "").split())


def test_the_same_letter_gives_the_same_bytes() -> None:
    letter = a_letter(Outcome.ADMITTED)
    assert typeset(letter) == typeset(letter)


def test_the_same_letter_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from tests.rules.letter_factory import a_letter, RELEASED_AT\n"
        "from kulturkontor.typesetting import typeset_letter\n"
        "sys.stdout.buffer.write(typeset_letter(a_letter(), at=RELEASED_AT))"
    )
    again = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(sys.path)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
    )
    assert again.stdout == typeset(a_letter())


def test_another_time_gives_other_bytes() -> None:
    later = typeset_letter(a_letter(), at=RELEASED_AT + timedelta(seconds=1))
    assert later != typeset(a_letter())


@pytest.mark.parametrize(
    ("outcome", "pages"), [(Outcome.ADMITTED, 2), (Outcome.WAITLISTED, 1), (Outcome.REJECTED, 1)]
)
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_letters_keep_to_their_pages(language: Language, outcome: Outcome, pages: int) -> None:
    letter = a_letter(outcome, language=language, reason=ONE_PAGE_OF_WORDS)
    pdf = PdfReader(BytesIO(typeset(letter)))
    assert len(pdf.pages) == pages
    assert f"Side 1 av {pages}" in text_of(typeset(letter))


def test_a_reason_longer_than_a_page_is_printed_whole() -> None:
    text = text_of(typeset(a_letter(reason=ONE_PAGE_OF_WORDS * 12 + "Slutten er her.")))
    assert "Slutten er her." in text
    assert "Vennlig hilsen" in text


@pytest.mark.parametrize(
    "hostile",
    [
        "æøå ÆØÅ čđŋšŧž ČĐŊŠŦŽ áïǥǧǩǯʒ",
        "“doble” «hermetegn» \"rette\" 'enkle' – og — …",
        "<script>alert(1)</script> &amp; {{7*7}} ${x}",
        '#panic("x") #import "/etc/passwd": * #read("letter.typ") $x^2$ `kode`',
        "*fet* _kursiv_ **fet** @ref <merke> = Tittel \\ // kommentar /* mer */ ~",
        "{reason} {missing} %s %(x)s",
        "1. 2. 3. - + / [liste](lenke)",
        "e\u0301 A\u030a",
    ],
    ids=["letters", "quotes", "html", "typst code", "typst markup", "slots", "lists", "combining"],
)
def test_hostile_text_is_printed_as_it_stands(hostile: str) -> None:
    letter = a_letter(reason=hostile, recipient_name=hostile)
    text = text_of(typeset(letter))
    shown = [hostile, hostile.replace("e\u0301", "é").replace("A\u030a", "Å")]
    assert any(text.count(each) == 2 for each in shown)


def test_a_word_too_long_for_the_line_is_broken_not_lost() -> None:
    word = "kulturskole" * 9
    pdf = PdfReader(BytesIO(typeset(a_letter(reason=word))))
    width = float(pdf.pages[0].mediabox.width)
    ends: list[float] = []

    def note(text: str, _cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if "kulturskole" in text:
            ends.append(tm[4] + len(text.strip()) * abs(size) * 0.4)

    pdf.pages[0].extract_text(visitor_text=note)
    assert word in text_of(typeset(a_letter(reason=word))).replace(" ", "")
    assert ends
    assert max(ends) < width


@pytest.mark.parametrize(
    ("text", "character", "code"),
    [
        pytest.param("vi spiller 🎻 hver dag", "🎻", "U+1F3BB", id="emoji"),
        pytest.param("vi spiller 琴 hver dag", "琴", "U+7434", id="another script"),
        pytest.param("vi spiller \x07 hver dag", "\x07", "U+0007", id="control character"),
    ],
)
def test_a_character_without_a_glyph_is_named(text: str, character: str, code: str) -> None:
    with pytest.raises(UnprintableTextError) as caught:
        typeset(a_letter(reason=text))
    fault = caught.value
    assert (fault.character, fault.code) == (character, code)
    assert fault.where.startswith("vi spiller")
    assert code in str(fault)


def test_a_fault_that_is_not_the_texts_is_not_called_so() -> None:
    untitled = a_letter().model_copy(
        update={"blocks": ({"kind": "heading", "level": 1, "spans": []},)}
    )
    with pytest.raises(typst.TypstError):
        typeset(untitled)


def test_letter_is_tagged_and_titled_in_its_language() -> None:
    pdf = PdfReader(BytesIO(typeset(a_letter(language="nn"))))
    catalog = pdf.trailer["/Root"]
    assert catalog["/Lang"] == "nn"
    assert catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    assert pdf.metadata is not None
    assert pdf.metadata.title == a_letter(language="nn").title


def test_no_letter_has_a_link_to_press() -> None:
    pdf = PdfReader(BytesIO(typeset(a_letter(Outcome.ADMITTED))))
    assert [page.get("/Annots") for page in pdf.pages] == [None, None]
