"""People who do not exist: seeded names whose surnames mean "example" in their language."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

_GIVEN = {
    "AZ": ("Aygün", "Elvin", "Günel", "İlham", "Könül", "Murad", "Nərmin", "Orxan",
           "Rəşad", "Səbinə", "Şəbnəm", "Tural", "Ülviyyə", "Vüqar", "Zəhra", "Çinarə", "Fərid",
           "Ləman", "Ruslan", "Əsmər"),
    "GE": ("ნინო", "გიორგი", "მარიამ", "ლევან"),
    "TR": ("Ayşe", "Mehmet", "Çiğdem", "Oğuz"),
    "KZ": ("Әсел", "Нұрлан", "Айгүл", "Ерлан"),
    "KG": ("Айсулуу", "Бакыт", "Жылдыз", "Тилек"),
    "UZ": ("Dilnoza", "Otabek", "Gulnora", "Jasur"),
    "TJ": ("Фарзона", "Рустам", "Ситора", "Далер"),
    "UA": ("Олена", "Андрій", "Їванна", "Юрій"),
    "MD": ("Ștefan", "Ioana", "Țurcana", "Mihai"),
    "BY": ("Алеся", "Ўладзімір", "Янка", "Зміцер"),
}  # fmt: skip

_SURNAMES = {
    "AZ": ("Nümunəli", "Misalzadə", "Örnəkov"),
    "GE": ("ნიმუშაძე", "მაგალითაშვილი"),
    "TR": ("Örnekoğlu", "Misalci"),
    "KZ": ("Мысалов", "Үлгібаев"),
    "KG": ("Мисалов", "Үлгүбаев"),
    "UZ": ("Namunayev", "Misolova"),
    "TJ": ("Намунаев", "Мисолзода"),
    "UA": ("Прикладенко", "Зразкова"),
    "MD": ("Exemplescu", "Modelaru"),
    "BY": ("Прыкладовіч", "Узораў"),
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody made up."""

    number: int
    name: str
    email: str
    country_code: str
    language_code: str
    born_on: date


class People:
    """An endless row of people, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = random.Random(seed)  # noqa: S311 -- made-up people, not secrets
        self._count = 0

    def next(self, country_code: str) -> Person:
        """One more, of a country."""
        self._count += 1
        draw = self._random
        given, surname = draw.choice(_GIVEN[country_code]), draw.choice(_SURNAMES[country_code])
        return Person(
            number=self._count,
            name=f"{given} {surname}",
            email=f"person-{self._count:03}@example.test",
            country_code=country_code,
            language_code="az" if country_code == "AZ" else "en",
            born_on=date(1996, 1, 1) + timedelta(days=draw.randrange(1800)),
        )

    def chance(self, *about: str) -> random.Random:
        """Draws about one thing: the same whatever else is drawn before, beside or after."""
        return random.Random("|".join((str(self._seed), *about)))  # noqa: S311 -- as above
