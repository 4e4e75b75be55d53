"""Each thing the preflight finds leads to where it is mended, on the page and in the mail."""

import pytest

from kulturkontor.mails import Mail
from kulturkontor.messages import Sending, write_document
from kulturkontor.release_checks import Concern
from kulturkontor.release_links import MENDED
from kulturkontor.release_notices import preflight
from kulturkontor.settings_fields import SECTIONS
from kulturkontor.web.office_texts import all_texts
from tests.office_factory import STAFF, oslo
from tests.rules.application_factory import KIFK2

SENDING = Sending(
    sender="kulturkontor@example.org",
    reply_to=STAFF,
    public_url="https://sok.example.org",
    office_url="https://kontor.example.org",
)


def mail(*concerns: Concern) -> Mail:
    return preflight(concerns, [], 7, KIFK2, oslo("2026-04-23T00:05:00"), STAFF)


def links(*concerns: Concern) -> dict[str, str]:
    """What each item of the mail says, and where it leads."""
    document = write_document(mail(*concerns), sending=SENDING, programme=KIFK2, link_key=b"k" * 32)
    return {
        span.text: span.url
        for block in document.blocks
        for spans in getattr(block, "items", ())
        for span in spans
        if span.url
    }


def test_every_concern_that_has_words_has_a_place_where_it_is_mended() -> None:
    codes = {key.split(".")[1] for key in all_texts("nb") if key.startswith("concerns.")}
    assert codes == MENDED.keys()


def test_a_setting_that_differs_leads_to_the_very_field() -> None:
    fields = {f"/settings/{name}#{each.path}" for name in SECTIONS for each in SECTIONS[name]}
    settings = {each.whole for each in MENDED.values() if each.whole.startswith("/settings")}
    assert (len(settings), settings <= fields) == (2, True)


@pytest.mark.parametrize("code", MENDED)
def test_each_item_of_the_mail_is_a_link(code: str) -> None:
    mended = MENDED[code]
    base = "" if mended.whole.startswith("https://") else SENDING.office_url
    figures = {"minutes_missing": 1, "minutes_differ": 2, "places_differ": 2}
    count = 2 if mended.each else (figures | {"quota_short": 2, "rate_high": 2}).get(code, 0)
    several = ("1", "2")[:count]
    found = links(Concern(code=code, references=several, ids=several if mended.each else ()))
    assert list(found.values()) == [f"{base}{mended.whole}"]
    if mended.each:
        alone = Concern(code=code, references=("KFK2-2026-4601",), ids=("a1",), blocks=True)
        assert list(links(alone).values()) == [base + mended.each.format(id="a1")]


def test_the_items_of_both_lists_keep_their_own_links() -> None:
    found = links(
        Concern(code="undecided", references=("A",), ids=("a",), blocks=True),
        Concern(code="sheet_applying", blocks=True),
        Concern(code="ses_off"),
    )
    assert found == {
        "Mangler svar: A": "https://kontor.example.org/decisions/a",
        "Et svarark blir ført inn. Vent til det er ferdig.": "https://kontor.example.org/sheets",
        "E-posttjenesten har stanset all utsending for kontoen.": MENDED["ses_off"].whole,
    }
