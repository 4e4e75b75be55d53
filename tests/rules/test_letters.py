import re
from datetime import date

import pytest
from pydantic import ValidationError

from kulturkontor.decisions import Outcome
from kulturkontor.letter_versions import template_version
from kulturkontor.letters import LetterError, letter_language
from kulturkontor.municipalities import WrittenForm, municipality
from kulturkontor.programme import Language
from tests.rules.letter_factory import PROGRAMME, a_letter, words_of

WEIGHED = "Vi fikk 55 søknader til 16 plasser og måtte prioritere."
NOT_SCARCE = "Vi fikk 16 søknader til 16 plasser, og vurderte hver søknad for seg."
LATE = "Søknaden kom inn etter fristen, som var 13. april 2026"
LACKING = "Søknaden manglet opplysninger vi trenger, da fristen gikk ut 13. april 2026."
BOTH = f"{LATE}, og manglet opplysninger vi trenger."
NOT_WEIGHED = "Vi har derfor ikke vurdert den opp mot de andre søknadene."

every_letter = pytest.mark.parametrize(
    ("language", "outcome"), [(each, outcome) for each in ("nb", "nn") for outcome in Outcome]
)


@pytest.mark.parametrize(
    ("written_form", "applied_in", "override", "expected"),
    [
        pytest.param("nynorsk", "nb", None, "nn", id="nynorsk municipality"),
        pytest.param("bokmål", "nn", None, "nb", id="bokmål municipality"),
        pytest.param("nøytral", "nn", None, "nn", id="neutral, applied in nynorsk"),
        pytest.param("nøytral", "nb", None, "nb", id="neutral, applied in bokmål"),
        pytest.param("nynorsk", "nn", "nb", "nb", id="staff decide"),
    ],
)
def test_letter_language_follows_the_municipality(
    written_form: WrittenForm, applied_in: Language, override: Language | None, expected: Language
) -> None:
    assert letter_language(written_form, applied_in, override, PROGRAMME) == expected


def test_letter_language_is_one_the_programme_has() -> None:
    only_bokmal = PROGRAMME.model_copy(update={"languages": ("nb",)})
    assert letter_language("nynorsk", "nn", None, only_bokmal) == "nb"


@every_letter
def test_every_letter_states_its_facts(language: Language, outcome: Outcome) -> None:
    letter = a_letter(outcome, language=language)
    reference, day, contact = letter.facts
    assert (reference[1], day[1]) == (("KFK2-2026-1114",), ("30. april 2026",))
    assert contact[1] == ("Programkontoret", PROGRAMME.contact.email, "Tlf. 00 00 00 00")
    assert letter.recipient == (
        "Bjerkreim kommune",
        "Kari Nordmann, kulturskolerektor",
        "Org.nr. 970\N{NO-BREAK SPACE}490\N{NO-BREAK SPACE}361",
    )
    assert "KFK2-2026-1114" in letter.title
    assert letter.blocks[0]["level"] == 1
    assert "11. april 2026" in words_of(letter)
    assert "Arbeidet er godt forankret." in words_of(letter)


@every_letter
def test_no_letter_holds_a_link(language: Language, outcome: Outcome) -> None:
    letter = a_letter(outcome, language=language)
    assert not re.search(r"https?://|/s/", letter.model_dump_json())
    assert {block["kind"] for block in letter.blocks} <= {"heading", "paragraph", "items", "table"}


def test_admitted_letter_states_the_programme_as_it_is() -> None:
    words = words_of(a_letter(Outcome.ADMITTED))
    for fact in (
        "fra 1. august 2026 til 31. desember 2027",
        "Takk ja eller nei til plassen innen 20. mai 2026.",
        "minst fire personer, innen 1. juni 2026.",
        "alle de seks samlingene",
        "1 | 24.–25. september 2026 | Gardermoen",
        "6 | 25.–26. november 2027 | Gardermoen",
        "50 prosent av de faktiske reisekostnadene for hver deltaker",
        "én overnatting per deltaker per samling, for inntil fire personer fra kommunen",
        "Dere betaler hotellet",
        "innen 21 dager etter hver samling",
        "i mai eller juni. Datoen kommer senere.",
    ):
        assert fact in words


def test_admitted_letter_of_another_programme_states_that_one() -> None:
    other = PROGRAMME.model_copy(
        update={
            "travel": PROGRAMME.travel.model_copy(update={"share_percent": 100, "window_days": 1}),
            "overnight": PROGRAMME.overnight.model_copy(update={"max_persons": 0}),
            "gatherings": PROGRAMME.gatherings[:1],
        }
    )
    words = words_of(a_letter(Outcome.ADMITTED, programme=other))
    assert "100 prosent" in words
    assert "Gruppen deltar på samlingen." in words
    assert "Dere dekker arbeidstiden og andre overnattinger." in words
    assert "innen én dag etter" in words
    assert "hotell" not in words


def test_letter_of_a_central_booking_says_that_the_night_is_not_claimed() -> None:
    central = PROGRAMME.overnight.model_copy(update={"mode": "central"})
    programme = PROGRAMME.model_copy(update={"overnight": central})
    assert "Vi bestiller og betaler" in words_of(a_letter(Outcome.ADMITTED, programme=programme))


def test_offer_after_the_group_was_due_gives_the_group_the_same_day_as_the_answer() -> None:
    words = words_of(a_letter(Outcome.ADMITTED, answer_by=date(2026, 8, 12)))
    assert words.count("12. august 2026") == 3
    assert "1. juni 2026" not in words


def test_waitlisted_letter_states_the_place_and_the_rules_of_the_list() -> None:
    words = words_of(a_letter(Outcome.WAITLISTED))
    assert "står som nummer 3 på ventelisten" in words
    assert "fem arbeidsdager" in words
    assert "15. august 2026" in words


def test_waitlisted_letter_without_a_place_on_the_list_is_refused() -> None:
    with pytest.raises(LetterError, match="KFK2-2026-1114"):
        a_letter(Outcome.WAITLISTED, rank=None)


@pytest.mark.parametrize(
    ("outcome", "is_late", "is_incomplete", "applications", "expected"),
    [
        (Outcome.REJECTED, False, False, 55, WEIGHED),
        (Outcome.REJECTED, False, False, 16, NOT_SCARCE),
        (Outcome.REJECTED, True, False, 55, f"{LATE}. {NOT_WEIGHED}"),
        (Outcome.REJECTED, False, True, 55, f"{LACKING} {NOT_WEIGHED}"),
        (Outcome.REJECTED, True, True, 55, f"{BOTH} {NOT_WEIGHED}"),
        (Outcome.WAITLISTED, False, False, 55, WEIGHED),
        (Outcome.WAITLISTED, True, False, 55, f"{LATE}."),
        (Outcome.WAITLISTED, False, True, 55, LACKING),
        (Outcome.WAITLISTED, True, True, 55, BOTH),
    ],
    ids=[
        *("weighed", "places enough", "late", "incomplete", "late and incomplete"),
        *("waits", "late and waits", "incomplete and waits", "both and waits"),
    ],
)
def test_letter_says_what_the_answer_rests_on(
    outcome: Outcome, is_late: bool, is_incomplete: bool, applications: int, expected: str
) -> None:
    letter = a_letter(
        outcome, is_late=is_late, is_incomplete=is_incomplete, applications=applications
    )
    assert expected in words_of(letter).split("\n")


def test_criteria_are_named_only_if_they_were_published() -> None:
    published = PROGRAMME.decision.model_copy(update={"criteria_published": True})
    programme = PROGRAMME.model_copy(update={"decision": published})
    criteria = (
        "forankring i planverk og organisasjon, tverrfaglig gruppe, kapasitet og vilje, "
        "relevans og nyskaping og deling"
    )
    assert criteria in words_of(a_letter(programme=programme))
    assert "kriterie" not in words_of(a_letter())


def test_admitted_letter_without_a_reason_has_no_heading_for_it() -> None:
    assert "Hvorfor" not in words_of(a_letter(Outcome.ADMITTED, reason=""))


def test_copies_are_named_in_the_footer() -> None:
    letter = a_letter(copies=("Ola Nordmann, kommunedirektør",))
    assert letter.footer == (
        "Brevet er godkjent elektronisk og sendes uten underskrift.",
        "Kopi: Ola Nordmann, kommunedirektør",
    )


def test_signature_names_the_organiser_once() -> None:
    last = a_letter().blocks[-1]
    assert last["spans"][0]["text"] == "Norsk kulturskoleråd\nProgramkontoret"


def test_a_herad_is_called_a_herad() -> None:
    assert a_letter(municipality=municipality("4621")).recipient[0] == "Voss herad"


def test_letter_data_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValidationError):
        type(a_letter()).model_validate({**dict(a_letter()), "link": "https://example.org"})


def test_template_version_is_a_hash_that_stays() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", template_version(PROGRAMME))
    assert template_version(PROGRAMME) == template_version(PROGRAMME)


def test_a_cancelled_gathering_is_neither_listed_nor_counted() -> None:
    first, *others = PROGRAMME.gatherings
    cancelled = first.model_copy(update={"is_cancelled": True})
    changed = PROGRAMME.model_copy(update={"gatherings": (cancelled, *others)})
    words = words_of(a_letter(Outcome.ADMITTED, programme=changed))
    assert re.findall(r"^(\d) \|", words, re.MULTILINE) == [each.number for each in others]
    assert "Gruppen deltar på alle de fem samlingene." in words
