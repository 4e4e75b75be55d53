"""Register a step of the municipality's for it: the step is the municipality's own, with the same
rules, and is written with its source.

The step's own action does it (`on_behalf_steps`, `on_behalf_application`). What it writes goes
through `_Registered`, which adds the audit row to the same transaction and says in each mail who
registered it and from what source. A step that sends the contact nothing when the municipality
takes it sends a receipt when staff do.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, TypedDict, TypeVar

from kulturkontor import on_behalf_notices
from kulturkontor.actions.ports import Queue
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.mails import Mail, as_json
from kulturkontor.on_behalf import OnBehalf, Step, check_source
from kulturkontor.programme import OSLO, Programme
from kulturkontor.records import Change, Key, Put, R, Record, Records

T = TypeVar("T")


class Means(TypedDict):
    """What every step is taken with, as actions name it."""

    at: datetime
    programme: Programme
    records: Records


class Registrar(NamedTuple):
    """Who registers a step of that application's, on what word of the municipality's, and with what
    the step is taken.
    """

    application_id: str
    said: OnBehalf
    at: datetime
    programme: Programme
    records: Records
    mail_queue: Queue

    def register(self, step: Step, act: Callable[[Means], T]) -> T:
        """Do what `act` does with the means it is given, as registered by staff. Raises
        OnBehalfError and whatever the step itself raises.
        """
        check_source(self.said, self.at.astimezone(OSLO).date())
        through = _Registered(self, step)
        done = act(Means(at=self.at, programme=self.programme, records=through))
        if through.receipts:
            self.mail_queue.send([as_json(each) for each in through.receipts])
        return done


class _Registered:
    """`records.Records` of one step."""

    def __init__(self, registrar: Registrar, step: Step) -> None:
        self.registrar = registrar
        self.records = registrar.records
        self.step = step
        self.receipts: list[Mail] = []

    def read(self, kind: type[R], key: Key) -> R | None:
        return self.records.read(kind, key)

    def read_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]:
        return self.records.read_many(kind, keys)

    def read_mixed(self, kinds: Sequence[type[Record]], keys: Sequence[Key]) -> list[Record]:
        return self.records.read_mixed(kinds, keys)

    def list_partition(self, partition: str, kinds: dict[str, type[Record]]) -> list[Record]:
        return self.records.list_partition(partition, kinds)

    def list_open(self, kind: type[R], work: str, before: datetime | None = None) -> list[R]:
        return self.records.list_open(kind, work, before)

    def write(self, *changes: Change) -> None:
        said, at = self.registrar.said, self.registrar.at
        key = application_key(self.registrar.application_id)
        marked = [self._marked(each) for each in changes]
        records = [each.record for each in marked]
        becomes = next(e for e in records if isinstance(e, Application) and e.key == key)
        receipts = self._receipt(becomes, records)
        note = audit(
            becomes,
            f"on_behalf#{self.step}",
            by=said.by,
            at=at,
            before=said.source,
            after=said.day.isoformat(),
        )
        self.records.write(*marked, note, *(Put(each) for each in receipts))
        self.receipts = receipts

    def _marked(self, change: Change) -> Change:
        mail = change.record
        if isinstance(mail, Mail) and mail.id.startswith(self.registrar.application_id):
            return Put(mail.but(registered=self.registrar.said))
        return change

    def _receipt(self, becomes: Application, records: list[Record]) -> list[Mail]:
        """To the contact, unless the step sends the contact something itself."""
        contact = becomes.answers.contact.email
        if not contact or any(isinstance(each, Mail) and each.to == contact for each in records):
            return []
        mail = on_behalf_notices.registered(
            becomes, self.step, self.registrar.programme, self.registrar.at
        )
        return [mail.but(registered=self.registrar.said)]

    def list(self, kind: type[R], partition: str, prefix: str) -> list[R]:
        return self.records.list(kind, partition, prefix)
