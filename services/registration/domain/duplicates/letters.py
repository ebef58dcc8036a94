"""Sounds of names in the scripts of the region, folded so that one name's spellings meet.

Classes, chosen by what officials' spellings mix up (Quliyev, Guliyev, Кулиев; Hüseynov, Гусейнов;
Cavadov, Javadov, Джавадов; Şahin, Sahin, Shahin): K stands for k g q x h and their kin, J for
c ç j ch zh dzh, S for s and sh, A for a e ə, U for o ö u ü, I for i ı y. Our own table; no
standard covers Azerbaijani, Russian, Georgian, Ukrainian, Turkish, Kazakh and Uzbek together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

VOWELS = "AUI"

_CLASSES = {
    # Latin, after diacritics that carry no sound of their own are gone
    "a": "A", "e": "A", "ə": "A", "o": "U", "ö": "U", "u": "U", "ü": "U", "i": "I", "ı": "I",
    "y": "I", "b": "B", "c": "J", "ç": "J", "j": "J", "d": "D", "f": "F", "g": "K", "ğ": "K",
    "h": "K", "k": "K", "q": "K", "x": "K", "l": "L", "m": "M", "n": "N", "p": "P", "r": "R",
    "s": "S", "ş": "S", "ș": "S", "t": "T", "ț": "TS", "v": "V", "w": "V", "z": "Z", "ß": "S",
    "ň": "N", "ý": "I", "ž": "J", "ă": "A", "â": "A", "î": "I",
    # Cyrillic
    "а": "A", "б": "B", "в": "V", "г": "K", "ґ": "K", "д": "D", "е": "A", "ё": "A", "є": "A",
    "ж": "J", "з": "Z", "и": "I", "і": "I", "ї": "I", "й": "I", "к": "K", "л": "L", "м": "M",
    "н": "N", "о": "U", "п": "P", "р": "R", "с": "S", "т": "T", "у": "U", "ф": "F", "х": "K",
    "ц": "TS", "ч": "J", "ш": "S", "щ": "S", "ъ": "", "ы": "I", "ь": "", "э": "A", "ю": "IU",
    "я": "IA", "ә": "A", "ғ": "K", "қ": "K", "ң": "N", "ө": "U", "ұ": "U", "ү": "U", "һ": "K",
    "ҝ": "K", "ҹ": "J", "ҷ": "J", "ҳ": "K", "ӣ": "I", "ӯ": "U", "ў": "U", "җ": "J", "ј": "I",
    # Georgian
    "ა": "A", "ბ": "B", "გ": "K", "დ": "D", "ე": "A", "ვ": "V", "ზ": "Z", "თ": "T", "ი": "I",
    "კ": "K", "ლ": "L", "მ": "M", "ნ": "N", "ო": "U", "პ": "P", "ჟ": "J", "რ": "R", "ს": "S",
    "ტ": "T", "უ": "U", "ფ": "P", "ქ": "K", "ღ": "K", "ყ": "K", "შ": "S", "ჩ": "J", "ც": "TS",
    "ძ": "DZ", "წ": "TS", "ჭ": "J", "ხ": "K", "ჯ": "J", "ჰ": "K",
}  # fmt: skip

_DIGRAPHS = (
    ("shch", "ş"), ("sch", "ş"), ("sh", "ş"), ("dzh", "j"), ("dj", "j"), ("zh", "j"), ("tch", "j"),
    ("ch", "ç"), ("kh", "x"), ("gh", "g"), ("ph", "p"), ("tz", "ts"), ("ck", "k"), ("ks", "x"),
    ("дж", "ж"), ("кс", "х"), ("ქს", "ხ"),
)  # fmt: skip

_SOFT = re.compile("(?<=[бвгджзклмнпрстфхцчшщ])[юя]")  # Гюнель, Günel: no glide in them

_SOUNDING = set("əöüıçğşșțňýžăâî") | {"й", "ё", "ї", "ӣ", "ӯ", "ў"}
_SEPARATORS = re.compile(r"[\s\-–—.,;/()]+")


def words(name: str) -> tuple[str, ...]:
    """Lower-case words of a name, without apostrophes and marks that carry no sound."""
    # The dotted capital İ would leave a combining dot, the plain I is not the Turkish ı here.
    plain = unicodedata.normalize("NFC", name).replace("İ", "i").lower()
    kept = []
    for letter in plain:
        if letter in _CLASSES or letter in _SOUNDING or _SEPARATORS.match(letter):
            kept.append(letter)
            continue
        base = unicodedata.normalize("NFD", letter)[0]
        if base in _CLASSES:
            kept.append(base)
    return tuple(word for word in _SEPARATORS.split("".join(kept)) if word)


@lru_cache(maxsize=65536)
def sounds(word: str) -> str:
    """The sound classes of one word: no doubles, no glide before a vowel at the beginning."""
    for letters, one in _DIGRAPHS:
        word = word.replace(letters, one)
    word = _SOFT.sub(lambda found: {"ю": "у", "я": "а"}[found[0]], word)
    folded = "".join(_CLASSES.get(letter, "") for letter in word)
    folded = re.sub(r"(.)\1+", r"\1", folded)
    folded = re.sub(rf"(?<=[{VOWELS}])I(?=[AU])", "", folded)  # Rəhiyev, Рагиев; Aya, Ая
    folded = re.sub(r"I(?=[AU])", "", folded) if folded[:1] == "I" else folded
    return re.sub(r"(.)\1+", r"\1", folded)


def skeleton(folded: str) -> str:
    """Its consonants."""
    return "".join(letter for letter in folded if letter not in VOWELS)
