"""The scene that every test of the flow plays in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.log.factory import open_log
from chassis.log.port import Topic
from chassis.mongo.connection import Database
from tests.integration.flow.counter import (
    TOPIC,
    CounterDocument,
    HeardDocument,
)
from tests.integration.flow.scene import Scene


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    database.ensure_indexes([CounterDocument, HeardDocument])
    log = open_log(f"sqlite:///{tmp_path / 'log.db'}")
    log.create_topics([Topic(TOPIC, partition_count=3)])
    scene = Scene(database, log)
    yield scene
    scene.end()
    log.close()
