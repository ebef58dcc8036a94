"""Clients of a storm: threads that send commands and remember what they were told."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from chassis.clock import monotonic
from chassis.errors import RtcmError
from chassis.http.client import ServiceClient
from chassis.ids import derived_id, new_id
from tests.chaos.stage import PRODUCERS, SENDER, Stage

_BUSY_COUNTERS = 12
_ONE_IN_REFUSED = 20
_ONE_IN_LEFT_UNKNOWN = 5
_THREADS = 10
_PAUSES_SECONDS = (0.2, 0.5, 1.0, 2.0)  # between tries with the same key


@dataclass
class Sent:
    """One command and what its sender knows of it.

    Attributes:
        key: the ``Idempotency-Key``; the outbox keeps what the chassis derives from it.
        answer: ``acknowledged``, ``refused`` (before anything was unknown) or ``unknown``.
    """

    key: str
    service: str
    aggregate_id: str
    way: str
    answer: str = "unknown"
    tries: int = 0

    @property
    def command_id(self) -> str:
        """As the outbox row names it."""
        return derived_id(SENDER.actor_id, self.key)


def planned(count: int, seed: int) -> list[Sent]:
    """Commands in an order given by the seed: half for a few busy counters, half for fresh ones."""
    chance = random.Random(seed)
    busy = {service: [new_id() for _ in range(_BUSY_COUNTERS)] for service in PRODUCERS}
    commands = []
    for _ in range(count):
        service = chance.choice(PRODUCERS)
        counter_id = chance.choice(busy[service]) if chance.random() < 0.5 else new_id()
        way = "refused" if chance.randrange(_ONE_IN_REFUSED) == 0 else "now"
        commands.append(Sent(new_id(), service, counter_id, way))
    return commands


class Clients:
    """Sends all commands, spread over a time."""

    def __init__(self, stage: Stage, commands: list[Sent], *, seconds: float, seed: int) -> None:
        self.commands = commands
        self._stage = stage
        self._seconds = seconds
        self._chance = random.Random(seed + 1)
        self._turn = threading.Lock()
        self._rest: Iterator[tuple[int, Sent]] = enumerate(commands)
        self._began = 0.0
        self._threads = [
            threading.Thread(target=self._run, name=f"client-{number}")
            for number in range(_THREADS)
        ]

    def start(self) -> None:
        """Begin to send."""
        self._began = monotonic()
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Until all were sent once (or a few times, when the answer did not come)."""
        for thread in self._threads:
            thread.join()

    def ask_again(self) -> None:
        """Repeat what is unknown with the same key, but for a part that stays unknown."""
        clients = {service: self._stage.client(service) for service in PRODUCERS}
        for sent in self.commands:
            if sent.answer != "unknown" or self._chance.randrange(_ONE_IN_LEFT_UNKNOWN) == 0:
                continue
            for _ in range(5):
                if send(clients[sent.service], sent):
                    break
                time.sleep(0.5)

    def _run(self) -> None:
        clients = {service: self._stage.client(service) for service in PRODUCERS}
        while True:
            with self._turn:
                number, sent = next(self._rest, (0, None))
            if sent is None:
                return
            due = self._began + self._seconds * number / len(self.commands)
            time.sleep(max(0.0, due - monotonic()))
            for pause in _PAUSES_SECONDS:
                if send(clients[sent.service], sent):
                    break
                time.sleep(pause)


def send(client: ServiceClient, sent: Sent) -> bool:
    """Send one command; whether its answer is certain now.

    Once an answer is missing, a later refusal says nothing about the earlier try, which may
    still be on its way: only an acknowledgement ends the doubt.
    """
    sent.tries += 1
    try:
        client.post(
            f"/counters/{sent.aggregate_id}/steps", {"way": sent.way}, actor=SENDER, key=sent.key
        )
    except RtcmError as error:
        if error.status < 500 and sent.tries == 1:
            sent.answer = "refused"
        return error.status < 500
    sent.answer = "acknowledged"
    return True
