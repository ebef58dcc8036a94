"""The funnel: people at each step, and how many left before the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_HEIGHT = 112.0
"""Of one column of the drawing, in its own units; its width is 100."""


@dataclass(frozen=True)
class Step:
    """One step people pass, with the geometry of its column.

    Attributes:
        code: names the step's words.
        count: people who came this far; ``None`` where the service did not answer.
        left: who came this far and not to the next step.
        top, height: of the bar; ``next_top``: where the next bar begins, ``None`` where there is
            none or one of the two has no number.
        share, share_before: of the first step, as ``63.2%``.
    """

    code: str
    count: int | None
    left: int | None
    top: str
    height: str
    next_top: str | None
    share: str
    share_before: str


def steps(counts: Sequence[tuple[str, int | None]]) -> list[Step]:
    """Columns of the funnel.

    Args:
        counts: step -> people, first step first.
    """
    most = max((count for _, count in counts if count is not None), default=0)
    drawn = []
    for index, (code, count) in enumerate(counts):
        following = counts[index + 1][1] if index + 1 < len(counts) else None
        before = counts[index - 1][1] if index else count
        top = _top(count, most)
        drawn.append(
            Step(
                code=code,
                count=count,
                left=None if count is None or following is None else max(0, count - following),
                top=f"{top:.1f}",
                height=f"{_HEIGHT - top:.1f}",
                next_top=(
                    None if count is None or following is None else f"{_top(following, most):.1f}"
                ),
                share=_share(count, most),
                share_before=_share(before, most),
            )
        )
    return drawn


def _top(count: int | None, most: int) -> float:
    return _HEIGHT if not most or count is None else _HEIGHT * (1 - count / most)


def _share(count: int | None, most: int) -> str:
    return f"{100 * count / most if most and count is not None else 0:.1f}%"
