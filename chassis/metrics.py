"""What the event flow counts, for ``/metrics``."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

PUBLISHED = Counter("rtcm_events_published_total", "Events the log acknowledged", ["service"])
TAKEN = Counter("rtcm_events_taken_total", "Heard events by what was done", ["consumer", "verdict"])
PARKED = Counter("rtcm_events_parked_total", "Heard events parked", ["consumer", "reason"])
BREAKER = Gauge("rtcm_consumer_breaker_open", "1 while a consumer has stopped itself", ["consumer"])
JOBS = Counter("rtcm_jobs_total", "Jobs by how a try ended", ["kind", "outcome"])
TIMERS = Counter("rtcm_timers_fired_total", "Timers fired", ["kind"])
REFUSED = Counter("rtcm_http_refused_total", "Problems answered", ["code"])
REQUESTS = Counter("rtcm_http_requests_total", "Requests answered", ["operation", "status"])
DURATION = Histogram("rtcm_http_request_seconds", "Time to answer", ["operation"])
