"""Course timetabling files as they come, and what is wrong with some."""

from __future__ import annotations

import pytest

from services.scheduling.domain.timetabling.reading import Malformed, read_instance
from services.scheduling.domain.timetabling.solution import read_solution, write_solution

TEXT = """Name: Small
Courses: 2
Rooms: 1
Days: 2
Periods_per_day: 3
Curricula: 1
Constraints: 1

COURSES:
Law Ocra 2 2 30
Aid Indaco 1 1 42

ROOMS:
A	32

CURRICULA:
Cur1  2 Law Aid

UNAVAILABILITY_CONSTRAINTS:
Law   1  2

END.
"""


def test_a_file_is_read():
    instance = read_instance(TEXT.encode())

    assert (instance.name, instance.period_count, instance.lecture_count) == ("Small", 6, 3)
    assert [course.course_id for course in instance.courses] == ["Law", "Aid"]
    assert instance.conflicts == (frozenset({1}), frozenset({0}))
    assert instance.unavailable == {(0, 5)}
    assert instance.overflow(1, 0) == 10


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r"),
        TEXT.replace(" ", " \t "),
        TEXT.replace("END.\n", ""),
        TEXT.replace("Days: 2\n", "").replace("Name: Small\n", "Days : 2\nName: Small\n"),
        TEXT.replace("Days: 2", "DAYS:2\nMin_Max_Daily_Lectures: 1 3"),
        TEXT.replace("END.", "ROOM_CONSTRAINTS:\nLaw A\n\nEXTRAS:\n1 2\nEND."),
        TEXT.replace("Law Ocra 2 2 30", "Law Ocra 2 2 30 1").replace("A\t32", "A 32 0"),
        "\ufeff" + TEXT,
    ],
)
def test_spelling_does_not_matter(text):
    assert vars(read_instance(text.encode())) == vars(read_instance(TEXT.encode()))


def test_latin_letters_are_read():
    text = TEXT.replace("Law", "Économie")

    assert read_instance(text.encode("latin-1")).courses[0].course_id == "Économie"


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ("Days: 2\n", "", 0, "no Days"),
        ("Days: 2", "Days: two", 4, "not a whole number"),
        ("Days: 2", "Days: NaN", 4, "not a whole number"),
        ("Days: 2", "Days: 0", 4, "is 0"),
        ("Days: 2", "Days: 999999", 5, "more than can be taken"),
        ("Days: 2", "Days: 99999999999999999", 4, "not a whole number"),
        ("Courses: 2", "Courses: 3", 2, "says 3 courses, the file has 2"),
        ("Aid Indaco 1 1 42", "Aid Indaco 1 1", 11, "students of course Aid is missing"),
        ("Aid Indaco 1 1 42", "Aid Indaco -1 1 42", 11, "is -1"),
        ("Aid Indaco", "Law Indaco", 11, "course Law stands already in line 10"),
        ("2 Law Aid", "3 Law Aid", 17, "course 3 of 3"),
        ("2 Law Aid", "2 Law Art", 17, "unknown course Art"),
        ("Law   1  2", "Law   1  3", 20, "is 3, not 0 to 2"),
        ("Law   1  2", "Art   1  2", 20, "unknown course Art"),
        ("Small", "Sm\0all", 1, "not a text file"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old, new, line, part):
    with pytest.raises(Malformed) as refused:
        read_instance(TEXT.replace(old, new, 1).encode())

    assert refused.value.line == line
    assert part in refused.value.reason


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xff\xfe\x12", b"{}", b"COURSES:\n"])
def test_what_is_no_such_file_is_refused(raw):
    with pytest.raises(Malformed):
        read_instance(raw)


def test_a_solution_is_read_and_written():
    instance = read_instance(TEXT.encode())
    text = "Law A 0 1\nLaw A 1 0\nAid A 0 0\n"

    assert write_solution(instance, read_solution(text.encode(), instance)) == text.encode()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Law A 0", "line 1: not 'CourseID RoomID Day Period'"),
        ("\nArt A 0 0", "line 2: unknown course Art"),
        ("Law B 0 0", "line 1: unknown room B"),
        ("Law A 2 0", "line 1: no such day and period: 2 0 (0 0 to 1 2)"),
        ("Law A -1 0", "no such day"),
        ("Law A 0 1.5", "no such day"),
        ("Law A 0 99999999999999999999", "no such day"),
    ],
)
def test_a_solution_line_that_cannot_be_is_refused(text, part):
    with pytest.raises(Malformed) as refused:
        read_solution(text.encode(), read_instance(TEXT.encode()))

    assert part in str(refused.value)
