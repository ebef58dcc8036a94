"""Short chaos: a storm on each engine, bugs that must be caught, a part of the failpoint sweep.

Longer by hand: ``python -m tests.chaos.storm`` (see there) and ``python -m tests.chaos.sweep``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.failpoints import ALL_POINTS
from tests.chaos.storm import Plan, storm
from tests.chaos.sweep import WORKER_OF, Case, Sweep, prepared

pytestmark = pytest.mark.timeout(600)


def run(tmp_path: Path, **given: object) -> tuple[dict[str, int], str, bool]:
    plan = Plan(**{"engine": "embedded", "dump": tmp_path / "dump", "broken": "", **given})  # type: ignore[arg-type]  # -- checked by the dataclass' users
    outcome = storm(plan)
    shown = "\n".join(
        f"{kind}: {sentence}"
        for kind, found in outcome.verdict.findings.items()
        for sentence in found[:10]
    )
    return outcome.verdict.counts, f"{shown}\n{outcome.quiet}", outcome.clean


def test_a_storm_on_the_embedded_engines_leaves_no_trace(tmp_path: Path) -> None:
    _, shown, clean = run(tmp_path, kills=12, events=600, seed=11)
    assert clean, shown


@pytest.mark.kafka
@pytest.mark.usefixtures("kafka_here")
def test_a_storm_on_kafka_leaves_no_trace(tmp_path: Path) -> None:
    _, shown, clean = run(tmp_path, engine="kafka", kills=12, events=600, seed=12)
    assert clean, shown


@pytest.mark.parametrize(
    ("broken", "classes"),
    [
        ("mark-before-ack", {"lost"}),
        ("swallow-duplicate", {"lost"}),
    ],
)
def test_a_seeded_bug_is_caught(tmp_path: Path, broken: str, classes: set[str]) -> None:
    """The other two are caught by ``--break`` on the command line, in the same way.

    A bug shows only when a kill falls into its gap: a run that missed it is followed by another.
    """
    shown = ""
    for seed in (3, 4, 5):
        directory = tmp_path / str(seed)
        counts, shown, _ = run(directory, kills=6, events=400, seed=seed, broken=broken)
        if classes <= {kind for kind, count in counts.items() if count}:
            return
    pytest.fail(f"{broken} was not caught in three runs: {shown}")


@pytest.fixture(scope="module")
def sweep() -> Iterator[Sweep]:
    with prepared() as sweep:
        yield sweep


@pytest.mark.parametrize(
    "case",
    [
        Case("unit_of_work.after_commit", "kill@1", "registration-api"),
        Case("relay.after_append", "kill@1", "registration-worker-0"),
        Case("consumer.after_transaction", "kill@1", "scheduling-worker-0"),
        Case("timer.before_transaction", "error@1", "registration-worker-0"),
        Case("job.after_work", "error@1", "registration-worker-0"),
    ],
    ids=str,
)
def test_trouble_between_two_steps_changes_nothing_in_the_end(sweep: Sweep, case: Case) -> None:
    sweep.try_out(case)


def test_every_point_has_a_process_to_be_armed_in() -> None:
    assert {point.partition(".")[0] for point in ALL_POINTS} == WORKER_OF.keys()
