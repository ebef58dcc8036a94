"""The cattrs converters behind ``chassis.codec``: strict where cattrs is generous."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from cattrs import Converter
from cattrs.errors import IterableValidationError, IterableValidationNote

from chassis.envelope import instant_text, read_instant
from contracts.types import Form, OneOf, Range

Read = Callable[[Any, Any], Any]
Write = Callable[[Any], Any]

_SEQUENCES = {tuple: tuple, list: list, frozenset: frozenset, set: set}


def converter(*, omit_defaults: bool = False, explain: bool = False) -> Converter:
    """A converter of our own.

    Args:
        omit_defaults: leave out fields that hold their default.
        explain: collect every problem with its path (slow) instead of stopping at the first.
    """
    made = Converter(omit_if_default=omit_defaults, detailed_validation=explain)
    for type_ in (str, int, bool, NoneType):
        made.register_structure_hook(type_, _exactly(type_))
    made.register_structure_hook(float, _read_float)
    made.register_structure_hook(date, _read_date)
    made.register_structure_hook(datetime, _read_datetime)
    made.register_unstructure_hook(date, date.isoformat)
    made.register_unstructure_hook(datetime, instant_text)
    made.register_structure_hook_func(_is_enum, _read_enum)
    made.register_structure_hook_func(_is_literal, _read_literal)
    _handle_objects(made)
    _handle_sequences(made, explain=explain)
    made.register_structure_hook_factory(_has_rule, _rule_check)
    made.register_unstructure_hook_factory(_has_rule, _rule_check)
    return made


def _expect(type_: type[Any], value: Any, noun: str) -> Any:
    if type(value) is not type_:
        raise TypeError(f"is not {noun}")
    return value


_NOUNS = {str: "a text", int: "a whole number", bool: "true or false", NoneType: "null"}


def _exactly(type_: type[Any]) -> Read:
    noun = _NOUNS[type_]

    def read(value: Any, asked: Any) -> Any:
        if type(value) is not type_:
            raise TypeError(f"is not {noun}")
        # cattrs also sends subclasses here: members of a StrEnum or IntEnum.
        return value if asked is type_ else _read_enum(value, asked)

    return read


def _read_float(value: Any, _: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError("is not a number")
    return float(value)


def _read_date(value: Any, _: Any) -> date:
    text = _expect(str, value, "a date")
    # fromisoformat alone would also take week dates and "20210109".
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError("is not a date YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no date that exists") from None


def _read_datetime(value: Any, _: Any) -> datetime:
    return read_instant(_expect(str, value, "an RFC 3339 instant"))


def _is_enum(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, Enum)


def _read_enum(value: Any, type_: Any) -> Enum:
    for member in type_:
        if member.value == value and type(member.value) is type(value):
            found: Enum = member
            return found
    raise ValueError(f"is not one of {', '.join(str(member.value) for member in type_)}")


def _is_literal(type_: Any) -> bool:
    return get_origin(type_) is Literal


def _read_literal(value: Any, type_: Any) -> Any:
    choices = get_args(type_)
    if not any(value == choice and type(value) is type(choice) for choice in choices):
        raise ValueError(f"is not one of {', '.join(map(str, choices))}")
    return value


def _handle_objects(made: Converter) -> None:
    """Dataclasses and mappings are read from JSON objects only."""

    def reader(type_: Any) -> Read:
        _resolve(type_)
        read = made.gen_structure_attrs_fromdict(type_)

        def checked(value: Any, asked: Any) -> Any:
            return read(_expect(dict, value, "an object"), asked)

        return checked

    def mapping_reader(type_: Any) -> Read:
        read = made.gen_structure_mapping(type_)

        def checked(value: Any, asked: Any) -> Any:
            return read(_expect(dict, value, "an object"), asked)

        return checked

    def writer(type_: Any) -> Write:
        _resolve(type_)
        return made.gen_unstructure_attrs_fromdict(type_)

    made.register_structure_hook_factory(_is_dataclass, reader)
    made.register_unstructure_hook_factory(_is_dataclass, writer)
    made.register_structure_hook_factory(_is_mapping, mapping_reader)
    made.register_unstructure_hook_func(
        lambda type_: _is_mapping(type_) and not get_args(type_),
        lambda value: {key: made.unstructure(item) for key, item in value.items()},
    )


def _is_dataclass(type_: Any) -> bool:
    return isinstance(type_, type) and is_dataclass(type_)


def _resolve(type_: type[Any]) -> None:
    """Replace annotations that are texts; cattrs would drop the rules inside ``Annotated``."""
    hints = get_type_hints(type_, include_extras=True)
    for field in fields(type_):
        field.type = hints[field.name]


def _is_mapping(type_: Any) -> bool:
    origin = get_origin(type_) or type_
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _handle_sequences(made: Converter, *, explain: bool) -> None:
    """Tuples, lists and sets of one kind of item are read from and written to JSON lists."""

    def reader(type_: Any) -> Read:
        build, item_type = _SEQUENCES[get_origin(type_)], get_args(type_)[0]
        read = made.get_structure_hook(item_type)

        def fast(value: Any, _: Any) -> Any:
            return build([read(item, item_type) for item in _expect(list, value, "a list")])

        def explaining(value: Any, _: Any) -> Any:
            return build(_explained(read, item_type, _expect(list, value, "a list")))

        return explaining if explain else fast

    def writer(type_: Any) -> Write:
        write = made.get_unstructure_hook(get_args(type_)[0])
        if get_origin(type_) in (set, frozenset):
            return lambda items: sorted(write(item) for item in items)
        return lambda items: [write(item) for item in items]

    made.register_structure_hook_factory(_is_sequence, reader)
    made.register_unstructure_hook_factory(_is_sequence, writer)
    for bare in (set, frozenset):
        made.register_unstructure_hook(bare, lambda items: sorted(map(made.unstructure, items)))
    made.register_unstructure_hook(tuple, lambda items: [made.unstructure(item) for item in items])


def _is_sequence(type_: Any) -> bool:
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is tuple:
        return len(arguments) == 2 and arguments[1] is Ellipsis
    return origin in _SEQUENCES and len(arguments) == 1


def _explained(read: Read, item_type: Any, items: list[Any]) -> list[Any]:
    done, problems = [], []
    for index, item in enumerate(items):
        try:
            done.append(read(item, item_type))
        except Exception as problem:  # collected and raised below
            problem.add_note(IterableValidationNote(f"item {index}", index, item_type))
            problems.append(problem)
    if problems:
        raise IterableValidationError("in a list", problems, list)
    return done


def _rules(type_: Any) -> list[Form | OneOf | Range]:
    if get_origin(type_) is not Annotated:
        return []
    return [mark for mark in type_.__metadata__ if isinstance(mark, Form | OneOf | Range)]


def _has_rule(type_: Any) -> bool:
    return bool(_rules(type_))


def _rule_check(type_: Any) -> Callable[..., Any]:
    """Check on the way in, and on the way out too: a wrong event must fail its producer."""
    rule, base = _rules(type_)[0], get_args(type_)[0]
    admits, plain = rule.admits, base.__str__ if base is str else int

    def check(value: Any, _: Any = None) -> Any:
        if not isinstance(value, base) or isinstance(value, bool) or not admits(value):
            raise ValueError(f"is not {rule}")
        return value if type(value) is base else plain(value)

    return _form_check(rule, check) if isinstance(rule, Form) else check


def _form_check(form: Form, check: Callable[[Any], Any]) -> Callable[..., Any]:
    """The same for texts of a form, without a call: most fields of most events are such."""
    matches, longest = form.expression.fullmatch, form.max_length

    def quick(value: Any, _: Any = None) -> Any:
        if type(value) is str and len(value) <= longest and matches(value):
            return value
        return check(value)

    return quick
