"""Sharing out is complete, fair, and moves no more than it must."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chassis.log.port import Partition
from chassis.log.shares import share_out

TOPICS = ("a", "b", "c")

subscriptions = st.dictionaries(
    st.sampled_from(["m1", "m2", "m3", "m4", "m5"]),
    st.frozensets(st.sampled_from(TOPICS), min_size=1),
    max_size=5,
)
partitions = st.fixed_dictionaries({topic: st.integers(0, 7) for topic in TOPICS}).map(
    lambda counts: [Partition(topic, n) for topic, count in counts.items() for n in range(count)]
)


@st.composite
def situations(draw):
    everything = draw(partitions)
    owners = {
        partition: draw(st.sampled_from(["m1", "m2", "m3", "gone"]))
        for partition in everything
        if draw(st.booleans())
    }
    return draw(subscriptions), everything, owners


@given(situations())
def test_every_wanted_partition_has_one_subscriber(situation) -> None:
    wants, everything, owners = situation
    shares = share_out(wants, everything, owners)
    for partition in everything:
        candidates = {member for member, topics in wants.items() if partition.topic in topics}
        assert (shares.get(partition) in candidates) == bool(candidates)
    assert set(shares) <= set(everything)


@given(situations())
def test_members_with_the_same_topics_differ_by_one_at_most(situation) -> None:
    wants, everything, owners = situation
    shares = share_out(wants, everything, owners)
    load = {member: list(shares.values()).count(member) for member in wants}
    for one in wants:
        for other in wants:
            if wants[one] == wants[other]:
                assert abs(load[one] - load[other]) <= 1


@given(situations())
def test_a_second_look_moves_nothing(situation) -> None:
    wants, everything, owners = situation
    shares = share_out(wants, everything, owners)
    assert share_out(wants, everything, shares) == shares


@given(situations())
def test_a_death_moves_only_what_the_dead_held(situation) -> None:
    wants, everything, _ = situation
    equal = dict.fromkeys(wants, frozenset(TOPICS))
    before = share_out(equal, everything, {})
    dead = min(equal, default=None)
    survivors = {member: topics for member, topics in equal.items() if member != dead}
    if survivors:
        after = share_out(survivors, everything, before)
        assert all(after[one] == owner for one, owner in before.items() if owner != dead)


def test_a_newcomer_gets_half_of_each_topic() -> None:
    everything = [Partition(topic, number) for topic in ("a", "b") for number in range(4)]
    alone = dict.fromkeys(everything, "m1")
    both = {"m1": frozenset({"a", "b"}), "m2": frozenset({"a", "b"})}
    moved = {one for one, owner in share_out(both, everything, alone).items() if owner == "m2"}
    assert moved == {Partition(topic, number) for topic in ("a", "b") for number in (0, 1)}
