"""Queues: best-effort messages. What is not delivered is found by `sweep` from the records."""

import json
from collections.abc import Iterable, Mapping

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from kulturkontor.aws.session import client

logger = Logger()


class Queue:
    def __init__(self, url: str) -> None:
        self.url = url

    def send(self, messages: Iterable[Mapping[str, object]]) -> None:
        """Ten a call.

        A failure is only logged: the record itself says that the work is not done.
        """
        waiting = list(messages)
        while waiting:
            page, waiting = waiting[:10], waiting[10:]
            entries = [
                {"Id": str(number), "MessageBody": json.dumps(message)}
                for number, message in enumerate(page)
            ]
            try:
                answer = client("sqs").send_message_batch(QueueUrl=self.url, Entries=entries)
            except (ClientError, BotoCoreError):
                logger.warning("queue_unreachable", queue=self.url.rsplit("/", 1)[-1])
                return
            if answer.get("Failed"):
                logger.warning("queue_refused", count=len(answer["Failed"]))
