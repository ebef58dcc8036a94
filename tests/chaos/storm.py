"""The storm: ``kill -9`` at seeded times under load, then everything is written down and judged.

``python -m tests.chaos.storm --engine embedded|kafka --kills N --events M --seed S --dump DIR``
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.clock import monotonic
from tests.chaos.breaks import BREAKS
from tests.chaos.checker import CLASSES, History, Verdict, check
from tests.chaos.clients import Clients, planned
from tests.chaos.dump import dump
from tests.chaos.stage import NotQuiet, Stage

DATABASE, LOG = "database", "log"
_MEAN_GAP_SECONDS = 2.2


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One storm; the same seed gives the same commands, victims and times."""

    engine: str
    kills: int
    events: int
    seed: int
    dump: Path
    broken: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a storm came to."""

    verdict: Verdict
    kills: dict[str, int]
    events: int
    answers: dict[str, int]
    seconds: float
    quiet: str

    @property
    def clean(self) -> bool:
        """All 0, nothing parked, and everything came to rest."""
        return self.verdict.clean and not self.quiet

    @property
    def line(self) -> dict[str, Any]:
        """The summary for programs."""
        counts = self.verdict.counts
        return {name: counts[name] for name in CLASSES} | {
            "kills": sum(self.kills.values()),
            "events": self.events,
            "parked": counts["parked"],
            "seconds": round(self.seconds, 1),
        }


def victims(stage: Stage, plan: Plan, chance: random.Random) -> list[str]:
    """Who is killed, in order: the database and the log a few times, else any process.

    With a seeded bug the log dies more often (embedded: all workers at once), so that even a
    short run meets the moments that such bugs need.
    """
    kills = plan.kills
    log_kills = kills // 2 if plan.broken else max(1, kills // 16)
    rare = [DATABASE] * max(1, kills // 14) + [LOG] * log_kills
    rare = rare[: max(0, kills - 1)]
    rest = [chance.choice(list(stage.processes)) for _ in range(kills - len(rare))]
    order = [*rare, *rest]
    chance.shuffle(order)
    return order


def strike(stage: Stage, victim: str) -> None:
    """Kill one."""
    if victim == DATABASE:
        stage.kill_database()
    elif victim == LOG:
        stage.kill_log()
    else:
        stage.kill(victim)


def storm(plan: Plan) -> Outcome:
    """Run one storm on a fresh directory."""
    began = monotonic()
    data = Path(tempfile.mkdtemp(prefix="storm-"))
    stage = Stage(data, engine=plan.engine, broken=plan.broken)
    try:
        stage.start()
        return _under_load(stage, plan, began)
    finally:
        stage.stop()
        _keep_logs(data, plan.dump)


def _under_load(stage: Stage, plan: Plan, began: float) -> Outcome:
    chance = random.Random(plan.seed)
    order = victims(stage, plan, chance)
    gaps = [chance.uniform(0.4, 2 * _MEAN_GAP_SECONDS - 0.4) for _ in order]
    clients = Clients(
        stage,
        planned(plan.events, plan.seed),
        seconds=sum(gaps) + _MEAN_GAP_SECONDS,
        seed=plan.seed,
    )
    clients.start()
    pause = threading.Event()
    for number, (victim, gap) in enumerate(zip(order, gaps, strict=True), 1):
        pause.wait(gap)
        print(f"{monotonic() - began:6.1f} s  kill {number:>3}/{plan.kills}  {victim}", flush=True)
        strike(stage, victim)
    clients.join()
    stage.wait_for_apis()
    clients.ask_again()
    quiet = ""
    try:
        stage.wait_until_quiet(25.0 if plan.broken else 150.0)
    except NotQuiet as error:
        quiet = str(error)
    dump(stage, clients.commands, plan.dump)
    history = History.read(plan.dump)
    return Outcome(
        verdict=check(history),
        kills=Counter(order),
        events=len(history.outbox),
        answers=Counter(sent.answer for sent in clients.commands),
        seconds=monotonic() - began,
        quiet=quiet,
    )


def _keep_logs(data: Path, target: Path) -> None:
    """What the processes said stays beside the dump; databases and log go."""
    shutil.copytree(data / "logs", target / "logs", dirs_exist_ok=True)
    shutil.rmtree(data)


def report(outcome: Outcome) -> None:
    """Say what happened; the last line is one JSON object."""
    print(f"killed: {dict(outcome.kills)}")
    print(f"answers: {dict(outcome.answers)}")
    for kind, found in outcome.verdict.findings.items():
        for sentence in found[:10]:
            print(f"{kind}: {sentence}")
    if outcome.quiet:
        print(outcome.quiet)
    print(json.dumps(outcome.line))


def end_in_order() -> None:
    """On SIGTERM leave by an exception, so that what was started is stopped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def main() -> int:
    """The command line."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.storm", description=__doc__)
    parser.add_argument("--engine", choices=("embedded", "kafka"), default="embedded")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--events", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dump", type=Path, required=True)
    parser.add_argument("--break", dest="broken", choices=sorted(BREAKS), default="")
    asked = parser.parse_args()
    outcome = storm(Plan(**vars(asked)))
    report(outcome)
    return 0 if outcome.clean else 1


if __name__ == "__main__":
    sys.exit(main())
