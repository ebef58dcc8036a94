"""The engines that integration tests run on, started once each.

``RTCM_TEST_MONGO_URI`` names a MongoDB replica set to use in place of the embedded server; the
tests make and drop databases of their own on it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from chassis.ids import new_id
from chassis.mongo.connection import Database, connect
from rtcm.mongo_server import MongoServer


@dataclass(frozen=True)
class GivenServer:
    """A database server that somebody else started."""

    uri: str


@pytest.fixture(scope="session")
def mongo_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MongoServer | GivenServer]:
    """The embedded database server, or the one that is given."""
    given = os.environ.get("RTCM_TEST_MONGO_URI")
    if given:
        yield GivenServer(given)
        return
    server = MongoServer(tmp_path_factory.mktemp("mongo"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database(mongo_server: MongoServer | GivenServer) -> Iterator[Database]:
    """A fresh database, connected as mongoengine's default."""
    database = connect(mongo_server.uri, f"test_{new_id().replace('-', '')}")
    try:
        yield database
        database.client.drop_database(database.name)
    finally:
        database.close()
