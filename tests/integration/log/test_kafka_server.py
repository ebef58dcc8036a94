"""The launcher says what is missing, and keeps its ports."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from rtcm.kafka_server import KafkaNotStarted, KafkaServer, missing_tools


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it, and no jars; what a test puts into it is found."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("RTCM_KAFKA_LIB", str(tmp_path / "lib"))
    return programs


def put_program(programs: Path, name: str, script: str) -> None:
    program = programs / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_without_java_and_maven_both_are_named(bare_machine: Path, tmp_path: Path) -> None:
    with pytest.raises(KafkaNotStarted, match=r"Java 17 .* and Maven .*RTCM_KAFKA_LIB"):
        KafkaServer(tmp_path / "data").start()


def test_an_old_java_is_named_with_its_version(bare_machine: Path) -> None:
    put_program(bare_machine, "java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2")
    put_program(bare_machine, "mvn", "true")
    assert missing_tools() == "this machine lacks Java 17 (found 11)"


def test_jars_that_are_there_make_maven_superfluous(bare_machine: Path, tmp_path: Path) -> None:
    put_program(bare_machine, "java", "echo 'openjdk version \"21\" 2023-09-19' >&2")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "kafka_2.13-4.3.0.jar").touch()
    assert missing_tools() == ""


def test_the_last_words_of_maven_are_passed_on(bare_machine: Path, tmp_path: Path) -> None:
    put_program(bare_machine, "java", "echo 'openjdk version \"17.0.1\"' >&2")
    put_program(bare_machine, "mvn", "echo 'no network here'; exit 1")
    with pytest.raises(KafkaNotStarted, match="no network here"):
        KafkaServer(tmp_path / "data").start()
    assert not (tmp_path / "lib").exists()


def test_a_broker_left_behind_is_ended_and_nobody_else(tmp_path: Path) -> None:
    server = KafkaServer(tmp_path / "data")
    properties = tmp_path / "data" / "server.properties"
    for argument, ends in ((str(properties), True), ("/another/server.properties", False)):
        program = [sys.executable, "-c", "import time; time.sleep(60)", argument]
        with subprocess.Popen(program) as process:
            (tmp_path / "data" / "kafka.pid").write_text(str(process.pid))
            time.sleep(0.3)  # until its command line is its own
            server._end_orphan()
            assert (process.poll() is not None) == ends
            process.kill()
    server._end_orphan()  # gone already


def test_a_broker_that_cannot_format_its_storage_says_why(
    bare_machine: Path, tmp_path: Path
) -> None:
    put_program(
        bare_machine,
        "java",
        """[ "$1" = -version ] && echo 'version "17.0.1"' >&2 || { echo disk on fire; exit 3; }""",
    )
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "kafka_2.13-4.3.0.jar").touch()
    with pytest.raises(KafkaNotStarted, match="disk on fire"):
        KafkaServer(tmp_path / "data").start()
    # The ports were written down: the next start has the same.
    assert KafkaServer(tmp_path / "data").url == KafkaServer(tmp_path / "data").url
    text = (tmp_path / "data" / "server.properties").read_text()
    assert KafkaServer(tmp_path / "data").url.removeprefix("kafka://") in text
