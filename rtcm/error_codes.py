"""Every error code of the platform, read out of the source: where it arises and what it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chassis import errors
from chassis.http.problems import HTTP_CODES

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_ROOT = "RtcmError"
_GAP = "…"


@dataclass(frozen=True, order=True)
class ErrorCode:
    """One code as one place of the source makes it.

    Attributes:
        code: stable; ``…`` where the source fills in a word.
        status: what HTTP answers; 0 for a code that stands beside a field.
        meaning: the sentence people read; ``…`` where it names something.
    """

    code: str
    status: int
    meaning: str
    module: str

    def covers(self, code: str) -> bool:
        """Whether this place can make ``code``."""
        pattern = re.escape(self.code).replace(re.escape(_GAP), r"[a-z0-9_]+")
        return re.fullmatch(pattern, code) is not None


@cache
def raised_codes(root: Path) -> tuple[ErrorCode, ...]:
    """Codes of all errors made in ``chassis`` and ``services``, in order."""
    sources = _sources(root)
    statuses = _statuses(sources)
    found = {
        ErrorCode(code, status, detail, "chassis.http.problems")
        for status, (code, detail) in HTTP_CODES.items()
    }
    for source in sources:
        found.update(_codes_of(source, statuses))
    return tuple(sorted(found))


def declared_codes(root: Path) -> dict[str, list[str]]:
    """Code -> modules whose routes declare it (``@operation(errors=...)``)."""
    found: dict[str, set[str]] = {}
    for source in _sources(root):
        for text in _declarations(source):
            found.setdefault(text, set()).add(source.module)
    return {code: sorted(modules) for code, modules in sorted(found.items())}


@dataclass(frozen=True)
class _Source:
    """What is looked at in one module; the tree is walked once, for there are hundreds."""

    module: str
    classes: list[ast.ClassDef]
    functions: list[ast.FunctionDef]
    calls: list[ast.Call]


@cache
def _sources(root: Path) -> tuple[_Source, ...]:
    return tuple(
        _source(path, ".".join(path.relative_to(root).with_suffix("").parts))
        for package in ("chassis", "services")
        for path in sorted((root / package).rglob("*.py"))
    )


def _source(path: Path, module: str) -> _Source:
    source = _Source(module, [], [], [])
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            source.calls.append(node)
        elif isinstance(node, ast.ClassDef):
            source.classes.append(node)
        elif isinstance(node, ast.FunctionDef):
            source.functions.append(node)
    return source


def _statuses(sources: Iterable[_Source]) -> dict[str, int]:
    """Error class -> status, with the classes that services derive."""
    found = {
        name: kind.status
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.RtcmError)
    }
    for node in (each for source in sources for each in source.classes):
        bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
        known = [found[base] for base in bases if base in found]
        if known:
            found.setdefault(node.name, _own_status(node, known[0]))
    return found


def _own_status(node: ast.ClassDef, inherited: int) -> int:
    for line in node.body:
        if (
            isinstance(line, ast.Assign)
            and isinstance(line.targets[0], ast.Name)
            and line.targets[0].id == "status"
            and isinstance(line.value, ast.Constant)
            and isinstance(line.value.value, int)
        ):
            return line.value.value
    return inherited


def _codes_of(source: _Source, statuses: dict[str, int]) -> Iterator[ErrorCode]:
    makers = {name: _Maker(status) for name, status in statuses.items()}
    makers["FieldProblem"] = _Maker(0, code=1, detail=2)
    makers |= _forwarders(source, makers)
    inside = {
        call: _Maker(statuses[node.name])
        for node in source.classes
        if node.name in statuses
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__"
    }
    for call in source.calls:
        maker = inside.get(call) or makers.get(_name_of(call))
        if maker is not None:
            yield from maker.codes(call, source.module)


def _name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


@dataclass(frozen=True)
class _Maker:
    """A class or function that makes errors: where in its arguments code and sentence stand."""

    status: int
    code: int = 0
    detail: int = 1

    def codes(self, call: ast.Call, module: str) -> Iterator[ErrorCode]:
        texts = [_text(argument) for argument in call.args]
        code = texts[self.code] if len(texts) > self.code else None
        if code is not None and CODE.fullmatch(code.replace(_GAP, "x")):
            detail = texts[self.detail] if len(texts) > self.detail else None
            yield ErrorCode(code, self.status, detail or "", module)


def _forwarders(source: _Source, makers: dict[str, _Maker]) -> dict[str, _Maker]:
    """Functions that make an error of a code they are given."""
    makings = [call for call in source.calls if _name_of(call) in makers]
    found = {}
    for function in source.functions:
        names = [each.arg for each in function.args.args]
        for call in makings:
            if not function.lineno <= call.lineno <= (function.end_lineno or 0):
                continue
            maker = makers[_name_of(call)]
            given = [ast.unparse(argument) for argument in call.args]
            if len(given) > maker.code and given[maker.code] in names:
                detail = given[maker.detail] if len(given) > maker.detail else ""
                found[function.name] = _Maker(
                    maker.status,
                    names.index(given[maker.code]),
                    names.index(detail) if detail in names else len(names),
                )
    return found


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [
            str(part.value) if isinstance(part, ast.Constant) else _GAP for part in node.values
        ]
        return "".join(parts)
    return None


def _declarations(source: _Source) -> Iterator[str]:
    for call in source.calls:
        if _name_of(call) == "operation":
            for keyword in call.keywords:
                if keyword.arg == "errors":
                    yield from (
                        part.value
                        for part in ast.walk(keyword.value)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    )
