"""What Apache Kafka needs on a machine without Docker: Java, and jars that Maven brings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

DEPLOYMENT = Path(__file__).resolve().parents[1] / "deploy" / "kafka"
_JAVA_VERSION_MIN = 17


class KafkaNotStarted(Exception):
    """The broker cannot run here; the message says what to do."""


def missing_tools() -> str:
    """What this machine lacks to run Kafka, as a sentence; empty when nothing."""
    missing = []
    java = _java_version()
    if java is None:
        missing.append(f"Java {_JAVA_VERSION_MIN} (no `java` on the PATH)")
    elif java < _JAVA_VERSION_MIN:
        missing.append(f"Java {_JAVA_VERSION_MIN} (found {java})")
    if not _has_jars(jar_directory()) and shutil.which("mvn") is None:
        missing.append(
            f"Maven (no `mvn` on the PATH) or Kafka's jars in {jar_directory()} (RTCM_KAFKA_LIB)"
        )
    return f"this machine lacks {' and '.join(missing)}" if missing else ""


def ensure_jars() -> Path:
    """The directory with Kafka's jars; Maven brings them the first time.

    Raises:
        KafkaNotStarted: Maven failed; its last words are in the message.
    """
    lib = jar_directory()
    if _has_jars(lib):
        return lib
    fresh = lib.with_name(f"{lib.name}.{os.getpid()}")
    done = subprocess.run(
        [
            "mvn",
            "-B",
            "-q",
            "-f",
            str(DEPLOYMENT / "pom.xml"),
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={fresh}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise KafkaNotStarted(f"Maven could not bring Kafka's jars: {done.stdout[-2000:]}")
    try:
        fresh.rename(lib)
    except OSError as error:
        shutil.rmtree(fresh)
        if not _has_jars(lib):  # else another process was faster
            raise KafkaNotStarted(f"{lib} is in the way of Kafka's jars: {error}") from error
    return lib


def jar_directory() -> Path:
    """Where the jars are, or will be: ``RTCM_KAFKA_LIB`` or ``deploy/kafka/lib``."""
    return Path(os.environ.get("RTCM_KAFKA_LIB") or DEPLOYMENT / "lib").resolve()


def _has_jars(lib: Path) -> bool:
    return any(lib.glob("kafka_2.13-*.jar"))


def _java_version() -> int | None:
    if shutil.which("java") is None:
        return None
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', said.stderr)
    return int(found[1]) if found else None
