"""What a solving reports while it runs: enough for people to see, and to go on from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.scheduling.domain.solver.problem import Placed, Plan
from services.scheduling.domain.timetable import Solution


@dataclass(frozen=True, kw_only=True)
class Best:
    """The best plan so far.

    Attributes:
        percent: of the work that is spent.
    """

    plan: Plan
    solution: Solution
    percent: int


def told(best: Best) -> dict[str, Any]:
    """As a job's progress."""
    return {
        "cost": best.solution.cost,
        "bound": best.solution.bound,
        "percent": best.percent,
        "seed": best.solution.seed,
        "problem_sha256": best.solution.problem_sha256,
        "placed": [
            {
                "session_id": place.session_id,
                "starts_at": place.starts_at.isoformat(),
                "ends_at": place.ends_at.isoformat(),
                "trainer_id": place.trainer_id,
                "room_code": place.room_code,
            }
            for place in best.plan.placed
        ],
    }


def best_of(progress: Mapping[str, Any]) -> Best | None:
    """The best plan that a job has reported, if any."""
    if not progress.get("placed"):
        return None
    return Best(
        plan=Plan(
            placed=tuple(
                Placed(
                    session_id=each["session_id"],
                    starts_at=datetime.fromisoformat(each["starts_at"]),
                    ends_at=datetime.fromisoformat(each["ends_at"]),
                    trainer_id=each["trainer_id"],
                    room_code=each["room_code"],
                )
                for each in progress["placed"]
            )
        ),
        solution=Solution(
            problem_sha256=progress["problem_sha256"],
            seed=progress["seed"],
            cost=progress["cost"],
            bound=progress["bound"],
        ),
        percent=progress["percent"],
    )
