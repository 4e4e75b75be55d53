"""The answers of one application: a whole and complete form, odd where its part asks for it."""

from random import Random
from typing import Any

from kulturkontor.application_form import Sector
from kulturkontor.municipalities import Municipality
from local.cast_people import People, Person, words

Json = dict[str, Any]
_SECTORS = (Sector.KULTURSKOLE, Sector.OPPVEKST, Sector.KULTUR, Sector.HELSE, Sector.FRIVILLIGHET)


def write_answers(
    part: str, here: Municipality, number: str, contact: Person, random: Random, people: People
) -> Json:
    """The body of POST /api/applications; `number` is what is typed for the municipality."""
    language = _language(here, random)
    texts, odd = words()[language], words()["odd"]
    leader = people.next()
    answers: Json = {
        "municipality": number,
        "language": language,
        "contact": {
            "name": contact.name,
            "role": texts["contact_role"],
            "email": f"{contact.mailbox}@example.org",
            "phone": f"00 00 {random.randrange(10, 99)} {random.randrange(10, 99)}",
        },
        "leader": {
            "name": leader.name,
            "role": texts["leader_role"],
            "email": f"{leader.mailbox}@example.com",
            "approved": True,
        },
        "anchoring_plans": texts["anchoring_plans"],
        "anchoring_organisation": texts["anchoring_organisation"],
        "members": [_member(sector, people) for sector in _SECTORS[: random.randrange(4, 6)]],
        "motivation": texts["motivation"],
        "capacity": {
            "working_time": True,
            "all_gatherings": True,
            "sharing": True,
            "text": texts["capacity"],
        },
        "partners": texts["partners"] if random.random() < 0.3 else "",
        "earlier_participation": texts["earlier"],
        "accepts_cost_split": True,
        "privacy_notice_read": True,
    }
    return _made_odd(part, answers, odd)


def _made_odd(part: str, answers: Json, odd: Json) -> Json:
    contact = answers["contact"]
    match part:
        case "markup":
            named = contact | {"name": odd["quoted"]}
            return answers | {"contact": named, "motivation": odd["markup"]}
        case "long_word":
            long = odd["long_word"]
            named = contact | {"role": long}
            return answers | {
                "contact": named,
                "motivation": f"{long} {long}",
                "partners": long * 5,
            }
        case "sami":
            return answers | {"motivation": odd["sami"], "anchoring_plans": odd["sami"] * 3}
        case "emoji":
            return answers | {"motivation": odd["unprintable_text"]}
    return answers


def _language(here: Municipality, random: Random) -> str:
    by_form = {"nynorsk": "nn", "bokmål": "nb"}
    return by_form.get(here.written_form) or random.choice(("nb", "nb", "nn"))


def _member(sector: Sector, people: People) -> Json:
    person = people.next()
    return {"role": str(sector), "sector": str(sector), "name": person.name, "email": ""}
