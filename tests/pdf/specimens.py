"""Every kind of paper that the office makes, of synthetic people, in both written forms.

The season brings the papers of one programme; here are those that it may not bring: each letter in
each written form and as a draft, the papers of a gathering that nobody or many come to, what a
municipality prints for itself, and vouchers without a receipt that is a PDF: those alone can follow
both standards.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from kulturkontor.application_print import print_application
from kulturkontor.applications import Application
from kulturkontor.claim_print import print_calculation
from kulturkontor.decision_letters import LetterFigures, decision_letter
from kulturkontor.decisions import Decision, DecisionKind, Outcome
from kulturkontor.gathering_papers import Guest, guests, print_badges, print_sign_in
from kulturkontor.people import Participant
from kulturkontor.programme import Language
from kulturkontor.texts import phrase
from kulturkontor.typesetting import typeset_letter
from kulturkontor.uploads import PNG
from kulturkontor.voucher_pages import set_vouchers
from tests.rules.application_factory import DECIDED, KIFK2, a_decision, an_application
from tests.rules.claim_factory import car, claim, line, night, travel_claim
from tests.rules.payment_factory import RELEASED_AT
from tests.rules.voucher_factory import a_batch_of, a_file, a_png, attested_claim, vouchers_of

Specimen = tuple[str, bytes]

_LANGUAGES: Final[tuple[Language, ...]] = ("nb", "nn")
_FIGURES: Final = LetterFigures(applications=55, places=16, letter_date=date(2026, 4, 30))
_KINDS: Final = (
    *((DecisionKind.ANSWER, each) for each in Outcome),
    *((DecisionKind.CORRECTION, each) for each in Outcome),
    (DecisionKind.OFFER, Outcome.ADMITTED),
    (DecisionKind.LIST_CLOSED, Outcome.REJECTED),
)
_CROWD: Final = 73
"""So many fill several pages of either paper."""
_ODD_NAMES: Final = ("Máret Áilu Čázegieddi", "Eli 🎻 Prøve", "N" * 70)


def specimens() -> Iterator[Specimen]:
    for language in _LANGUAGES:
        yield from _letters(language)
        yield from _gathering_papers(language)
        yield f"application-{language}", print_application(an_application(), KIFK2, language)
        costs = (line("l1"), night("l2"), car("l3", "p2"), line("l4", "p3", receipt_ids=[]))
        yield (
            f"calculation-{language}",
            print_calculation(travel_claim(claim(*costs)), KIFK2, language),
        )
    yield "vouchers", _vouchers()


def _letters(language: Language) -> Iterator[Specimen]:
    for kind, outcome in _KINDS:
        application = _decided(kind, outcome, language)
        letter = decision_letter(application, application.decisions[-1], _FIGURES, KIFK2)
        yield f"letter-{kind}-{outcome}-{language}", typeset_letter(letter, at=DECIDED)
        draft = letter.model_copy(update={"draft": phrase(language, "letter_draft")})
        yield f"draft-{kind}-{outcome}-{language}", typeset_letter(draft, at=DECIDED)


def _decided(kind: DecisionKind, outcome: Outcome, language: Language) -> Application:
    """With the answer that a correction, an offer or the end of the list follows upon."""
    made: dict[str, Any] = {"language": language, "conditions": "Gruppen må ha en kultursjef."}
    if outcome is Outcome.ADMITTED:
        made["answer_by"] = date(2026, 5, 20)
    if kind is DecisionKind.CORRECTION:
        made["correction_reason"] = "Vi hadde lest feil søknad."
    last = a_decision(outcome, kind=kind, **made)
    if kind is DecisionKind.ANSWER:
        return an_application(decisions=(last,))
    first: Decision = a_decision(Outcome.WAITLISTED, language=language)
    return an_application(decisions=(first, last.model_copy(update={"serial": 2})))


def _gathering_papers(language: Language) -> Iterator[Specimen]:
    for name, coming in (("nobody", []), ("crowd", _crowd())):
        for paper, prints in (("sign-in", print_sign_in), ("badges", print_badges)):
            pdf = prints(coming, KIFK2.gatherings[0], KIFK2, language, at=DECIDED)
            yield f"{paper}-{name}-{language}", pdf


def _crowd() -> list[Guest]:
    names = (*_ODD_NAMES, *(f"Person {number} Prøve" for number in range(_CROWD)))
    people = tuple(
        Participant.model_validate({"id": f"p{number}", "name": name, "sector": "kultur"})
        for number, name in enumerate(names)
    )
    return guests([an_application(participants=people)], KIFK2.gatherings[0])


def _vouchers() -> bytes:
    """Of a claim with a line that needs no receipt, and one whose receipt is a picture."""
    picture = a_png()
    claims = [attested_claim(car("l1"), line("l2", receipt_ids=["r1"]))]
    batch = a_batch_of(*claims)
    vouchers = vouchers_of(batch, claims, {"r1": a_file("r1", picture, PNG)})
    (part,) = set_vouchers(
        vouchers, lambda _: picture, batch=batch, programme=KIFK2, at=RELEASED_AT
    )
    if not part.file.standards:
        raise ValueError("these vouchers follow no standard")
    return part.pdf
