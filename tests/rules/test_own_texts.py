"""Letters and mails in staff's own words: what is refused when they are saved, how they read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulturkontor.letter_versions import template_version
from kulturkontor.markup import TextError
from kulturkontor.programme import Language, Programme, load_programme
from kulturkontor.programme_settings import with_changes
from kulturkontor.text_checks import (
    TextFault,
    Words,
    allowed_slots,
    editable_texts,
    find_faults,
    languages_of,
    meant_slot,
    shipped_text,
    tidied,
    words_of,
)
from kulturkontor.text_samples import in_other_words, sample, see_text, slots_in_words
from kulturkontor.texts import shipped, shipped_words
from kulturkontor.word_lists import word_list
from kulturkontor.wording import programme_values, write

PROGRAMME = load_programme("kifk2")
EVERY: list[tuple[Language, str]] = [
    (language, name) for name in editable_texts() for language in languages_of(name, PROGRAMME)
]
every_text = pytest.mark.parametrize(
    ("language", "name"), EVERY, ids=[f"{language}-{name}" for language, name in EVERY]
)


def faults(name: str, body: str, subject: str = "Et emne") -> list[TextFault]:
    return find_faults(name, "nb", Words(subject, body), PROGRAMME)


def with_text(name: str, text: str, language: Language = "nb") -> Programme:
    return with_changes(PROGRAMME, {"texts": {name: {language: text}}})


@every_text
def test_every_shipped_text_passes_its_own_check_and_comes_back_as_it_was(
    language: Language, name: str
) -> None:
    words = shipped_text(language, name)
    assert find_faults(name, language, words, PROGRAMME) == []
    assert tidied(*words).together == shipped_words(language, name)


@every_text
def test_a_text_kept_as_it_is_reads_as_the_shipped_one(language: Language, name: str) -> None:
    own = in_other_words(PROGRAMME, language, name, shipped_text(language, name))
    assert see_text(own, language, name) == see_text(PROGRAMME, language, name)


@every_text
def test_everything_a_text_may_hold_is_explained_with_an_example(
    language: Language, name: str
) -> None:
    lists = word_list(language, "text_slots")
    of_programme = programme_values(PROGRAMME, language).keys()
    slots = shipped(language, name).slots
    assert sorted((slots | of_programme) - lists["about"].keys()) == []
    assert sorted(slots - of_programme - lists["samples"].keys()) == []


def test_nothing_is_explained_that_no_text_holds() -> None:
    used = {slot for language, name in EVERY for slot in allowed_slots(name, language, PROGRAMME)}
    for language in PROGRAMME.languages:
        lists = word_list(language, "text_slots")
        assert sorted((lists["about"].keys() | lists["samples"].keys()) - used) == []


LINK = "\n\n{draft_link}\n\n{deadline}\n\n{privacy_link}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("Hei" + LINK, [], id="short"),
        pytest.param("Hei {xyzzy}" + LINK, [(1, "slot_unknown", "xyzzy")], id="unknown"),
        pytest.param("Hei {progamme}" + LINK, [(1, "slot_meant", "progamme")], id="misspelt"),
        pytest.param("Hei {programme" + LINK, [(1, "braces", "Hei {programme")], id="brace"),
        pytest.param("En\n\nto **tre" + LINK, [(3, "bold", "")], id="bold"),
        pytest.param("**En\nto** tre\n\nfire **" + LINK, [(4, "bold", "")], id="second-bold"),
        pytest.param("#Overskrift" + LINK, [(1, "mark", "#Overskrift")], id="heading-no-space"),
        pytest.param("En\n\n## " + LINK, [(3, "mark", "## ")], id="empty-heading"),
        pytest.param("### Tre" + LINK, [(1, "mark", "### Tre")], id="heading-too-deep"),
        pytest.param("-ledd" + LINK, [(1, "mark", "-ledd")], id="item-no-space"),
        pytest.param("- ledd\n- to\n--- " + LINK, [], id="item"),
        pytest.param("", [(None, "no_body", "")], id="empty"),
        pytest.param("a" * 10_001, [(None, "too_long", "")], id="too-long"),
        pytest.param(
            "Hei",
            [
                (None, "slot_missing", "deadline"),
                (None, "slot_missing", "draft_link"),
                (None, "slot_missing", "privacy_link"),
            ],
            id="without-its-link",
        ),
        pytest.param(
            f"Se abcdefgh12.1.{'A' * 43}" + LINK, [(1, "secret", "")], id="somebody's-own-link"
        ),
        pytest.param("Vi {overnight_cover}" + LINK, [(1, "not_alone", "overnight_cover")], id="in"),
        pytest.param("{overnight_cover}" + LINK, [], id="alone"),
    ],
)
def test_what_cannot_be_sent_is_told_by_its_line(
    body: str, expected: list[tuple[int | None, str, str]]
) -> None:
    assert faults("draft_link", body) == [TextFault(*each) for each in expected]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        pytest.param("", TextFault(0, "no_subject"), id="none"),
        pytest.param("Se {draft_link}", TextFault(0, "not_in_subject", "draft_link"), id="link"),
        pytest.param("**Fet**", TextFault(0, "bold_subject"), id="bold"),
        pytest.param("Hei {x", TextFault(0, "braces", "Hei {x"), id="brace"),
    ],
)
def test_a_subject_is_one_line_of_words(subject: str, expected: TextFault) -> None:
    assert faults("draft_link", "Hei" + LINK, subject) == [expected]


def test_a_table_stands_on_a_line_of_its_own() -> None:
    words = shipped_text("nb", "letter_admitted")
    within = words.body.replace("{gatherings}", "Her er de: {gatherings}")
    assert [each.code for each in faults("letter_admitted", within)] == ["not_alone"]
    below = words.body.replace("{gatherings}", "Her er de:\n{gatherings}")
    assert [each.code for each in faults("letter_admitted", below)] == ["not_alone"]


def test_a_letter_holds_only_what_its_fonts_can_show_and_no_link() -> None:
    words = shipped_text("nb", "letter_rejected")
    sung = words.body + "\n\nHurra 🎻"
    (found,) = faults("letter_rejected", sung)
    assert (found.code, found.said) == ("unprintable", "«🎻» (U+1F3BB)")
    assert found.line == sung.count("\n") + 1
    linked = words.body + "\n\n{answer_link}"
    assert [each.code for each in faults("letter_rejected", linked)] == ["slot_unknown"]


def test_a_mail_may_hold_what_a_letter_may_not() -> None:
    assert faults("draft_link", "Hurra 🎻" + LINK) == []


def test_a_letter_without_its_reason_is_refused() -> None:
    body = shipped_text("nb", "letter_rejected").body.replace("{reason}", "Fordi.")
    assert TextFault(None, "slot_missing", "reason") in faults("letter_rejected", body)


def test_the_placeholder_that_was_meant_is_named() -> None:
    allowed = allowed_slots("draft_link", "nb", PROGRAMME)
    assert meant_slot("progamme", allowed) == "programme"


def test_own_words_are_used_in_their_language_only() -> None:
    own = with_text("draft_link", f"Emne: Eget emne for {{programme}}\n\nEgne ord.{LINK}\n")
    values = {slot: sample(slot, "nb", PROGRAMME) for slot in shipped("nb", "draft_link").slots}
    given = {k: v for k, v in values.items() if k not in programme_values(PROGRAMME, "nb")}
    mine = write(own, language="nb", name="draft_link", values=given)
    assert mine.subject == f"Eget emne for {PROGRAMME.name['nb']}"
    assert see_text(own, "nn", "draft_link") == see_text(PROGRAMME, "nn", "draft_link")


def test_words_that_can_no_longer_be_read_are_told_as_a_text_at_fault() -> None:
    with pytest.raises(TextError, match="nb/draft_link"):
        see_text(with_text("draft_link", "Uten emne"), "nb", "draft_link")


def test_an_empty_text_is_the_shipped_one() -> None:
    assert words_of(with_text("draft_link", ""), "nb", "draft_link") == shipped_text(
        "nb", "draft_link"
    )


def test_the_version_of_a_letter_tells_whose_words_it_has() -> None:
    before = template_version(PROGRAMME)
    assert template_version(with_text("draft_link", "Emne: a\n\nb\n")) == before
    first = template_version(with_text("letter_rejected", "Emne: a\n\nb\n"))
    other = template_version(with_text("letter_rejected", "Emne: a\n\nc\n"))
    assert len({before, first, other}) == 3
    assert template_version(with_text("letter_rejected", "")) == before


def test_each_placeholder_is_shown_with_its_example() -> None:
    (found,) = slots_in_words(frozenset({"min_members"}), "nb", PROGRAMME)
    assert found == ("min_members", "minste antall personer i gruppen", "fire personer")


@given(st.text(max_size=300), st.sampled_from(["draft_link", "letter_rejected", "receipt"]))
def test_what_passes_the_check_can_be_written(body: str, name: str) -> None:
    words = tidied("Emne", f"{shipped_text('nb', name).body}\n\n{body}")
    if find_faults(name, "nb", words, PROGRAMME) == []:
        seen = see_text(in_other_words(PROGRAMME, "nb", name, words), "nb", name)
        assert seen.blocks
