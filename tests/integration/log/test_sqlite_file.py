"""What can happen to a file: damage, loss, a full disk, a writer that does not end."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from chassis.log.port import Fenced, LogUnavailable, Partition
from chassis.log.sqlite import LogDamaged, SqliteLog
from chassis.log.sqlite.consumer import SqliteConsumer
from tests.integration.log.scenes import a_topic, drain, fill, next_offsets, numbered, read_all


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture
def log(path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(path, session_seconds=1, append_timeout_seconds=1)
    yield log
    log.close()


def test_something_else_is_not_taken_for_a_log(path: Path) -> None:
    path.write_bytes(b"these are the minutes of the steering committee" * 100)
    with pytest.raises(LogDamaged, match=r"log\.db"):
        SqliteLog(path)


def test_another_database_is_not_taken_for_a_log_and_not_touched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE minutes (said TEXT)")
        other.commit()
    with pytest.raises(LogDamaged, match="not an event log"):
        SqliteLog(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("minutes",)]


def test_a_layout_of_another_version_is_refused(path: Path) -> None:
    SqliteLog(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(LogDamaged, match="layout"):
        SqliteLog(path)


def test_corrupt_pages_are_told_and_not_read(path: Path) -> None:
    log = SqliteLog(path)
    topic = a_topic(log, partition_count=1)
    fill(log, topic, [("key", bytes(1000)) for _ in range(200)])
    log.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 2))

    with pytest.raises(LogDamaged, match="rebuild"), closing(SqliteLog(path)) as damaged:
        read_all(damaged, topic)


def test_a_file_removed_under_us_is_noticed_instead_of_swallowing_records(
    log: SqliteLog, path: Path
) -> None:
    topic = a_topic(log)
    producer = log.producer()
    with closing(log.consumer(group="g", topics=[topic], member="m")) as consumer:
        consumer.poll(timeout_seconds=0.1, limit=1)
        path.unlink()
        assert isinstance(producer.append(topic, "key", b"lost?").exception(5), LogDamaged)
        with pytest.raises(LogDamaged, match="removed or replaced"):
            consumer.poll(timeout_seconds=0.1, limit=1)
    producer.close()


def test_a_directory_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LogUnavailable):
        SqliteLog(tmp_path / "file" / "log.db")


def test_many_may_open_a_new_log_at_once(path: Path) -> None:
    together = threading.Barrier(8)

    def open_it(number: int) -> int:
        together.wait()
        with closing(SqliteLog(path)) as log:
            topic = a_topic(log, partition_count=1)
            return len(fill(log, topic, numbered(number)))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(open_it, range(8))) == list(range(8))


def test_a_writer_that_does_not_end_makes_us_unavailable_in_time(
    log: SqliteLog, path: Path
) -> None:
    topic = a_topic(log, partition_count=1)
    producer = log.producer()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        waiting = [producer.append(topic, "key", b"x") for _ in range(3000)]
        assert all(isinstance(one.exception(30), LogUnavailable) for one in waiting)
        assert time.monotonic() - started < 20  # the append timeout is 1 s; hanging has no end
        other.execute("ROLLBACK")
    assert producer.append(topic, "key", b"y").result(5) == (Partition(topic, 0), 0)
    producer.close()


def test_closing_behind_a_writer_that_does_not_end_fails_what_waits(
    log: SqliteLog, path: Path
) -> None:
    topic = a_topic(log, partition_count=1)
    producer = log.producer()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = [producer.append(topic, "key", b"x") for _ in range(20)]
        time.sleep(0.05)
        waiting += [producer.append(topic, "key", b"x") for _ in range(20)]
        producer.close(timeout_seconds=0.1)
        assert all(isinstance(one.exception(5), LogUnavailable) for one in waiting)
        other.execute("ROLLBACK")


def test_a_full_disk_makes_us_unavailable_and_leaves_no_gap(log: SqliteLog) -> None:
    topic = a_topic(log, partition_count=1)
    producer = log.producer()
    producer.append(topic, "key", b"before").result(5)
    limit = producer._file.rows("PRAGMA page_count")[0][0] + 20
    producer._file.rows(f"PRAGMA max_page_count = {limit}")

    outcomes = [producer.append(topic, "key", bytes(50_000)).exception(5) for _ in range(5)]

    assert isinstance(outcomes[-1], LogUnavailable)
    assert "full" in str(outcomes[-1])
    producer._file.rows("PRAGMA max_page_count = 1000000")
    _, offset = producer.append(topic, "key", b"after").result(5)
    assert offset == 1 + outcomes.count(None)
    assert [one.offset for one in read_all(log, topic)] == list(range(offset + 1))
    producer.close()


def test_a_member_started_again_under_its_name_replaces_itself_at_once(path: Path) -> None:
    log = SqliteLog(path, session_seconds=60)
    topic = a_topic(log, partition_count=1)
    fill(log, topic, numbered(5))
    crashed = log.consumer(group="g", topics=[topic], member="m")
    batch = drain(crashed, 5)
    with closing(log.consumer(group="g", topics=[topic], member="m")) as successor:
        started = time.monotonic()
        drain(successor, 5)
        assert time.monotonic() - started < 30  # nobody waited for the session's end
        with pytest.raises(Fenced):
            crashed.commit(next_offsets(batch))
    crashed.close()
    log.close()


def test_a_handler_that_is_stuck_loses_its_partitions(log: SqliteLog, path: Path) -> None:
    topic = a_topic(log, partition_count=1)
    fill(log, topic, numbered(5))
    stuck = SqliteConsumer(
        path, group="g", topics=[topic], member="m1", session_seconds=1, max_handling_seconds=0.5
    )
    batch = drain(stuck, 5)
    with closing(log.consumer(group="g", topics=[topic], member="m2")) as heir:
        assert len(drain(heir, 5, seconds=5)) == 5
        with pytest.raises(Fenced):
            stuck.commit(next_offsets(batch))
        heir.commit(next_offsets(batch))
    assert list(stuck.poll(timeout_seconds=0.3, limit=10)) == []  # joined again, all was committed
    assert stuck.assignment() == {Partition(topic, 0)}
    stuck.close()


def test_a_partition_that_comes_back_is_not_paused(log: SqliteLog) -> None:
    topic = a_topic(log, partition_count=1)
    with closing(log.consumer(group="g", topics=[topic], member="m1")) as consumer:
        consumer.poll(timeout_seconds=0, limit=1)
        consumer.pause([Partition(topic, 0)])
        with closing(log.consumer(group="g", topics=[topic], member="m1")) as usurper:
            usurper.poll(timeout_seconds=0, limit=1)
        fill(log, topic, numbered(3))
        assert len(drain(consumer, 3)) == 3


def test_compaction_comes_by_itself_and_keeps_tombstones(log: SqliteLog) -> None:
    topic = a_topic(log, partition_count=1, compacted=True)
    pairs = [(f"key-{number % 3}", str(number).encode()) for number in range(1500)]
    fill(log, topic, [*pairs, ("key-1", None)])
    log.compact()
    assert {one.key: one.value for one in read_all(log, topic)} == dict([*pairs, ("key-1", None)])
    assert len(read_all(log, topic)) == 3
    assert fill(log, topic, [("key-2", b"next")]) == [(Partition(topic, 0), 1501)]
