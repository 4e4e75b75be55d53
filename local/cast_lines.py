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


class Travel(StrEnum):
    """How a group came."""

    TICKETS = "tickets"
    TOTALS = "totals"
    SHARED_CAR = "shared_car"
    FOREIGN_TICKET = "foreign_ticket"


class Lines:
    """Writes the lines of a claim, and the files of the receipts they name."""

    def __init__(self, gathering: Gathering, group: Group, random: Random) -> None:
        self.gathering = gathering
        self.group = group
        self.random = random
        self.first, self.last = gathering.first_day.isoformat(), gathering.last_day.isoformat()
        self.bed_ore = random.randrange(129_500, 189_500, 500)
        self._written = 0

    def of(self, travel: Travel) -> list[Json]:
        ways = {
            Travel.TICKETS: self._tickets,
            Travel.TOTALS: self._totals,
            Travel.SHARED_CAR: self._shared_car,
            Travel.FOREIGN_TICKET: self._foreign_ticket,
        }
        receipt = "bill" if travel is Travel.TOTALS else "hotel"
        beds = [self._bed(person, receipt) for person in self.group.ids]
        return [*ways[travel](), *beds]

    def receipts(self, body: Json) -> dict[str, bytes]:
        """The files a claim names, each its own: one file in two claims would look like one cost
        twice.
        """
        claim = f"{self.group.kommunenummer} {self.gathering.id}"
        named = sorted({name for line in body["lines"] for name in line["receipt_ids"]})
        return {name: write_pdf([claim, name]) for name in named}

    def taxi_without_receipt(self) -> Json:
        return self._line(self.group.ids[0], "taxi", self.first, amount="612,00", receipt_ids=[])

    def forgotten_bus(self) -> Json:
        return self._line(
            self.group.ids[-1], "bus", self.last, amount="333,33", receipt_ids=["forgotten"]
        )

    def _tickets(self) -> Iterator[Json]:
        for person in self.group.ids:
            kind = self.random.choice(("train", "train", "bus", "flight", "boat"))
            for day in (self.first, self.last):
                yield self._line(person, kind, day, amount=self._kroner(19_900, 189_900))

    def _totals(self) -> Iterator[Json]:
        for person in self.group.ids:
            yield self._line(
                person,
                "travel_total",
                self.first,
                route=words()["travel"]["total"],
                amount=self._kroner(59_900, 489_900),
                receipt_ids=["bill"],
            )

    def _shared_car(self) -> Iterator[Json]:
        driver, *others = self.group.ids
        names = [each["name"] for each in self.group.participants]
        kilometres = f"{self.random.randrange(60, 480)},{self.random.randrange(10)}"
        for day in (self.first, self.last):
            yield self._line(
                driver, "car", day, kilometres=kilometres, passengers=names[1:4], receipt_ids=[]
            )
            yield self._line(driver, "toll", day, amount=self._kroner(2_900, 9_900), receipt_ids=[])
        for person in others[3:]:
            yield self._line(person, "train", self.first, amount=self._kroner(19_900, 99_900))

    def _foreign_ticket(self) -> Iterator[Json]:
        abroad, across, *others = self.group.ids
        yield self._line(
            abroad,
            "flight",
            self.first,
            currency="EUR",
            foreign_amount=f"{self.random.randrange(90, 240)},50",
            rate="11,4325",
            rate_date=(self.gathering.first_day - timedelta(days=20)).isoformat(),
            rate_source=words()["travel"]["rate_source"],
        )
        yield self._line(
            across,
            "train",
            self.first,
            amount=self._kroner(39_900, 119_900),
            currency="SEK",
            foreign_amount="845,00",
        )
        for person in others:
            yield self._line(person, "train", self.first, amount=self._kroner(19_900, 99_900))

    def _bed(self, person: str, receipt: str) -> Json:
        return self._line(
            person,
            "overnight",
            self.first,
            route=words()["travel"]["hotel"],
            amount=_kroner(self.bed_ore),
            receipt_ids=[receipt],
        )

    def _line(self, person: str, kind: str, day: str, **more: object) -> Json:
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

    def _kroner(self, low: int, high: int) -> str:
        return _kroner(self.random.randrange(low, high))


def _kroner(ore: int) -> str:
    return f"{ore // 100},{ore % 100:02d}"
