"""Register a step of the municipality's for it: the step is the municipality's own, with the same
rules, and is written with its source.

The step's own action does it. What it writes goes through `_Registered`, which adds the audit row
to the same transaction and says in each mail who registered it and from what source. A step that
sends the contact nothing when the municipality takes it sends a receipt when staff do.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from kulturkontor import on_behalf_notices
from kulturkontor.actions import answer, people, withdraw
from kulturkontor.actions.ports import Queue
from kulturkontor.application_form import SubmittedContact
from kulturkontor.applications import Application, application_key
from kulturkontor.audit import audit
from kulturkontor.mails import Mail, as_json
from kulturkontor.on_behalf import OnBehalf, check_source
from kulturkontor.people import Participant
from kulturkontor.programme import OSLO, Programme
from kulturkontor.receipts import Receipt
from kulturkontor.records import Change, Key, Put, R, Record, Records

T = TypeVar("T")


class _Registered:
    """`records.Records` of one step."""

    def __init__(
        self,
        records: Records,
        application_id: str,
        step: str,
        registered: OnBehalf,
        at: datetime,
        programme: Programme,
    ) -> None:
        self.records = records
        self.key = application_key(application_id)
        self.step = step
        self.registered = registered
        self.at = at
        self.programme = programme
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
        marked = [self._marked(each) for each in changes]
        becomes = next(
            each.record
            for each in marked
            if isinstance(each.record, Application) and each.record.key == self.key
        )
        receipts = self._receipt(becomes, marked)
        note = audit(
            becomes,
            f"on_behalf#{self.step}",
            by=self.registered.by,
            at=self.at,
            before=self.registered.source,
            after=self.registered.day.isoformat(),
        )
        self.records.write(*marked, note, *(Put(each) for each in receipts))
        self.receipts = receipts

    def _marked(self, change: Change) -> Change:
        mail = change.record
        if isinstance(mail, Mail) and mail.id.startswith(self.key.partition.partition("#")[2]):
            return Put(mail.but(registered=self.registered))
        return change

    def _receipt(self, becomes: Application, changes: list[Change]) -> list[Mail]:
        """To the contact, unless the step sends the contact something itself."""
        records = [each.record for each in changes]
        contact = becomes.answers.contact.email
        if not contact or any(isinstance(each, Mail) and each.to == contact for each in records):
            return []
        mail = on_behalf_notices.registered(becomes, self.step, self.programme, self.at)
        return [mail.but(registered=self.registered)]

    def list(self, kind: type[R], partition: str, prefix: str) -> list[R]:
        return self.records.list(kind, partition, prefix)


def register(
    application_id: str,
    step: str,
    act: Callable[[Records], T],
    *,
    registered: OnBehalf,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> T:
    """Do what `act` does with the records it is given, as registered by staff. Raises OnBehalfError
    and whatever the step itself raises.
    """
    check_source(registered, at.astimezone(OSLO).date())
    through = _Registered(records, application_id, step, registered, at, programme)
    done = act(through)
    if through.receipts:
        mail_queue.send([as_json(each) for each in through.receipts])
    return done


def register_answer(
    application_id: str,
    *,
    accept: bool,
    registered: OnBehalf,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    return register(
        application_id,
        "answer",
        lambda through: answer.answer_offer(
            application_id,
            accept=accept,
            by=registered.by,
            at=at,
            programme=programme,
            records=through,
            mail_queue=mail_queue,
        ),
        registered=registered,
        at=at,
        programme=programme,
        records=records,
        mail_queue=mail_queue,
    )


def register_withdrawal(
    application_id: str,
    *,
    registered: OnBehalf,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Receipt:
    """After the deadline staff confirm it as any other."""
    return register(
        application_id,
        "withdraw",
        lambda through: withdraw.withdraw(
            application_id, at=at, programme=programme, records=through, mail_queue=mail_queue
        ),
        registered=registered,
        at=at,
        programme=programme,
        records=records,
        mail_queue=mail_queue,
    )


def register_contact(
    application_id: str,
    contact: SubmittedContact,
    *,
    registered: OnBehalf,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """The new contact gets the link, the one before is told and theirs is dead."""
    return register(
        application_id,
        "contact",
        lambda through: people.hand_over(
            application_id,
            contact,
            by=registered.by,
            at=at,
            programme=programme,
            records=through,
            mail_queue=mail_queue,
        ),
        registered=registered,
        at=at,
        programme=programme,
        records=records,
        mail_queue=mail_queue,
    )


def register_group(
    application_id: str,
    members: Sequence[Participant],
    *,
    seen: str,
    registered: OnBehalf,
    at: datetime,
    programme: Programme,
    records: Records,
    mail_queue: Queue,
) -> Application:
    """Raises GroupError, PlaceStateError."""
    return register(
        application_id,
        "group",
        lambda through: answer.register_members(
            application_id,
            members,
            seen=seen,
            at=at,
            programme=programme,
            records=through,
            mail_queue=mail_queue,
        ),
        registered=registered,
        at=at,
        programme=programme,
        records=records,
        mail_queue=mail_queue,
    )
