"""Who tells whom: lines between services, as the contracts and the services' lag declare them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_HEIGHT = 60.0
"""Of the drawing, in its own units; its width is 100."""

_THINNEST, _WIDEST = 1.0, 8.0


@dataclass(frozen=True)
class Edge:
    """A line from a teller on the left to a listener on the right."""

    teller: str
    listener: str
    behind: int
    is_blocked: bool
    path: str
    width: str


def edges(
    services: Sequence[str],
    lag: Mapping[str, Mapping[str, int]],
    blocked: Mapping[str, frozenset[str]],
) -> list[Edge]:
    """The lines, thinner ones first; a line is wider the more records wait on it.

    Args:
        lag: listener -> topic -> records not taken yet; a topic that is there is listened to.
        blocked: listener -> topics with something parked.
    """
    waiting: dict[tuple[str, str], int] = {}
    broken: set[tuple[str, str]] = set()
    for listener, topics in lag.items():
        for topic, behind in topics.items():
            pair = (topic.split(".")[1], listener)
            waiting[pair] = waiting.get(pair, 0) + behind
            if topic in blocked.get(listener, frozenset()):
                broken.add(pair)
    most = max(waiting.values(), default=0)
    drawn = [
        Edge(
            teller=teller,
            listener=listener,
            behind=behind,
            is_blocked=(teller, listener) in broken,
            path=_curve(_middle(services, teller), _middle(services, listener)),
            width=f"{_THINNEST + (_WIDEST - _THINNEST) * behind / most if most else _THINNEST:.1f}",
        )
        for (teller, listener), behind in waiting.items()
        if teller in services and listener in services
    ]
    return sorted(drawn, key=lambda edge: (edge.is_blocked, edge.behind))


def _middle(services: Sequence[str], service: str) -> float:
    return (services.index(service) + 0.5) * _HEIGHT / len(services)


def _curve(start: float, end: float) -> str:
    return f"M0 {start:g}C45 {start:g} 55 {end:g} 100 {end:g}"
