"""Carries the season's mail: reads what SES was handed, and tells the system what became of each
message.

The emulator's SES tells nothing of its own accord, so for each message the events of SES's real
shape are put where its EventBridge rule would put them. Some addresses bounce; of some, nothing is
heard until later.
"""

import hashlib
import json
import re
from datetime import datetime
from email.message import Message
from pathlib import Path
from typing import Any

from local.emulator import ACCOUNT
from local.post_office import Mail
from local.ses_events import Delivery, ses_event
from local.stack import Stack

_LINK = re.compile(r"/s/([A-Za-z0-9._-]+)")
_PAGE = 10
_LETTER = re.compile(r"_letter_[0-9]+$")


class NoMailError(RuntimeError):
    """Somebody waits for a mail that did not come."""


class Postman:
    def __init__(self, stack: Stack) -> None:
        self.bouncing: set[str] = set()
        """Addresses whose next letter bounces."""
        self.unheard: set[str] = set()
        """Addresses of which SES tells nothing until `tell_late`."""
        self._stack = stack
        self._held: list[Mail] = []
        self._links: dict[str, str] = {}
        self.seen = 0
        self.given_up: set[str] = set()
        """Queues not to wait for: what lies there will never be done."""

    def settle(self) -> None:
        """Waits until the system has nothing left to do, its new mail delivered or bounced."""
        self._stack.settle(apart_from=self.given_up)
        while new := self._stack.mails(self.seen):
            self.seen += len(new)
            self._tell([pair for mail in new for pair in self._fate(mail)])
            self._stack.settle(apart_from=self.given_up)

    def tell_late(self) -> None:
        """SES's events of the messages nothing was heard of."""
        held, self._held = self._held, []
        self._tell([(mail, kind) for mail in held for kind in (Delivery.SENT, Delivery.DELIVERED)])

    def token(self, address: str) -> str:
        """The secret of the last link that was mailed to that address."""
        if address not in self._links:
            raise NoMailError(f"no link was mailed to {address}")
        return self._links[address]

    def _fate(self, mail: Mail) -> list[tuple[Mail, Delivery]]:
        to = mail.recipients[0]
        carries = is_letter(mail.tags.get("mail", ""))
        if to in self.unheard and carries:
            self.unheard.discard(to)
            self._held.append(mail)
            return []
        if to in self.bouncing and carries:
            self.bouncing.discard(to)
            return [(mail, Delivery.SENT), (mail, Delivery.BOUNCED)]
        if link := _LINK.search(mail.body()):
            self._links[to] = link[1]
        return [(mail, Delivery.SENT), (mail, Delivery.DELIVERED)]

    def _tell(self, fates: list[tuple[Mail, Delivery]]) -> None:
        at = self._stack.clock()
        entries = [
            {"Id": str(number), "MessageBody": json.dumps(self._event(mail, kind, at))}
            for number, (mail, kind) in enumerate(fates)
        ]
        for start in range(0, len(entries), _PAGE):
            self._stack.client("sqs").send_message_batch(
                QueueUrl=self._stack.places["DeliveryQueue"], Entries=entries[start : start + _PAGE]
            )

    def _event(self, mail: Mail, kind: Delivery, at: datetime) -> dict[str, Any]:
        return ses_event(
            mail,
            kind,
            at=at,
            account=ACCOUNT,
            configuration_set=self._stack.places["ConfigurationSet"],
        )


def _digest(attached: Message) -> str:
    """Of the file as it was enclosed, a calendar as well as a letter."""
    content = attached.get_payload(decode=True)
    return hashlib.sha256(content if isinstance(content, bytes) else b"").hexdigest()


def is_letter(mail: str) -> bool:
    """Whether the mail of that id is a decision letter, and no copy of one."""
    return bool(_LETTER.search(mail))


def write_mails(mails: list[Mail], folder: Path) -> None:
    """Each message as people see it: headers, both bodies, and what is attached."""
    folder.mkdir(parents=True, exist_ok=True)
    for mail in mails:
        message = mail.message
        bodies = {"text": message.get_body(("plain",)), "html": message.get_body(("html",))}
        content = {
            "number": mail.number,
            "mail": mail.tags.get("mail", ""),
            "from": str(message["from"]),
            "to": list(mail.recipients),
            "reply_to": str(message["reply-to"] or ""),
            "subject": str(message["subject"]),
            **{kind: part.get_content() if part else "" for kind, part in bodies.items()},
            "attachments": [
                {
                    "name": each.get_filename(),
                    "sha256": _digest(each),
                }
                for each in message.iter_attachments()
            ],
        }
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (folder / f"{mail.number}.json").write_text(text, "utf-8")
