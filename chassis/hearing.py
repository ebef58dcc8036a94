"""The event that is being heard, for handlers that need more than its body.

Most handlers need the body alone. What is kept under the event's own id (a message to a person, a
row of a partner's feed) is told here which one it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from chassis.envelope import Envelope

_CURRENT: ContextVar[Envelope | None] = ContextVar("heard", default=None)


@contextmanager
def hearing(envelope: Envelope) -> Iterator[None]:
    """Handle one event."""
    token = _CURRENT.set(envelope)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def heard() -> Envelope:
    """The event being handled.

    Raises:
        RuntimeError: none is; the caller is no event handler.
    """
    envelope = _CURRENT.get()
    if envelope is None:
        raise RuntimeError("no event is being handled")
    return envelope
