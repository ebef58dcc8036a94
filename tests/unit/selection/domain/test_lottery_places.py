from services.selection.domain.lottery import lottery_number, lottery_seed
from services.selection.domain.lottery_places import lottery_places

SEED = lottery_seed("secret", "5 12 17", "pool")


def test_places_are_those_of_the_numbers():
    people = [f"p{number}" for number in range(3000)]
    by_number = sorted(people, key=lambda person: lottery_number(SEED, person))
    places = lottery_places(SEED, people)
    assert [by_number[place] for place in places] == people


def test_equal_numbers_keep_the_order_given():
    assert lottery_places(SEED, ["same", "same"]).tolist() == [0, 1]


def test_nobody_has_no_place():
    assert lottery_places(SEED, []).tolist() == []
