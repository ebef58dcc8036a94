"""How a run is decided: the fast engine proposes, the plain one has to agree."""

from __future__ import annotations

from chassis.errors import RuleViolation
from services.selection.domain.allocation import fast, plain
from services.selection.domain.allocation.market import Market, Result
from services.selection.domain.allocation.verify import require_verified


def decide(market: Market) -> Result:
    """Place applicants; nothing comes out unless two engines and the verifier agree.

    Raises:
        RuleViolation: the market is refused, ``run.engines_disagree`` or ``run.not_verified``.
    """
    result, second = fast.allocate(market), plain.allocate(market)
    require_same(result, second)
    require_verified(market, result)
    return result


def require_same(first: Result, second: Result) -> None:
    """Refuse two results that are not one.

    Raises:
        RuleViolation: ``run.engines_disagree``.
    """
    if first.sha256 != second.sha256:
        raise RuleViolation(
            "run.engines_disagree",
            f"the engines place people differently: {first.sha256} and {second.sha256}",
        )
