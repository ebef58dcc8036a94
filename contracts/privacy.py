"""Refuses every field that could hold personal data.

Events are kept for ever and read by many, so they carry opaque ids only. What a field may hold is
told by its type: a text must have one of the closed forms of ``contracts.types``; a language map
is for the titles of programmes and trainings listed here. Ciphertext (``Sealed``) is for private
events alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from contracts.event import Event
from contracts.types import FORMS, Form, LanguageMap, OneOf, Sealed

TITLES = frozenset(
    {
        ("rtcm.registration.programme.published.v1", "titles"),
        ("rtcm.registration.cohort.announced.v1", "titles"),
        ("rtcm.scheduling.timetable.released.v1", "sessions.titles"),
        ("rtcm.scheduling.session.moved.v1", "titles"),
        ("rtcm.scheduling.session.cancelled.v1", "titles"),
    }
)
"""Where texts for people are allowed: (event type, path of the field); never about a person."""

NAMES_OF_THINGS = frozenset({"public_value_name"})
"""Fields that sound like a person's data and are not."""

_PERSONAL_WORD = re.compile(
    r"""(?:^|_)(
    names? | firstname | lastname | fullname | surname | patronymic | nickname | username | login
    | e?mails? | phones? | mobile | telephone | fax | contact | address(?:es)? | street | postcode
    | city | latitude | longitude | birth | birthday | birthdate | born | age | sex | gender
    | nationality | citizenship | ethnicity | religion | health | disability | marital | family
    | passport | pin | fin | iban | photo | picture | signature | ip | useragent | device
    | password | token | secret | texts? | comments? | notes? | remarks? | essay | motivation
    | scores? | grades?
    )(?=_|$)""",
    re.VERBOSE,
)
"""Words that, as a part of a field's name, say that it is about who a person is."""

_CLOSED_FORMS = frozenset(form for form in FORMS if form.name not in ("title", "sealed"))
_HARMLESS = (int, bool, date, datetime)
_SEALED: Form = get_args(Sealed)[1]


def privacy_problems(event_class: type[Event]) -> list[str]:
    """A sentence for each field of an event that could hold personal data."""
    return _object_problems(event_class, event_class, path="")


def _object_problems(declared: type[Any], event_class: type[Event], *, path: str) -> list[str]:
    hints = get_type_hints(declared, include_extras=True)
    problems = []
    for field in fields(declared):
        place = f"{path}.{field.name}".lstrip(".")
        found = _word_problem(field.name) or _type_problem(hints[field.name], event_class, place)
        if found:
            problems.append(f"{event_class.event_type}: {place} {found}")
        for nested in _nested(hints[field.name]):
            problems += _object_problems(nested, event_class, path=place)
    return problems


def _word_problem(name: str) -> str | None:
    word = _PERSONAL_WORD.search(name)
    if word is None or name in NAMES_OF_THINGS:
        return None
    return f"is named after what people are known by ({word[1]})"


def _type_problem(hint: Any, event_class: type[Event], place: str) -> str | None:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint == LanguageMap:
        listed = (event_class.event_type, place) in TITLES
        return None if listed else "is a text for people, but no title listed in contracts.privacy"
    if origin is Annotated:
        return _rule_problem(arguments[0], arguments[1:], event_class)
    if origin in (Union, UnionType) or (origin is tuple and arguments[1:] == (Ellipsis,)):
        found = (_type_problem(each, event_class, place) for each in arguments if each is not ...)
        return next((problem for problem in found if problem), None)
    if hint in (NoneType, *_HARMLESS) or (isinstance(hint, type) and is_dataclass(hint)):
        return None
    if hint is str:
        return "is free text; give it a form of contracts.types"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "is a map and may hold anything"
    return f"is of a type that may hold anything ({hint})"


def _rule_problem(base: Any, marks: tuple[Any, ...], event_class: type[Event]) -> str | None:
    if base in _HARMLESS or any(isinstance(mark, OneOf) for mark in marks):
        return None
    if _SEALED in marks:
        return None if event_class.private else "is sealed, but the event is not private"
    if _CLOSED_FORMS.isdisjoint(mark for mark in marks if isinstance(mark, Form)):
        return "is free text; give it a closed form of contracts.types"
    return None


def _nested(hint: Any) -> list[type[Any]]:
    if isinstance(hint, type) and is_dataclass(hint):
        return [hint]
    return [nested for argument in get_args(hint) for nested in _nested(argument)]
