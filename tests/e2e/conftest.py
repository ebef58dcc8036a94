"""The embedded database server, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rtcm.mongo_server import MongoServer


@pytest.fixture(scope="session")
def mongo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    """One server; each service has its own database on it."""
    server = MongoServer(tmp_path_factory.mktemp("mongo"))
    server.start()
    yield server
    server.stop()
