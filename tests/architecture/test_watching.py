"""What is watched exists: metrics named by rules, processes named by the scrape."""

from __future__ import annotations

import re

from prometheus_client import REGISTRY

import chassis.metrics
from chassis.settings import SERVICES, default_port
from rtcm.stack import WORKERS
from tests.architecture.tree import ROOT

_PLACE = ROOT / "deploy" / "prometheus"


def test_rules_name_metrics_that_are_counted() -> None:
    assert chassis.metrics.REQUESTS is not None  # loaded, so registered
    counted = {sample for family in REGISTRY.collect() for sample in (family.name,)}
    named = set(re.findall(r"\brtcm_[a-z_]+", (_PLACE / "rules.yml").read_text()))
    known = {name + suffix for name in counted for suffix in ("", "_total", "_bucket")}
    assert len(named) == 5
    assert named - known == set()


def test_every_process_is_scraped() -> None:
    text = (_PLACE / "prometheus.yml").read_text()
    for service in SERVICES:
        assert f"- {service}-api:{default_port(service)}\n" in text
    for service in WORKERS:
        assert f"- {service}-worker\n" in text
    compose = (ROOT / "docker-compose.yml").read_text()
    (port,) = re.findall(r"RTCM_WORKER_METRICS_PORT: (\d+)", compose)
    assert f"port: {port}\n" in text
