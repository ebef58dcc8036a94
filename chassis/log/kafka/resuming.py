"""A repair of kafka-python 3.0: a partition that was paused must flow again once it is resumed.

Records that were fetched but not handed out when their partition is paused are set aside, and
nothing more of it is fetched while they lie there. They are taken up again only when the place of
the partition being handed out is empty; but a partition handed out to its end stays in that place.
So a partition that was cut by the limit of a poll, paused, and resumed after others were heard is
never heard again, although the member holds it (found in 3.0.12, after backlogs and a database
that was away: ``consumer.stalled``). Here the place is emptied.
"""

from __future__ import annotations

from typing import Any


def let_go_of_the_finished(fetcher: Any) -> None:
    """Empty the place in the fetcher of a ``kafka.KafkaConsumer``, if its partition is at its end.

    To be called before each poll, by the thread that polls.
    """
    handed_out = fetcher._next_partition_records  # noqa: SLF001 -- the version is pinned below 3.1
    if handed_out is not None and not handed_out:
        fetcher._next_partition_records = None  # noqa: SLF001 -- the same
