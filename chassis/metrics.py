"""What the event flow counts, for ``/metrics``: of an API at its own port, of a worker here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram, start_http_server

PUBLISHED = Counter("rtcm_events_published_total", "Events the log acknowledged", ["service"])
TAKEN = Counter("rtcm_events_taken_total", "Heard events by what was done", ["consumer", "verdict"])
PARKED = Counter("rtcm_events_parked_total", "Heard events parked", ["consumer", "reason"])
BREAKER = Gauge("rtcm_consumer_breaker_open", "1 while a consumer has stopped itself", ["consumer"])
JOBS = Counter("rtcm_jobs_total", "Jobs by how a try ended", ["kind", "outcome"])
TIMERS = Counter("rtcm_timers_fired_total", "Timers fired", ["kind"])
REFUSED = Counter("rtcm_http_refused_total", "Problems answered", ["code"])
REQUESTS = Counter("rtcm_http_requests_total", "Requests answered", ["operation", "status"])
DURATION = Histogram("rtcm_http_request_seconds", "Time to answer", ["operation"])


@contextmanager
def served(host: str, port: int | None) -> Iterator[None]:
    """Answer ``/metrics`` beside the work; without a port, do not.

    Raises:
        OSError: the port is taken.
    """
    if port is None:
        yield
        return
    server, thread = start_http_server(port, addr=host)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
