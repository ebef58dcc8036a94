"""A registration that runs, for one test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.clock import SharedClock
from chassis.ids import new_id
from chassis.tokens import ensure_keys
from rtcm.mongo_server import MongoServer
from tests.integration.conftest import DATABASE_PREFIX
from tests.integration.registration.scene import PARTITIONS, Certification, Scene, instant


@pytest.fixture
def certification() -> Certification:
    """What registration is told about certificates."""
    return Certification()


@pytest.fixture
def certification_url(certification: Certification) -> Iterator[str]:
    """Where it answers."""
    with certification.serving() as url:
        yield url


@pytest.fixture
def scene(mongo_server: MongoServer, tmp_path: Path, certification_url: str) -> Iterator[Scene]:
    """API and worker on a fresh database and log; domain time stands at 15 November 2020."""
    keys = tmp_path / "keys"
    ensure_keys(keys, ["cli", "registration"])
    clock = SharedClock(tmp_path / "clock.json")
    clock.move_to(instant("2020-11-15T08:00:00"))
    scene = Scene(
        {
            "RTCM_MODE": "test",
            "RTCM_CLOCK_FILE": str(tmp_path / "clock.json"),
            "RTCM_MONGO_URI": mongo_server.uri,
            "RTCM_MONGO_DATABASE_PREFIX": f"{DATABASE_PREFIX}{new_id()[-12:]}_",
            "RTCM_LOG_URL": f"sqlite:///{tmp_path / 'log.db'}",
            "RTCM_TOPIC_PARTITIONS": str(PARTITIONS),
            "RTCM_KEYS_DIR": str(keys),
            "RTCM_CERTIFICATION_URL": certification_url,
        },
        clock,
    )
    scene.start_worker()
    yield scene
    scene.end()
