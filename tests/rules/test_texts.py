import re
import tomllib
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.documents import (
    Block,
    Document,
    Heading,
    Items,
    Link,
    LinkAddressError,
    Paragraph,
    Span,
    Table,
    as_data,
    as_html,
    as_text,
)
from kulturkontor.markup import TextError, parse_template
from kulturkontor.programme import Language, load_programme
from kulturkontor.texts import (
    STAFF_TEXTS,
    Value,
    compose,
    counted,
    fill,
    names,
    number,
    phrase,
    phrases,
    placeholders,
)
from kulturkontor.wording import programme_values, write

PROGRAMME = load_programme("kifk2")
FOLDER = Path(str(files("kulturkontor") / "texts"))
EXAMPLES: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[1] / "examples" / "texts.toml").read_text("utf-8")
)
LINK = Link("Svar", "https://example.org/a")
LETTERS = ("letter_admitted", "letter_list_closed", "letter_rejected", "letter_waitlisted")
DRAFTS = (
    *("draft_after_deadline", "draft_link", "draft_reminder", "new_link"),
    *("link_given", "contact_new", "contact_before", "extension_given"),
    "registered_on_behalf",
)
"""What may be about an application that has no reference yet."""
TO_REVIEWERS = ("reviewer_assigned", "reviewer_reminder")
"""About all that somebody is to assess: they name no application."""
BOTH: list[tuple[Language, str]] = [
    *(("nb", name) for name in names("nb")),
    *(("nn", name) for name in names("nn")),
]
every_text = pytest.mark.parametrize(
    ("language", "name"), BOTH, ids=[f"{language}-{name}" for language, name in BOTH]
)


def example(slot: str) -> Value:
    value = EXAMPLES[slot]
    return Link(**value) if isinstance(value, dict) else value


def rendered(language: Language, name: str, **changes: Value) -> Document:
    wanted = placeholders(language, name) & EXAMPLES.keys()
    values = {**{slot: example(slot) for slot in wanted}, **changes}
    return write(PROGRAMME, language=language, name=name, values=values)


def blocks_of(text: str, **values: Value) -> tuple[Block, ...]:
    return fill(parse_template("test", f"Emne: Prøve\n{text}"), "nb", values).blocks


def paragraph(text: str) -> Paragraph:
    return Paragraph((Span(text),))


class Reader(HTMLParser):
    """What a browser would find: the text, the addresses of links, the tags that are not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.links, self.open = "", [], []  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name == "href"]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_both_languages_have_the_same_texts_but_for_staff() -> None:
    assert set(names("nb")) == set(names("nn")) | STAFF_TEXTS


@pytest.mark.parametrize("name", names("nn"))
def test_both_languages_have_the_same_placeholders(name: str) -> None:
    assert placeholders("nb", name) == placeholders("nn", name)


def test_both_languages_have_the_same_phrases_but_for_staff() -> None:
    for_all = {key: slots for key, slots in phrases("nb").items() if not key.startswith("staff_")}
    assert for_all == phrases("nn")


def test_every_placeholder_is_the_programmes_or_has_an_example() -> None:
    used = {slot for language, name in BOTH for slot in placeholders(language, name)}
    known = programme_values(PROGRAMME, "nb").keys()
    assert used - known == set(EXAMPLES)


def test_a_programme_fills_nothing_that_no_text_wants() -> None:
    used = {slot for language, name in BOTH for slot in placeholders(language, name)}
    assert programme_values(PROGRAMME, "nb").keys() <= used


def test_every_link_has_its_words_in_both_languages() -> None:
    links = {slot for slot in EXAMPLES if slot.endswith("_link")}
    assert links <= phrases("nb").keys() & phrases("nn").keys()


@every_text
def test_every_text_renders_as_plain_text(language: Language, name: str) -> None:
    text = as_text(rendered(language, name))
    assert not re.search(r"[{}]|\*\*|\n\n\n|^#", text)
    assert text.endswith("\n")


@every_text
def test_every_text_renders_as_whole_html(language: Language, name: str) -> None:
    document = rendered(language, name)
    reader = read(as_html(document))
    wanted = [
        EXAMPLES[slot]["url"] for slot in placeholders(language, name) if slot.endswith("_link")
    ]
    assert (sorted(reader.links), reader.open) == (sorted(wanted), [])
    assert f'<html lang="{language}">' in as_html(document)


@every_text
def test_every_text_stands_without_what_may_be_left_out(language: Language, name: str) -> None:
    optional = {
        slot: None for slot in placeholders(language, name) if isinstance(EXAMPLES.get(slot), list)
    }
    text = as_text(rendered(language, name, **optional))
    assert not re.search(r"\n\n\n|^- *$", text, re.MULTILINE)


@every_text
def test_every_subject_names_the_programme_and_the_reference(language: Language, name: str) -> None:
    in_subject = parse_template(
        name, (FOLDER / language / f"{name}.txt").read_text("utf-8")
    ).subject
    slots = {piece.slot for piece in in_subject}
    wanted = {"programme"}
    if name not in {*STAFF_TEXTS, *DRAFTS, *TO_REVIEWERS}:
        wanted |= {"claim_reference"} if "claim_reference" in slots else {"reference"}
    assert wanted <= slots


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_letter_takes_a_link(language: Language, name: str) -> None:
    assert not {slot for slot in placeholders(language, name) if slot.endswith(("link", "url"))}


def test_no_fact_of_a_programme_is_typed_in_a_text() -> None:
    facts = (
        r"20[0-9]{2}|[0-9]+ ?prosent|[0-9]+ ?%|Gardermoen"
        r"|fremtidens|framtidas|Kulturskoler|KFK2|KIFK2"
    )
    written = [*FOLDER.glob("*/*.txt"), *FOLDER.glob("*/phrases.toml")]
    found = {
        f"{path.parent.name}/{path.name}: {fact[0]}"
        for path in written
        for fact in re.finditer(facts, path.read_text("utf-8"))
    }
    assert found == set()


NOT_NYNORSK = (
    r"\b(dere|deres|ikke|fra|hvorfor|hvordan|hvem|hva|en|et|jeg|noe|noen|bare|mer|gjøre|kommer"
    r"|innen|uten|kommuner|plasser|dager|personer|samlinger|samlingen|lenke|lenken"
    r"|deltakere|være|selv|også|tilbud|ventelisten|gruppen|trenger|ønsker|mangler)\b"
)


@pytest.mark.parametrize("path", sorted((FOLDER / "nn").glob("*")), ids=lambda path: path.name)
def test_nynorsk_texts_hold_no_bokmal(path: Path) -> None:
    assert re.findall(NOT_NYNORSK, _words(path), re.IGNORECASE) == []


def _words(path: Path) -> str:
    """What people read of a file: of a list of words its values, not the names they go by."""
    written = path.read_text("utf-8")
    return "\n".join(_values(tomllib.loads(written))) if path.suffix == ".toml" else written


def _values(part: Any) -> list[str]:
    if isinstance(part, dict):
        return [text for each in part.values() for text in _values(each)]
    return [text for each in part for text in _values(each)] if isinstance(part, list) else [part]


@pytest.mark.parametrize("name", ["receipt.txt", "pages.toml", "phrases.toml", "office.toml"])
def test_the_search_for_bokmal_finds_it(name: str) -> None:
    found = re.findall(NOT_NYNORSK, _words(FOLDER / "nb" / name), re.IGNORECASE)
    assert len(found) > 5


def test_a_value_is_text_whatever_it_looks_like() -> None:
    hostile = "**fet** {other} # [a](b) <b>&amp;"
    blocks = blocks_of("Hei {name}", name=hostile)
    assert blocks == (Paragraph((Span("Hei "), Span(hostile))),)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_value_comes_out_of_html_as_it_went_in(value: str) -> None:
    document = Document(
        "nb", "Prøve", (Paragraph((Span(value),)), Items(((Span(value, bold=True),),)))
    )
    html = as_html(document)
    assert read(html).text.count(value) >= 2
    assert "<script" not in html


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"name": "Kari"}, id="missing"),
        pytest.param({"name": "Kari", "reference": "R", "more": "x"}, id="unknown"),
        pytest.param({"name": ["Kari"], "reference": "R"}, id="list in a line"),
        pytest.param({"name": True, "reference": "R"}, id="truth value"),
        pytest.param({"name": None, "reference": "R"}, id="nothing in a line"),
    ],
)
def test_a_text_refuses_values_that_do_not_fit(values: dict[str, Value]) -> None:
    with pytest.raises(TextError, match=r"test: .*\{(name|reference|more)\}"):
        blocks_of("Hei {name}, se {reference}.", **values)


def test_line_breaks_never_reach_a_subject() -> None:
    document = rendered("nb", "receipt", municipality="Os\r\nBcc: alle@example.org\u2028kommune")
    assert "\n" not in document.subject
    assert "Os Bcc: alle@example.org kommune" in document.subject


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("a\r\n\r\nb\nc", (paragraph("a"), paragraph("b\nc")), id="paragraphs"),
        pytest.param(["a", "b"], (Items(((Span("a"),), (Span("b"),))),), id="list"),
        pytest.param([["A", "B"], ["1", "2"]], (Table(("A", "B"), (("1", "2"),)),), id="table"),
        pytest.param(LINK, (LINK,), id="link"),
        pytest.param(None, (), id="nothing"),
        pytest.param("", (), id="empty text"),
        pytest.param([], (), id="empty list"),
        pytest.param([["A", "B"]], (), id="table without rows"),
    ],
)
def test_a_placeholder_alone_becomes_what_it_is_given(
    value: Value, expected: tuple[Block, ...]
) -> None:
    assert blocks_of("{it}", it=value) == expected


def test_a_heading_with_nothing_under_it_vanishes() -> None:
    text = "# Over\n\n## Tom\n\n{it}\n\n## Full\n\nOrd\n\n## Sist\n\n{it}"
    blocks = blocks_of(text, it=None)
    assert blocks == (
        Heading(1, (Span("Over"),)),
        Heading(2, (Span("Full"),)),
        Paragraph((Span("Ord"),)),
    )


def test_items_that_follow_each_other_are_one_list() -> None:
    blocks = blocks_of("- fast\n- {it}\n- {not_there}", it=["x", "y"], not_there=None)
    assert blocks == (Items(((Span("fast"),), (Span("x"),), (Span("y"),))),)


@pytest.mark.parametrize(
    "text",
    [
        "Hei\n",
        "Emne: \n",
        "Emne: a **b\n",
        "Emne: a\n{Not_a_name}",
        "Emne: a\n{open",
        "Emne: a\n**b",
    ],
)
def test_faulty_markup_is_refused(text: str) -> None:
    with pytest.raises(TextError, match="test"):
        parse_template("test", text)


def test_a_text_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TextError, match="nn/staff_summary"):
        compose("nn", "staff_summary", {})


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "/s/abc", "data:text/html,x"])
def test_a_link_takes_web_addresses_only(url: str) -> None:
    with pytest.raises(LinkAddressError):
        Link("Svar", url)


def test_plain_text_aligns_a_table_that_fits_and_unfolds_one_that_does_not() -> None:
    money = "1\N{NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}kr"
    small = "5,00\N{NO-BREAK SPACE}kr"
    fits = Table(("Hva", "Beløp"), (("Reise", money), ("Natt", small)))
    wide = Table(("Hva", "Beløp"), (("x" * 80, money),))
    text = as_text(Document("nb", "Prøve", (fits, wide)))
    assert text == (
        f"Hva          Beløp\nReise  {money}\nNatt       {small}\n\n"
        f"Hva: {'x' * 80}\nBeløp: {money}\n"
    )


def test_plain_text_writes_links_out() -> None:
    spans = (Span("Les "), Span("mer", url="https://example.org/b"), Span("."))
    document = Document("nb", "Prøve", (Link("Svar", "https://example.org/a"), Paragraph(spans)))
    assert as_text(document) == "Svar:\nhttps://example.org/a\n\nLes mer (https://example.org/b).\n"


def test_html_puts_the_header_of_a_table_in_header_cells() -> None:
    html = as_html(Document("nb", "Prøve", (Table(("A",), (("1",),)),)))
    assert html.count('<th scope="col"') == 1
    assert html.count("<td") == 1


def test_a_document_is_data_for_the_letter() -> None:
    document = Document(
        "nb",
        "Prøve",
        (
            Heading(1, (Span("Ja"),)),
            Paragraph((Span("Svar "), Span("nå", bold=True))),
            Items(((Span("a"),),)),
            Table(("A",), (("1",),)),
            Link("Svar", "https://example.org/a"),
        ),
    )
    assert as_data(document) == [
        {"kind": "heading", "level": 1, "spans": [{"text": "Ja", "bold": False}]},
        {
            "kind": "paragraph",
            "spans": [{"text": "Svar ", "bold": False}, {"text": "nå", "bold": True}],
        },
        {"kind": "items", "items": [[{"text": "a", "bold": False}]]},
        {"kind": "table", "header": ["A"], "rows": [["1"]]},
        {"kind": "link", "label": "Svar", "url": "https://example.org/a"},
    ]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "éin plass"),
        (2, "to plassar"),
        (12, "tolv plassar"),
        (13, "13 plassar"),
        (0, "0 plassar"),
    ],
)
def test_counts_are_words_up_to_twelve(count: int, expected: str) -> None:
    assert counted("nn", "places", count) == expected


def test_a_number_alone_is_a_word_up_to_twelve() -> None:
    assert [number("nb", count) for count in (2, 7, 40)] == ["to", "sju", "40"]


def test_a_phrase_takes_exactly_its_values() -> None:
    assert (
        phrase("nb", "payout_positive", amount="{amount} **1**") == "Vi utbetaler {amount} **1**."
    )


@pytest.mark.parametrize("values", [{}, {"amount": "1", "more": "2"}], ids=["missing", "unknown"])
def test_a_phrase_refuses_values_that_do_not_fit(values: dict[str, str]) -> None:
    with pytest.raises(TextError, match="payout_positive"):
        phrase("nb", "payout_positive", **values)


def test_a_phrase_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TextError, match="no_such"):
        phrase("nb", "no_such")
