"""A log's address is understood whole or refused in a sentence, before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.log.address import KafkaAddress, log_address
from chassis.log.kafka import KafkaConnection
from chassis.settings import ServiceSettings, SettingsError, load
from tests.builders.certificates import Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_brokers_without_more() -> None:
    assert KafkaAddress.from_url("kafka://k1:9092,k2:9092") == KafkaAddress(
        brokers=("k1:9092", "k2:9092")
    )
    assert KafkaConnection.from_url("kafka://k1:9092").security == {}


def test_a_user_signs_in_over_tls(authority: Authority) -> None:
    connection = KafkaConnection.from_url(
        f"kafka+tls://rtcm:p%40ss%3A@k1:9093,k2:9093?ca={authority.file}"
    )
    assert connection.brokers == ("k1:9093", "k2:9093")
    assert connection.security == {
        "security_protocol": "SASL_SSL",
        "ssl_cafile": str(authority.file),
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "rtcm",
        "sasl_plain_password": "p@ss:",
    }
    assert "p@ss" not in repr(connection)
    assert "p@ss" not in repr(KafkaAddress.from_url("kafka+tls://rtcm:p%40ss@k1:9093"))


def test_a_certificate_says_who_we_are(authority: Authority) -> None:
    certificate, key = authority.issue("rtcm.selection")
    url = f"kafka+tls://k1:9093?ca={authority.file}&cert={certificate}&key={key}"
    assert KafkaConnection.from_url(url).security == {
        "security_protocol": "SSL",
        "ssl_cafile": str(authority.file),
        "ssl_certfile": str(certificate),
        "ssl_keyfile": str(key),
    }


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("kafka://", "HOST:PORT"),
        ("kafka://k1", "HOST:PORT"),
        ("kafka://k1:0", "HOST:PORT"),
        ("kafka://k1:65536", "HOST:PORT"),
        ("kafka://k1:٣", "HOST:PORT"),
        ("kafka://k1:9092/topic", r"kafka\[\+tls\]://"),
        ("kafkas://k1:9092", r"kafka\[\+tls\]://"),
        ("kafka://rtcm:secret@k1:9092", r"without TLS nobody signs in.*kafka\+tls"),
        ("kafka://k1:9092?ca=/etc/ca.pem", "without TLS"),
        ("kafka+tls://rtcm@k1:9093", "user and password belong together"),
        ("kafka+tls://:secret@k1:9093", "user and password belong together"),
        ("kafka+tls://k1:9093?mechanism=PLAIN", "user and password belong together"),
        ("kafka+tls://u:p@k1:9093?mechanism=GSSAPI", "SCRAM-SHA-512, SCRAM-SHA-256, PLAIN"),
        ("kafka+tls://k1:9093?cert=/etc/own.pem", "cert and key belong together"),
        ("kafka+tls://k1:9093?sasl_mechanizm=PLAIN", "sasl_mechanizm is none of ca, cert, key"),
        ("kafka+tls://k1:9093?ca", "NAME=VALUE"),
        ("kafka+tls://k1:9093?ca=/nowhere/ca.pem", "'/nowhere/ca.pem' is not a file of cert"),
    ],
)
def test_what_cannot_be_meant_is_refused(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        KafkaAddress.from_url(url)


def test_files_that_do_not_fit_are_refused(authority: Authority, tmp_path: Path) -> None:
    certificate, key = authority.issue("own")
    _, other = authority.issue("other")
    _, locked = authority.issue("locked", passphrase=b"open sesame")
    junk = tmp_path / "junk.pem"
    junk.write_bytes(b"\x00\xffnot pem")
    for cert, wrong in ((certificate, other), (certificate, locked), (junk, key), (key, junk)):
        with pytest.raises(ValueError, match="certificate and its unencrypted key"):
            KafkaAddress.from_url(f"kafka+tls://k1:9093?cert={cert}&key={wrong}")
    with pytest.raises(ValueError, match="is not a file of certificates"):
        KafkaAddress.from_url(f"kafka+tls://k1:9093?ca={junk}")


def test_a_setting_is_refused_without_its_secret() -> None:
    environ = {"RTCM_KEYS_DIR": "/keys", "RTCM_LOG_URL": "kafka+tls://rtcm:hunter2@k1:9093?c=1"}
    with pytest.raises(SettingsError) as refused:
        load(ServiceSettings, environ)
    assert str(refused.value) == (
        "RTCM_LOG_URL: its value is not an event log's address: c is none of ca, cert, key, "
        "mechanism"
    )


@pytest.mark.parametrize("text", ["", "sqlite://", "sqlite:///", "redis://k1:1", "kafka", "k:1"])
def test_other_engines_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        log_address(text)


def test_a_usable_address_is_kept_as_it_is() -> None:
    for text in ("sqlite:///var/log.db", "sqlite:////srv/log.db", "kafka://k1:9092"):
        assert log_address(text) == text
