"""The one MongoDB client of a process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import mongoengine
import pymongo
from pymongo.database import Database as PymongoDatabase
from pymongo.errors import PyMongoError as DriverError

from chassis.errors import Unavailable
from chassis.mongo.documents import PLATFORM_DOCUMENTS

__all__ = [
    "Database",
    "DriverError",
    "connect",
    "database_unavailable",
    "end_open_transactions",
]

_SELECTION_TIMEOUT_MS = 2_000
_CONNECT_TIMEOUT_MS = 5_000  # also of the driver's own watch: a slow server is not a dead one
_SOCKET_TIMEOUT_MS = 10_000
_NAMESPACE_EXISTS = 48


class Database:
    """A connected database: the client, and what has to stand in it.

    One client per process: a bound transaction refuses work of a second one.
    """

    def __init__(self, client: pymongo.MongoClient[dict[str, Any]], name: str) -> None:
        self.client = client
        self.name = name

    @property
    def pymongo(self) -> PymongoDatabase[dict[str, Any]]:
        """The driver's own handle, for what mongoengine has no word for (change streams)."""
        return self.client[self.name]

    def ensure_indexes(self, documents: Iterable[type[mongoengine.Document]]) -> None:
        """Create collections and indexes of the service and the platform; safe to repeat.

        Done at start, never inside a command: a transaction must not create collections.
        """
        existing = set(self.pymongo.list_collection_names())
        everything: tuple[Any, ...] = (*PLATFORM_DOCUMENTS, *documents)
        for document in everything:
            name = document._get_collection_name()
            if name not in existing:
                self._create_collection(name)
            document.ensure_indexes()

    def _create_collection(self, name: str) -> None:
        """Another process of the service may be faster, also between the driver's look and ours."""
        try:
            self.pymongo.create_collection(name)
        except pymongo.errors.CollectionInvalid:
            return
        except pymongo.errors.OperationFailure as error:
            if error.code != _NAMESPACE_EXISTS:
                raise

    def ping(self) -> None:
        """Answer whether the database does.

        Raises:
            Unavailable: ``database.unavailable``.
        """
        try:
            self.client.admin.command("ping")
        except DriverError as error:
            raise database_unavailable() from error

    def close(self) -> None:
        """Disconnect, and let no document remember the client.

        mongoengine forgets by class name, and two services may name a document alike.
        """
        mongoengine.disconnect_all()
        for document in _all_documents(mongoengine.Document):
            document._collection = None


def _all_documents(base: Any) -> Iterator[Any]:
    for document in base.__subclasses__():
        yield document
        yield from _all_documents(document)


def database_unavailable() -> Unavailable:
    """What HTTP says while MongoDB is away: nothing was done, try again."""
    return Unavailable(
        "database.unavailable",
        "the database cannot be reached; nothing was changed, try again shortly",
        retry_after_seconds=2,
    )


def end_open_transactions(uri: str) -> None:
    """Free at once what a killed process left locked; ``UnitOfWork`` of the living tries again.

    For a server of one's own only: it ends the transactions of everybody.

    Raises:
        Unavailable: ``database.unavailable``.
    """
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(
        uri, serverSelectionTimeoutMS=_SELECTION_TIMEOUT_MS
    )
    try:
        with client:
            client.admin.command("killAllSessions", [])
    except DriverError as error:
        raise database_unavailable() from error


def connect(uri: str, database: str) -> Database:
    """Connect mongoengine's default alias; does not wait for the server."""
    client = mongoengine.connect(
        db=database,
        host=uri,
        tz_aware=True,
        uuidRepresentation="standard",
        serverSelectionTimeoutMS=_SELECTION_TIMEOUT_MS,
        connectTimeoutMS=_CONNECT_TIMEOUT_MS,
        socketTimeoutMS=_SOCKET_TIMEOUT_MS,
        retryWrites=True,
        # No write concern here: a bound transaction would repeat it in each of its commands,
        # which servers refuse. Majority is MongoDB's default, and each commit asks for it.
    )
    return Database(client, database)
