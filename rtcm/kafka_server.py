"""Apache Kafka without Docker: one KRaft node as a child process of whoever starts it.

Used by ``rtcm up --engine kafka`` and by the integration and chaos suites.
"""

from __future__ import annotations

import base64
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from string import Template
from uuid import UUID

from chassis.clock import monotonic
from chassis.ids import new_id
from rtcm.kafka_jars import (
    DEPLOYMENT,
    KafkaNotStarted,
    ensure_jars,
    jar_directory,
    missing_tools,
)

__all__ = ["KafkaNotStarted", "KafkaServer", "ensure_jars", "missing_tools"]

_READY_TIMEOUT_SECONDS = 120.0
_ORPHAN_TIMEOUT_SECONDS = 10.0


class KafkaServer:
    """One broker on 127.0.0.1; its ports and records stay with its data directory.

    Args:
        data: where records, settings and ``server.log`` are kept.
        settings: broker settings beside, or in place of, those of the template; ``${port}``,
            ``${controller_port}`` and ``${data}`` are filled in as there.
    """

    def __init__(self, data: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self._data = data.resolve()
        self._settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        data.mkdir(parents=True, exist_ok=True)
        self._port, self._controller_port = self._ports()

    @property
    def url(self) -> str:
        """For ``chassis.log.factory.open_log``."""
        return f"kafka://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        """Of the broker while it runs."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if self._process is not None and running else None

    @property
    def server_log(self) -> Path:
        """What the broker says."""
        return self._data / "server.log"

    def start(self) -> None:
        """Start, or start again on the same data and port; returns when clients can connect.

        Raises:
            KafkaNotStarted: something is missing here, or the broker ended; says what.
        """
        missing = missing_tools()
        if missing:
            raise KafkaNotStarted(missing)
        if self.pid is not None:
            return
        ensure_jars()
        self._end_orphan()
        self._write_properties()
        if not (self._data / "records" / "meta.properties").exists():
            self._format()
        with self.server_log.open("ab") as log:
            self._process = subprocess.Popen(
                self._java("kafka.Kafka", str(self._properties)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the one who stops us in order
            )
        self._pid_file.write_text(str(self._process.pid))
        self._wait_until_ready()

    def stop(self, timeout_seconds: float = 20.0) -> None:
        """End in order; killed when that takes too long."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """``kill -9``; ``start`` brings the same log back."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _end_orphan(self) -> None:
        """End the broker of a starter that was killed; it holds our data and our port."""
        try:
            pid = int(self._pid_file.read_text())
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return  # none was started here, or it is gone
        if str(self._properties).encode() not in arguments:
            return  # the number was given to another program
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            deadline = monotonic() + _ORPHAN_TIMEOUT_SECONDS
            while monotonic() < deadline and _still_runs(pid):
                time.sleep(0.05)

    @property
    def _pid_file(self) -> Path:
        return self._data / "kafka.pid"

    @property
    def _properties(self) -> Path:
        return self._data / "server.properties"

    def _ports(self) -> tuple[int, int]:
        """Those of the last start, so that clients find the broker again; else free ones."""
        if self._properties.exists():
            found = re.findall(
                r"^listeners=\D+127.0.0.1:(\d+),\D+127.0.0.1:(\d+)$",
                self._properties.read_text(),
                re.MULTILINE,
            )
            if found:
                return int(found[0][0]), int(found[0][1])
        with _free_ports(2) as (port, controller_port):
            return port, controller_port

    def _write_properties(self) -> None:
        own = "".join(f"{name}={value}\n" for name, value in self._settings.items())
        template = Template((DEPLOYMENT / "server.properties.template").read_text() + own)
        text = template.substitute(
            port=self._port, controller_port=self._controller_port, data=self._data / "records"
        )
        self._properties.write_text(text)

    def _format(self) -> None:
        cluster_id = base64.urlsafe_b64encode(UUID(new_id()).bytes).decode().rstrip("=")
        done = subprocess.run(
            self._java(
                "kafka.tools.StorageTool",
                "format",
                "-t",
                cluster_id,
                "-c",
                str(self._properties),
                "--standalone",
            ),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise KafkaNotStarted(f"the storage could not be formatted: {done.stdout}{done.stderr}")

    def _java(self, main: str, *arguments: str) -> list[str]:
        return [
            "java",
            "-Xmx512m",
            "-Xms128m",
            "-XX:+UseSerialGC",
            "-Djava.awt.headless=true",
            f"-Dlog4j2.configurationFile={DEPLOYMENT / 'log4j2.xml'}",
            "-cp",
            f"{jar_directory()}/*",
            main,
            *arguments,
        ]

    def _wait_until_ready(self) -> None:
        """KRaft brokers open the port when they are ready to serve."""
        deadline = monotonic() + _READY_TIMEOUT_SECONDS
        ready = False
        while not ready:
            ready = _answers(self._port)
            if self.pid is None:
                raise KafkaNotStarted(f"the broker ended at once, see {self.server_log}")
            if monotonic() > deadline:
                self.kill()
                raise KafkaNotStarted(
                    f"not ready after {_READY_TIMEOUT_SECONDS:.0f} s, see {self.server_log}"
                )
            time.sleep(0.1)


def _still_runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # ended, and its parent has not asked yet


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True


@contextmanager
def _free_ports(count: int) -> Iterator[list[int]]:
    """Ports nobody listens on; held until the block ends, so that they differ."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        yield [one.getsockname()[1] for one in sockets]


if __name__ == "__main__":
    print(missing_tools() or f"Kafka can run here; jars in {ensure_jars()}")
