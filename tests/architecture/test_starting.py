"""What a service loads before it answers: a dozen processes start together, on two cores."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from chassis.settings import SERVICES
from tests.architecture.tree import ROOT

LOADED_BY_WHO_CALCULATES = {"numba", "ortools", "pandas", "scipy"}
"""Each takes about a second or more of a processor; imported in the function that uses it."""


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_without_the_libraries_of_its_engines(service: str) -> None:
    reached = {f"services.{service}.wiring": ""}
    waiting = deque(reached)
    slow = []
    while waiting:
        module = waiting.popleft()
        for name in imported_at_once(module):
            if name.partition(".")[0] in LOADED_BY_WHO_CALCULATES:
                slow.append(f"{name} in {module}, imported by {reached[module]}")
            elif name not in reached and is_ours(name):
                reached[name] = module
                waiting.append(name)

    assert len(reached) > 50
    assert sorted(slow) == []


@cache
def is_ours(module: str) -> bool:
    path = ROOT / module.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@cache
def imported_at_once(module: str) -> tuple[str, ...]:
    """Modules that are imported when ``module`` is, their packages included."""
    path = ROOT / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    names = []
    for name in named(ast.parse(file.read_text("utf-8")).body):
        parts = name.split(".")
        names += [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return tuple(dict.fromkeys(names))


def named(body: Sequence[ast.stmt]) -> Iterator[str]:
    for statement in body:
        match statement:
            case ast.Import(names=names):
                yield from (one.name for one in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{one.name}" for one in names)
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=otherwise):
                yield from named(otherwise)
            case ast.If(body=inner, orelse=otherwise) | ast.Try(body=inner, orelse=otherwise):
                yield from named([*inner, *otherwise])
            case ast.ClassDef(body=inner):
                yield from named(inner)
