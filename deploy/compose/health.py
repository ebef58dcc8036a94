"""Whether the process of a container is well; for ``HEALTHCHECK``, exit status 0 or 1.

What to ask is read from the command of process 1: an API says so itself (``/readyz``), a worker
by the sign of life that it leaves in its database every 3 s, the mail sink by its greeting.
"""

from __future__ import annotations

import itertools
import os
import socket
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE_SECONDS = 8.0
SILENCE = timedelta(seconds=15)
"""As long as ``chassis.mongo.workers`` believes in a silent worker."""


def what_runs(command: bytes) -> tuple[str, str]:
    """Service and part of ``python -m services.<service> <part>``."""
    words = command.decode().split("\0")
    for module, part in itertools.pairwise(words):
        if module.startswith("services."):
            return module.removeprefix("services."), part
    raise ValueError("process 1 is no service of ours")


def check_api(service: str) -> None:
    """Ask the API of this container; raises ``OSError`` unless it answers 200."""
    address = urlsplit(os.environ[f"RTCM_{service.upper()}_URL"])
    port = os.environ.get(f"RTCM_{service.upper()}_LISTEN_PORT") or address.port or 80
    url = f"http://127.0.0.1:{port}/readyz"
    with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS):
        return


def check_worker(service: str) -> None:
    """Look for the sign of life; raises ``OSError`` or the driver's error without one."""
    import pymongo  # here: it takes longer to load than the other checks to run

    name = f"{os.environ.get('RTCM_MONGO_DATABASE_PREFIX') or 'rtcm_'}{service}"
    member = f"{socket.gethostname()}-1-"  # host name and process number, then a random part
    with pymongo.MongoClient(
        os.environ["RTCM_MONGO_URI"],
        tz_aware=True,
        serverSelectionTimeoutMS=PATIENCE_SECONDS * 1000,
    ) as client:
        living = client[name].worker.find_one(
            {
                "_id": {"$gte": member, "$lt": f"{member}~"},
                "beat_at": {"$gte": datetime.now(UTC) - SILENCE},
            }
        )
    if living is None:
        raise OSError(f"no sign of life since {SILENCE.seconds} s")


def check_sink() -> None:
    """Wait for the mail server's greeting; raises ``OSError`` without one."""
    port = int(os.environ["RTCM_NOTIFICATIONS_SINK_LISTEN"].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        if not connection.recv(100).startswith(b"220"):
            raise OSError("another server greets")


def main() -> int:
    """Check; say what is wrong."""
    try:
        service, part = what_runs(Path("/proc/1/cmdline").read_bytes())
        if part == "sink":
            check_sink()
        elif part == "worker":
            check_worker(service)
        else:
            check_api(service)
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
