"""Judges the history of a storm by what was written down, and knows nothing of the code.

It reads the JSON lines a storm leaves (``commands``, ``outbox``, ``log``, ``effects``, ``parked``
and ``consumers.json``) and answers four questions: was anything lost, doubled, reordered, or is
anything there that nobody asked for (phantom)?
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]

CLASSES = ("lost", "doubled", "reordered", "phantom")


@dataclass(frozen=True, kw_only=True)
class History:
    """What clients were told, and what databases and log hold; each list in its own order."""

    commands: Sequence[Row] = ()
    outbox: Sequence[Row] = ()
    log: Sequence[Row] = ()
    effects: Sequence[Row] = ()
    parked: Sequence[Row] = field(default_factory=list)
    consumers: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, directory: Path) -> History:
        """Read a dump."""
        lines = {
            name: [
                json.loads(line)
                for line in (directory / f"{name}.jsonl").read_text().splitlines()
                if line
            ]
            for name in ("commands", "outbox", "log", "effects", "parked")
        }
        consumers = json.loads((directory / "consumers.json").read_text())
        return cls(**lines, consumers=consumers)


@dataclass
class Verdict:
    """Findings by class; each a sentence."""

    findings: dict[str, list[str]] = field(
        default_factory=lambda: {name: [] for name in (*CLASSES, "parked")}
    )

    def add(self, kind: str, sentences: Iterable[str]) -> None:
        """Note findings of one class."""
        self.findings[kind].extend(sentences)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each class."""
        return {kind: len(found) for kind, found in self.findings.items()}

    @property
    def clean(self) -> bool:
        """Nothing was found, and nothing waits for a person."""
        return not any(self.counts.values())


def check(history: History) -> Verdict:
    """Judge a history."""
    verdict = Verdict()
    _commands(history, verdict)
    _outbox(history, verdict)
    _log(history, verdict)
    _effects(history, verdict)
    verdict.add(
        "parked", (f"{row['consumer']} parked event {row['event_id']}" for row in history.parked)
    )
    return verdict


def _commands(history: History, verdict: Verdict) -> None:
    """Each acknowledged command made one event, each refused one none."""
    made = Counter(row["command_id"] for row in history.outbox)
    answers = {row["command_id"]: row["answer"] for row in history.commands}
    verdict.add(
        "lost",
        (
            f"command {id_} was acknowledged and made no event"
            for id_, answer in answers.items()
            if answer == "acknowledged" and not made[id_]
        ),
    )
    for id_, count in made.items():
        answer = answers.get(id_)
        if answer is None:
            verdict.add("phantom", [f"nobody sent command {id_}, which made {count} events"])
        elif answer == "refused":
            verdict.add("doubled", [f"command {id_} was refused and made {count} events"])
        elif count > 1:
            verdict.add("doubled", [f"command {id_} made {count} events"])


def _outbox(history: History, verdict: Verdict) -> None:
    """Announcements of an aggregate are numbered 1, 2, 3 ..., and the log has each."""
    sequences: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in history.outbox:
        sequences[row["service"], row["aggregate_id"]].append(row["sequence"])
    for (service, aggregate_id), numbers in sequences.items():
        twice = [number for number, count in Counter(numbers).items() if count > 1]
        missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
        verdict.add("doubled", (f"{service} {aggregate_id} announced {n} twice" for n in twice))
        verdict.add("lost", (f"{service} {aggregate_id} never announced {n}" for n in missing))
    in_log = {row["event_id"] for row in history.log}
    verdict.add(
        "lost",
        (
            f"event {row['event_id']} of {row['aggregate_id']} never came to the log"
            for row in history.outbox
            if row["event_id"] not in in_log
        ),
    )


def _log(history: History, verdict: Verdict) -> None:
    """The log repeats, but what is new in it is in order, in one partition, and announced."""
    announced = {row["event_id"]: row for row in history.outbox}
    seen: set[str] = set()
    newest: dict[tuple[str, str], int] = defaultdict(int)
    partition_of: dict[tuple[str, str], int] = {}
    for row in history.log:
        event_id, key = row["event_id"], (row["topic"], row["aggregate_id"])
        if event_id in seen:
            continue
        seen.add(event_id)
        if event_id not in announced:
            verdict.add("phantom", [f"record {event_id} in the log was never announced"])
            continue
        if row["sequence"] < newest[key]:
            verdict.add("reordered", [f"log: {key[1]} has {row['sequence']} after {newest[key]}"])
        newest[key] = max(newest[key], row["sequence"])
        if partition_of.setdefault(key, row["partition"]) != row["partition"]:
            verdict.add("reordered", [f"log: {key[1]} lies in two partitions"])
        own = announced[event_id]
        if (own["aggregate_id"], own["sequence"]) != (row["aggregate_id"], row["sequence"]):
            verdict.add("phantom", [f"record {event_id} is not what was announced"])


def _effects(history: History, verdict: Verdict) -> None:
    """At each subscribed consumer each event has one effect, in order per aggregate."""
    announced = {row["event_id"] for row in history.outbox}
    topic_of = {row["event_id"]: row["topic"] for row in history.log}
    parked = {(row["consumer"], row["event_id"]) for row in history.parked}
    counts = Counter((row["consumer"], row["event_id"]) for row in history.effects)
    for (consumer, event_id), count in counts.items():
        if event_id not in announced:
            verdict.add("phantom", [f"{consumer} has an effect of {event_id}, never announced"])
        if count > 1:
            verdict.add("doubled", [f"{consumer} has {count} effects of {event_id}"])
    for row in history.outbox:
        event_id = row["event_id"]
        verdict.add(
            "lost",
            (
                f"{consumer} has no effect of {event_id} ({row['aggregate_id']} {row['sequence']})"
                for consumer, topics in history.consumers.items()
                if topic_of.get(event_id) in topics
                and not counts[consumer, event_id]
                and (consumer, event_id) not in parked
            ),
        )
    _effect_order(history.effects, verdict)


def _effect_order(effects: Sequence[Row], verdict: Verdict) -> None:
    seen: set[tuple[str, str]] = set()
    newest: dict[tuple[str, str], int] = defaultdict(int)
    for row in effects:
        once = (row["consumer"], row["event_id"])
        if once in seen:
            continue  # counted as doubled
        seen.add(once)
        key = (row["consumer"], row["aggregate_id"])
        if row["sequence"] != newest[key] + 1:
            verdict.add(
                "reordered",
                [f"{key[0]}: {key[1]} has {row['sequence']} right after {newest[key]}"],
            )
        newest[key] = max(newest[key], row["sequence"])


def main() -> int:
    """``python -m tests.chaos.checker DIR``: findings, then the counts as one JSON object."""
    verdict = check(History.read(Path(sys.argv[1])))
    for kind, found in verdict.findings.items():
        for sentence in found[:20]:
            print(f"{kind}: {sentence}")
    print(json.dumps(verdict.counts))
    return 0 if verdict.clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
