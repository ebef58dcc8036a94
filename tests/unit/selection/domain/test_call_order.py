"""Bounds proved for Parcoursup (parcoursup.labri.fr/why3), and orders worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import RuleViolation
from services.selection.domain.call_order import RateGroup, call_order

FEW = settings(derandomize=True, max_examples=80, deadline=None, database=None)


def _group(name, rate, members):
    return RateGroup(name=name, rate_percent=rate, members=frozenset(members))


@st.composite
def _one_group(draw):
    merit = [f"p{n}" for n in range(draw(st.integers(1, 40)))]
    members = draw(st.sets(st.sampled_from(merit)))
    return merit, _group("b", draw(st.integers(0, 100)), members)


@st.composite
def _two_groups(draw):
    merit, first = draw(_one_group())
    members = draw(st.sets(st.sampled_from(merit)))
    return merit, first, _group("r", draw(st.integers(0, 100 - first.rate_percent)), members)


def test_without_groups_merit_is_kept():
    assert call_order(["b", "a"], []) == ("b", "a")


def test_one_group_by_hand():
    merit = ["a", "b", "c", "d", "m", "n"]
    order = call_order(merit, [_group("g", 25, {"m", "n"})])
    assert order == ("m", "a", "b", "c", "n", "d")


def test_both_due_takes_who_is_in_both_then_the_first_group():
    merit = ["a", "r1", "b1", "br"]
    groups = [_group("b", 30, {"b1", "br"}), _group("r", 30, {"r1", "br"})]
    assert call_order(merit, groups) == ("br", "a", "r1", "b1")
    apart = [_group("b", 30, {"b1"}), _group("r", 30, {"r1"})]
    assert call_order(merit, apart) == ("b1", "r1", "a", "br")


@FEW
@given(_one_group())
def test_rate_holds_at_every_start_of_the_order_while_members_remain(case):
    merit, group = case
    order = call_order(merit, [group])
    assert sorted(order) == sorted(merit)
    for length in range(1, len(order) + 1):
        members = len(group.members.intersection(order[:length]))
        assert 100 * members >= group.rate_percent * length or members == len(group.members)


@FEW
@given(_one_group())
def test_one_group_bounds(case):
    merit, group = case
    order = call_order(merit, [group])
    rest = 100 - group.rate_percent
    for person in merit:
        rank, call_rank = merit.index(person) + 1, order.index(person) + 1
        if person in group.members:
            assert call_rank <= rank
        else:
            assert rest * call_rank <= rest + 100 * rank


@FEW
@given(_two_groups())
def test_two_groups_bounds(case):
    merit, first, second = case
    order = call_order(merit, [first, second])
    assert sorted(order) == sorted(merit)
    rest = 100 - first.rate_percent - second.rate_percent
    for person in merit:
        rank, call_rank = merit.index(person) + 1, order.index(person) + 1
        assert rest * (call_rank - 1) <= 100 * (1 + rank)
        if person in first.members & second.members:
            assert call_rank <= rank


@FEW
@given(_two_groups())
def test_merit_decides_among_people_of_the_same_kind(case):
    merit, first, second = case
    order = call_order(merit, [first, second])
    for kind in range(4):
        same = [p for p in merit if (p in first.members) + 2 * (p in second.members) == kind]
        assert [p for p in order if p in same] == same


@pytest.mark.parametrize(
    ("merit", "groups", "code"),
    [
        (["a", "a"], [], "call_order.person_twice"),
        (["a"], [_group("g", 101, {"a"})], "call_order.rate"),
        (["a"], [_group("g", 10, {"b"})], "call_order.stranger"),
        (["a"], [_group(name, 10, {"a"}) for name in "xyz"], "call_order.groups"),
    ],
)
def test_contradictions_are_refused(merit, groups, code):
    with pytest.raises(RuleViolation) as refused:
        call_order(merit, groups)
    assert refused.value.code == code
