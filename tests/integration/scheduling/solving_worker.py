"""A worker of the scheduling service that does jobs until it is killed; a process of its own."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from chassis.mongo.connection import connect
from chassis.worker.jobber import JobLoop
from tests.integration.scheduling.test_service import Service


def main(uri: str, name: str, keys: str) -> None:
    """Do jobs for ever."""
    service = Service(connect(uri, name), Path(keys))
    JobLoop(
        handlers=service.parts.on_job,
        unit_of_work=service.platform.unit_of_work,
        wake=threading.Event(),
        stop=threading.Event(),
    ).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
