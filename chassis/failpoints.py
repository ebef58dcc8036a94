"""Named points between durable steps, where tests make a process die, stall or fail.

Nothing happens unless ``RTCM_FAILPOINTS`` is set, and it is refused outside test mode:
``name=kill``, ``name=error`` or ``name=sleep:SECONDS``, several separated by commas;
``name=kill@3`` acts at the third time only.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections import Counter

_log = logging.getLogger(__name__)

ALL_POINTS = (
    "unit_of_work.before_commit",
    "unit_of_work.after_commit",
    "relay.before_append",
    "relay.after_append",
    "relay.after_mark",
    "consumer.before_transaction",
    "consumer.after_transaction",
    "consumer.after_commit",
    "timer.before_transaction",
    "timer.after_transaction",
    "job.after_claim",
    "job.after_work",
    "job.after_completion",
)

_SETTING = os.environ.get("RTCM_FAILPOINTS", "")
_REACHED: Counter[str] = Counter()


class FailpointError(Exception):
    """What ``name=error`` raises."""


def _plan(setting: str) -> dict[str, tuple[str, int | None]]:
    plan: dict[str, tuple[str, int | None]] = {}
    for entry in filter(None, setting.split(",")):
        name, _, action = entry.partition("=")
        if name not in ALL_POINTS:
            raise ValueError(f"RTCM_FAILPOINTS: there is no point {name!r}")
        action, _, time_ = action.partition("@")
        plan[name] = (action, int(time_) if time_ else None)
    if plan and os.environ.get("RTCM_MODE") != "test":
        raise ValueError("RTCM_FAILPOINTS breaks the platform on purpose: only with RTCM_MODE=test")
    return plan


_PLAN = _plan(_SETTING)


def reach(name: str) -> None:
    """Pass a point; does nothing unless a test asked for trouble here."""
    if not _PLAN or name not in _PLAN:
        return
    _REACHED[name] += 1
    action, only = _PLAN[name]
    if only is not None and _REACHED[name] != only:
        return
    _log.warning("failpoint.reached", extra={"point": name, "action": action})
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "error":
        raise FailpointError(name)
    elif action.startswith("sleep:"):
        time.sleep(float(action.removeprefix("sleep:")))
    else:
        raise ValueError(f"RTCM_FAILPOINTS: there is no action {action!r}")
