"""A name as it is compared: folded words, without patronymics, apart from gender endings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from services.registration.domain.duplicates.letters import skeleton, sounds, words

# Son or daughter of the word before.
_CHILD_OF = {
    sounds(word)
    for word in ("oğlu", "oglu", "ogly", "оглы", "qızı", "kizi", "kyzy", "gyzy", "кызы", "uulu",
                 "уулу", "ogli", "ugli", "ўғли", "угли", "qizi", "қизи", "uly", "ұлы", "қызы")
}  # fmt: skip
_PATRONYMIC = re.compile(r"..+[AUI](VIJ|VNA|VIJNA)")  # -ovich, -ovna, -evna
_FEMININE_FAMILY = re.compile(r"(.+[UA]V)A")  # -ova, -eva
_SKY = re.compile(r"(.+SK)(A|I|IA|AIA|II)")  # -skiy, -skaya, -ska

# Names that one person bears in two languages, by group; ours, to be grown.
_SAME_NAME = (
    ("aleksandr", "oleksandr", "alexander", "aleksandre", "олександр", "александр", "alexandru"),
    ("nikolay", "mykola", "nicolae", "микола", "николай"),
    ("vladimir", "volodymyr", "володимир", "владимир"),
    ("dmitriy", "dmytro", "dumitru", "дмитро", "дмитрий"),
    ("evgeniy", "yevhen", "євген", "евгений"),
    ("sergey", "serhiy", "serghei", "сергій", "сергей"),
    ("andrey", "andriy", "andrei", "андрій", "андрей"),
    ("mikhail", "mykhailo", "mihail", "mikheil", "михайло", "михаил", "მიხეილ"),
    ("georgiy", "giorgi", "gheorghe", "георгий", "გიორგი"),
    ("elena", "olena", "олена", "елена"),
    ("ekaterina", "kateryna", "катерина", "екатерина", "ecaterina"),
    ("pavel", "pavlo", "павло", "павел"),
    ("pyotr", "petro", "petru", "петро", "пётр"),
    ("ivan", "ion", "ivane", "иван"),
)
_FIRST = {sounds(name): sounds(group[0]) for group in _SAME_NAME for name in group}


@dataclass(frozen=True)
class NameKey:
    """One name.

    Attributes:
        parts: folded words, sorted; family name and given names are not told apart, since forms
            are filled in both orders.
        feminine: whether a family name says that a woman bears it.
    """

    parts: tuple[str, ...]
    feminine: bool


@lru_cache(maxsize=65536)
def name_key(name: str) -> NameKey:
    """The key of a name in any script."""
    folded = [sounds(word) for word in words(name)]
    folded = [word for word in folded if word]
    kept: list[str] = []
    for word in folded:
        if word in _CHILD_OF and len(kept) > 1:
            kept.pop()
        elif not (_PATRONYMIC.fullmatch(word) and len(folded) > 2):
            kept.append(word)
    feminine = any(_FEMININE_FAMILY.fullmatch(word) for word in kept)
    return NameKey(parts=tuple(sorted(_stem(word) for word in kept)), feminine=feminine)


def _stem(word: str) -> str:
    for pattern in (_FEMININE_FAMILY, _SKY):
        if found := pattern.fullmatch(word):
            word = found.group(1)
    return _FIRST.get(word, word)


def consonants(part: str) -> str:
    """The consonants of a folded word."""
    return skeleton(part)
