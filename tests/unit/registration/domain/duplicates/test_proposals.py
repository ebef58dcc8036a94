"""Spellings that meet, siblings that do not, and what is proposed to a person."""

from __future__ import annotations

import random
from datetime import date

import pytest

from bench.duplicates import ours
from bench.names import population
from services.registration.domain.duplicates.name_key import name_key
from services.registration.domain.duplicates.proposals import (
    Entry,
    Strength,
    propose,
)

DAY = date(1999, 3, 21)
LATER = date(2002, 7, 1)


def _entry(entry_id, *names, birth_on=DAY, document=None, contacts=()):
    return Entry(
        entry_id=entry_id,
        names=names,
        birth_on=birth_on,
        document_hash=document,
        contact_hashes=frozenset(contacts),
    )


def _pair(*entries):
    return [(p.strength, p.reasons) for p in propose(entries)]


@pytest.mark.parametrize(
    "spellings",
    [
        ("Əliyev Məmməd", "Mammad Aliyev", "Алиев Мамед", "ELİYEV MEMMED"),
        ("Quliyev Rəşad", "Guliyev Rashad", "Кулиев Рашад", "Kuliev Reshad"),
        ("Hüseynov Xalid", "Khalid Huseynov", "Гусейнов Халид"),
        ("Yaqubov Cavid", "Yagubov Javid", "Якубов Джавид", "Iakubov Dzhavid"),
        ("Məmmədov Əli Rəşad oğlu", "Mammadov Ali", "Мамедов Али Рашадович"),
        ("Məmmədova Günel Rəşad qızı", "Mammadova Gunel", "Мамедова Гюнель Рашадовна"),
        ("ბერიძე გიორგი", "Beridze Giorgi", "Беридзе Георгий"),
        ("ყიფიანი ნინო", "Kipiani Nino", "Qipiani Nino", "Кипиани Нино"),
        ("Шевченко Олександр", "Oleksandr Shevchenko", "Александр Шевченко"),
        ("Şahin Çağlar", "Sahin Caglar", "Шахин Чаглар"),
        ("Жұмабаев Қайрат", "Zhumabayev Kairat", "Жумабаев Кайрат"),
        ("Xo'jayev G'ayrat", "Khojayev Gayrat", "Ходжаев Гайрат"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_have_one_key(spellings):
    assert len({name_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Məmmədov Əli", "Məmmədova Əli"),
        ("Əliyev Məmməd", "Əliyeva Məmmədə"),
        ("Əliyev Həsən", "Əliyev Hüseyn"),
        ("Beridze Nino", "Beridze Nana"),
    ],
)
def test_brothers_and_sisters_are_never_strong(one, other):
    assert _pair(_entry("a", one), _entry("b", other, birth_on=LATER)) == []
    twins = _pair(_entry("a", one), _entry("b", other))
    assert [strength for strength, _ in twins] in ([], [Strength.POSSIBLE])


def test_same_name_and_day_are_strong_unless_papers_differ():
    first, second = "Əliyev Məmməd", "Алиев Мамед"
    assert _pair(_entry("a", first), _entry("b", second)) == [
        (Strength.STRONG, ("same_name", "same_birth_date"))
    ]
    assert _pair(_entry("a", first, document="1"), _entry("b", second, document="2")) == [
        (Strength.POSSIBLE, ("same_name", "same_birth_date"))
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"document": "1"}, {"document": "1", "birth_on": LATER}, "strong same_document"),
        ({}, {"birth_on": date(1999, 3, 22)}, "possible same_name"),
        ({"birth_on": date(1999, 3, 5)}, {"birth_on": date(1999, 5, 3)}, "possible same_name"),
        ({}, {"birth_on": None}, "possible same_name"),
        ({"contacts": ["5"]}, {"contacts": ["5"], "birth_on": LATER}, "possible same_name"),
    ],
)  # fmt: skip
def test_what_else_makes_a_pair(one, other, expected):
    ((strength, reasons),) = _pair(
        _entry("a", "Əliyev Məmməd", **one), _entry("b", "Aliyev Mammad", **other)
    )
    assert f"{strength} {reasons[0]}" == expected


def test_one_document_with_two_names_is_looked_at_and_not_believed():
    ((strength, reasons),) = _pair(
        _entry("a", "Əliyev Məmməd", document="1"), _entry("b", "Beridze Nino", document="1")
    )
    assert (strength, reasons) == (Strength.POSSIBLE, ("same_document", "same_birth_date"))


def test_other_days_or_names_make_no_pair():
    assert _pair(_entry("a", "Əliyev Məmməd"), _entry("b", "Əliyev Məmməd", birth_on=LATER)) == []
    assert _pair(_entry("a", "Əliyev Məmməd"), _entry("b", "Rusu Elena")) == []
    assert _pair(_entry("a", "Əliyev"), _entry("b", "Əliyev")) == []


@pytest.mark.parametrize("name", ["", " ", "---", "'", "漢字", "İ", "ıııı", "a" * 5000, "\x00"])
def test_any_text_has_a_key(name):
    assert propose([_entry("a", name), _entry("b", name)]) is not None
    assert name_key(name) == name_key(name)


def test_order_of_entries_changes_nothing():
    records = population(300, seed=4)
    pairs = ours(records)
    random.Random(1).shuffle(records)
    assert ours(records) == pairs


def test_made_up_people_are_found_and_siblings_kept_apart():
    records = population(1500, seed=2)
    by_id = {record.record_id: record for record in records}
    proposed, strong = ours(records)
    twice = {}
    for record in records:
        twice.setdefault(record.person, []).append(record.record_id)
    true = {tuple(sorted(ids)) for ids in twice.values() if len(ids) == 2}
    assert len(true & proposed) >= 0.98 * len(true)
    assert len(proposed - true) <= 0.02 * len(records)
    siblings = [
        (a, b)
        for a, b in strong
        if by_id[a].family == by_id[b].family and by_id[a].person != by_id[b].person
    ]
    assert siblings == []


def test_proposals_come_in_order_of_ids():
    found = propose([_entry(i, "Əliyev Məmməd") for i in "cab"])
    assert [(p.first_id, p.second_id) for p in found] == [("a", "b"), ("a", "c"), ("b", "c")]


def _bearers(count):
    """People of one name, born on days that are not alike."""
    return [
        _entry(f"z{n:03}", "Beridze Giorgi", birth_on=date(1970 + n % 30, 1 + n // 30 % 12, 28))
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("bearers", "other_day", "proposed"),
    [
        (0, date(1999, 3, 26), True),  # any one digit, where the name is rare
        (8, date(1999, 3, 26), True),
        (9, date(1999, 3, 26), False),
        (9, date(1999, 3, 22), True),  # a likely slip, where it is not
        (9, date(1999, 4, 21), True),
        (38, date(1999, 3, 22), True),
        (39, date(1999, 3, 22), False),
        (8, None, True),
        (9, None, False),
        (100, DAY, True),  # the same day, whatever the name
    ],
)
def test_commoner_names_need_days_more_alike(bearers, other_day, proposed):
    two = [
        _entry("a", "Beridze Giorgi"),
        _entry("b", "ბერიძე გიორგი", birth_on=other_day),
    ]
    pairs = {(p.first_id, p.second_id) for p in propose([*two, *_bearers(bearers)])}
    assert (("a", "b") in pairs) is proposed


def test_day_after_counts_across_the_end_of_a_month():
    days = date(1999, 3, 31), date(1999, 4, 1)
    pair = _pair(*(_entry(str(d), "Beridze Giorgi", birth_on=d) for d in days))
    assert pair == [(Strength.POSSIBLE, ("same_name", "similar_birth_date"))]
