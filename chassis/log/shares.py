"""Who of a group should hold which partition: fair, and with as few moves as possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chassis.log.port import Partition


def share_out(
    subscriptions: Mapping[str, frozenset[str]],
    partitions: Iterable[Partition],
    owners: Mapping[Partition, str],
) -> dict[Partition, str]:
    """Give every partition a member that subscribes to its topic.

    Args:
        subscriptions: living member -> topics it wants.
        partitions: every partition there is; those nobody wants are left out of the answer.
        owners: who holds what now; the dead may be among them.

    Returns:
        Partition -> member. Two members with the same topics differ by at most one partition; a
        partition stays where it is unless that is needed.
    """
    # By number first: when half of a member's partitions move, they are half of *each* topic.
    ordered = sorted(partitions, key=lambda partition: (partition.number, partition.topic))
    wanted_by = {
        topic: sorted(member for member, topics in subscriptions.items() if topic in topics)
        for topic in {partition.topic for partition in ordered}
    }
    shares = {
        partition: owner
        for partition in ordered
        if (owner := owners.get(partition)) in wanted_by[partition.topic] and owner is not None
    }
    load = dict.fromkeys(subscriptions, 0)
    for owner in shares.values():
        load[owner] += 1
    for partition in ordered:
        candidates = wanted_by[partition.topic]
        if partition not in shares and candidates:
            _give(partition, min(candidates, key=load.__getitem__), shares, load)
    while _even_out(ordered, wanted_by, shares, load):
        pass
    return shares


def _even_out(
    ordered: list[Partition],
    wanted_by: Mapping[str, list[str]],
    shares: dict[Partition, str],
    load: dict[str, int],
) -> bool:
    """Move partitions to members that have at least two fewer; whether any moved."""
    moved = False
    for partition in ordered:
        if partition not in shares:
            continue
        lightest = min(wanted_by[partition.topic], key=load.__getitem__)
        if load[lightest] + 1 < load[shares[partition]]:
            _give(partition, lightest, shares, load)
            moved = True
    return moved


def _give(
    partition: Partition, member: str, shares: dict[Partition, str], load: dict[str, int]
) -> None:
    if partition in shares:
        load[shares[partition]] -= 1
    shares[partition] = member
    load[member] += 1
