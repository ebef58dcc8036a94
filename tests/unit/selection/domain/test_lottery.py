import hashlib
import hmac
import random

import pytest

from chassis.errors import RuleViolation
from services.selection.domain.lottery import (
    commitment_sha256,
    lottery_number,
    lottery_seed,
    pool_sha256,
)


def test_commitment_is_the_plain_hash_anybody_can_compute():
    assert commitment_sha256("abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_seed_and_number_follow_from_public_parts():
    pool = pool_sha256(["b", "a"])
    assert pool == hashlib.sha256(b"a\nb").hexdigest()
    seed = lottery_seed("secret", "5 12 17", pool)
    assert (
        seed == hashlib.sha256(f"rtcm.selection.lottery.v1|secret|5 12 17|{pool}".encode()).digest()
    )
    expected = hmac.new(seed, b"a", "sha256").hexdigest()
    assert f"{lottery_number(seed, 'a'):064x}" == expected


def test_every_part_changes_the_seed():
    pool = pool_sha256(["a"])
    seeds = {
        lottery_seed("s", "v", pool),
        lottery_seed("t", "v", pool),
        lottery_seed("s", "w", pool),
        lottery_seed("s", "v", pool_sha256(["b"])),
    }
    assert len(seeds) == 4


def test_secret_with_the_separator_is_refused():
    with pytest.raises(RuleViolation) as refused:
        lottery_seed("s|v", "w", "p")
    assert refused.value.code == "lottery.secret_ambiguous"


def test_removing_people_changes_nobody_elses_number():
    seed = lottery_seed("s", "v", "p")
    people = [f"p{n}" for n in range(200)]
    before = {person: lottery_number(seed, person) for person in people}
    some = random.Random(1).sample(people, 50)
    assert {person: lottery_number(seed, person) for person in some} == {
        person: before[person] for person in some
    }
    order = sorted(people, key=before.__getitem__)
    assert [p for p in order if p in some] == sorted(some, key=before.__getitem__)


def test_numbers_are_spread_evenly():
    seed = lottery_seed("s", "v", "p")
    halves = sum(lottery_number(seed, f"p{n}") < 2**255 for n in range(4000))
    assert 1850 < halves < 2150
