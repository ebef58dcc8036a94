"""Traces and logs: one trace id from the request to the last effect, one JSON line an entry.

Log entries carry codes, ids and counts; never names, addresses, bodies or tokens.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from chassis.ids import new_hex

# An id of zeros alone is invalid by the standard.
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_CURRENT: ContextVar[str | None] = ContextVar("traceparent", default=None)

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def current_traceparent() -> str | None:
    """W3C trace context of what is being done, or ``None`` outside any trace."""
    return _CURRENT.get()


def current_trace_id() -> str | None:
    """The 32 hexadecimal digits that join all entries of one trace."""
    traceparent = _CURRENT.get()
    return traceparent.split("-")[1] if traceparent else None


@contextmanager
def continued_trace(traceparent: str | None) -> Iterator[str]:
    """Work under the sender's trace with a span of our own; begin a trace where there is none."""
    found = _TRACEPARENT.fullmatch(traceparent or "")
    trace_id = found.group(1) if found else new_hex(16)
    token = _CURRENT.set(f"00-{trace_id}-{new_hex(8)}-01")
    try:
        yield trace_id
    finally:
        _CURRENT.reset(token)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, service, message, trace id, and the extras."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
        }
        trace_id = current_trace_id()
        if trace_id:
            entry["trace_id"] = trace_id
        entry |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


def log_to_stderr(service: str, level: str = "INFO") -> None:
    """Send every log entry of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("kafka", "pymongo", "gunicorn.access", "urllib3", "mail.log"):
        logging.getLogger(noisy).setLevel("WARNING")
