"""URLs name engines; a wrong one is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.log.factory import open_log
from chassis.log.kafka import KafkaLog
from chassis.log.sqlite import SqliteLog


def test_sqlite_urls_are_relative_with_three_slashes_and_absolute_with_four(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for url, path in (
        ("sqlite:///var/log.db", tmp_path / "var" / "log.db"),
        (f"sqlite:///{tmp_path}/absolute.db", tmp_path / "absolute.db"),
    ):
        log = open_log(url)
        assert isinstance(log, SqliteLog)
        assert path.exists()
        log.close()


def test_kafka_urls_open_without_touching_the_network() -> None:
    log = open_log("kafka://127.0.0.1:1,127.0.0.1:2")
    assert isinstance(log, KafkaLog)
    log.close()


@pytest.mark.parametrize(
    "url",
    ["", "sqlite://", "sqlite:///", "redis://localhost", "kafka://", "kafka://host", "kafka://a:b"],
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="log"):
        open_log(url)
