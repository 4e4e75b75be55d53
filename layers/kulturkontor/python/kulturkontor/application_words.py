"""The application in words: every question with its answer, part by part, and what is lacking.

One list for all who show it whole: the page before sending, the receipt on screen and by mail, and
the PDF for the leader who approves.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kulturkontor.application_fields import Fields, rows_of, write_fields
from kulturkontor.application_form import Answers, Missing, find_missing
from kulturkontor.application_parts import MEMBER, PARTS, Kind, Part, Question
from kulturkontor.municipalities import UnknownMunicipalityError, municipality
from kulturkontor.programme import Language, Programme
from kulturkontor.texts import counted, phrase
from kulturkontor.word_lists import word_list


class Answered(NamedTuple):
    """A question and its answer; an unanswered one says so and `is_blank`."""

    field: str
    question: str
    answer: str
    is_blank: bool = False


class AnsweredPart(NamedTuple):
    part: Part
    title: str
    answers: tuple[Answered, ...]


def answers_in_words(
    answers: Answers, programme: Programme, language: Language
) -> list[AnsweredPart]:
    """All questions in the order of the form, also those without an answer."""
    fields = write_fields(answers)
    words = _Words(language, programme)
    return [
        AnsweredPart(
            part,
            part_title(part, language),
            tuple(
                answered
                for group in groups
                for question in group.questions
                for answered in words.answered(question, group.heading, fields)
            ),
        )
        for part, groups in PARTS.items()
    ]


def questions_in_words(programme: Programme, language: Language) -> dict[str, str]:
    """What each field asks, but those of the group."""
    told = answers_in_words(Answers(), programme, language)
    return {each.field: each.question for part in told for each in part.answers}


def part_title(part: Part, language: Language) -> str:
    return str(word_list(language, "pages_apply")["part"][part])


def gaps_in_words(
    gaps: Iterable[Missing], programme: Programme, language: Language
) -> list[tuple[str, str]]:
    """Each gap by its field, in words; what is said of several fields once, by the first."""
    persons = counted(language, "persons", programme.application.min_members)
    said: dict[str, str] = {}
    for gap in gaps:
        values = {"persons": persons} if gap.code == "members_too_few" else {}
        said.setdefault(phrase(language, f"missing_{gap.code}", **values), gap.field)
    return [(field, words) for words, field in said.items()]


def needed_in_words(programme: Programme, language: Language) -> list[str]:
    """Everything that an application is incomplete without, said before it is begun."""
    gaps = find_missing(Answers(), programme)
    persons = counted(language, "persons", programme.application.min_members)
    return [
        phrase(language, "needed_members", persons=persons) if field == "members" else words
        for field, words in gaps_in_words(gaps, programme, language)
    ]


def warnings_in_words(warnings: Iterable[Missing], language: Language) -> list[str]:
    return [phrase(language, f"warning_{each.code}") for each in warnings]


class _Words:
    def __init__(self, language: Language, programme: Programme) -> None:
        self.language = language
        self.programme = programme
        self.form = word_list(language, "pages_apply")["form"]

    def answered(self, question: Question, heading: str, fields: Fields) -> Iterator[Answered]:
        if question.kind is Kind.MEMBERS:
            yield from self._members(fields)
            return
        answer = self._answer(question.kind, fields.get(question.field, ""))
        label = self.say(question.label, share=self.programme.travel.share_percent)
        of_person = question.field.startswith(("contact.", "leader."))
        is_box = question.kind is Kind.BOX
        if of_person and not is_box:
            label = f"{self.say(heading)}, {label[:1].lower()}{label[1:]}"
        yield self._told(question.field, label, answer)

    def _members(self, fields: Fields) -> Iterator[Answered]:
        rows = [each for each in enumerate(rows_of(fields)) if any(each[1].values())]
        for number, row in rows:
            sector = phrase(self.language, f"sector_{row['sector']}") if row["sector"] else ""
            told = [sector if each.field == "sector" else row[each.field] for each in MEMBER]
            label = self.say("person", number=number + 1)
            yield self._told(f"members.{number}", label, ", ".join(filter(None, told)))
        if not rows:
            yield self._told("members", self.say("part_members"), "")

    def _answer(self, kind: Kind, value: str) -> str:
        match kind:
            case Kind.BOX:
                return self.say("yes" if value else "no")
            case Kind.LANGUAGE:
                return self.say(f"language_{value}")
            case Kind.MUNICIPALITY:
                return _municipality_name(value)
            case _:
                return value

    def _told(self, field: str, question: str, answer: str) -> Answered:
        return Answered(field, question, answer or self.say("nothing"), is_blank=not answer)

    def say(self, key: str, **values: str | int) -> str:
        text: str = self.form[key]
        return text.format_map(values)


def _municipality_name(typed: str) -> str:
    try:
        return municipality(typed).letter_name
    except UnknownMunicipalityError:
        return typed
