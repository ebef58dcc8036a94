"""The engines a benchmark runs on, fresh and on loopback, and the CPU time they take."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chassis.log.factory import open_log
from chassis.log.port import EventLog
from chassis.mongo.connection import Database, connect
from rtcm.kafka_server import KafkaServer
from rtcm.mongo_server import MongoServer


@dataclass
class Engines:
    """A database server and a log, with all their processes."""

    mongo: MongoServer
    kafka: KafkaServer | None
    log: EventLog
    database: Database

    def cpu_seconds(self) -> float:
        """CPU time of this process and the servers so far."""
        servers = [self.mongo.pid, self.kafka.pid if self.kafka else None]
        return time.process_time() + sum(cpu_of(pid) for pid in servers if pid)


@contextmanager
def engines(kind: str, *, database: str = "bench") -> Iterator[Engines]:
    """Start and stop them; ``kind`` is ``embedded`` or ``kafka``."""
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        mongo = MongoServer(data / "mongo")
        mongo.start()
        kafka = KafkaServer(data / "kafka") if kind == "kafka" else None
        if kafka is not None:
            kafka.start()
        log = open_log(kafka.url if kafka else f"sqlite:///{data / 'log.db'}")
        connected = connect(mongo.uri, database)
        try:
            yield Engines(mongo, kafka, log, connected)
        finally:
            connected.close()
            log.close()
            if kafka is not None:
                kafka.stop()
            mongo.stop()


def cpu_of(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
