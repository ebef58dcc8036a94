"""A broker that speaks TLS, asks who we are and lets each do only what the contracts say."""

from __future__ import annotations

import gc
import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from chassis.log.factory import open_log
from chassis.log.port import EventLog, LogUnavailable, Topic
from rtcm.kafka_jars import DEPLOYMENT
from rtcm.kafka_server import KafkaServer, missing_tools
from tests.builders.certificates import Authority
from tests.integration.log.scenes import drain, fill, next_offsets

pytestmark = [
    pytest.mark.kafka,
    # kafka-python leaves the sockets of refused connections to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <s:ResourceWarning"),
]

ACCESS = json.loads((DEPLOYMENT / "access.json").read_text())
SERVICES = sorted({topic["written_by"] for topic in ACCESS["topics"]})
USER, PASSWORD = "rtcm.selection", "correct horse/battery@staple"
APPLICATIONS, CONTACTS = "rtcm.registration.application", "rtcm.registration.contact"


@dataclass(frozen=True)
class Secured:
    """A running broker that lets in whom it knows."""

    server: KafkaServer
    authority: Authority
    sign_in_port: int
    mutual_port: int

    def as_service(self, service: str) -> str:
        """The address for one who proves its name by certificate."""
        certificate, key = self.authority.issue(f"rtcm.{service}")
        files = f"ca={self.authority.file}&cert={certificate}&key={key}"
        return f"kafka+tls://127.0.0.1:{self.mutual_port}?{files}"

    def as_user(self, user: str = USER, password: str = PASSWORD, ca: Path | None = None) -> str:
        """The address for one who signs in with a password."""
        signed_in = f"{quote(user)}:{quote(password, safe='')}@127.0.0.1:{self.sign_in_port}"
        return f"kafka+tls://{signed_in}?ca={ca or self.authority.file}"


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    if missing := missing_tools():
        pytest.skip(f"Apache Kafka: {missing}")  # the suite's own fixture says it aloud
    folder = tmp_path_factory.mktemp("secured")
    authority = Authority(folder)
    with ExitStack() as held:
        ports = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        sign_in_port, mutual_port = (one.getsockname()[1] for one in ports)
    settings = _broker_settings(folder, authority, sign_in_port, mutual_port)
    server = KafkaServer(folder / "data", settings=settings)
    server.start()
    try:
        _let_in(server)
        yield Secured(server, authority, sign_in_port, mutual_port)
    finally:
        server.stop()
        gc.collect()


def _broker_settings(
    folder: Path, authority: Authority, sign_in_port: int, mutual_port: int
) -> dict[str, str]:
    certificate, key = authority.issue("broker")
    keystore = folder / "keystore.pem"
    keystore.write_bytes(key.read_bytes() + certificate.read_bytes())
    ours = f"SIGNIN://127.0.0.1:{sign_in_port},MUTUAL://127.0.0.1:{mutual_port}"
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    return {
        "listeners": f"PLAINTEXT://127.0.0.1:${{port}},CONTROLLER://127.0.0.1:${{controller_port}},{ours}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:${{port}},{ours}",
        "listener.security.protocol.map": (
            "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SIGNIN:SASL_SSL,MUTUAL:SSL"
        ),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(keystore),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(authority.file),
        "listener.name.mutual.ssl.client.auth": "required",
        "listener.name.signin.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.signin.scram-sha-512.sasl.jaas.config": scram,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        # The plain port is the broker's own, and here the administrator's.
        "super.users": "User:ANONYMOUS",
    }


def _let_in(server: KafkaServer) -> None:
    """As an administrator would: a user with a password, and the rules of ``access.json``."""
    rules = [_rule(rule, f"User:CN=rtcm.{rule['party']}") for rule in ACCESS["rules"]]
    rules += [
        _rule(rule, f"User:{USER}") for rule in ACCESS["rules"] if rule["party"] == "selection"
    ]
    admin = KafkaAdminClient(bootstrap_servers=server.url.removeprefix("kafka://"))
    try:
        credential = UserScramCredentialUpsertion(
            USER, ScramMechanism.SCRAM_SHA_512, PASSWORD.encode(), iterations=4096
        )
        assert admin.alter_user_scram_credentials([credential]) == {USER: None}
        assert admin.create_acls(rules)["failed"] == []
    finally:
        admin.close()
    with closing(open_log(server.url)) as log:
        deadline = time.monotonic() + 60
        while not _tells_positions(log):  # the first question makes the topic that holds them
            assert time.monotonic() < deadline
            time.sleep(0.2)


def _tells_positions(log: EventLog) -> bool:
    log.create_topics([Topic("first", partition_count=1)])
    try:
        return bool(log.committed("first", ["first"]))
    except LogUnavailable:
        return False


def _rule(rule: dict[str, str], principal: str) -> ACL:
    pattern = ResourcePattern(
        ResourceType[rule["resource"].upper()],
        rule["name"],
        ACLResourcePatternType.PREFIXED if rule["is_prefix"] else ACLResourcePatternType.LITERAL,
    )
    operation = ACLOperation[rule["operation"].upper()]
    return ACL(principal, "*", operation, ACLPermissionType.ALLOW, pattern)


@pytest.fixture
def opened(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[str], EventLog]]:
    caplog.set_level(logging.CRITICAL, logger="kafka")
    with ExitStack() as stack:

        def open_one(url: str) -> EventLog:
            log = open_log(url, append_timeout_seconds=4)
            stack.callback(log.close)
            return log

        yield open_one


def _own(service: str) -> list[Topic]:
    return [
        Topic(topic["name"], partition_count=1, compacted=topic["compacted"])
        for topic in ACCESS["topics"]
        if topic["written_by"] == service
    ]


def _heard(service: str) -> list[str]:
    return [topic["name"] for topic in ACCESS["topics"] if service in topic["read_by"]]


def test_the_rules_are_enough_for_every_service(secured: Secured, opened) -> None:
    logs = {service: opened(secured.as_service(service)) for service in SERVICES}
    for service, log in logs.items():
        log.create_topics(_own(service))
    for service, log in logs.items():
        fill(log, _own(service)[0].name, [("key", b"hello")])
        ends = log.end_offsets(_heard(service))
        assert len(ends) == len(_heard(service))
        assert set(log.committed(f"rtcm.{service}", _heard(service)).values()) <= {0}


def test_one_who_signs_in_reads_what_another_wrote(secured: Secured, opened) -> None:
    registration = opened(secured.as_service("registration"))
    registration.create_topics(_own("registration"))
    fill(registration, APPLICATIONS, [("a", b"1"), ("a", b"2")])

    selection = opened(secured.as_user())
    group = {"group": "rtcm.selection", "topics": [APPLICATIONS], "member": "m1"}
    with closing(selection.consumer(**group)) as consumer:
        heard = drain(consumer, 2)
        consumer.commit(next_offsets(heard))
    assert [one.value for one in heard][-2:] == [b"1", b"2"]


def test_nobody_does_what_the_contracts_do_not_say(secured: Secured, opened) -> None:
    registration = opened(secured.as_service("registration"))
    registration.create_topics(_own("registration"))
    selection = opened(secured.as_service("selection"))

    assert selection.end_offsets([CONTACTS]) == {}  # it is not even told that there is one
    for topic in (APPLICATIONS, CONTACTS):
        with pytest.raises(LogUnavailable, match="uthorization"):
            fill(selection, topic, [("a", b"forged")])
    other = {"group": "rtcm.notifications", "topics": [APPLICATIONS], "member": "m1"}
    with (
        closing(selection.consumer(**other)) as consumer,
        pytest.raises(LogUnavailable, match="uthorization"),
    ):
        drain(consumer, 1, seconds=10)


def test_who_is_not_known_is_told_so_soon(secured: Secured, opened, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "stranger")
    certificate, key = stranger.issue("rtcm.selection")
    unknown = f"kafka+tls://127.0.0.1:{secured.mutual_port}?ca={secured.authority.file}"
    urls = (
        secured.as_user(password="wrong"),
        secured.as_user(ca=stranger.file),
        f"{unknown}&cert={certificate}&key={key}",
        unknown,
        f"kafka://127.0.0.1:{secured.mutual_port}",
    )
    logs = [opened(url) for url in urls]

    def ask(log: EventLog) -> str:
        with pytest.raises(LogUnavailable) as refused:
            log.end_offsets([APPLICATIONS])
        return str(refused.value)

    with ThreadPoolExecutor(len(logs)) as pool:  # each may take the ten seconds of a request
        asked = [pool.submit(ask, log) for log in logs]
        for answer in asked:
            assert PASSWORD not in answer.result(timeout=60)
