"""Files that commands of the engines read and write; what is wrong with one is a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
"""What a surrogate looks like in JSON; two halves make a character, one alone is no text."""


class Unreadable(click.ClickException):
    """Input that cannot be taken: the command ends with 2 and one sentence."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Say which input and why."""
        click.echo(f"rtcm: {self.message}", err=True, file=file)


def read_bytes(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        Unreadable: it is not there, or not a file that may be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from error


def read_json(path: Path, schema: dict[str, Any] | None = None) -> Any:
    """Read a JSON file; with a JSON Schema (2020-12), only what it admits.

    Raises:
        Unreadable: no such file, not UTF-8, not JSON (with line and column), a field given
            twice, or the field
            that the schema refuses and why.
    """
    value = parse_json(read_bytes(path), str(path))
    if schema is not None:
        refuse_unlike(schema, value, str(path))
    return value


def parse_json(raw: bytes, name: str) -> Any:
    """The value of a JSON text.

    Raises:
        Unreadable: not UTF-8, not JSON, or a field is given twice.
    """
    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_repetition
        )
        if _HALF_CHARACTER.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name}: not UTF-8 text (byte {error.start})") from error
    except UnicodeEncodeError as error:
        raise Unreadable(f"{name}: holds half a character (a lone surrogate)") from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"{name}: not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        ) from error
    except ValueError as error:
        raise Unreadable(f"{name}: not JSON: {error}") from error
    except RecursionError as error:
        raise Unreadable(f"{name}: nested too deeply") from error
    return value


def refuse_unlike(schema: dict[str, Any], value: Any, name: str) -> None:
    """Refuse a value that its JSON Schema does not admit, naming the field.

    Raises:
        Unreadable: with the path of the field, as in ``cohorts[0].seats``.
    """
    error = best_match(Draft202012Validator(schema).iter_errors(value))
    if error is not None:
        where = error.json_path.removeprefix("$").removeprefix(".") or "the whole"
        raise Unreadable(f"{name}: {where}: {error.message}")


def write_bytes(path: Path, raw: bytes) -> None:
    """Write a file whole or not at all: who reads meanwhile, or after a kill, finds no half.

    Raises:
        Unreadable: the place cannot be written.
    """
    half = path.with_name(f".{path.name}.half")
    try:
        half.write_bytes(raw)
        half.replace(path)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from error


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON for people and programs.

    Raises:
        Unreadable: the place cannot be written.
    """
    try:
        path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from error


def write_members(
    path: Path, head: dict[str, Any], name: str, members: Iterable[tuple[str, Any]]
) -> None:
    """Write ``head`` and, as its last field ``name``, an object of many members, one a line.

    The members are never all in memory.

    Raises:
        Unreadable: the place cannot be written.
    """
    opening = json.dumps({**head, name: {}}, ensure_ascii=False).removesuffix("}}")
    try:
        with path.open("w", encoding="utf-8") as file:
            file.write(opening)
            for number, (member, value) in enumerate(members):
                file.write(",\n" if number else "\n")
                file.write(json.dumps(member, ensure_ascii=False) + ": ")
                file.write(json.dumps(value, ensure_ascii=False))
            file.write("\n}}\n")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _refuse_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"an object has the field {twice!r} twice")
    return found
