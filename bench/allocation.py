"""CPU time of the fast allocation engine.

``python -m bench.allocation``: 10,000 applicants x 30 cohorts x 5 preferences against the
library `matching` in the same run; the results must be identical.
``--applicants 1000000 --countries 10``: with a reserve of 5 % and a ceiling of 25 % of the seats
per country; lottery, ranks, allocation and verification. ``--growth``: the same from 10,000 up to
``--applicants``, as the slope of log(CPU) over log(applicants).
"""

from __future__ import annotations

import argparse
import gc
import math
import resource
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from matching.games import HospitalResident

from bench.result import report
from services.selection.domain.allocation.columns import NOWHERE, ColumnMarket, IntArray
from services.selection.domain.allocation.fast import allocate_columns
from services.selection.domain.allocation.market import CohortQuota
from services.selection.domain.allocation.verify_columns import require_columns_verified
from services.selection.domain.lottery_places import lottery_places

T = TypeVar("T")

COHORTS, PREFERENCES = 30, 5
SEED = bytes(range(32))
GOAL_SECONDS, GOAL_SLOPE = 8.0, 1.1


def _cpu(work: Callable[[], T]) -> tuple[float, T]:
    gc.collect()
    began = time.process_time()
    done = work()
    return time.process_time() - began, done


def _ids(count: int) -> list[str]:
    return [f"00000000-0000-7000-8000-{number:012d}" for number in range(count)]


def _market(count: int, countries: int, lottery: IntArray | None = None) -> ColumnMarket:
    """A random market: popular cohorts are listed more often, seats for half of the people."""
    draw = np.random.default_rng(20201214)
    liking = np.log(np.arange(COHORTS) + 2.0)[::-1]
    wishes = (liking + draw.gumbel(size=(count, COHORTS)).astype(np.float32)).astype(np.float32)
    first = np.argpartition(-wishes, PREFERENCES, axis=1)[:, :PREFERENCES]
    order = np.argsort(-np.take_along_axis(wishes, first, axis=1), axis=1)
    preferences = np.take_along_axis(first, order, axis=1).astype(np.int64)
    seats = count // (2 * COHORTS)
    codes = tuple(f"C{number:02d}" for number in range(countries))
    limited = countries > 1
    return ColumnMarket(
        cohorts=tuple(
            CohortQuota(
                f"cohort-{number:02d}",
                seats,
                dict.fromkeys(codes, seats // 4) if limited else {},
                dict.fromkeys(codes, seats // 20) if limited else {},
            )
            for number in range(COHORTS)
        ),
        country_codes=codes,
        country=draw.integers(0, countries, count),
        preferences=preferences,
        band=draw.integers(0, 2, (count, 1)),
        score_milli=draw.integers(40_000, 100_001, (count, PREFERENCES)),
        lottery=np.zeros((count, 1), np.int64) if lottery is None else lottery[:, None],
    )


def _whole(market: ColumnMarket, ids: list[str]) -> tuple[dict[str, float], IntArray]:
    """CPU seconds of lottery, allocation (with the keys) and verification."""
    seconds: dict[str, float] = {}
    seconds["lottery"], places = _cpu(lambda: lottery_places(SEED, ids))
    market = _with_lottery(market, places)
    seconds["allocation"], placed = _cpu(lambda: allocate_columns(market))
    seconds["verification"], _ = _cpu(lambda: require_columns_verified(market, placed))
    return seconds, placed


def _with_lottery(market: ColumnMarket, places: IntArray) -> ColumnMarket:
    parts = {name: getattr(market, name) for name in ColumnMarket.__dataclass_fields__}
    return ColumnMarket(**parts | {"lottery": places[:, None]})


def large(count: int, countries: int) -> None:
    """The whole of one large market."""
    seconds, placed = _whole(_market(count, countries), _ids(count))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = sum(seconds.values())
    parts = ", ".join(f"{name} {one:.2f}" for name, one in seconds.items())
    report(
        "allocation.large",
        ours=total,
        baseline=GOAL_SECONDS,
        unit="CPU s",
        lines=[
            f"{count:,} applicants x {COHORTS} cohorts x {PREFERENCES}, {countries} countries",
            f"{total:.2f} CPU s ({parts}), goal {GOAL_SECONDS:.0f} s; peak {peak:.0f} MiB",
            f"{int((placed != NOWHERE).sum()):,} placed, verified",
        ],
        peak_mib=round(peak),
        parts={name: round(one, 3) for name, one in seconds.items()},
    )


def growth(most: int, countries: int) -> None:
    """How CPU time grows with the number of applicants."""
    counts, lines = [10_000], []
    while counts[-1] * 10 <= most:
        counts.append(counts[-1] * 10)
    totals = []
    for count in counts:
        market, ids = _market(count, countries), _ids(count)
        repeats = max(1, 100_000 // count)
        total = min(sum(_whole(market, ids)[0].values()) for _ in range(repeats))
        totals.append(total)
        lines.append(f"{count:>9,} applicants: {total:8.3f} CPU s")
    slope = float(np.polyfit(np.log(counts), np.log(totals), 1)[0])
    report(
        "allocation.growth",
        ours=slope,
        baseline=GOAL_SLOPE,
        unit="log-log slope",
        lines=lines,
        cpu_seconds=dict(zip(map(str, counts), totals, strict=True)),
    )


def against_matching(count: int) -> None:
    """The same market without quotas by us and by the library `matching`."""
    market = _market(count, 1)
    market = _with_lottery(market, lottery_places(SEED, _ids(count)))
    ours, placed = min((_cpu(lambda: allocate_columns(market)) for _ in range(5)), key=_seconds)
    residents, hospitals, capacities = _dictionaries(market)

    def baseline() -> Any:
        game = HospitalResident.create_from_dictionaries(residents, hospitals, capacities)
        return game.solve(optimal="resident")

    sys.setrecursionlimit(100_000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs, matching = _cpu(baseline)
    expected = np.full(count, NOWHERE)
    for hospital, people in matching.items():
        for person in people:
            expected[int(person.name)] = int(hospital.name)
    if not (expected == placed).all():
        sys.exit(f"{int((expected != placed).sum())} people are placed elsewhere by `matching`")
    report(
        "allocation",
        ours=ours,
        baseline=theirs,
        unit="CPU s",
        lines=[
            f"{count:,} applicants x {COHORTS} cohorts x {PREFERENCES} preferences: same result",
            f"{ours:.4f} CPU s, `matching` {theirs:.1f} CPU s: {theirs / ours:,.0f} times faster",
        ],
        times_faster=math.floor(theirs / ours),
    )


def _seconds(timed: tuple[float, Any]) -> float:
    return timed[0]


def _dictionaries(
    market: ColumnMarket,
) -> tuple[dict[int, list[int]], dict[int, list[int]], dict[int, int]]:
    """The market as `matching` takes it; rankings sorted by plain tuples."""
    residents = {row: listed.tolist() for row, listed in enumerate(market.preferences)}
    ranked: dict[int, list[tuple[int, int, int, int]]] = {at: [] for at in range(COHORTS)}
    for row, listed in residents.items():
        for at, cohort in enumerate(listed):
            standing = (
                int(market.band[row, 0]),
                -int(market.score_milli[row, at]),
                int(market.lottery[row, 0]),
                row,
            )
            ranked[cohort].append(standing)
    hospitals = {at: [one[-1] for one in sorted(people)] for at, people in ranked.items()}
    return residents, hospitals, {at: c.seats for at, c in enumerate(market.cohorts)}


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applicants", type=int, default=None)
    parser.add_argument("--countries", type=int, default=10)
    parser.add_argument("--growth", action="store_true")
    options = parser.parse_args()
    if options.growth:
        growth(options.applicants or 1_000_000, options.countries)
    elif options.applicants:
        large(options.applicants, options.countries)
    else:
        against_matching(10_000)


if __name__ == "__main__":
    main()
