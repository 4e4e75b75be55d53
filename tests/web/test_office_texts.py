"""The words of the office: the same in both languages, all of them there, none of them idle."""

import importlib
import pkgutil
import re
from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest

import kulturkontor
from kulturkontor import texts, web
from kulturkontor.application_form import Sector
from kulturkontor.application_list import SizeBand, Sort
from kulturkontor.applications import ApplicationState
from kulturkontor.books import count_books
from kulturkontor.claim_fields import LineKind
from kulturkontor.claims import ClaimState
from kulturkontor.decisions import DecisionKind, DecisionState, LetterState, Outcome, PlaceState
from kulturkontor.group_messages import Group
from kulturkontor.judgement import LineState
from kulturkontor.letter_ledger import Fate
from kulturkontor.mails import MailState
from kulturkontor.on_behalf import Source
from kulturkontor.payee_accounts import AccountHold, Channel
from kulturkontor.payments import BatchState, PaymentState
from kulturkontor.receivables import ReceivableState
from kulturkontor.received_files import FileState
from kulturkontor.refusals import Refusal
from kulturkontor.sheet_imports import SheetState
from kulturkontor.web.office_texts import all_texts, say
from kulturkontor.word_lists import word_list

FOLDER = Path(web.__file__).parent
STATES: dict[str, type[StrEnum]] = {
    "states": ApplicationState,
    "outcomes": Outcome,
    "places": PlaceState,
    "decision_states": DecisionState,
    "decision_kinds": DecisionKind,
    "letter_states": LetterState,
    "mail_states": MailState,
    "fates": Fate,
    "sheet_states": SheetState,
    "file_states": FileState,
    "claim_states": ClaimState,
    "line_states": LineState,
    "line_kinds": LineKind,
    "batch_states": BatchState,
    "payment_states": PaymentState,
    "account_holds": AccountHold,
    "channels": Channel,
    "debt_states": ReceivableState,
    "sectors": Sector,
    "size_bands": SizeBand,
    "sorts": Sort,
    "sources": Source,
    "groups": Group,
}
BUILT = tuple(
    f"{each}."
    for each in (
        *(
            *STATES,
            "tasks",
            "saved",
            "setting_units",
            "menu",
            "menu_groups",
            "books",
            "answers",
            "confirm",
            "rights",
            "presences",
            *("start_kinds", "start_about", "start_makes"),
        ),
        *("assessment_states", "assessment_gaps", "hidden", "balance_kinds", "balance_groups"),
        *("asked_states", "events", "list.column", "on_behalf_steps"),
        *("placeholders", "message_states"),
        *("roles", "roles_about", "users_changes"),
        *("money_kinds", "balance_ways"),
        *("concerns", "ledger_columns", "decision_faults"),
        *("setting_sections", "setting_labels", "setting_helps", "setting_choices"),
        *("text_kinds", "letter_texts", "text_faults"),
        *("phrase_titles", "phrase_about", "phrase_parts"),
        *("setting_faults", "setting_effects", "setting_other", "setting_languages"),
    )
)
ELSEWHERE = (
    "actors.",
    "audit.",
    "fields.",
    "languages.",
    "mail_texts.",
    "problems.",
    "calendar.meeting",
    "ranking.reference",
    *BUILT,
)


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    nb, nn = all_texts("nb"), all_texts("nn")
    assert {key: slots(text) for key, text in nb.items()} == {
        key: slots(text) for key, text in nn.items()
    }


@pytest.mark.parametrize("section", STATES)
def test_every_state_has_its_word(section: str) -> None:
    named = {key.split(".")[1] for key in all_texts("nb") if key.startswith(f"{section}.")}
    assert named - {"none"} == {each.value for each in STATES[section]}


def test_every_text_the_pages_ask_for_is_there_and_every_other_is_gone() -> None:
    sources = "".join(file.read_text() for file in (FOLDER / "templates/office").glob("*.html"))
    asked = set(re.findall(r"\bt\('([a-z_.]+[a-z_])'", sources))
    code = "".join(file.read_text() for file in FOLDER.glob("office_*.py"))
    asked |= set(re.findall(r'say\([a-z.]+, "([a-z_.]+)"', code))
    known = set(all_texts("nb"))
    assert asked <= known
    idle = {key for key in known - asked if not key.startswith(ELSEWHERE)}
    assert {key for key in idle if key.removesuffix("_one") not in asked} == set()


def test_a_text_for_one_goes_instead_of_the_one_for_many() -> None:
    many, one = (say("nb", "decisions.withdrawing", count=count) for count in (2, 1))
    assert (many.split()[:2], one.split()[:2]) == (["2", "søknader"], ["Én", "søknad"])


def every_refusal() -> set[str]:
    """The codes of all refusals that any module can raise, as the texts have them."""
    package = Path(kulturkontor.__file__).parent
    sources = "".join(file.read_text() for file in package.rglob("*.py"))
    for module in pkgutil.walk_packages(kulturkontor.__path__, "kulturkontor."):
        importlib.import_module(module.name)
    kinds = Refusal.__subclasses__()
    codes = {kind.code for kind in kinds if kind.code}
    for kind in kinds:
        if not kind.code:
            said = re.findall(rf'{kind.__name__}\("([a-z_]+)"', sources)
            codes |= {kind(each).told.code for each in said}
    return codes | set(re.findall(r'OfficeError\(\d+, "([a-z_]+)"', sources))


def test_every_refusal_has_its_words() -> None:
    titled = {key.split(".")[1] for key in all_texts("nb") if key.startswith("problems.")}
    told_by_portal = {each.removeprefix("claim_") for each in word_list("nb", "problems")}
    assert every_refusal() - titled - told_by_portal == set()


def test_every_figure_of_the_books_has_its_name() -> None:
    books = count_books(rows=[], mails=[], claim_rows=[], claims=[], batches=[])
    known = all_texts("nb")
    for section, figures in books.model_dump().items():
        if section != "decisions":
            assert [
                f"books.{section}.{name}"
                for name in figures
                if f"books.{section}.{name}" not in known
            ] == []


def test_every_mail_has_its_name() -> None:
    named = {key.split(".")[1] for key in all_texts("nb") if key.startswith("mail_texts.")}
    letters = {each for each in texts.names("nb") if each.startswith("letter_")}
    assert named == set(texts.names("nb")) - letters
