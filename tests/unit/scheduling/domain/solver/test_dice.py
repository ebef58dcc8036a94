from collections import Counter

from services.scheduling.domain.solver.dice import Dice


def test_the_same_seed_gives_the_same_numbers():
    assert [Dice(7).below(1000) for _ in range(3)] == [Dice(7).below(1000) for _ in range(3)]
    assert Dice(7).below(10**9) != Dice(8).below(10**9)


def test_every_number_comes_about_as_often():
    dice = Dice(1)
    counts = Counter(dice.below(6) for _ in range(6000))

    assert set(counts) == set(range(6))
    assert all(850 < count < 1150 for count in counts.values())


def test_some_of_takes_none_twice():
    assert sorted(Dice(3).some_of("abc", 5)) == ["a", "b", "c"]
    assert len(set(Dice(3).some_of(range(100), 10))) == 10
