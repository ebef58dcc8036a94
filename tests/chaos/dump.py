"""Writes down what a storm left: for our checker, and for anybody else's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import accumulate
from pathlib import Path
from typing import Any

from chassis.log.port import EventLog, Partition
from tests.chaos.clients import Sent
from tests.chaos.stage import CONSUMERS, TOPICS, Stage

_READ_LIMIT = 1_000


def dump(stage: Stage, commands: Sequence[Sent], directory: Path) -> None:
    """Write ``commands``, ``outbox``, ``log``, ``effects``, ``parked`` and ``consumers``."""
    directory.mkdir(parents=True, exist_ok=True)
    with stage.databases() as databases, stage.log() as log:
        _write(directory / "commands.jsonl", (_command(sent) for sent in commands))
        _write(directory / "outbox.jsonl", _outbox(databases))
        _write(directory / "log.jsonl", _log(log))
        _write(directory / "effects.jsonl", _effects(databases))
        _write(directory / "parked.jsonl", _parked(databases))
    consumers = {name: list(topics) for name, topics in CONSUMERS.items()}
    (directory / "consumers.json").write_text(json.dumps(consumers, indent=1))


def _write(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with file.open("w") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


def _command(sent: Sent) -> dict[str, Any]:
    return {
        "command_id": sent.command_id,
        "service": sent.service,
        "aggregate_id": sent.aggregate_id,
        "answer": sent.answer,
    }


def _outbox(databases: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for service, database in databases.items():
        for row in database["outbox"].find().sort("_id", 1):
            yield {"service": service} | {
                name: row[name] for name in ("aggregate_id", "sequence", "event_id", "command_id")
            }


def _log(log: EventLog) -> Iterator[dict[str, Any]]:
    for topic in TOPICS:
        for partition in log.partitions(topic):
            yield from _records(log, partition)


def _records(log: EventLog, partition: Partition) -> Iterator[dict[str, Any]]:
    end = log.end_offsets([partition.topic])[partition]
    offset = 0
    while offset < end:
        records = log.read(partition, offset=offset, limit=_READ_LIMIT)
        for record in records:
            event = json.loads(record.value or b"{}")
            yield {
                "topic": partition.topic,
                "partition": partition.number,
                "offset": record.offset,
                "event_id": event["id"],
                "aggregate_id": record.key,
                "sequence": int(event["sequence"]),
            }
        if not records:
            raise RuntimeError(f"{partition} ends at {end}, but nothing can be read at {offset}")
        offset = records[-1].offset + 1


def _effects(databases: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each database's effects in the order of its commits; databases merged by time."""
    lists = []
    for database in databases.values():
        rows = list(database["effect"].find().sort("place", 1))
        ats = accumulate((row["at"] for row in rows), max)
        lists.append(list(zip(ats, rows, strict=True)))
    for _, row in merge(*lists, key=lambda pair: pair[0]):
        yield {name: row[name] for name in ("consumer", "event_id", "aggregate_id", "sequence")}


def _parked(databases: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for database in databases.values():
        for row in database["parked"].find({"waiting": True}).sort("_id", 1):
            yield {
                "consumer": row["consumer"],
                "event_id": row.get("event_id"),
                "aggregate_id": row["key"],
                "sequence": row.get("sequence"),
                "reason": row["reason"],
            }
