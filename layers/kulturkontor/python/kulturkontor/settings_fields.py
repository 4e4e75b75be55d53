"""Which facts of a programme staff and finance can change on a page, and of what kind each is.

The pages are made from this table: a fact that stands here has its field, its check, its words and
its place in the history. What does not stand in it is in `ELSEWHERE` with the reason.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from kulturkontor.sessions import Role


class Kind(StrEnum):
    DAY = "day"
    MOMENT = "moment"
    """Wall-clock in Oslo."""
    COUNT = "count"
    PERCENT = "percent"
    KRONER = "kroner"
    COUNTS = "counts"
    """Several whole numbers, the largest first."""
    LINE = "line"
    EMAIL = "email"
    WORDS = "words"
    """One line in each language of the programme."""
    NAMED = "named"
    """A list whose items have ids: a line in each language for each of them, and for a new one."""
    LIMITS = "limits"
    """Whole numbers by code, such as `DKK 10, SEK 10`."""
    SWITCH = "switch"
    CHOICE = "choice"
    CHOICES = "choices"


class Field(NamedTuple):
    path: str
    """As the programme's file has it, such as `decision.answer_by`."""
    kind: Kind
    choices: tuple[str, ...] = ()
    may_be_empty: bool = False

    @property
    def section(self) -> str:
        return next(name for name, fields in SECTIONS.items() if self in fields)

    @property
    def key(self) -> str:
        """What its words are found by."""
        return self.path.replace(".", "_")


SECTIONS: Final[dict[str, tuple[Field, ...]]] = {
    "programme": (
        Field("name", Kind.WORDS),
        Field("organiser", Kind.LINE),
        Field("reference_prefix", Kind.LINE),
        Field("starts", Kind.DAY),
        Field("ends", Kind.DAY),
    ),
    "contact": (
        Field("contact.name", Kind.WORDS),
        Field("contact.email", Kind.EMAIL),
        Field("contact.phone", Kind.LINE),
        Field("signature.name", Kind.LINE),
        Field("signature.title", Kind.WORDS),
    ),
    "application": (
        Field("application.opens", Kind.MOMENT),
        Field("application.closes", Kind.MOMENT),
        Field("application.min_members", Kind.COUNT),
        Field("application.min_sectors", Kind.COUNT),
        Field("application.max_text", Kind.COUNT),
        Field("application.draft_reminder_days", Kind.COUNTS),
    ),
    "decision": (
        Field("decision.places", Kind.COUNT),
        Field("decision.released", Kind.MOMENT),
        Field("decision.preflight_days", Kind.COUNTS),
        Field("decision.max_letter_pages", Kind.COUNT),
        Field("decision.mails_per_second", Kind.COUNT),
        Field("decision.pause_at_bounces", Kind.COUNT),
        Field("decision.pause_above_percent", Kind.PERCENT),
        Field("decision.answer_by", Kind.DAY),
        Field("decision.answer_reminder_days", Kind.COUNTS),
        Field("decision.group_by", Kind.DAY),
        Field("decision.feedback_by", Kind.DAY),
        Field("decision.waiting_list_ends", Kind.DAY),
        Field("decision.waiting_list_answer_working_days", Kind.COUNT),
        Field("decision.offer_by_itself", Kind.SWITCH),
        Field("decision.criteria_published", Kind.SWITCH),
        Field("decision.criteria", Kind.NAMED, may_be_empty=True),
        Field("decision.pre_gathering", Kind.WORDS),
        Field("decision.other_offers", Kind.WORDS),
    ),
    "assessment": (
        Field("assessment.enabled", Kind.SWITCH),
        Field("assessment.lowest", Kind.COUNT),
        Field("assessment.highest", Kind.COUNT),
        Field("assessment.reviewers_per_application", Kind.COUNT),
        Field("assessment.own_score_first", Kind.SWITCH),
        Field("assessment.only_assigned", Kind.SWITCH),
        Field("assessment.closes", Kind.MOMENT, may_be_empty=True),
        Field("assessment.reminder_days", Kind.COUNTS),
    ),
    "travel": (
        Field("travel.share_percent", Kind.PERCENT),
        Field("travel.max_persons", Kind.COUNT, may_be_empty=True),
        Field("travel.window_days", Kind.COUNT),
        Field("travel.reminder_days", Kind.COUNTS),
        Field("travel.days_around", Kind.COUNT),
        Field("travel.receipt_free_up_to_ore", Kind.KRONER),
        Field("travel.taxi_needs_reason", Kind.SWITCH),
        Field("travel.passenger_supplement_ore_per_km", Kind.KRONER),
        Field("travel.rates_asked_above", Kind.LIMITS, may_be_empty=True),
    ),
    "overnight": (
        Field("overnight.mode", Kind.CHOICE, choices=("refund", "central")),
        Field("overnight.max_persons", Kind.COUNT),
        Field("overnight.max_ore_per_night", Kind.KRONER, may_be_empty=True),
        Field("overnight.hotel_days_before", Kind.COUNT),
    ),
    "summary": (
        Field("summary.rhythm", Kind.CHOICE, choices=("daily", "weekly", "never")),
        Field("summary.weekday", Kind.CHOICE, choices=("1", "2", "3", "4", "5")),
        Field(
            "summary.sections",
            Kind.CHOICES,
            choices=("counts", "waiting", "new", "lacking", "counties"),
        ),
    ),
    "retention": (
        Field("retention.draft_days", Kind.COUNT),
        Field("retention.not_admitted_months", Kind.COUNT),
        Field("retention.admitted_months_after_end", Kind.COUNT),
        Field("retention.accounting_years", Kind.COUNT),
    ),
    "payment": (
        Field("payment.debtor_name", Kind.LINE),
        Field("payment.debtor_orgnr", Kind.LINE),
        Field("payment.debtor_account", Kind.LINE),
        Field("payment.debtor_bic", Kind.LINE),
        Field("payment.customer_id", Kind.LINE),
        Field("payment.customer_scheme", Kind.CHOICE, choices=("CUST", "BANK")),
        Field("payment.pain_version", Kind.CHOICE, choices=("09", "03")),
        Field("payment.execution_bank_days", Kind.COUNT),
        Field("payment.end_to_end_prefix", Kind.LINE),
        Field("payment.first_voucher", Kind.COUNT),
        Field("payment.gbat10", Kind.SWITCH),
        Field("payment.accounts.travel", Kind.LINE),
        Field("payment.accounts.overnight", Kind.LINE),
        Field("payment.accounts.clearing", Kind.LINE),
        Field("payment.accounts.vat_code", Kind.LINE),
        Field("payment.accounts.voucher_type", Kind.LINE),
        Field("payment.accounts.project", Kind.LINE, may_be_empty=True),
        Field("payment.accounts.department", Kind.LINE, may_be_empty=True),
    ),
}
ELSEWHERE: Final[dict[str, str]] = {
    "id": "every record, file and address is kept under it",
    "languages": "another language needs texts, and those come with a version of the product",
    "gatherings": "/calendar, which tells whom it concerns",
    "coordinator_meetings": "/calendar, which invites and tells whom it concerns",
    "travel.car_rates": "/rates, a period at a time",
    "texts": "/texts, with its preview",
    "phrases": "/texts/phrases, with its preview",
    "decision.reason_phrases": "/texts/reasons",
    "overnight.nights_per_person": "the announcement pays one night; the judgement knows no other",
}
"""What of a programme has no field here: where it is changed, or why nobody changes it."""
_OWNERS: Final = {"payment": Role.FINANCE}


def owner_of(section: str) -> Role:
    """Whose settings they are: where the money comes from is finance's."""
    return _OWNERS.get(section, Role.STAFF)


def find_field(path: str) -> Field | None:
    return next((each for each in all_fields() if each.path == path), None)


def all_fields() -> tuple[Field, ...]:
    return tuple(field for fields in SECTIONS.values() for field in fields)
