"""Letters and mails in staff's own words: written, looked at, kept, sent, and put back."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from kulturkontor.actions.change_settings import change_settings
from kulturkontor.actions.edit_settings import read_known
from kulturkontor.aws.programmes import CurrentProgramme
from kulturkontor.aws.wiring import Wiring
from kulturkontor.letter_versions import template_version
from kulturkontor.programme import Programme
from kulturkontor.settings_history import SettingsChange, change_key
from kulturkontor.text_checks import editable_texts, languages_of, shipped_text, words_of
from tests.office_factory import admitted, oslo, read
from tests.web.office_browser import Browser, visit_office

REASON = "Kortere."
MAIL = "/texts/nb/draft_link"
LETTER = "/texts/nb/letter_admitted"


def now(here: Wiring) -> Programme:
    return read_known(here.programme, here.records).programme


def form(here: Wiring, address: str, **changed: str) -> dict[str, str]:
    _, _, language, name = address.split("/")
    known = read_known(here.programme, here.records)
    words = words_of(known.programme, "nn" if language == "nn" else "nb", name)
    stands = {"subject": words.subject, "body": words.body.replace("\n", "\r\n")}
    return stands | {"seen": str(known.revision), "reason": REASON} | changed


@pytest.fixture
def staff(aws: Wiring) -> Browser:
    return visit_office(aws).sign_in("staff")


def test_every_letter_and_mail_is_listed_in_each_of_its_languages(
    aws: Wiring, staff: Browser
) -> None:
    seen = staff.get("/texts")
    assert [
        f"/texts/{language}/{name}"
        for name in editable_texts()
        for language in languages_of(name, now(aws))
        if f'href="/texts/{language}/{name}"' not in seen.text
    ] == []
    assert "/texts/nn/staff_summary" not in seen.text
    assert staff.get("/texts/nn/staff_summary").status == 404


def test_a_text_is_shown_with_what_may_be_put_in(staff: Browser) -> None:
    seen = staff.get(LETTER)
    assert "Teksten er den opprinnelige." in seen.words
    assert "{answer_by} svarfristen for plassen må være med 14. mars" in seen.words
    assert "{travel_cover} hva vi dekker av reisen må være med 50 prosent av" in seen.words


@pytest.mark.parametrize(
    "address", ["/texts/nb/nothing", "/texts/se/offer", "/texts/phrases/nothing"]
)
def test_a_text_that_is_not_there_is_unknown(staff: Browser, address: str) -> None:
    assert staff.get(address).status == 404


def test_a_text_is_looked_at_with_values_in_place_and_nothing_is_kept(
    aws: Wiring, staff: Browser
) -> None:
    body = shipped_text("nb", "draft_link").body + "\n\nLykke til, {municipality_x}"
    seen = staff.post(f"{MAIL}/preview", form(aws, MAIL, body=body))
    assert seen.status == 422
    good = body.replace("{municipality_x}", "**alle** i {programme}!")
    seen = staff.post(f"{MAIL}/preview", form(aws, MAIL, body=good))
    assert seen.status == 200
    assert "Lykke til, alle i Kulturskolen i fremtidens kommune 2!" in seen.words
    assert "Åpne utkastet" in seen.words
    assert "Ny linje: Lykke til, **alle** i {programme}!" in seen.words
    assert "E-poster som sendes fra nå av, har den nye teksten." in seen.words
    assert now(aws).texts == {}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{reason}", "Fordi.", "{reason} må være med."),
        ("{reason}", "{reson}", "{reson} finnes ikke. Mente du {reason}?"),
        ("{gatherings}", "Her: {gatherings}", "Sett det alene, med en tom linje over og under."),
        ("Vi dekker:", "Vi dekker 🎻:", "Brevet kan ikke vise tegnet «🎻» (U+1F3BB)."),
        ("Vi dekker:", "Vi **dekker:", "Fet skrift begynner her, men slutter ikke."),
        ("Vi dekker:", "{Vi dekker:", "En krøllparentes mangler eller står alene"),
        ("## Vilkår", "##Vilkår", "Skriv et mellomrom og ord etter tegnet"),
        ("Vi dekker:", "{answer_link}", "{answer_link} finnes ikke."),
    ],
)
def test_what_is_wrong_with_a_letter_is_told_by_its_line_and_not_kept(
    aws: Wiring, staff: Browser, old: str, new: str, words: str
) -> None:
    body = shipped_text("nb", "letter_admitted").body.replace(old, new)
    for step in ("preview", "change", "letter"):
        seen = staff.post(f"{LETTER}/{step}", form(aws, LETTER, body=body))
        assert (seen.status, words in seen.words) == (422, True), seen.words
    assert now(aws).texts == {}


def test_a_kept_text_is_marked_compared_and_has_a_history(aws: Wiring, staff: Browser) -> None:
    made = staff.post(f"{MAIL}/change", form(aws, MAIL, subject="Kort og godt om {programme}"))
    assert (made.status, made.location) == (303, MAIL)
    seen = staff.get(MAIL)
    assert "egen tekst" in seen.words
    assert "Ny linje: Kort og godt om {programme}" in seen.words
    assert REASON in seen.words
    assert "egen tekst" in staff.get("/texts").words
    assert now(aws).own_text("draft_link", "nn") == ""
    assert "Lenke til utkast (bokmål) : teksten er endret" in staff.get("/settings/history").words


def test_the_shipped_text_comes_back_with_one_button(aws: Wiring, staff: Browser) -> None:
    staff.post(f"{MAIL}/change", form(aws, MAIL, subject="Kort"))
    made = staff.post(f"{MAIL}/original", {"seen": "1"})
    assert made.status == 303
    assert now(aws).own_text("draft_link", "nb") == ""
    kept = aws.records.read(SettingsChange, change_key("kifk2", 2))
    assert kept is not None
    assert kept.reason == "Tilbake til den opprinnelige teksten."
    assert "Teksten er den opprinnelige." in staff.get(MAIL).words
    assert "Teksten er slik den var." in staff.post(f"{MAIL}/original", {"seen": "2"}).words


def test_a_text_is_taken_back_from_the_history(aws: Wiring, staff: Browser) -> None:
    staff.post(f"{MAIL}/change", form(aws, MAIL, subject="Først"))
    staff.post(f"{MAIL}/change", form(aws, MAIL, subject="Så"))
    undone = staff.post("/settings/history/2/undo", {"seen": "2", "reason": "Feil"})
    assert undone.status == 303
    assert words_of(now(aws), "nb", "draft_link").subject == "Først"


def test_two_writers_at_once_do_not_overwrite_each_other(aws: Wiring, staff: Browser) -> None:
    mine = form(aws, MAIL, subject="Mitt")
    staff.post(f"{MAIL}/change", form(aws, MAIL, subject="Ditt"))
    seen = staff.post(f"{MAIL}/change", mine)
    assert (seen.status, 'value="Mitt"' in seen.text) == (409, True)
    assert words_of(now(aws), "nb", "draft_link").subject == "Ditt"


def test_a_text_kept_as_it_is_or_without_a_reason_is_no_change(aws: Wiring, staff: Browser) -> None:
    assert "Teksten er slik den var." in staff.post(f"{MAIL}/preview", form(aws, MAIL)).words
    assert "Teksten er slik den var." in staff.post(f"{MAIL}/change", form(aws, MAIL)).words
    bare = form(aws, MAIL, subject="Nytt", reason=" ")
    assert staff.post(f"{MAIL}/change", bare).status == 422
    assert now(aws).texts == {}


def test_one_goes_back_to_writing_with_what_was_written(aws: Wiring, staff: Browser) -> None:
    seen = staff.post(f"{MAIL}/preview", form(aws, MAIL, subject="Halvferdig") | {"again": "1"})
    assert (seen.status, 'value="Halvferdig"' in seen.text) == (200, True)


def test_a_letter_in_other_words_is_seen_as_a_draft_in_pdf(aws: Wiring, staff: Browser) -> None:
    seen = staff.post(f"{LETTER}/letter", form(aws, LETTER, subject="Dere er med i {programme}"))
    assert seen.status == 200
    assert seen.headers["Content-Type"] == "application/pdf"
    assert staff.post(f"{MAIL}/letter", form(aws, MAIL, subject="Nei")).status == 404


def test_the_next_letter_is_written_in_the_new_words_and_its_ledger_tells(
    aws: Wiring, staff: Browser
) -> None:
    before = template_version(now(aws))
    body = shipped_text("nb", "letter_admitted").body.replace("Velkommen", "Hjertelig velkommen")
    assert staff.post(f"{LETTER}/change", form(aws, LETTER, body=body)).status == 303
    here = replace(aws, current_programme=CurrentProgramme(now(aws), aws.records, keep=60.0))
    application_id = admitted(here)
    letter = read(here, application_id).decisions[-1].letter
    assert letter is not None
    assert letter.template_version == template_version(now(aws)) != before
    pages = PdfReader(BytesIO(here.archive.read(letter.key))).pages
    assert "Hjertelig velkommen til programmet!" in " ".join(
        page.extract_text() for page in pages
    ).replace("\n", " ")


REASONS = "/texts/reasons"


def phrases(here: Wiring, **changed: str) -> dict[str, str]:
    known = read_known(here.programme, here.records)
    form = {"seen": str(known.revision), "reason": REASON}
    for each in known.programme.decision.reason_phrases:
        form |= {f"{each.id}.nb": each.nb, f"{each.id}.nn": each.nn}
    return form | {name.replace("__", "."): text for name, text in changed.items()}


def test_a_reason_is_put_in_other_words_added_and_taken_away(aws: Wiring, staff: Browser) -> None:
    first, second = now(aws).decision.reason_phrases[:2]
    form = phrases(
        aws,
        **{f"{first.id}__nb": "Godt forankret.", f"{second.id}__nb": "", f"{second.id}__nn": ""},
        new_rejected__nb="Uklart mål.",
        new_rejected__nn="Uklårt mål.",
    )
    seen = staff.post(f"{REASONS}/plan", form)
    assert "Godt forankret." in seen.words
    assert f"{second.nb} → ingen" in seen.words
    assert "ingen → Uklart mål." in seen.words
    assert staff.post(f"{REASONS}/change", form).status == 303
    kept = {each.id: each for each in now(aws).decision.reason_phrases}
    assert (kept[first.id].nb, kept[first.id].nn) == ("Godt forankret.", first.nn)
    assert second.id not in kept
    assert (kept["own_1"].outcome, kept["own_1"].nn) == ("rejected", "Uklårt mål.")
    assert "Begrunnelser" in staff.get("/settings/history").words


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"new_rejected__nb": "Bare bokmål."}, "Fyll ut den nye linjen på begge målformene"),
        ({"new_rejected__nb": "🎻", "new_rejected__nn": "a"}, "tegnet «🎻» (U+1F3BB)"),
        ({"new_rejected__nb": "a" * 1001, "new_rejected__nn": "a"}, "Skriv høyst 1000 tegn."),
        ({"new_rejected__nb": "a", "new_rejected__nn": "a", "reason": ""}, "Skriv hvorfor"),
    ],
)
def test_a_reason_that_no_letter_can_hold_is_refused(
    aws: Wiring, staff: Browser, changed: dict[str, str], words: str
) -> None:
    for step in ("plan", "change"):
        seen = staff.post(f"{REASONS}/{step}", phrases(aws, **changed))
        assert (seen.status, words in seen.words) == (422, True)


def test_two_writers_of_reasons_do_not_overwrite_each_other(aws: Wiring, staff: Browser) -> None:
    mine = phrases(aws, new_rejected__nb="a", new_rejected__nn="a")
    staff.post(f"{REASONS}/change", phrases(aws, new_admitted__nb="b", new_admitted__nn="b"))
    assert staff.post(f"{REASONS}/change", mine).status == 409
    assert "Dere har ikke" not in staff.get(REASONS).words
    assert "Teksten er slik den var." in staff.post(f"{REASONS}/plan", phrases(aws)).words


PHRASES = "/texts/phrases/letters"


def phrase_form(here: Wiring, **changed: str) -> dict[str, str]:
    known = read_known(here.programme, here.records)
    own = {name.replace("__", "."): words for name, words in changed.items()}
    return {"seen": str(known.revision), "reason": REASON} | own


def test_the_words_inside_letters_are_staffs_in_both_languages(aws: Wiring, staff: Browser) -> None:
    """Written, looked at in the letter as PDF, kept, told in the history, and taken back."""
    assert "{share} prosent av de faktiske reisekostnadene" in staff.get(PHRASES).text
    form = phrase_form(
        aws,
        travel_cover__nb="{share} % av reisen",
        own_cover__nn="De dekkjer resten.",
        gathering__nb="",
    )
    seen = staff.post(f"{PHRASES}/preview", form)
    assert "→ {share} % av reisen" in seen.words
    assert "→ De dekkjer resten." in seen.words
    assert "0 søknader har ikke fått brevet sitt." in seen.words
    pdf = staff.post(f"{PHRASES}/letter", form | {"letter": "nn/letter_admitted"})
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert now(aws).phrases == {}
    assert staff.post(f"{PHRASES}/change", form).location == PHRASES
    stands = now(aws)
    assert stands.own_phrase("travel_cover", "nb") == "{share} % av reisen"
    assert stands.own_phrase("gathering", "nb") == ""
    stale = form | {"own_cover.nn": "De dekkjer alt."}
    assert staff.post(f"{PHRASES}/change", stale).status == 409
    again = staff.post(f"{PHRASES}/change", stale | {"seen": "1"})
    assert (again.status, now(aws).own_phrase("own_cover", "nn")) == (303, "De dekkjer alt.")
    told = staff.get("/settings/history").words
    assert "(nynorsk) : den opprinnelige → De dekkjer resten." in told
    assert staff.post("/settings/history/1/undo", {"seen": "2", "reason": "Feil"}).status == 303
    assert now(aws).own_phrase("travel_cover", "nb") == ""
    assert now(aws).own_phrase("own_cover", "nn") == "De dekkjer alt."


def test_a_phrase_that_has_lost_its_figures_is_refused_by_its_field(
    aws: Wiring, staff: Browser
) -> None:
    form = phrase_form(aws, travel_cover__nb="det meste av reisen")
    for step in ("preview", "change", "letter"):
        seen = staff.post(f"{PHRASES}/{step}", form | {"letter": "nb/letter_admitted"})
        assert (seen.status, "{share} må være med." in seen.words) == (422, True)
        assert 'href="#travel_cover.nb"' in seen.text
    unchanged = staff.post(f"{PHRASES}/change", phrase_form(aws))
    assert "Teksten er slik den var." in unchanged.words
    assert now(aws).phrases == {}


def test_a_text_that_no_longer_fits_is_shown_where_staff_mend_it(
    aws: Wiring, staff: Browser
) -> None:
    change_settings(
        {
            "texts": {"draft_link": {"nb": "Emne: Vårt\n\nUten lenke.\n"}},
            "phrases": {"staff_closed_title": {"nb": "slutt {day}"}},
        },
        by="eldre utgave",
        at=oslo("2026-04-01T12:00:00"),
        reason="Før",
        programme=aws.programme,
        records=aws.records,
        mail_queue=aws.mail_queue,
    )
    here = replace(aws, current_programme=CurrentProgramme(now(aws), aws.records, keep=60.0))
    browser = visit_office(here).sign_in("staff")
    assert "2 egne tekster passer ikke lenger" in browser.get("/").words
    assert browser.get("/texts").words.count("passer ikke lenger") == 3
    assert "Teksten passer ikke lenger" in browser.get(MAIL).words
    assert 'href="/texts/phrases/staff"' in browser.get("/release").text
