"""Staff's own words: only what is named is filled in, and a value is never markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.documents import Document, Heading, Items, Paragraph, Span, as_text
from kulturkontor.own_words import PLACEHOLDERS, WordsError, check_words, fill_words
from kulturkontor.texts import Value

VALUES: dict[str, Value] = {name: f"<{name}>" for name in PLACEHOLDERS}


def test_the_light_markup_and_the_named_values_stand_in_the_message() -> None:
    found = fill_words(
        "Til {municipality}",
        "# Viktig\n\nHei, {name}\n\n- Først **dette**\n- Så {reference}",
        "nb",
        VALUES,
    )
    assert found.subject == "Til <municipality>"
    assert found.words.blocks == (
        Heading(1, (Span("Viktig"),)),
        Paragraph((Span("Hei, "), Span("<name>"))),
        Items(
            ((Span("Først "), Span("dette", bold=True)), (Span("Så "), Span("<reference>"))),
        ),
    )


def test_a_value_is_never_read_as_markup_nor_filled_again() -> None:
    found = fill_words("Hei", "Hei, {name}!", "nb", {"name": "**{reference}**"})
    assert as_text(Document("nb", found.subject, found.words.blocks)) == "Hei, **{reference}**!\n"


@pytest.mark.parametrize(
    ("subject", "text", "code"),
    [
        ("", "Tekst", "empty"),
        ("Emne", "  \n", "empty"),
        ("Emne", "Lenke: {application_link}", "placeholder"),
        ("{letters_day}", "Tekst", "placeholder"),
        ("Emne", "{name.__class__}", "markup"),
        ("Emne", "Bare **én stjerne", "markup"),
        ("Emne", "En { parentes", "markup"),
    ],
)
def test_words_that_cannot_be_sent_are_told_before(subject: str, text: str, code: str) -> None:
    with pytest.raises(WordsError, match=code):
        check_words(subject, text)


def test_a_subject_of_several_lines_is_one_line() -> None:
    assert fill_words("Hei\nBcc: alle", "Tekst", "nb", {}).subject == "Hei Bcc: alle"


@given(subject=st.text(max_size=60), text=st.text(max_size=200))
def test_what_passes_the_check_can_always_be_written(subject: str, text: str) -> None:
    try:
        check_words(subject, text)
    except WordsError:
        return
    found = fill_words(subject, text, "nn", VALUES)
    assert "\n" not in found.subject
