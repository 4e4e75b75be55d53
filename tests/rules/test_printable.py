"""What stands in a letter can be printed in it."""

from importlib.resources import files

import pytest
from fontTools.ttLib import TTFont
from pydantic import ValidationError

from kulturkontor.application_form import Submission
from kulturkontor.printable import find_unprintable, printable_ranges

FONTS = files("kulturkontor") / "letter_template" / "fonts"


@pytest.mark.parametrize("font", ["Inter-Regular.otf", "Inter-Bold.otf"])
def test_the_list_is_what_the_font_has(font: str) -> None:
    listed = {point for each in printable_ranges() for point in each}
    assert listed == set(TTFont(FONTS / font).getBestCmap())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Áile Čáhppe-Ŋuorgu Øvrebø", None),
        ("«d’Arcy» – 50 %", None),
        ("two\nlines\tand a tab", None),
        ("Kari 🎻", "🎻"),
        ("日本", "日"),
    ],
)
def test_the_first_unprintable_character_is_named(text: str, found: str | None) -> None:
    assert find_unprintable(text) == found


@pytest.mark.parametrize("part", ["contact", "leader"])
@pytest.mark.parametrize("field", ["name", "role"])
def test_a_name_that_no_letter_can_show_is_sent_back_to_its_sender(part: str, field: str) -> None:
    contact = {"name": "Kari", "role": "rektor", "email": "kari@example.org"}
    body = {"municipality": "4601", "contact": contact, "leader": {}}
    body[part] = {**body[part], field: "Kari 🎻"}
    with pytest.raises(ValidationError) as caught:
        Submission.model_validate(body)
    found = [(each["loc"], each["type"], each["ctx"]) for each in caught.value.errors()]
    assert found == [((part, field), "unprintable", {"character": "🎻"})]
