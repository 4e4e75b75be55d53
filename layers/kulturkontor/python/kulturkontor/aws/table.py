"""Records on the table: one JSON body per item, beside it only what the table itself must know.

An item is `pk`, `sk`, `kind`, `schema`, `revision`, `body`, and where it applies `work` + `since`
(the sparse index of what is not finished) and `expires_at` (the table's own time to live).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from kulturkontor.aws.session import client
from kulturkontor.aws.settings import settings
from kulturkontor.records import Change, Conflict, Key, Put, R, Record, Unchanged

OPEN_WORK = "open-work"
_PAGES = 100


class SchemaError(ValueError):
    """An item was written by a newer version of the office than this one; deploy the newer one."""


class Table:
    """`records.Records` on DynamoDB."""

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def of_settings(cls) -> "Table":
        return cls(settings().table_name)

    def read(self, kind: type[R], key: Key) -> R | None:
        found = client("dynamodb").get_item(
            TableName=self.name, Key=_item_key(key), ConsistentRead=True
        )
        return _record(kind, found["Item"]) if "Item" in found else None

    def read_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]:
        found = {record.key: record for item in self._get(keys) if (record := _record(kind, item))}
        return [found[key] for key in dict.fromkeys(keys) if key in found]

    def read_mixed(self, kinds: Sequence[type[Record]], keys: Sequence[Key]) -> list[Record]:
        by_name = {kind.__name__: kind for kind in kinds}
        return [_record(by_name[item["kind"]["S"]], item) for item in self._get(keys)]

    def _get(self, keys: Sequence[Key]) -> Iterator[dict[str, Any]]:
        wanted = [_item_key(key) for key in dict.fromkeys(keys)]
        while wanted:
            page, wanted = wanted[:100], wanted[100:]
            answer = client("dynamodb").batch_get_item(
                RequestItems={self.name: {"Keys": page, "ConsistentRead": True}}
            )
            yield from answer["Responses"].get(self.name, [])
            wanted += answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])

    def list_partition(self, partition: str, kinds: dict[str, type[Record]]) -> list[Record]:
        return [
            _record(kinds[item["sk"]["S"].split("#")[0]], item)
            for item in self._query(partition, "")
            if item["sk"]["S"].split("#")[0] in kinds
        ]

    def list_open(self, kind: type[R], work: str, before: datetime | None = None) -> list[R]:
        condition, values = "#work = :work", {":work": {"S": work}}
        if before is not None:
            condition += " AND since < :before"
            values[":before"] = {"S": _moment(before)}
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.name,
                IndexName=OPEN_WORK,
                KeyConditionExpression=condition,
                ExpressionAttributeNames={"#work": "work"},
                ExpressionAttributeValues=values,
            )
        )
        return [_record(kind, item) for page in pages for item in page["Items"]]

    def write(self, *changes: Change) -> None:
        try:
            client("dynamodb").transact_write_items(
                TransactItems=[self._action(change) for change in changes]
            )
        except ClientError as fault:
            if fault.response["Error"]["Code"] not in (
                "TransactionCanceledException",
                "TransactionInProgressException",
            ):
                raise
            reasons = fault.response.get("CancellationReasons", [])
            codes = {reason.get("Code") for reason in reasons} - {"None", None}
            if codes - {"ConditionalCheckFailed", "TransactionConflict"}:
                raise
            raise Conflict(
                [
                    tuple(change.record.key)
                    for change, reason in zip(changes, reasons, strict=False)
                    if reason.get("Code") not in ("None", None)
                ]
            ) from fault

    def count_up(self, key: Key, expires_at: datetime) -> int:
        """One more of something that is soon forgotten; how many there are now."""
        answer = client("dynamodb").update_item(
            TableName=self.name,
            Key=_item_key(key),
            UpdateExpression="ADD amount :one SET expires_at = :expires",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":expires": {"N": str(int(expires_at.timestamp()))},
            },
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["amount"]["N"])

    def _query(self, partition: str, prefix: str) -> Iterator[dict[str, Any]]:
        condition, values = "pk = :pk", {":pk": {"S": partition}}
        if prefix:
            condition += " AND begins_with(sk, :prefix)"
            values[":prefix"] = {"S": prefix}
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.name,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=values,
                ConsistentRead=True,
            )
        )
        for page in pages:
            yield from page["Items"]

    def _action(self, change: Change) -> dict[str, Any]:
        record = change.record
        where = {"TableName": self.name, **_as_read(record)}
        if isinstance(change, Put):
            return {"Put": {**where, "Item": _item(record)}}
        kind = "ConditionCheck" if isinstance(change, Unchanged) else "Delete"
        return {kind: {**where, "Key": _item_key(record.key)}}

    def list(self, kind: type[R], partition: str, prefix: str) -> list[R]:
        return [_record(kind, item) for item in self._query(partition, prefix)]


def _as_read(record: Record) -> dict[str, Any]:
    if record.revision == 0:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "revision = :revision",
        "ExpressionAttributeValues": {":revision": {"N": str(record.revision)}},
    }


def _item_key(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key.partition}, "sk": {"S": key.place}}


def _item(record: Record) -> dict[str, Any]:
    item = {
        **_item_key(record.key),
        "kind": {"S": type(record).__name__},
        "schema": {"N": str(type(record).schema_version)},
        "revision": {"N": str(record.revision + 1)},
        "body": {"S": record.as_kept()},
    }
    if record.open_work is not None:
        item["work"] = {"S": record.open_work.kind}
        item["since"] = {"S": _moment(record.open_work.since)}
    if record.expires_at is not None:
        item["expires_at"] = {"N": str(int(record.expires_at.timestamp()))}
    return item


def _record(kind: type[R], item: dict[str, Any]) -> R:
    if int(item["schema"]["N"]) > kind.schema_version:
        raise SchemaError(f"{kind.__name__} of schema {item['schema']['N']}")
    return kind.model_validate_json(item["body"]["S"]).model_copy(
        update={"revision": int(item["revision"]["N"])}
    )


def _moment(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
