"""The checker on histories made by hand: one for each thing that may go wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.checker import History, check

CONSUMER = "rtcm.listener"
TOPIC = "rtcm.maker.thing"


def row(number: int, **changed: Any) -> dict[str, Any]:
    fields = {"event_id": f"e{number}", "aggregate_id": "a", "sequence": number}
    return fields | changed


def command(number: int, answer: str = "acknowledged") -> dict[str, Any]:
    return {"command_id": f"c{number}", "service": "maker", "aggregate_id": "a", "answer": answer}


def announced(number: int, **changed: Any) -> dict[str, Any]:
    return row(number, service="maker", **{"command_id": f"c{number}", **changed})


def record(number: int, offset: int, **changed: Any) -> dict[str, Any]:
    return row(number, topic=TOPIC, offset=offset, **{"partition": 0, **changed})


def effect(number: int, **changed: Any) -> dict[str, Any]:
    return row(number, consumer=CONSUMER, **changed)


GOOD = History(
    commands=[command(1), command(2), command(3, "unknown"), command(4, "refused")],
    outbox=[announced(1), announced(2), announced(3)],
    log=[record(1, 0), record(2, 1), record(1, 2), record(2, 3), record(3, 4)],
    effects=[effect(1), effect(2), effect(3)],
    consumers={CONSUMER: [TOPIC], "rtcm.other": ["rtcm.maker.other"]},
)


def found(history: History) -> dict[str, int]:
    return {kind: count for kind, count in check(history).counts.items() if count}


def test_a_history_with_repeats_in_the_log_is_clean() -> None:
    assert check(GOOD).clean


def test_an_unknown_command_may_have_made_an_event_or_none() -> None:
    more = [*GOOD.commands, command(9, "unknown")]
    assert found(replace(GOOD, commands=more)) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"commands": [*GOOD.commands, command(5)]}, {"lost": 1}),
        ({"log": [record(1, 0), record(2, 1)], "effects": GOOD.effects}, {"lost": 1}),
        ({"effects": [effect(1), effect(2)]}, {"lost": 1}),
        ({"effects": [effect(1), effect(2), effect(2), effect(3)]}, {"doubled": 1}),
        (
            {"commands": [command(1), command(2), command(3, "refused"), command(4, "refused")]},
            {"doubled": 1},
        ),
        (
            {"log": [record(2, 0), record(1, 1), record(3, 2)]},
            {"reordered": 1},
        ),
        ({"log": [record(1, 0), record(2, 1), record(3, 0, partition=1)]}, {"reordered": 1}),
        ({"effects": [effect(2), effect(1), effect(3)]}, {"reordered": 2}),
        ({"log": [*GOOD.log, record(7, 5)]}, {"phantom": 1}),
        ({"commands": GOOD.commands[:2]}, {"phantom": 1}),
        ({"parked": [{"consumer": CONSUMER, "event_id": "e3"}]}, {"parked": 1}),
    ],
    ids=[
        "acknowledged and no announcement",
        "announced and not in the log",
        "in the log and no effect",
        "two effects",
        "refused and announced all the same",
        "log out of order",
        "one aggregate in two partitions",
        "effects out of order",
        "in the log and never announced",
        "announced and never asked for",
        "parked",
    ],
)
def test_each_class_is_seen(change: dict[str, Any], expected: dict[str, int]) -> None:
    assert found(replace(GOOD, **change)) == expected


def test_two_events_of_one_command_are_seen() -> None:
    history = replace(GOOD, outbox=[*GOOD.outbox[:2], announced(3, command_id="c2")])
    assert found(history) == {"doubled": 1}


def test_an_effect_of_nothing_is_seen() -> None:
    history = replace(GOOD, effects=[*GOOD.effects, effect(1, event_id="x", aggregate_id="b")])
    assert found(history) == {"phantom": 1}


def test_a_gap_between_effects_is_seen_as_loss_and_as_disorder() -> None:
    history = replace(GOOD, effects=[effect(1), effect(3)])
    assert found(history) == {"lost": 1, "reordered": 1}


def test_a_lost_announcement_leaves_a_gap() -> None:
    history = replace(GOOD, outbox=[announced(1), announced(3)])
    counts = found(history)
    assert counts == {"lost": 2, "phantom": 2}


def test_a_dump_is_read_as_it_was_written(tmp_path: Path) -> None:
    for name in ("commands", "outbox", "log", "effects", "parked"):
        lines = [json.dumps(one) for one in getattr(GOOD, name)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    (tmp_path / "consumers.json").write_text(json.dumps(GOOD.consumers))
    assert check(History.read(tmp_path)).clean
    assert History.read(tmp_path) == GOOD
