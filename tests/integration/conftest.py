"""The engines that integration tests run on, started once each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis.ids import new_id
from chassis.mongo.connection import Database, connect
from rtcm.mongo_server import MongoServer


@pytest.fixture(scope="session")
def mongo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    """The embedded database server."""
    server = MongoServer(tmp_path_factory.mktemp("mongo"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database(mongo_server: MongoServer) -> Iterator[Database]:
    """A fresh database, connected as mongoengine's default."""
    database = connect(mongo_server.uri, f"test_{new_id().replace('-', '')}")
    yield database
    database.client.drop_database(database.name)
    database.close()
