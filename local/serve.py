"""Keeps the embedded default running: pages, sign-in, a mailbox, and the office's clock.

What AWS does by itself and the emulator does not is done here: schedules are fired as the simulated
time passes them, uploads are found clean, mail is delivered, or bounces if its address begins with
`bounce`. State is kept in `.state/`; remove the folder to begin anew.
"""

import json
import signal
import sys
import time
from datetime import datetime, timedelta
from typing import NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from kulturkontor.programme import OSLO, ProgrammeError
from local.emulator import EmulatorError, free_port
from local.mailbox import Mailbox
from local.office_users import OFFICE_USERS, add_users
from local.schedules import Schedule, fire, read_schedules
from local.ses_events import Delivery
from local.stack import FunctionError, Stack, deployed
from local.transform import ROOT

STATE = ROOT / ".state"
SERVED = STATE / "serve.json"
_LONGEST_CATCH_UP = timedelta(days=8)
_PAUSE_SECONDS = 1


class Attendant:
    """Does, once a second, what AWS would do meanwhile."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._schedules = read_schedules(stack.template)
        self._seen_until = stack.clock()
        self._delivered = len(stack.mails())
        self._scanned = self._uploads()

    def attend(self) -> None:
        self._scan()
        self._deliver()
        self._fire()

    def _uploads(self) -> set[str]:
        listed = self._stack.client("s3").list_objects_v2(
            Bucket=self._stack.places["UploadsBucket"]
        )
        return {entry["Key"] for entry in listed.get("Contents", [])}

    def _scan(self) -> None:
        for key in sorted(self._uploads() - self._scanned):
            self._stack.scan(key)
            self._scanned.add(key)

    def _deliver(self) -> None:
        for mail in self._stack.mails(since=self._delivered):
            bounces = any(address.startswith("bounce") for address in mail.recipients)
            self._stack.record_delivery(mail, Delivery.SENT)
            self._stack.record_delivery(mail, Delivery.BOUNCED if bounces else Delivery.DELIVERED)
            self._delivered += 1

    def _fire(self) -> None:
        """Fires each schedule that the clock has passed, once: work follows from state."""
        until = self._stack.clock()
        after = max(self._seen_until, until - _LONGEST_CATCH_UP)
        self._seen_until = until
        due = [(last, each) for each in self._schedules if (last := _last(each, after, until))]
        for moment, schedule in sorted(due, key=lambda pair: pair[0]):
            try:
                fire(self._stack, schedule, moment)
            except FunctionError as fault:
                print(f"{schedule.function} failed: {fault}")


def _last(schedule: Schedule, after: datetime, until: datetime) -> datetime | None:
    return max(schedule.due(after, until), default=None)


def serve() -> NoReturn:
    ports = _ports()
    with (
        deployed(ports=(ports["gateway"], ports["post_office"]), state=STATE) as stack,
        Mailbox(stack.post_office, port=ports["mailbox"]) as mailbox,
    ):
        add_users(stack)
        SERVED.write_text(json.dumps(ports), "utf-8")
        _introduce(stack, mailbox)
        attendant = Attendant(stack)
        while True:
            try:
                attendant.attend()
            except (BotoCoreError, ClientError) as fault:
                print(f"the emulator did not do as asked: {fault}")
            time.sleep(_PAUSE_SECONDS)


def _ports() -> dict[str, int]:
    if SERVED.exists():
        known: dict[str, int] = json.loads(SERVED.read_text("utf-8"))
        return known
    return {name: free_port() for name in ("gateway", "post_office", "mailbox")}


def _introduce(stack: Stack, mailbox: Mailbox) -> None:
    print(f"Applicants   {stack.portal_url}/")
    print(f"Office       {stack.office_url}/")
    for user in OFFICE_USERS:
        print(f"             {user.email}  {user.password}  ({', '.join(user.groups)})")
    print(f"Mailbox      {mailbox.url}/")
    print(f"Clock        {stack.clock().astimezone(OSLO):%Y-%m-%d %H:%M} in Oslo")
    print("             move it with: make clock TO=2026-04-30T09:00")
    print(
        "Stop with Ctrl-C. State is kept in .state/; remove the folder to begin anew.", flush=True
    )


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    signal.signal(signal.SIGTERM, _stop)
    try:
        serve()
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0
    except (EmulatorError, ProgrammeError, OSError) as fault:
        print(f"make serve: {fault}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
