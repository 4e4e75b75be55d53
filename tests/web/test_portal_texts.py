"""Every text exists in both written forms, and everything that can be said has a text."""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from kulturkontor import application_form as applications
from kulturkontor import application_words, claim_fields
from kulturkontor.actions import people
from kulturkontor.application_fields import BOXES, MEMBER_FIELDS, TEXTS
from kulturkontor.application_form import Answers, Submission, SubmittedContact
from kulturkontor.application_period import Phase
from kulturkontor.applications import ApplicationState
from kulturkontor.claim_fields import LineKind
from kulturkontor.claim_form import ClaimIn, FieldError
from kulturkontor.claims import ClaimState
from kulturkontor.decisions import Outcome, PlaceState
from kulturkontor.judgement import LineState
from kulturkontor.mails import MailState
from kulturkontor.municipalities import UnknownMunicipality
from kulturkontor.next_steps import StepCode
from kulturkontor.people import Participants, Presence
from kulturkontor.programme import Language
from kulturkontor.received_files import Standing
from kulturkontor.web import answers as web_answers
from kulturkontor.web.api_claims import LineAnswer
from kulturkontor.web.api_models import (
    ChangedApplication,
    LinkRequest,
    NewApplication,
    NewFile,
    PlaceAnswer,
)
from kulturkontor.web.gathering_form import NewSubstitute
from kulturkontor.web.own_page import DONE
from kulturkontor.web.portal import AREAS, routes_of
from kulturkontor.web.problems import STATUS, explain
from kulturkontor.word_lists import word_list, word_lists

LANGUAGES: tuple[Language, ...] = ("nb", "nn")
LISTS = (*web_answers.PAGE_TEXTS, "problems", "application_errors")
WEB = Path(web_answers.__file__).parent
WORDS = Path(application_words.__file__)
PEOPLE = Path(people.__file__)
RAISERS = {applications, claim_fields}
"""The modules that say what is wrong in codes of their own."""


class SubstituteForm(BaseModel):
    """The form's fields are called `substitute.name` and so on."""

    substitute: NewSubstitute


class PeopleForm(BaseModel):
    """A colleague's fields are called `person.name` and so on, beside the rights."""

    person: SubmittedContact
    rights: str


MODELS: tuple[type[BaseModel], ...] = (
    SubstituteForm,
    PeopleForm,
    *(Answers, Submission, Participants),
    *(NewApplication, ChangedApplication, NewFile, PlaceAnswer, LinkRequest, LineAnswer),
)


def texts_of(language: Language, name: str) -> dict[str, str]:
    return dict(_flat(word_list(language, name)))


def _flat(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{key}/")
        else:
            yield f"{path}{key}", value


def slots(text: str) -> frozenset[str]:
    return frozenset(slot for _, slot, _, _ in string.Formatter().parse(text) if slot)


@pytest.mark.parametrize("name", LISTS)
def test_written_forms_have_the_same_texts_with_the_same_values(name: str) -> None:
    nb, nn = (
        {key: slots(text) for key, text in texts_of(each, name).items()} for each in LANGUAGES
    )
    assert nb == nn


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_holds_markup(language: Language) -> None:
    odd = [
        key
        for name in LISTS
        for key, text in texts_of(language, name).items()
        if not text.strip() or "<" in text or text != " ".join(text.split())
    ]
    assert odd == []


NOT_NYNORSK = re.compile(
    r"\b(ikke|dere|deres|jeg|hvordan|hva|hvem|hvor|hvilken|fra|noe|noen|være|søker|lenke|lenken|"
    r"kommer|navn|også|selv|bare|uke|gjøre|valgfritt)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", LISTS)
def test_nynorsk_holds_no_common_words_of_bokmål(name: str) -> None:
    found = {key: NOT_NYNORSK.findall(text) for key, text in texts_of("nn", name).items()}
    assert {key: words for key, words in found.items() if words} == {}


def test_every_problem_has_its_words() -> None:
    for language in LANGUAGES:
        assert set(word_list(language, "problems")) == set(STATUS)


def test_everything_a_record_can_say_has_a_text() -> None:
    pages = word_lists("nb", web_answers.PAGE_TEXTS)
    said = {
        "state": set(map(str, ApplicationState)),
        "outcome": set(map(str, Outcome)),
        "short": set(map(str, ApplicationState)),
        "place": set(map(str, PlaceState)),
        "place_short": set(map(str, PlaceState)),
        "claim_short": set(map(str, ClaimState)),
        "step": set(map(str, StepCode)),
        "mail_state": set(map(str, MailState)),
        "file": set(map(str, Standing)),
        "line": {*map(str, LineKind), *map(str, LineState)},
        "done": set(DONE),
    }
    assert {table: set(pages[table]) for table in said} == said
    assert set(map(str, ClaimState)) <= set(pages["claim"])
    assert {*map(str, Presence), "unsaid"} <= set(pages["gathering"])
    phases = Phase.__args__  # type: ignore[attr-defined]
    assert {f"{kind}_{each}" for each in phases for kind in ("state", "times")} <= set(
        pages["front"]
    )


def test_templates_and_texts_know_each_other() -> None:
    templates = "".join(file.read_text("utf-8") for file in WEB.glob("templates/portal/*.html"))
    named = set(re.findall(r't\(\s*"([a-z_]+\.[a-z_-]+)"\s*[,)]', templates))
    composed = set(re.findall(r't\(\s*"([a-z_]+\.[a-z_]*)" ~', templates))
    code = "".join(file.read_text("utf-8") for file in WEB.glob("*.py"))
    named |= set(re.findall(r'text\(\s*[a-z_.]+,\s*"([a-z_]+\.[a-z_-]+)"', code))
    composed |= set(re.findall(r'\bf"([a-z_]+\.[a-z_]*)\{', code))
    composed |= {f"{table}." for table in re.findall(r'\["([a-z]+)"\]', WORDS.read_text("utf-8"))}
    known = {
        key.replace("/", ".") for name in web_answers.PAGE_TEXTS for key in texts_of("nb", name)
    }
    assert named <= known
    unused = {
        key
        for key in known - named
        if not any(key.startswith(prefix) for prefix in composed) and f'"{key}"' not in code
    }
    assert unused == set()


ERRORS_OF_SCHEMA: Mapping[str, frozenset[str]] = {
    "str": frozenset({"string_type", "string_unicode"}),
    "bool": frozenset({"bool_type", "bool_parsing"}),
    "int": frozenset({"int_type", "int_parsing", "int_parsing_size", "int_from_float"}),
    "tuple": frozenset({"tuple_type"}),
    "dict": frozenset({"dict_type"}),
    "model": frozenset({"model_type"}),
    "model-fields": frozenset({"extra_forbidden"}),
    "enum": frozenset({"enum"}),
    "literal": frozenset({"literal_error"}),
    **dict.fromkeys(
        ("nullable", "default", "function-before", "function-after", "model-field", "any"),
        frozenset[str](),
    ),
    **dict.fromkeys(("definitions", "definition-ref"), frozenset[str]()),
}
"""What pydantic can find wrong by each kind of schema; a kind that is not here fails the test."""


def errors_of(schema: Any) -> Iterator[str]:  # noqa: C901 - one branch for each kind of schema
    """Every error type that validating with the schema can raise by itself."""
    if isinstance(schema, list):
        for each in schema:
            yield from errors_of(each)
    if not isinstance(schema, dict):
        return
    kind = schema.get("type")
    if isinstance(kind, str):
        yield from ERRORS_OF_SCHEMA[kind]
        if kind.startswith("function-"):
            module = schema["function"]["function"].__module__
            assert module.startswith("kulturkontor.")
        is_text = kind == "str"
        if "max_length" in schema:
            yield "string_too_long" if is_text else "too_long"
        if "min_length" in schema:
            yield "string_too_short" if is_text else "too_short"
        if "pattern" in schema:
            yield "string_pattern_mismatch"
        for field in schema.get("fields", {}).values() if kind == "model-fields" else ():
            if field["schema"]["type"] != "default":
                yield "missing"
    for key in ("schema", "items_schema", "values_schema", "definitions"):
        yield from errors_of(schema.get(key))
    if kind == "model-fields":
        yield from errors_of(list(schema["fields"].values()))


def own_codes() -> set[str]:
    """The codes of PydanticCustomError that the application's models raise."""
    codes = set()
    for node in _calls(Path(applications.__file__), "PydanticCustomError"):
        first = node.args[0]
        if isinstance(first, ast.Constant):
            codes.add(str(first.value))
        else:
            codes |= {f"municipality_{each}" for each in UnknownMunicipality}
    return codes


def codes_told() -> set[str]:
    """The codes that the pages' own code gives a field; an unknown person is a page not found."""
    told = {
        _word(node.args[1])
        for file in (*WEB.glob("*.py"), *WEB.parent.glob("*.py"))
        for name in ("FieldError", "_refused")
        for node in _calls(file, name)
        if len(node.args) > 1
    }
    of_people = {f"people_{_word(node.args[0])}" for node in _calls(PEOPLE, "PeopleError")}
    return (told | of_people) - {"", "people_unknown_person"}


def _word(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _calls(file: Path, name: str) -> list[ast.Call]:
    tree = ast.walk(ast.parse(file.read_text("utf-8")))
    calls = [node for node in tree if isinstance(node, ast.Call)]
    return [node for node in calls if getattr(node.func, "id", "") == name]


def test_every_module_that_raises_codes_of_its_own_is_known() -> None:
    of_staff = ("office_", "programme")
    portal = {file for file in WEB.parent.rglob("*.py") if not file.name.startswith(of_staff)}
    raisers = {file for file in portal if _calls(file, "PydanticCustomError")}
    assert raisers == {Path(str(each.__file__)) for each in RAISERS}


def test_every_model_that_the_api_takes_is_looked_at() -> None:
    taken = {route.takes for area in AREAS for route in routes_of(area)}
    assert taken - {None, ClaimIn} <= set(MODELS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_model_has_a_message(language: Language) -> None:
    possible = {each for model in MODELS for each in errors_of(model.__pydantic_core_schema__)}
    messages = set(word_list(language, "application_errors")["messages"])
    assert {"missing", "too_long", "national_id"} <= possible | own_codes()
    assert (possible | own_codes()) - messages == set()
    assert codes_told() - messages - set(word_list(language, "claim_errors")) == set()
    assert messages - possible - own_codes() - codes_told() == {"invalid"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_names_its_field(language: Language) -> None:
    messages = word_list(language, "application_errors")["messages"]
    about_the_whole = {"link_nothing_given", "people_no_rights", "people_too_many"}
    assert {code for code, text in messages.items() if "{field}" not in text} == about_the_whole


def leaves(model: type[BaseModel], path: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        arguments = getattr(inner, "__args__", ())
        part = next((each for each in (inner, *arguments) if _is_model(each)), None)
        yield f"{path}{name}"
        if part is not None:
            several = "*." if inner is not part else ""
            if several:
                yield f"{path}{name}.*"
            yield from leaves(part, f"{path}{name}.{several}")


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_name(language: Language) -> None:
    named = set(word_list(language, "application_errors")["fields"]) - {"unknown", ""}
    assert named == {each for model in MODELS for each in leaves(model)}


def test_form_has_every_answer() -> None:
    parts = {"contact", "leader", "capacity", "members", "members.*"}
    members = {f"members.*.{part}" for part in MEMBER_FIELDS}
    assert {*TEXTS, *BOXES, *members} == set(leaves(Answers)) - parts


def test_message_keeps_what_was_typed_out_of_the_template() -> None:
    error = FieldError("{field}.{x}", "extra_forbidden", {})
    assert explain(error, "nb") == "Ta bort feltet «{field}.{x}». Det finnes ikke i skjemaet."
