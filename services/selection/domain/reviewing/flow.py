"""The flow of reviews from forms over candidates to reviewers, at least cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from services.selection.domain.reviewing.pairs import Flags, Places

_HOME = 1  # a review within a country, for a form that should get a bridge
_UNEVEN = 1_000  # a review more than others have; above the home reviews one move can save


@dataclass(frozen=True, kw_only=True)
class Work:
    """What is left to be assigned.

    Attributes:
        needed: reviews per form.
        loads: kept reviews per reviewer.
        limits: most reviews per reviewer, kept ones included.
    """

    needed: Places
    loads: Places
    limits: Places


@dataclass(frozen=True, kw_only=True)
class Arcs:
    """Candidate pairs: form, reviewer, and whether the pair is dear (a home pair where a bridge
    is wanted)."""

    form: Places
    reviewer: Places
    dear: Flags


def even_flow(work: Work, arcs: Arcs) -> Flags | None:
    """Chosen arcs with loads that differ by one at most, limits apart; ``None`` if impossible."""
    level, rest = water_level(work)
    base = np.clip(np.minimum(level, work.limits) - work.loads, 0, None)
    more = ((work.loads <= level) & (work.limits > level)).astype(np.int64)
    if base.sum() + min(rest, more.sum()) < work.needed.sum():
        return None
    reviewers = np.arange(len(work.loads))
    uneven = _UNEVEN if arcs.dear.any() else 1  # small costs are solved faster
    # Seats on the higher level cost, so the lower one is filled first.
    flow, pairs = _network(
        work,
        arcs,
        np.concatenate([reviewers, reviewers]),
        np.concatenate([base, more if rest else 0 * more]),
        np.concatenate([np.zeros(len(base), dtype=np.int64), np.full(len(more), uneven)]),
    )
    if flow.solve() != flow.OPTIMAL:
        return None
    chosen: Flags = flow.flows(pairs) > 0
    return chosen


def any_flow(work: Work, arcs: Arcs) -> tuple[Flags, bool]:
    """Chosen arcs with loads as even as can be (least sum of squares), and whether all is done."""
    level, _ = water_level(work)
    steps = max(8, 4 * (level + 1))
    seats = np.arange(steps)
    reviewer, step = (grid.ravel() for grid in np.meshgrid(np.arange(len(work.loads)), seats))
    after = work.loads[reviewer] + step  # reviews before this one
    open_ = after < work.limits[reviewer]
    capacity = np.where(step == steps - 1, work.needed.sum(), 1)[open_]
    capacity = np.minimum(capacity, (work.limits[reviewer] - after)[open_])
    seat_cost = _UNEVEN * (2 * after[open_] + 1)
    flow, pairs = _network(work, arcs, reviewer[open_], capacity, seat_cost)
    flow.solve_max_flow_with_min_cost()
    return flow.flows(pairs) > 0, flow.maximum_flow() == work.needed.sum()


def water_level(work: Work) -> tuple[int, int]:
    """The load all reviewers can be brought to with the work there is, and what is then left.

    Reviewers with less than the level and a limit above it are filled up to it.
    """
    total = int(work.needed.sum())
    low, high = 0, int(work.loads.max()) + total
    while low < high:
        middle = (low + high + 1) // 2
        if np.clip(np.minimum(middle, work.limits) - work.loads, 0, None).sum() <= total:
            low = middle
        else:
            high = middle - 1
    return low, total - int(np.clip(np.minimum(low, work.limits) - work.loads, 0, None).sum())


def _network(
    work: Work, arcs: Arcs, seat_reviewer: Places, seat_capacity: Places, seat_cost: Places
) -> tuple[Any, Places]:
    """Forms, reviewers and a sink behind their seats; and the numbers of the candidate arcs."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    forms, reviewers = len(work.needed), len(work.loads)
    sink = forms + reviewers
    flow = SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        arcs.form, forms + arcs.reviewer, np.ones(len(arcs.form), np.int64), arcs.dear * _HOME
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        forms + seat_reviewer, np.full(len(seat_reviewer), sink), seat_capacity, seat_cost
    )
    supplies = np.concatenate([work.needed, np.zeros(reviewers, np.int64), [-work.needed.sum()]])
    flow.set_nodes_supplies(np.arange(sink + 1), supplies)
    return flow, pairs
