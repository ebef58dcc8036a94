from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain.presence import clipped, common, merged, minutes_of

DAY = datetime(2021, 1, 9, tzinfo=UTC)

minutes = st.integers(min_value=0, max_value=200)
spans = st.lists(st.tuples(minutes, minutes), max_size=8)


def at(minute: int) -> datetime:
    return DAY + timedelta(minutes=minute)


def moments(intervals) -> set[int]:
    """The naive meaning: every minute that some interval covers."""
    return {m for start, end in intervals for m in range(start, end)}


def as_intervals(pairs):
    return [(at(start), at(end)) for start, end in pairs]


@settings(derandomize=True, max_examples=200)
@given(spans)
def test_merged_minutes_are_those_of_the_naive_set(pairs):
    assert minutes_of(as_intervals(pairs)) == len(moments(pairs))


@settings(derandomize=True, max_examples=100)
@given(spans)
def test_merged_intervals_are_disjoint_ordered_and_not_touching(pairs):
    found = merged(as_intervals(pairs))

    assert all(start < end for start, end in found)
    assert all(one[1] < two[0] for one, two in pairwise(found))


@settings(derandomize=True, max_examples=100)
@given(spans, spans)
def test_common_minutes_are_the_intersection(one, two):
    both = common(merged(as_intervals(one)), merged(as_intervals(two)))

    assert minutes_of(both) == len(moments(one) & moments(two))


def test_seconds_add_up_before_they_are_rounded():
    half = timedelta(seconds=30)

    assert minutes_of([(at(0), at(0) + half), (at(5), at(5) + half)]) == 1


def test_clipping_cuts_what_lies_outside():
    assert clipped([(at(0), at(50)), (at(60), at(70))], at(10), at(40)) == ((at(10), at(40)),)
