"""Keys go where Kafka's own clients put them."""

from __future__ import annotations

from collections import Counter

import pytest

from chassis.ids import derived_id
from chassis.log.partitioner import murmur2, partition_number

# From Kafka's own tests of its Java client (UtilsTest.testMurmur2), as unsigned.
PUBLISHED = {
    "21": -973932308,
    "foobar": -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    "abc": 479470107,
}


@pytest.mark.parametrize("text", PUBLISHED)
def test_murmur2_agrees_with_the_published_values(text: str) -> None:
    assert murmur2(text.encode()) == PUBLISHED[text] & 0xFFFFFFFF


def test_every_key_has_a_partition_even_the_empty_one() -> None:
    assert {partition_number(key, 1) for key in ("", "a", "ə")} == {0}
    assert 0 <= partition_number("", 12) < 12


def test_ids_spread_over_the_partitions() -> None:
    counts = Counter(partition_number(derived_id(str(number)), 12) for number in range(6000))
    assert set(counts) == set(range(12))
    assert all(400 < count < 600 for count in counts.values())
