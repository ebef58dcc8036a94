"""Wake-ups: a change stream tells the loops that something was committed.

Only a hint. The loops look by themselves every second or so, and nothing depends on a stream
that ended or missed something.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from chassis.mongo.connection import Database, DriverError

_log = logging.getLogger(__name__)


class WakeUp:
    """Sets an event when a document of a collection was inserted or changed.

    Args:
        bells: collection name -> event to set.
    """

    def __init__(
        self, database: Database, bells: Mapping[str, threading.Event], stop: threading.Event
    ) -> None:
        self._database = database
        self._bells = bells
        self._stop = stop

    def run(self) -> None:
        """Listen until told to stop."""
        wanted = {
            "ns.coll": {"$in": sorted(self._bells)},
            "operationType": {"$in": ["insert", "update", "replace"]},
        }
        while not self._stop.is_set():
            try:
                with self._database.pymongo.watch(
                    [{"$match": wanted}], max_await_time_ms=500
                ) as stream:
                    while stream.alive and not self._stop.is_set():
                        change = stream.try_next()
                        if change is not None:
                            self._bells[change["ns"]["coll"]].set()
            except DriverError as error:
                _log.info("wakeup.lost", extra={"reason": type(error).__name__})
                self._stop.wait(1.0)
