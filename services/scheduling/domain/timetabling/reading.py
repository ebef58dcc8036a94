"""Reading ``.ctt`` and ``.ectt`` files, as they come: any white space, any order of the header.

Both formats are those of the International Timetabling Competition 2007, track 3. What ``.ectt``
adds (a flag for double lectures, bounds of daily lectures, buildings, rooms that a course cannot
use) is no part of the UD2 formulation and is passed over.
"""

from __future__ import annotations

from services.scheduling.domain.timetabling.instance import Course, Curriculum, Instance, Room

_SECTIONS = ("COURSES", "ROOMS", "CURRICULA", "UNAVAILABILITY_CONSTRAINTS", "ROOM_CONSTRAINTS")
_COUNTED = {"courses": "COURSES", "rooms": "ROOMS", "curricula": "CURRICULA"}
_MOST = 1_000_000  # of any number in a file
_MOST_PERIODS_PER_DAY = 60  # a day is kept as the bits of one machine word
_MOST_PERIODS = 2_000
_MOST_LECTURES = 50_000


class Malformed(ValueError):
    """A file that cannot be taken.

    Attributes:
        line: where, counted from 1; 0 for the file as a whole.
    """

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason}" if line else reason)


class _Line:
    """The words of one line, and what they mean."""

    def __init__(self, number: int, words: list[str]) -> None:
        self.number = number
        self.words = words

    def word(self, index: int, meaning: str) -> str:
        if index >= len(self.words):
            raise Malformed(self.number, f"{meaning} is missing")
        return self.words[index]

    def whole(self, index: int, meaning: str, *, below: int = _MOST + 1, least: int = 0) -> int:
        word = self.word(index, meaning)
        if not (word.isascii() and word.removeprefix("-").isdigit() and len(word) < 12):
            raise Malformed(self.number, f"{meaning} is not a whole number: {word[:40]!r}")
        value = int(word)
        if not least <= value < below:
            raise Malformed(self.number, f"{meaning} is {value}, not {least} to {below - 1}")
        return value


def read_instance(raw: bytes) -> Instance:
    """Read a file's bytes (Latin-1 or UTF-8 alike: only separators and digits have a meaning).

    Raises:
        Malformed: with the line and what is wrong there.
    """
    header, sections = _split(raw)
    days = _header(header, "days").whole(1, "the number of days", least=1)
    line = _header(header, "periods_per_day")
    per_day = line.whole(1, "the number of periods a day", least=1, below=_MOST_PERIODS_PER_DAY + 1)
    if days * per_day > _MOST_PERIODS:
        raise Malformed(line.number, f"{days * per_day} periods a week are more than can be taken")
    courses = {each.word(0, "the course"): each for each in _unlike(sections["COURSES"], "course")}
    rooms = {each.word(0, "the room"): each for each in _unlike(sections["ROOMS"], "room")}
    for name, section in _COUNTED.items():
        _agree(header, name, len(sections[section]))
    if not rooms:
        raise Malformed(0, "there is no room")
    if not courses:
        raise Malformed(0, "there is no course")
    numbers = {course_id: number for number, course_id in enumerate(courses)}
    instance = Instance(
        name=" ".join(header["name"].words[1:]) if "name" in header else "",
        day_count=days,
        periods_per_day=per_day,
        courses=tuple(_course(each) for each in courses.values()),
        rooms=tuple(
            Room(room_id=room_id, seat_count=each.whole(1, f"the seats of room {room_id}"))
            for room_id, each in rooms.items()
        ),
        curricula=tuple(
            _curriculum(each, numbers) for each in _unlike(sections["CURRICULA"], "curriculum")
        ),
        unavailable=frozenset(
            _unavailable(each, numbers, days, per_day)
            for each in sections["UNAVAILABILITY_CONSTRAINTS"]
        ),
    )
    if instance.lecture_count > _MOST_LECTURES:
        raise Malformed(0, f"{instance.lecture_count} lectures are more than can be taken")
    return instance


def _split(raw: bytes) -> tuple[dict[str, _Line], dict[str, list[_Line]]]:
    """Header fields by lower-case name, and the lines of every section."""
    header: dict[str, _Line] = {}
    sections: dict[str, list[_Line]] = {name: [] for name in _SECTIONS}
    section: list[_Line] | None = None
    if b"\0" in raw:
        raise Malformed(raw[: raw.index(b"\0")].count(b"\n") + 1, "not a text file")
    for number, text in enumerate(lines_of(raw), 1):
        words, title = text.split(), text.strip().rstrip(" .:").upper()
        if title == "END":
            break
        if title in sections:
            section = sections[title]
        elif section is not None and len(words) == 1 and text.rstrip().endswith(":"):
            section = []  # one that we do not know is read into nowhere
        elif words and section is None:
            name, rest = text.split(":", 1) if ":" in text else (words[0], " ".join(words[1:]))
            header[name.strip().lower()] = _Line(number, [name.strip(), *rest.split()])
        elif words and section is not None:
            section.append(_Line(number, words))
    return header, sections


def lines_of(raw: bytes) -> list[str]:
    """The lines of a text file, whatever ends them."""
    text = raw.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _header(header: dict[str, _Line], name: str) -> _Line:
    if name not in header:
        raise Malformed(0, f"the header has no {name.capitalize()}")
    return header[name]


def _agree(header: dict[str, _Line], name: str, found: int) -> None:
    if name in header:
        said = header[name].whole(1, f"the number of {name}")
        if said != found:
            raise Malformed(
                header[name].number, f"the header says {said} {name}, the file has {found}"
            )


def _unlike(lines: list[_Line], what: str) -> list[_Line]:
    seen: dict[str, int] = {}
    for each in lines:
        first = seen.setdefault(each.words[0], each.number)
        if first != each.number:
            raise Malformed(each.number, f"{what} {each.words[0]} stands already in line {first}")
    return lines


def _course(line: _Line) -> Course:
    name = line.words[0]
    return Course(
        course_id=name,
        teacher_id=line.word(1, f"the teacher of course {name}"),
        lecture_count=line.whole(2, f"the number of lectures of course {name}"),
        min_days=line.whole(3, f"the least days of course {name}"),
        student_count=line.whole(4, f"the number of students of course {name}"),
    )


def _curriculum(line: _Line, numbers: dict[str, int]) -> Curriculum:
    name = line.words[0]
    size = line.whole(1, f"the number of courses of curriculum {name}")
    members: dict[int, None] = {}
    for index in range(2, 2 + size):
        course = line.word(index, f"course {index - 1} of {size} of curriculum {name}")
        if course not in numbers:
            raise Malformed(line.number, f"curriculum {name} names unknown course {course}")
        members[numbers[course]] = None  # one that is named twice is attended once
    return Curriculum(curriculum_id=name, courses=tuple(members))


def _unavailable(line: _Line, numbers: dict[str, int], days: int, per_day: int) -> tuple[int, int]:
    name = line.words[0]
    if name not in numbers:
        raise Malformed(line.number, f"unavailability of unknown course {name}")
    day = line.whole(1, f"the day on which {name} is unavailable", below=days)
    period = line.whole(2, f"the period in which {name} is unavailable", below=per_day)
    return numbers[name], day * per_day + period
