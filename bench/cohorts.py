"""Parallel cohorts of ten countries planned together: CPU time to a plan that holds; its growth.

``python -m bench.cohorts [--seconds-of-work 30] [--seeds 3] [--growth 1 5 10 20 30]``

The full problem has 10 x 3 cohorts of 33 trainings with 60 trainers. There is no baseline to run:
``baseline`` is the goal of 60 CPU seconds.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from datetime import datetime

from bench.result import report
from rtcm.timetabling.centre_problem import Size, centre_problem
from services.scheduling.domain.solver.check import check
from services.scheduling.domain.solver.problem import Plan, Problem
from services.scheduling.domain.solver.search import Effort
from services.scheduling.domain.solver.solve import Solved, solve

GOAL_SECONDS = 60.0
TRAININGS = 33


@dataclass
class Stopwatch:
    """Notes when the first plan was there, in CPU seconds of this process."""

    began: float
    first_at: float | None = None
    first_cost: int | None = None

    def found(self, plan: Plan, cost: int, bound: int, share: float) -> None:
        if self.first_at is None:
            self.first_at, self.first_cost = time.process_time() - self.began, cost

    def stopped(self) -> bool:
        return False


@dataclass(frozen=True, kw_only=True)
class Run:
    """One problem, solved."""

    cohorts: int
    feasible_seconds: float | None
    seconds: float
    first_cost: int | None
    cost: int | None
    bound: int | None
    violations: int
    outside_the_day: int


def outside_the_day(problem: Problem, plan: Plan) -> int:
    """Sessions that somebody's clocks show outside the agreed hours."""
    return sum(
        not all(
            hours.hold(place.starts_at, place.ends_at)
            for hours in problem.terms[problem.needs[place.session_id].cohort_id].hours
        )
        for place in plan.placed
    )


def run(size: Size, *, seed: int, work: float) -> Run:
    """Solve one problem and look at the plan with the plain checker."""
    problem = centre_problem(size, seed=seed)
    watch = Stopwatch(began=time.process_time())
    outcome = solve(problem, effort=Effort(seed=seed, work=work), watch=watch)
    seconds = time.process_time() - watch.began
    solved = outcome if isinstance(outcome, Solved) else None
    return Run(
        cohorts=size.countries * size.cohorts,
        feasible_seconds=watch.first_at,
        seconds=seconds,
        first_cost=watch.first_cost,
        cost=solved.cost if solved else None,
        bound=solved.bound if solved else None,
        violations=len(check(problem, solved.plan)) if solved else -1,
        outside_the_day=outside_the_day(problem, solved.plan) if solved else -1,
    )


def size_of(cohorts: int) -> Size:
    """So many cohorts, three to a country where possible, two trainers for each."""
    per_country = 3 if cohorts % 3 == 0 else 1
    countries = cohorts // per_country
    if countries > 10:
        countries, per_country = 10, cohorts // 10
    return Size(
        countries=countries,
        cohorts=per_country,
        trainings=TRAININGS,
        trainers=max(12, 2 * countries * per_country),
    )


def line(seed: int, done: Run) -> str:
    feasible = "none" if done.feasible_seconds is None else f"{done.feasible_seconds:.1f} s"
    return (
        f"{done.cohorts:3} cohorts, seed {seed}: a plan after {feasible}, "
        f"{done.seconds:.1f} s in all, cost {done.first_cost} -> {done.cost} "
        f"(bound {done.bound}), {done.violations} violations, "
        f"{done.outside_the_day} outside the local day"
    )


def main() -> None:
    """Measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds-of-work", type=float, default=30.0)
    asked.add_argument("--seeds", type=int, default=3)
    asked.add_argument("--growth", type=int, nargs="*", default=[1, 5, 10, 20])
    options = asked.parse_args()
    began = datetime.now().astimezone()
    full = Size(countries=10, cohorts=3, trainings=TRAININGS, trainers=60)
    runs = [
        run(full, seed=seed, work=options.seconds_of_work) for seed in range(1, options.seeds + 1)
    ]
    lines = [f"begun {began:%F %R}"]
    lines += [line(seed, done) for seed, done in enumerate(runs, start=1)]
    growth = {}
    for cohorts in options.growth:
        done = run(size_of(cohorts), seed=1, work=options.seconds_of_work)
        growth[cohorts] = round(done.feasible_seconds or -1.0, 1)
        lines.append(line(1, done))
    slowest = max(done.feasible_seconds or float("inf") for done in runs)
    report(
        "cohorts",
        ours=slowest,
        baseline=GOAL_SECONDS,
        unit="CPU s to a plan that holds, slowest seed of 30 cohorts",
        lines=lines,
        feasible=sum(done.feasible_seconds is not None for done in runs),
        runs=len(runs),
        violations=sum(done.violations for done in runs),
        outside_the_day=sum(done.outside_the_day for done in runs),
        costs=[done.cost for done in runs],
        growth_cpu_seconds=growth,
    )


if __name__ == "__main__":
    main()
