"""When a webhook is tried again."""

from __future__ import annotations

from dataclasses import dataclass

PAUSES_SECONDS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Before the second, third, ... tenth try; the first is at once. 75 h 35 min in all.

Source: the example schedule of Standard Webhooks 1.0.0, "Deliverability and reliability".
"""

LONGEST_RETRY_AFTER_SECONDS = 86_400
"""A partner cannot put us off for longer than a day."""

THROTTLING = frozenset({429, 502, 503, 504})
"""HTTP statuses whose ``Retry-After`` is heeded."""

_SPREAD = 0.1


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one try.

    Attributes:
        code: ``delivered``, or why not: ``redirected``, ``gone``, ``throttled``, ``refused``,
            ``address_refused``, ``unreachable``, ``tls_failed``, ``timed_out``, ``broken_off``.
        status_code: of HTTP, where there was an answer.
        retry_after_seconds: as asked for by the partner, where it is heeded.
    """

    code: str
    status_code: int | None = None
    retry_after_seconds: int | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the partner took it."""
        return self.code == "delivered"

    @property
    def is_gone(self) -> bool:
        """Whether the partner wants nothing any more (HTTP 410)."""
        return self.code == "gone"


def outcome_of_status(status_code: int, retry_after_seconds: int | None) -> Outcome:
    """What an HTTP status means: only 2xx is a delivery, a redirect is none."""
    if 200 <= status_code < 300:
        return Outcome(code="delivered", status_code=status_code)
    if status_code in THROTTLING:
        return Outcome(
            code="throttled", status_code=status_code, retry_after_seconds=retry_after_seconds
        )
    code = "gone" if status_code == 410 else "refused"
    if 300 <= status_code < 400:
        code = "redirected"
    return Outcome(code=code, status_code=status_code)


def pause_after(try_count: int, outcome: Outcome, *, chance: float) -> float | None:
    """Seconds until the next try; ``None`` when there is none.

    Args:
        try_count: tries so far, 1 or more.
        chance: 0 to 1; spreads those who failed together over up to a tenth of the pause.
    """
    if outcome.is_delivered or outcome.is_gone or try_count > len(PAUSES_SECONDS):
        return None
    pause = PAUSES_SECONDS[try_count - 1] * (1 + _SPREAD * chance)
    asked = min(outcome.retry_after_seconds or 0, LONGEST_RETRY_AFTER_SECONDS)
    return max(pause, float(asked))
