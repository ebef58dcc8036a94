"""Repairs of kafka-python 3.0: a rebalance that ends between two polls must count.

``poll`` waits for a task that joins the group, and gives up waiting at its timeout. When the task
ends before the next ``poll``, kafka-python throws its result away and joins anew, which makes
every other member join anew too. With short polls a group can go round like this for minutes and
read nothing (seen: 177 s; two members polled in turn every 0.1 s never settle). Here the finished
result is kept, and the next attempt of the same rebalance takes it instead of asking the broker.

If the result is out of date by then, the next heartbeat or commit says so, as it always does.

A leader also joins anew when the partitions of its topics are others than those it assigned. That
it has to is decided by comparing the two, and the assignment it makes while it joins settles the
comparison: a ``poll`` that gives up between that assignment and its confirmation finds nothing to
do when it comes again. What the broker confirmed is then never taken, and as no heart beats while a
member joins, it holds nothing for ever (seen: one start of a group in twelve on a busy machine).
Here a rebalance, once begun, stays asked for until its result is taken.
"""

from __future__ import annotations

from typing import Any


def keep_finished_joins(coordinator: Any) -> None:
    """Repair the coordinator of one ``kafka.KafkaConsumer``, before its first poll."""
    prepare = coordinator._on_join_prepare_async  # noqa: SLF001 -- the version is pinned below 3.1
    join = coordinator._do_join_and_sync_async  # noqa: SLF001 -- the same
    finished: dict[int, bytes] = {}  # generation -> what it assigned to us

    async def prepare_afresh(*arguments: Any, **options: Any) -> None:
        """Called once at the beginning of a rebalance: what is finished is of an earlier one."""
        finished.clear()
        coordinator.request_rejoin()  # taken back when the result is taken
        await prepare(*arguments, **options)

    async def join_once() -> bytes:
        """Called for every attempt of one rebalance."""
        generation = coordinator.group_metadata().generation_id
        if generation not in finished:
            assigned = await join()
            generation = coordinator.group_metadata().generation_id
            finished[generation] = assigned
        return finished[generation]

    coordinator._on_join_prepare_async = prepare_afresh  # noqa: SLF001 -- the same
    coordinator._do_join_and_sync_async = join_once  # noqa: SLF001 -- the same
