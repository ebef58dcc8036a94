"""The source as the architecture tests see it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@cache
def parsed(*packages: str) -> dict[Path, ast.Module]:
    """Modules of some packages, by path from the root."""
    return {
        path.relative_to(ROOT): _tree(path)
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
    }


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def called_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything used that an import of the module leads to."""
    origins: dict[str, str] = {}
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                origins[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                origins[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in nodes:
        if isinstance(node, ast.Attribute | ast.Name):
            first, rest = _root_and_rest(node)
            if first in origins:
                yield node.lineno, origins[first] + rest


def _root_and_rest(node: ast.expr) -> tuple[str, str]:
    """``a`` and ``.b.c`` of ``a.b.c``; what hangs on anything but a name has no root."""
    rest = ""
    while isinstance(node, ast.Attribute):
        node, rest = node.value, f".{node.attr}{rest}"
    return (node.id, rest) if isinstance(node, ast.Name) else ("", rest)


def own_files() -> list[Path]:
    """Files of the project, by path from the root: what git keeps, else what lies there."""
    try:
        listed = subprocess.run(
            ["git", "ls-files"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("\n")
        found = [Path(name) for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        away = {".venv", ".git", "var", "build"}
        found = [
            path.relative_to(ROOT)
            for path in ROOT.rglob("*")
            if not away & set(path.relative_to(ROOT).parts)
        ]
    return [path for path in found if (ROOT / path).is_file()]
