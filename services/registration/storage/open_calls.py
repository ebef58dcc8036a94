"""Open calls, remembered for a moment: every form that is sent asks for its call."""

from __future__ import annotations

import threading

from chassis.access import EVERYTHING, Scope
from chassis.clock import monotonic
from services.registration.domain.call import Call, CallStatus
from services.registration.domain.ports import Calls

_SECONDS = 2.0


class OpenCalls:
    """Calls as those who apply need them (``domain.ports.CallsToRead``): to look at.

    Only open ones are remembered, and those never change but by closing: the form is fixed when a
    call opens, and so is the window (``Call`` R2, R3). A call is closed only after its window,
    and then ``Call.require_open`` refuses by the window alone. So what was open a moment ago
    decides as what is stored does; the moment is shorter than ``SETTLING``, for clocks that differ.
    A draft is read anew each time: it may have been opened meanwhile.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: dict[str, tuple[float, Call]] = {}
        self._lock = threading.Lock()

    def get(self, id_: str, *, scope: Scope) -> Call:
        """The call, shared with others: not to be changed.

        Raises:
            NotFound: ``call.not_found``: nothing there, or outside ``scope``.
        """
        now = monotonic()
        with self._lock:
            read_at, call = self._known.get(id_, (float("-inf"), None))
        if call is not None and now < read_at + _SECONDS and scope == EVERYTHING:
            return call
        call = self._calls.get(id_, scope=scope)
        if call.status is CallStatus.OPEN:
            with self._lock:
                self._known[id_] = (now, call)
        return call
