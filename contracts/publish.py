"""Writes what others read of the events, and refuses what would break them.

``python -m contracts.publish`` writes the JSON Schemas, the samples of new types, the AsyncAPI
document and the catalogue. ``--check`` writes nothing and fails when any of them differs from the
code. Both refuse, with a sentence per problem, a change that breaks past bodies or past readers,
a field that could hold personal data, an event that does not say who hears it, and a topic whose
events have different keys.

The files in ``contracts/schemas`` and ``contracts/samples`` are what was promised: a type that
was never released may be taken back by deleting its two files, which nobody overlooks in a review.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.asyncapi import document
from contracts.catalogue import account_of, catalogue
from contracts.compatibility import breaks, vanished
from contracts.event import REGISTRY, Event, topic_of
from contracts.privacy import privacy_problems
from contracts.sample import sample_of
from contracts.schema import schema_of
from contracts.validity import misfits

_HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the published files are."""

    schemas: Path = _HERE / "schemas"
    samples: Path = _HERE / "samples"
    asyncapi: Path = _HERE / "asyncapi.json"
    catalogue: Path = _HERE.parent / "docs" / "reference" / "events.md"


Registry = Mapping[str, type[Event]]


def problems(registry: Registry, places: Places) -> list[str]:
    """All that stands against publishing, one sentence each."""
    found = []
    for event_type in sorted(registry):
        event_class = registry[event_type]
        found += privacy_problems(event_class)
        try:
            account_of(event_class)
        except ValueError as problem:
            found.append(f"{event_type}: {problem}")
    found += _key_problems(registry)
    found += _breaks_of_promises(registry, places)
    return found


def files(registry: Registry, places: Places) -> dict[Path, str]:
    """The text of every published file, as the code says it should be."""
    samples = {
        event_type: _read(places.samples / f"{event_type}.json") or sample_of(registry[event_type])
        for event_type in sorted(registry)
    }
    written = {places.samples / f"{each}.json": _json(body) for each, body in samples.items()}
    for event_type in sorted(registry):
        schema = schema_of(registry[event_type])
        written[places.schemas / f"{event_type}.json"] = _json(schema)
    written[places.asyncapi] = _json(document(registry, samples))
    written[places.catalogue] = catalogue(registry)
    return written


def publish(registry: Registry, places: Places, *, check: bool) -> Iterator[str]:
    """Write what differs; with ``check``, only say what differs.

    Yields:
        A sentence per problem; none when all is well. Nothing is written if there is a problem.
    """
    against = problems(registry, places)
    if against:
        yield from against
        return
    for path, text in files(registry, places).items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if check:
            yield f"{path.name} differs from the code: run python -m contracts.publish"
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Entry of ``python -m contracts.publish``; 1 when there is any problem."""
    parser = argparse.ArgumentParser(prog="python -m contracts.publish", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args(arguments).check
    found = list(publish(REGISTRY, Places(), check=check))
    for sentence in found:
        sys.stderr.write(f"{sentence}\n")
    if not found:
        sys.stdout.write(f"{len(REGISTRY)} event types published\n")
    return 1 if found else 0


def _breaks_of_promises(registry: Registry, places: Places) -> Iterator[str]:
    published = {path.stem: _read(path) for path in sorted(places.schemas.glob("*.json"))}
    sampled = {path.stem for path in places.samples.glob("*.json")}
    yield from vanished(published.keys() | sampled, set(registry))
    for event_type, event_class in sorted(registry.items()):
        schema, promised = schema_of(event_class), published.get(event_type)
        sample = _read(places.samples / f"{event_type}.json")
        if promised is not None:
            yield from breaks(promised, schema, where=event_type)
            if sample is None:
                yield f"{event_type}: its sample is gone, and with it what was promised"
        if sample is not None:
            yield from misfits(sample, schema, where=f"{event_type}: the past sample's body")


def _key_problems(registry: Registry) -> Iterator[str]:
    keys = defaultdict(set)
    for event_type, event_class in registry.items():
        keys[topic_of(event_type)].add((event_class.key_field, event_class.private))
    for topic, kinds in sorted(keys.items()):
        if len(kinds) > 1:
            yield f"{topic}: all its events need one key, and are all private or all public"


def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
