"""Staff's own words that no longer fit: no mail is lost for them, a letter waits, and staff are
told which.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kulturkontor import staff_notices, texts
from kulturkontor.broken_texts import Broken, find_broken, find_text_concerns
from kulturkontor.closing import Closing
from kulturkontor.decision_letters import fault_words
from kulturkontor.decisions import Outcome
from kulturkontor.letter_parts import Replaced
from kulturkontor.letters import LetterError
from kulturkontor.markup import TextError
from kulturkontor.needed_slots import needed_slots
from kulturkontor.own_phrases import FIXED_PHRASES, letter_phrases
from kulturkontor.phrase_checks import editable_phrases, find_phrase_faults
from kulturkontor.programme import Language, Programme, load_programme
from kulturkontor.programme_settings import with_changes
from kulturkontor.staff_tasks import count_tasks
from kulturkontor.text_checks import editable_texts, languages_of
from kulturkontor.text_samples import sample
from kulturkontor.texts import Value, phrases, shipped, shipped_phrase
from kulturkontor.word_lists import word_list
from kulturkontor.wording import programme_values, write
from tests.rules.letter_factory import a_letter, words_of

PROGRAMME = load_programme("kifk2")
LINKS = "{draft_link}\n\n{deadline}\n\n{privacy_link}"


def with_text(name: str, text: str) -> Programme:
    return with_changes(PROGRAMME, {"texts": {name: {"nb": text}}})


def written(programme: Programme, name: str) -> str:
    """The subject of the text as it is sent."""
    own = programme_values(programme, "nb").keys()
    values: dict[str, Value] = {
        slot: sample(slot, "nb", programme) for slot in shipped("nb", name).slots - own
    }
    return write(programme, language="nb", name=name, values=values).subject


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"Emne: Vårt\n\n{LINKS}\n\nHei {{forgotten}}\n", id="a slot that is gone"),
        pytest.param("Emne: Vårt\n\n{draft_link}\n\n{privacy_link}\n", id="a slot now needed"),
        pytest.param(f"Emne: Vårt\n\n{LINKS}\n\n**Hei\n", id="markup that is not ours"),
        pytest.param(f"Uten emne\n\n{LINKS}\n", id="no subject"),
    ],
)
def test_a_mail_whose_own_words_no_longer_fit_goes_in_ours_and_staff_are_told(text: str) -> None:
    programme = with_text("draft_link", text)
    assert written(programme, "draft_link") == written(PROGRAMME, "draft_link")
    assert find_broken(programme) == [Broken("nb", "draft_link")]
    assert count_tasks([], programme, PROGRAMME.closes_at)["texts_broken"] == 1
    (concern,) = find_text_concerns(programme)
    assert concern.references == ("««…»: lenken til søknaden dere har begynt på» (nb)",)
    assert (concern.ids, concern.blocks) == (("nb/draft_link",), False)


def test_words_that_fit_are_sent_and_nobody_is_told() -> None:
    programme = with_text("draft_link", f"Emne: Vårt\n\n{LINKS}\n")
    assert written(programme, "draft_link") == "Vårt"
    assert find_broken(programme) == []
    assert find_text_concerns(programme) == []


def test_a_message_to_a_group_is_never_sent_without_its_words() -> None:
    programme = with_text("group_message", "Emne: {subject}\n\nHei\n\n{application_link}\n")
    assert written(programme, "group_message") == written(PROGRAMME, "group_message")
    assert find_broken(programme) == [Broken("nb", "group_message")]


def test_a_letter_whose_own_words_no_longer_fit_waits_for_staff() -> None:
    for changes in (
        {"texts": {"letter_rejected": {"nb": "Emne: Nei\n\n{reason}\n"}}},
        {"phrases": {"basis_weighed": {"nb": "Vi fikk {applications} til {seats}."}}},
        {"phrases": {"basis_weighed": {"nb": "Vi fikk mange søknader."}}},
    ):
        programme = with_changes(PROGRAMME, changes)
        with pytest.raises(TextError):
            a_letter(Outcome.REJECTED, programme=programme)
        assert len(find_broken(programme)) == 1


def test_a_phrase_that_no_longer_fits_is_ours_in_a_mail() -> None:
    programme = with_changes(PROGRAMME, {"phrases": {"own_cover": {"nb": "Dere dekker {rest}."}}})
    assert programme_values(programme, "nb") == programme_values(PROGRAMME, "nb")
    assert [(each.address, each.name) for each in find_broken(programme)] == [
        ("phrases/letters", "own_cover")
    ]
    gone = with_changes(PROGRAMME, {"phrases": {"no_such_phrase": {"nn": "Hei"}}})
    assert find_broken(gone) == []


def test_what_every_text_must_not_lose_stands_in_the_table() -> None:
    """Links, deadlines and what else a reader cannot do without; the same in both languages."""
    tables = [word_list(each, "text_slots")["needed"] for each in PROGRAMME.languages]
    assert tables[0] == tables[1]
    assert sorted(tables[0]) == sorted(editable_texts())
    for name in editable_texts():
        for language in languages_of(name, PROGRAMME):
            slots, needed = shipped(language, name).slots, needed_slots(language, name)
            assert sorted(needed - slots) == [], name
            wanted = {each for each in slots if each.endswith(("_link", "_by", "_ends"))}
            wanted |= slots & {"until", "deadline", "reason", "words"}
            wanted -= {"registered_by"}  # a person
            assert sorted(wanted - needed) == [], name


def marked(language: Language) -> Programme:
    """The programme with every phrase that can be marked, marked by its key."""
    keys = editable_phrases(language)
    own = {key: {language: f"¤{key}¤ {shipped_phrase(language, key)}"} for key in keys}
    return with_changes(PROGRAMME, {"phrases": own})


def test_the_words_of_a_letter_are_staffs_in_every_part() -> None:
    seen = words_of(a_letter(Outcome.ADMITTED, programme=marked("nn"), language="nn"))
    for key in ("travel_cover", "overnight_refund", "own_cover", "all_gatherings_many"):
        assert f"¤{key}¤" in seen, key
    assert "¤basis_weighed¤" in words_of(a_letter(Outcome.REJECTED, programme=marked("nb")))
    letter = a_letter(Outcome.REJECTED, programme=marked("nb"))
    assert [label.split("¤")[1] for label, _ in letter.facts] == [
        *("letter_reference", "letter_date", "letter_contact")
    ]
    assert (letter.page_label[:13], letter.footer[0][:1]) == ("¤letter_page¤", "B")
    assert programme_values(marked("nb"), "nb")["min_members"] == "¤persons_many¤ fire personer"


def test_each_phrase_of_a_letter_is_staffs_or_fixed_for_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: set[str] = set()

    class Recorded(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            asked.add(key)
            return super().get(key, default)

    known = {each: Recorded(texts._phrases(each)) for each in PROGRAMME.languages}
    monkeypatch.setattr(texts, "_phrases", known.__getitem__)
    central = with_changes(PROGRAMME, {"overnight": {"mode": "central"}})
    limited = with_changes(PROGRAMME, {"travel": {"share_percent": 100, "max_persons": 1}})
    all_paid = with_changes(PROGRAMME, {"travel": {"share_percent": 100}})
    named = with_changes(PROGRAMME, {"decision": {"criteria_published": True}})
    for programme in (PROGRAMME, central, limited, all_paid):
        a_letter(Outcome.ADMITTED, programme=programme, copies=["Kari"])
    a_letter(programme=named)
    a_letter(applications=1, places=1)
    a_letter(received_at=None)
    for late, lacking in ((True, False), (False, True), (True, True)):
        for outcome in (Outcome.REJECTED, Outcome.WAITLISTED):
            a_letter(outcome, is_late=late, is_incomplete=lacking)
    a_letter(Outcome.ADMITTED, replaced=Replaced(date(2026, 4, 30), "Feil.", gave_place=True))
    one = with_changes(PROGRAMME, {"travel": {"window_days": 1}})
    a_letter(programme=one)
    assert sorted(asked - set(letter_phrases()) - FIXED_PHRASES.keys()) == []
    assert sorted(set(letter_phrases()) - asked) == sorted(
        {"days_one", "all_gatherings_one", "working_days_one", "months_one"} - asked
    )
    assert FIXED_PHRASES.keys() <= phrases("nb").keys()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Vi fikk {applications} om {places}.", []),
        ("Vi fikk {applications}.", [(None, "slot_missing", "places")]),
        (
            "Vi fikk {aplications} om {places}.",
            [(0, "slot_meant", "aplications"), (None, "slot_missing", "applications")],
        ),
        ("{applications} **{places}**", [(0, "bold_phrase", "")]),
        ("{applications} {places} 🎻", [(0, "unprintable", "«🎻» (U+1F3BB)")]),
        ("{applications} {places} {", [(0, "braces", "{applications} {places} {")]),
        ("a" * 501, [(None, "phrase_too_long", "")]),
    ],
)
def test_a_phrase_keeps_its_figures_and_what_letters_can_show(
    words: str, expected: list[tuple[int | None, str, str]]
) -> None:
    assert find_phrase_faults("basis_weighed", "nb", words) == expected


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_shipped_phrase_passes_its_own_check(language: Language) -> None:
    for key in editable_phrases(language):
        assert find_phrase_faults(key, language, shipped_phrase(language, key)) == [], key


def test_each_phrase_of_the_mails_to_staff_is_looked_up_in_the_programme() -> None:
    """None of them is taken from the file by somebody who has not asked the programme."""
    package = Path(texts.__file__).parent
    fixed = re.compile(r'\bphrase\(\s*"nb",\s*f?"(staff_[a-z_]*)')
    taken = {
        found for file in package.rglob("*.py") for found in fixed.findall(file.read_text("utf-8"))
    }
    assert taken == {"staff_start_reason"}


def test_a_notice_to_staff_speaks_in_staffs_own_words() -> None:
    own = {"phrases": {"staff_closed_title": {"nb": "nå er det slutt"}}}
    closing = Closing(
        programme="kifk2",
        number=1,
        closed_at=PROGRAMME.closes_at,
        applications=(),
        file_key="k",
        sha256="a" * 64,
    )
    programme = with_changes(PROGRAMME, own)
    mail = staff_notices.closed(closing, 3, programme, PROGRAMME.closes_at, "stab@example.org")
    assert mail.values["title"] == "nå er det slutt"


def test_a_letter_that_waits_says_which_words_to_mend() -> None:
    programme = with_changes(PROGRAMME, {"phrases": {"letter_date": {"nb": "Den {day}"}}})
    with pytest.raises(TextError) as fault:
        a_letter(programme=programme)
    assert fault_words(fault.value, programme) == (
        "Dere har skrevet tekster som ikke lenger passer: «Dato» (nb). Rett dem på siden Tekster."
    )
    missing = LetterError("KFK2-2026-1114: give the place on the waiting list")
    assert fault_words(missing, programme) == str(missing)
