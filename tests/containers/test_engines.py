"""The behaviour suites once more, on the images that deployments run.

The suites themselves live in ``tests/integration``; here a broker and a replica set are started in
containers and the suites are told where they are.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pymongo
import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

ROOT = Path(__file__).resolve().parents[2]
KAFKA_IMAGE = "apache/kafka:4.3.0"
MONGO_IMAGE = "mongo:8.0"
REPLICA_SET = "rs0"

pytestmark = [
    pytest.mark.containers,
    pytest.mark.timeout(900),
    # The Docker client leaves the sockets of its pool to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

BROKER_SETTINGS = {
    "KAFKA_NODE_ID": "1",
    "KAFKA_PROCESS_ROLES": "broker,controller",
    "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
    "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
    "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
    "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
    "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "4",
    "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
    "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    # What the suite needs to be quick: members silent for 1 s are dead, the cleaner never rests.
    "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS": "1000",
    "KAFKA_LOG_CLEANER_BACKOFF_MS": "200",
    "KAFKA_HEAP_OPTS": "-Xms128m -Xmx512m",
}


@pytest.fixture
def kafka_url() -> Iterator[str]:
    """A broker; the port it is reached at is known only when its container runs."""
    wait_for_word = "while [ ! -f /tmp/start.sh ]; do sleep 0.1; done; exec sh /tmp/start.sh"
    container = DockerContainer(KAFKA_IMAGE).with_exposed_ports(9092)
    container.with_command(["sh", "-c", wait_for_word])
    for name, value in BROKER_SETTINGS.items():
        container.with_env(name, value)
    with container:
        host, port = container.get_container_host_ip(), container.get_exposed_port(9092)
        start = (
            f"export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://{host}:{port}\n"
            "exec /etc/kafka/docker/run\n"
        )
        write = f"printf '{start}' > /tmp/start.draft && mv /tmp/start.draft /tmp/start.sh"
        written = container.exec(["sh", "-c", write])
        assert written.exit_code == 0, written.output
        LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(300).wait_until_ready(
            container
        )
        yield f"kafka://{host}:{port}"


@pytest.fixture
def mongo_uri() -> Iterator[str]:
    """A replica set of one member that takes writes."""
    container = DockerContainer(MONGO_IMAGE).with_exposed_ports(27017)
    container.with_command(["mongod", "--replSet", REPLICA_SET, "--bind_ip_all"])
    with container:
        LogMessageWaitStrategy("Waiting for connections").with_startup_timeout(
            300
        ).wait_until_ready(container)
        host, port = container.get_container_host_ip(), container.get_exposed_port(27017)
        # The set's own name for its member means nothing outside the container.
        uri = f"mongodb://{host}:{port}/?directConnection=true"
        _initiate(uri)
        yield uri


def _initiate(uri: str) -> None:
    with closing(pymongo.MongoClient(uri)) as client:
        member = {"_id": 0, "host": "localhost:27017"}
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
        deadline = time.monotonic() + 60
        while not client.admin.command("hello")["isWritablePrimary"]:
            assert time.monotonic() < deadline, "the replica set has no primary"
            time.sleep(0.2)


def _run_suite(*arguments: str, **settings: str) -> str:
    """Run some tests in a process of their own, in sight (``pytest -s``); returns what it said."""
    said = []
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as suite:
        assert suite.stdout is not None
        for line in suite.stdout:
            print(line, end="", flush=True)
            said.append(line)
    assert suite.returncode == 0, "".join(said)
    return "".join(said)


def test_the_event_log_behaves_on_the_kafka_image(kafka_url: str) -> None:
    said = _run_suite("tests/integration/log", "-k", "kafka]", RTCM_TEST_KAFKA_URL=kafka_url)
    assert " passed" in said
    assert "SKIPPED" not in said


def test_the_event_flow_behaves_on_the_mongo_image(mongo_uri: str) -> None:
    said = _run_suite(
        "tests/integration/flow", "-m", "not own_server", RTCM_TEST_MONGO_URI=mongo_uri
    )
    assert " passed" in said
    assert "SKIPPED" not in said
