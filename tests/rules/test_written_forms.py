"""A reason in the other written form than its letter is seen by its commonest words."""

import pytest

from kulturkontor.programme import Language
from kulturkontor.release_checks import find_letter_faults
from kulturkontor.written_forms import has_other_form, is_in_other_form
from tests.rules.application_factory import KIFK2, a_decision, an_application

BOKMAL = "Søknaden er ikke godt nok forankret, og dere har ikke vist hvem som deltar."
NYNORSK = "Søknaden er ikkje godt nok forankra, og de har ikkje vist kven som deltek."


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        (BOKMAL, "nb", False),
        (BOKMAL, "nn", True),
        (NYNORSK, "nn", False),
        (NYNORSK, "nb", True),
        ("Kommunen har vist til planen.", "nn", False),
        ("", "nn", False),
        (f"{NYNORSK} «Kulturskolen er for noen»", "nn", False),
    ],
)
def test_a_text_is_in_the_other_form_by_its_words(
    text: str, form: Language, expected: bool
) -> None:
    assert is_in_other_form(text, form) is expected


def test_every_phrase_for_reasons_is_in_its_own_form() -> None:
    forms: tuple[Language, ...] = ("nb", "nn")
    phrases = KIFK2.decision.reason_phrases
    found = [is_in_other_form(each[form], form) for each in phrases for form in forms]
    assert (len(found) > 0, any(found)) == (True, False)


@pytest.mark.parametrize("field", ["reason", "conditions", "correction_reason"])
def test_a_letter_in_both_forms_is_named_before_it_goes(field: str) -> None:
    mixed = a_decision(**{"language": "nn", "reason": "Godt.", field: BOKMAL})
    whole = mixed.model_copy(update={field: NYNORSK})
    assert [has_other_form(each) for each in (mixed, whole)] == [True, False]
    found = find_letter_faults([an_application(decisions=(mixed,))], {}, {}, KIFK2)
    assert [each.code for each in found] == ["letter_mixed"]
