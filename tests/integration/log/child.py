"""A process of its own for the behaviour suite: it is killed, stopped, or made to race.

append URL TOPIC PREFIX COUNT   each record waits for the one before; prints its value,
                                partition and offset once it is acknowledged
hold URL TOPIC GROUP SESSION    polls until it has a record, prints ``holding``, waits for a line,
                                commits, prints ``committed`` or ``fenced``
"""

from __future__ import annotations

import sys

from chassis.log.factory import open_log
from chassis.log.port import Fenced


def append(url: str, topic: str, prefix: str, count: str) -> None:
    producer = open_log(url).producer()
    print("ready", flush=True)
    for number in range(int(count)):
        value = f"{prefix}-{number}"
        partition, offset = producer.append(topic, f"{prefix}-{number % 3}", value.encode()).result(
            15
        )
        print(value, partition.number, offset, flush=True)
    producer.close()


def hold(url: str, topic: str, group: str, session_seconds: str) -> None:
    log = open_log(url, session_seconds=float(session_seconds))
    consumer = log.consumer(group=group, topics=[topic], member="child")
    records = consumer.poll(timeout_seconds=0.5, limit=10)
    while not records:
        records = consumer.poll(timeout_seconds=0.5, limit=10)
    print("holding", flush=True)
    sys.stdin.readline()
    try:
        consumer.commit({record.partition: record.offset + 1 for record in records})
        print("committed", flush=True)
    except Fenced:
        print("fenced", flush=True)


if __name__ == "__main__":
    {"append": append, "hold": hold}[sys.argv[1]](*sys.argv[2:])
