"""URLs name engines; a wrong one is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.log.factory import open_log
from chassis.log.kafka import KafkaConnection, KafkaLog
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


def test_a_cluster_that_wants_to_know_us() -> None:
    connection = KafkaConnection.from_url(
        "kafka://rtcm:p%40ss%3A@k1:9093,k2:9093?security_protocol=SASL_SSL&sasl_mechanism=SCRAM-SHA-512"
    )
    assert connection.brokers == ("k1:9093", "k2:9093")
    assert connection.security == {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "rtcm",
        "sasl_plain_password": "p@ss:",
    }
    assert "p@ss" not in repr(connection)


def test_a_misspelt_option_is_told() -> None:
    with pytest.raises(ValueError, match="sasl_mechanizm"):
        KafkaConnection.from_url("kafka://k1:9093?sasl_mechanizm=PLAIN")
