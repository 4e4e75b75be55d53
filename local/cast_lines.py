"""The lines of one claim, and the receipts they name, drawn by a seeded generator."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Any

from kulturkontor.programme import Gathering
from local.cast_files import write_pdf
from local.cast_groups import Group
from local.cast_people import words

Json = dict[str, Any]
_BEDS = 4


class Travel(StrEnum):
    """How a group came."""

    TICKETS = "tickets"
    TOTALS = "totals"
    SHARED_CAR = "shared_car"
    FOREIGN_TICKET = "foreign_ticket"


class Lines:
    """Writes the lines of a claim, and the files of the receipts they name. `unlike`: for each line
    that is not simply covered, why.
    """

    def __init__(self, gathering: Gathering, group: Group, random: Random) -> None:
        self.gathering = gathering
        self.group = group
        self.random = random
        self.first, self.last = gathering.first_day.isoformat(), gathering.last_day.isoformat()
        self.bed_ore = random.randrange(129_500, 189_500, 500)
        self.unlike: dict[str, str] = {}
        self._written = 0

    def of(self, travel: Travel) -> list[Json]:
        ways = {
            Travel.TICKETS: self.tickets,
            Travel.TOTALS: self.totals,
            Travel.SHARED_CAR: self._shared_car,
            Travel.FOREIGN_TICKET: self._foreign_ticket,
        }
        return [*ways[travel](), *self.beds("bill" if travel is Travel.TOTALS else "hotel")]

    def receipts(self, body: Json) -> dict[str, bytes]:
        """The files a claim names, each its own: one file in two claims would look like one cost
        twice.
        """
        named = sorted({name for line in body["lines"] for name in line["receipt_ids"]})
        return {name: receipt(self.group, self.gathering, name) for name in named}

    def forgotten_bus(self) -> Json:
        return self.line(
            self.group.ids[-1], "bus", self.last, amount="333,33", receipt_ids=["forgotten"]
        )

    def tickets(self) -> Iterator[Json]:
        for person in self.group.ids:
            kind = self.random.choice(("train", "train", "bus", "flight", "boat"))
            for day in (self.first, self.last):
                yield self.line(person, kind, day, amount=self._kroner(19_900, 189_900))

    def totals(self) -> Iterator[Json]:
        for person in self.group.ids:
            yield self.line(
                person,
                "travel_total",
                self.first,
                route=words()["travel"]["total"],
                amount=self._kroner(59_900, 489_900),
                receipt_ids=["bill"],
            )

    def beds(self, receipt: str) -> list[Json]:
        """A bed for each in the night between the days; the council pays for the first four."""
        beds = [self.bed(person, receipt, self.first) for person in self.group.ids]
        self.unlike |= {each["id"]: "over_night_persons" for each in beds[_BEDS:]}
        return beds

    def bed(self, person: str, receipt: str, night: str) -> Json:
        return self.line(
            person,
            "overnight",
            night,
            route=words()["travel"]["hotel"],
            amount=_kroner(self.bed_ore),
            receipt_ids=[receipt],
        )

    def line(self, person: str, kind: str, day: str, **more: object) -> Json:
        self._written += 1
        line = {
            "id": f"l{self._written}",
            "participant": person,
            "kind": kind,
            "date": day,
            "route": self.random.choice(words()["travel"]["routes"]),
            "receipt_ids": ["tickets"],
        }
        return line | more

    def _shared_car(self) -> Iterator[Json]:
        driver, *others = self.group.ids
        names = [each["name"] for each in self.group.participants]
        kilometres = f"{self.random.randrange(60, 480)},{self.random.randrange(10)}"
        for day in (self.first, self.last):
            yield self.line(
                driver, "car", day, kilometres=kilometres, passengers=names[1:4], receipt_ids=[]
            )
            yield self.line(driver, "toll", day, amount=self._kroner(2_900, 9_900), receipt_ids=[])
        for person in others[3:]:
            yield self.line(person, "train", self.first, amount=self._kroner(19_900, 99_900))

    def _foreign_ticket(self) -> Iterator[Json]:
        abroad, across, *others = self.group.ids
        yield self.line(
            abroad,
            "flight",
            self.first,
            currency="EUR",
            foreign_amount=f"{self.random.randrange(90, 240)},50",
            rate="11,4325",
            rate_date=(self.gathering.first_day - timedelta(days=20)).isoformat(),
            rate_source=words()["travel"]["rate_source"],
        )
        yield self.line(
            across,
            "train",
            self.first,
            amount=self._kroner(39_900, 119_900),
            currency="SEK",
            foreign_amount="845,00",
        )
        for person in others:
            yield self.line(person, "train", self.first, amount=self._kroner(19_900, 99_900))

    def _kroner(self, low: int, high: int) -> str:
        return _kroner(self.random.randrange(low, high))


def receipt(group: Group, gathering: Gathering, name: str) -> bytes:
    return write_pdf([f"{group.kommunenummer} {gathering.id}", name])


def _kroner(ore: int) -> str:
    return f"{ore // 100},{ore % 100:02d}"
