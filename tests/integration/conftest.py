"""The engines that integration tests run on, started once each.

``RTCM_TEST_MONGO_URI`` names a MongoDB replica set to use in place of the embedded server; the
tests make databases of their own on it, and drop them when the last test has ended.

No test drops its own: what a transaction still holds, of a thread that is about to stop or of a
process that was killed, makes a drop wait, and the embedded server lets everybody wait with it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pymongo
import pytest

from chassis.ids import new_id
from chassis.mongo.connection import Database, connect
from rtcm.mongo_server import MongoServer

DATABASE_PREFIX = f"test_{new_id()[-12:]}_"
"""What the names of all databases of this run begin with."""


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
        with pymongo.MongoClient[dict[str, Any]](given) as client:
            for name in client.list_database_names():
                if name.startswith(DATABASE_PREFIX):
                    client.drop_database(name)
        return
    server = MongoServer(tmp_path_factory.mktemp("mongo"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database(mongo_server: MongoServer | GivenServer) -> Iterator[Database]:
    """A fresh database, connected as mongoengine's default."""
    database = connect(mongo_server.uri, DATABASE_PREFIX + new_id()[-12:])
    try:
        yield database
    finally:
        database.close()
