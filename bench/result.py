"""What a benchmark prints: a few lines for people, one JSON object last."""

from __future__ import annotations

import json
from typing import Any


def report(
    benchmark: str, *, ours: float, baseline: float, unit: str, lines: list[str], **more: Any
) -> None:
    """Print the result; the last line is one JSON object."""
    for line in lines:
        print(line)
    result = {
        "benchmark": benchmark,
        "ours": round(ours, 4),
        "baseline": round(baseline, 4),
        "ratio": round(ours / baseline, 4) if baseline else None,
        "unit": unit,
    }
    print(json.dumps(result | more))


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` (0-1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
