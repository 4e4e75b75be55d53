"""The state of AWS put back between one enumerated fault and the next, and what happens after one:
redelivery, SES's events, the sweep, and staff's button.
"""

import copy
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from moto.backends import get_backend

from kulturkontor.actions import deliveries, handle_mails, send
from kulturkontor.aws.wiring import Wiring
from kulturkontor.mails import Mail, MailEvent, MailState
from tests.crash.faults import Faults, Point
from tests.office_factory import STAFF, all_mails, send_open_mails

_ACCOUNT = "123456789012"

Act = Callable[[], object]
Outcome = TypeVar("Outcome")


class State(NamedTuple):
    """All that outlives a process: the table, the files, and what SES was handed."""

    items: Any
    files: dict[str, dict[str, list[Any]]]
    handed_over: list[tuple[str, str]]

    @property
    def mark(self) -> str:
        """The same for states that nothing can tell apart."""
        items = sorted(
            json.dumps(item.to_json(), sort_keys=True)
            for partition in self.items.values()
            for item in partition.values()
        )
        files = sorted((name, *sorted(keys)) for name, keys in self.files.items())
        return repr((items, files, sorted(tag for tag, _ in self.handed_over)))


class World:
    def __init__(self, here: Wiring, faults: Faults | None = None) -> None:
        self.here = here
        self.faults = faults or Faults()
        self._kept = State({}, {}, [])

    def keep(self) -> None:
        """Remember how things stand now."""
        self._kept = self.state()

    def state(self) -> State:
        return State(
            copy.deepcopy(self._table().items),
            {
                name: {key: list(bucket.keys.getlist(key)) for key in bucket.keys}
                for name, bucket in self._buckets().items()
            },
            list(self.faults.handed_over),
        )

    def put_back(self, state: State | None = None) -> None:
        """As it was then, or when it was kept."""
        wanted = state or self._kept
        self._table().items = copy.deepcopy(wanted.items)
        for name, bucket in self._buckets().items():
            bucket.keys.clear()
            for key, versions in wanted.files[name].items():
                bucket.keys.setlist(key, list(versions))
        self.faults.handed_over[:] = wanted.handed_over
        self.faults.fired.clear()

    def one_and_two_faults(
        self, act: Act, again: Act, outcome: Callable[[], Outcome]
    ) -> tuple[dict[str, Outcome], dict[str, Outcome]]:
        """What comes of every single fault, and of every second one in the run that follows it.

        Runs share nothing but this state, so what follows from equal states is worked out once.
        """
        singles: dict[str, Outcome] = {}
        pairs: dict[str, Outcome] = {}
        outcomes: dict[str, Outcome] = {}
        seconds: dict[str, list[tuple[Point, str]]] = {}

        def come_of(state: State) -> Outcome:
            if state.mark not in outcomes:
                self.put_back(state)
                outcomes[state.mark] = outcome()
            return outcomes[state.mark]

        for first in self.faults.points(act):
            self.put_back()
            self.faults.run(act, first)
            assert self.faults.fired
            between = self.state()
            singles[str(first)] = come_of(between)
            if between.mark not in seconds:
                self.put_back(between)
                seconds[between.mark] = []
                for second in self.faults.points(again):
                    self.put_back(between)
                    self.faults.run(again, second)
                    after = self.state()
                    come_of(after)
                    seconds[between.mark].append((second, after.mark))
            for second, mark in seconds[between.mark]:
                pairs[f"{first}; {second}"] = outcomes[mark]
        return singles, pairs

    def files(self, bucket: str = "kulturkontor-archive") -> dict[str, bytes]:
        """What lies in a bucket: each key, and the bytes of its only version."""
        keys = self._buckets()[bucket].keys
        found = {}
        for key in keys:
            (only,) = keys.getlist(key)
            found[key] = only.value
        return found

    def mails(self) -> dict[str, Mail]:
        return all_mails(self.here)

    def tell_events(self, at: datetime, *kinds: str) -> None:
        """SES's events for every mail that it took."""
        for mail_id, message_id in self.faults.handed_over:
            for kind in kinds or ("Send", "Delivery"):
                deliveries.record_delivery(
                    mail_id,
                    MailEvent(kind=kind, at=at),
                    message_id=message_id,
                    now=at,
                    staff_address=STAFF,
                    programme=self.here.programme,
                    records=self.here.records,
                    mail_queue=self.here.mail_queue,
                )

    def sweep(self, now: datetime) -> dict[str, int]:
        return send.sweep_mails(now=now, records=self.here.records, mail_queue=self.here.mail_queue)

    def settle_mails(self, now: datetime) -> datetime:
        """Mail queue, events and sweep until nothing more happens of itself."""
        for _ in range(3):
            now += timedelta(minutes=2)
            send_open_mails(self.here, now)
            self.tell_events(now)
        now += send.GRACE
        self.sweep(now)
        return now

    def press_send_again(self, now: datetime) -> None:
        """Staff send a copy of whatever became uncertain."""
        for mail in self.mails().values():
            if mail.state is MailState.UNCERTAIN and mail.needs_staff:
                handle_mails.resend(
                    mail.id,
                    to=None,
                    by=STAFF,
                    now=now,
                    programme=self.here.programme,
                    records=self.here.records,
                    mail_queue=self.here.mail_queue,
                )

    def _table(self) -> Any:
        return get_backend("dynamodb")[_ACCOUNT]["eu-north-1"].tables["kulturkontor-test"]

    def _buckets(self) -> dict[str, Any]:
        buckets: dict[str, Any] = get_backend("s3")[_ACCOUNT]["aws"].buckets
        return buckets
