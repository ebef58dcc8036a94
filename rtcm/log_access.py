"""Who may do what to the event log, as the contracts say: topics and access rules as data.

For clusters whose brokers let in only whom they know. ``deploy/kafka/access.json`` holds the
outcome, ``rtcm log access`` gives the commands that tell it to a cluster.
"""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chassis.settings import SERVICES
from contracts.catalogue import account_of
from contracts.event import REGISTRY, Event, private_topics, service_of, topic_of

OPERATOR = "operator"
"""Who tails and rebuilds the log (``rtcm``); all others are services."""


@dataclass(frozen=True)
class TopicUse:
    """One topic: who writes it, who reads it."""

    name: str
    compacted: bool
    written_by: str
    read_by: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One thing that one party may do to one resource (Kafka's words, its own capitals)."""

    party: str
    operation: str
    resource: str  # topic | group
    name: str
    is_prefix: bool = False


def topics(registry: Mapping[str, type[Event]] = REGISTRY) -> list[TopicUse]:
    """Every topic, by name."""
    readers: dict[str, set[str]] = defaultdict(set)
    for event_type, event_class in registry.items():
        readers[topic_of(event_type)] |= listeners(event_class)
    writers = {topic_of(event_type): service_of(event_type) for event_type in registry}
    return [
        TopicUse(name, name in private_topics(), writers[name], tuple(sorted(readers[name])))
        for name in sorted(writers)
    ]


def rules(registry: Mapping[str, type[Event]] = REGISTRY) -> list[Rule]:
    """Every rule: nothing may be done that is not here.

    Writing and reading imply describing. A service makes its own topics, nobody else's.
    """
    found = []
    for topic in topics(registry):
        found += [Rule(topic.written_by, what, "topic", topic.name) for what in ("Write", "Create")]
        found += [Rule(reader, "Read", "topic", topic.name) for reader in topic.read_by]
    listeners = sorted({rule.party for rule in found if rule.operation == "Read"})
    found += [Rule(reader, "Read", "group", f"rtcm.{reader}") for reader in listeners]
    for what in ("Read", "Create", "Delete"):
        found.append(Rule(OPERATOR, what, "topic", "rtcm.", is_prefix=True))
    return sorted(found, key=lambda rule: (rule.party, rule.resource, rule.name, rule.operation))


def as_data() -> dict[str, Any]:
    """What stands in ``deploy/kafka/access.json``."""
    return {
        "topics": [{**asdict(topic), "read_by": list(topic.read_by)} for topic in topics()],
        "rules": [asdict(rule) for rule in rules()],
    }


def commands(principal: str) -> Iterator[str]:
    """Lines for a shell: Kafka's own tool, one line a party and kind of resource.

    Args:
        principal: Kafka's name of a party, ``{}`` in its place: ``User:CN=rtcm.{}``.
    """
    grouped: dict[tuple[str, str, bool, tuple[str, ...]], list[str]] = defaultdict(list)
    operations: dict[tuple[str, str, str, bool], list[str]] = defaultdict(list)
    for rule in rules():
        operations[rule.party, rule.resource, rule.name, rule.is_prefix].append(rule.operation)
    for (party, resource, name, is_prefix), allowed in operations.items():
        grouped[party, resource, is_prefix, tuple(allowed)].append(name)
    for (party, resource, is_prefix, what), names in grouped.items():
        words = ["kafka-acls.sh", '"$@"', "--add", "--allow-principal"]
        words.append(shlex.quote(principal.replace("{}", party)))
        words += [word for one in what for word in ("--operation", one)]
        words += [word for name in names for word in (f"--{resource}", name)]
        if is_prefix:
            words += ["--resource-pattern-type", "prefixed"]
        yield " ".join(words)


def listeners(event_class: type[Event]) -> set[str]:
    """Services that "Heard by" names outside its brackets."""
    plain = re.sub(r"\([^)]*\)", "", account_of(event_class).heard_by)
    return {service for service in SERVICES if re.search(rf"\b{service}\b", plain)}
