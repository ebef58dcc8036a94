"""One transaction around one command or one heard event.

MongoDB may refuse a transaction because another came first (then the work is run again, for a
bounded time), and may lose its answer to a commit (then we look whether it landed before we run
anything again). The work must therefore have no side effect outside the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextvars import ContextVar
from typing import Any, TypeVar

import mongoengine
from pymongo.client_session import ClientSession
from pymongo.errors import (
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chassis import failpoints
from chassis.clock import jittered, monotonic
from chassis.errors import AlreadyExists, RtcmError, Unavailable
from chassis.mongo.connection import Database, database_unavailable

T = TypeVar("T")

_WRITE_CONFLICT = 112
_COMMIT_TRIES = 3


class Transaction:
    """What one try of a unit of work has done so far."""

    def __init__(self, command_id: str) -> None:
        self.command_id = command_id
        self.proofs: list[Callable[[], bool]] = []
        self.after_commit: list[Callable[[], None]] = []
        self.touched: set[str] = set()  # collections whose loops have something to do

    def landed(self) -> bool:
        """Whether this try is in the database: it wrote what only it can have written."""
        return any(proof() for proof in self.proofs)


_CURRENT: ContextVar[Transaction | None] = ContextVar("transaction", default=None)


def current_transaction() -> Transaction:
    """The transaction around us.

    Raises:
        RuntimeError: there is none; the caller forgot the unit of work.
    """
    transaction = _CURRENT.get()
    if transaction is None:
        raise RuntimeError("this needs a unit of work around it")
    return transaction


def in_transaction() -> bool:
    """Whether a unit of work is around us."""
    return _CURRENT.get() is not None


class UnitOfWork:
    """Runs work in a transaction: all of it is stored, or nothing.

    Args:
        deadline_seconds: how long conflicts are repeated.
        ring: told after a commit which of ``outbox``, ``timer``, ``job`` have something to do.
    """

    def __init__(
        self,
        database: Database,
        *,
        deadline_seconds: float = 5.0,
        ring: Callable[[Collection[str]], None] | None = None,
    ) -> None:
        self._database = database
        self._ring = ring
        self._deadline_seconds = deadline_seconds

    def run(self, work: Callable[[], T], *, command_id: str) -> T:
        """Run ``work`` and commit; inside another unit of work, join that one.

        Raises:
            Unavailable: ``database.unavailable``, or ``database.busy`` when others came first
                for the whole deadline: nothing was stored. ``database.outcome_unknown`` when
                the answer to the commit was lost and nobody can be asked: it may be stored.
            AlreadyExists: ``document.already_exists``: an id or unique key is taken.
        """
        if _CURRENT.get() is not None:
            return work()
        deadline = monotonic() + self._deadline_seconds
        attempt = 0
        while True:
            attempt += 1
            transaction = Transaction(command_id)
            try:
                result = self._attempt(work, transaction)
            except (PyMongoError, mongoengine.errors.MongoEngineException) as error:
                cause = _driver_error(error)
                if isinstance(cause, _CommitUnknown):
                    if self._landed(transaction, deadline):
                        result = cause.result
                    else:
                        _pause(attempt, deadline, cause)
                        continue
                elif _is_transient(cause):
                    _pause(attempt, deadline, cause)
                    continue
                else:
                    raise _translated(cause) from error
            for call in transaction.after_commit:
                call()
            if self._ring is not None and transaction.touched:
                self._ring(transaction.touched)
            return result

    def _attempt(self, work: Callable[[], T], transaction: Transaction) -> T:
        with self._database.client.start_session() as session:
            session.start_transaction(
                read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority", j=True)
            )
            token = _CURRENT.set(transaction)
            try:
                with session.bind(end_session=False):
                    result = work()
            except BaseException:
                _abort(session)
                raise
            finally:
                _CURRENT.reset(token)
            failpoints.reach("unit_of_work.before_commit")
            _commit(session, result)
            failpoints.reach("unit_of_work.after_commit")
            return result

    def _landed(self, transaction: Transaction, deadline: float) -> bool:
        """Look until the database answers for sure or the deadline has passed.

        What only the primary has may be rolled back when another takes over: a yes counts when a
        majority of the replica set has it, which a snapshot read shows.
        """
        while True:
            failure: PyMongoError | None = None
            try:
                if not transaction.landed():
                    return False
                if self._is_kept(transaction):
                    return True
            except PyMongoError as error:
                failure = error
            if monotonic() > deadline:
                raise Unavailable(
                    "database.outcome_unknown",
                    "the database went away while it stored this, and may have stored it: "
                    "look, or send it again with the same Idempotency-Key",
                    retry_after_seconds=2,
                ) from failure
            time.sleep(0.05)

    def _is_kept(self, transaction: Transaction) -> bool:
        client = self._database.client
        with client.start_session(snapshot=True) as session, session.bind(end_session=False):
            return transaction.landed()


class _CommitUnknown(PyMongoError):
    """The commit was sent and its answer lost."""

    def __init__(self, result: Any) -> None:
        super().__init__("the answer to a commit was lost")
        self.result = result


def _commit(session: ClientSession, result: Any) -> None:
    for attempt in range(_COMMIT_TRIES):
        try:
            session.commit_transaction()
        except PyMongoError as error:
            first = attempt == 0
            if error.has_error_label("UnknownTransactionCommitResult") or isinstance(
                error, ConnectionFailure
            ):
                continue
            # A refusal of the first commit is certain; one of a repeated commit may only say
            # that a restarted server no longer knows a transaction which it had stored.
            if first:
                raise
            raise _CommitUnknown(result) from error
        else:
            return
    raise _CommitUnknown(result)


def _abort(session: ClientSession) -> None:
    try:
        if session.in_transaction:
            session.abort_transaction()
    except PyMongoError:
        pass  # the server forgets it by itself


def _driver_error(error: Exception) -> Exception:
    """mongoengine wraps the driver's errors and drops their labels: unwrap."""
    if isinstance(error, PyMongoError):
        return error
    cause = error.__cause__ or error.__context__
    return cause if isinstance(cause, PyMongoError) else error


def _is_transient(error: Exception) -> bool:
    if isinstance(error, ServerSelectionTimeoutError):
        return False  # waited long enough already
    if isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError"):
        return True
    return isinstance(error, OperationFailure) and error.code == _WRITE_CONFLICT


def _pause(attempt: int, deadline: float, error: Exception) -> None:
    if monotonic() > deadline:
        if isinstance(error, ConnectionFailure | _CommitUnknown):
            raise database_unavailable() from error
        raise Unavailable(
            "database.busy",
            "others changed the same record again and again; nothing was changed, try again",
            retry_after_seconds=1,
        ) from error
    time.sleep(jittered(min(0.2, 0.004 * 2**attempt)))


def as_platform_error(error: Exception) -> RtcmError | None:
    """A driver's or mongoengine's error as ours; ``None`` for any other."""
    if not isinstance(error, PyMongoError | mongoengine.errors.MongoEngineException):
        return None
    translated = _translated(_driver_error(error))
    return translated if isinstance(translated, RtcmError) else None


def _translated(error: Exception) -> Exception:
    if isinstance(error, DuplicateKeyError):
        return AlreadyExists(
            "document.already_exists", "something with this id or unique key is there already"
        )
    if isinstance(error, ConnectionFailure | NetworkTimeout | ExecutionTimeout):
        return database_unavailable()
    return error
