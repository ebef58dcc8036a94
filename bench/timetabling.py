"""Cost of timetables after a budget of CPU seconds, instance by instance.

``--baseline`` names a command for the same budget: ``{instance}``, ``{out}``, ``{seconds}`` and
``{seed}`` are filled in, and it leaves a solution file in ``{out}``. Every timetable is counted by
our checker.
"""

from __future__ import annotations

import argparse
import json
import shlex
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.instances import instance_paths, read
from bench.result import report
from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.solution import read_solution


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run: its cost (``None`` without a timetable that holds) and when one first held."""

    cost: int | None
    feasible_after: float | None = None


def ours(path: Path, folder: Path, *, seconds: float, seed: int, workers: int) -> Run:
    """Run the engine for so many CPU seconds of all its processes together."""
    out, trace = folder / "ours.sol", folder / "ours.trace"
    budget = ["--cpu-seconds", str(seconds), "--seed", str(seed), "--workers", str(workers)]
    files = ["--out", str(out), "--trace", str(trace)]
    command = [sys.executable, "-m", "rtcm.cli", "timetable", "solve", str(path)]
    subprocess.run([*command, *budget, *files], check=False, stdout=subprocess.DEVNULL)
    steps = [json.loads(line) for line in trace.read_text("utf-8").splitlines()]
    held = [step["cpu_seconds"] for step in steps if step["violations"] == 0]
    return Run(cost=cost_of(path, out), feasible_after=min(held, default=None))


def theirs(command: str, path: Path, folder: Path, *, seconds: float, seed: int) -> Run:
    """Run the baseline."""
    out = folder / "theirs.sol"
    out.unlink(missing_ok=True)
    filled = command.format(instance=path, out=out, seconds=seconds, seed=seed)
    subprocess.run(shlex.split(filled), check=False, stdout=subprocess.DEVNULL)
    return Run(cost=cost_of(path, out))


def cost_of(path: Path, solution: Path) -> int | None:
    """The cost of a solution file, if it is there and holds."""
    if not solution.exists():
        return None
    instance = read(path)
    checked = check(instance, read_solution(solution.read_bytes(), instance))
    return checked.cost if checked.violations == 0 else None


def mean(runs: list[Run]) -> float | None:
    """Mean cost, if every run found a timetable."""
    costs = [run.cost for run in runs if run.cost is not None]
    return statistics.mean(costs) if costs and len(costs) == len(runs) else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help=".ctt or .ectt; else made ones")
    parser.add_argument("--seconds", type=float, default=600, help="CPU, all processes together")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--baseline", default=None)
    asked = parser.parse_args()
    means, others, rows = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in instance_paths(asked.paths, folder):
            runs, rival = [], []
            for seed in range(1, asked.seeds + 1):
                budget = {"seconds": asked.seconds, "seed": seed}
                runs.append(ours(path, folder, workers=asked.workers, **budget))
                if asked.baseline:
                    rival.append(theirs(asked.baseline, path, folder, **budget))
            means.append(mean(runs))
            others.append(mean(rival))
            rows.append(line(path.stem, runs, rival))
            print(rows[-1], flush=True)
    report(
        "timetabling",
        ours=sum(each or 0 for each in means),
        baseline=sum(each or 0 for each in others),
        unit="sum of mean costs (points)",
        lines=[] if all(each is not None for each in means) else ["not every run held"],
        cpu_seconds=asked.seconds,
        seeds=asked.seeds,
        means={row.split()[0]: each for row, each in zip(rows, means, strict=True)},
    )


def line(name: str, runs: list[Run], rival: list[Run]) -> str:
    """One row of the table."""
    costs = [run.cost for run in runs if run.cost is not None]
    first = [run.feasible_after for run in runs if run.feasible_after is not None]
    row = f"{name:<12} mean {mean(runs)} best {min(costs, default=None)} of {len(runs)}"
    row += f", feasible after {max(first, default=float('nan')):.1f} CPU s at most"
    return f"{row}, baseline {mean(rival)}" if rival else row


if __name__ == "__main__":
    main()
