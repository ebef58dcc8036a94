"""Settings from environment variables: declared once, read once, refused all at once."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar, overload

from chassis.setting_kinds import TEXT, Kind

T = TypeVar("T")

_HIDDEN = "(hidden)"


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED: Any = _Required()
"""The default of a setting that has none."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One environment variable.

    Attributes:
        variable: its name.
        doc: what it means, for the person who sets it.
        kind: what its value may be.
        default: the value when it is not set, or ``REQUIRED``.
        derive: the value when it is not set, from the settings declared before it.
        default_text: how the default is shown.
        secret: whether its value is never shown; ``<variable>_FILE`` may then name a file with it.
    """

    variable: str
    doc: str
    kind: Kind[Any]
    default: Any
    derive: Callable[[Mapping[str, Any]], Any] | None
    default_text: str
    secret: bool


@dataclass(frozen=True)
class SettingProblem:
    """One wrong variable: what it holds (secrets hidden) and what is wanted instead."""

    variable: str
    value: str | None
    wanted: str

    def __str__(self) -> str:
        held = "is not set" if self.value is None else f"is {self.value!r}"
        return f"{self.variable} {held}; {self.wanted}"


class SettingsError(Exception):
    """Settings are wrong; ``problems`` has all of them."""

    def __init__(self, problems: list[SettingProblem]) -> None:
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"{len(problems)} of the settings cannot be used:{lines}")
        self.problems = tuple(problems)


class Settings:
    """Base of settings classes, which are frozen, keyword-only dataclasses of ``setting``s.

    Attributes:
        prefix: variables that start with it belong to this class alone: an unknown one is taken
            for a misspelt one and refused. Empty: no such check.
    """

    prefix: ClassVar[str] = ""

    def problems(self) -> Iterator[SettingProblem]:
        """What is wrong about values that are each right by themselves."""
        yield from ()


S = TypeVar("S", bound=Settings)


@overload
def setting(
    variable: str,
    kind: Kind[T],
    *,
    doc: str,
    default: T = ...,
    derive: Callable[[Mapping[str, Any]], T] | None = None,
    default_text: str | None = None,
    secret: bool = False,
) -> T: ...


@overload
def setting(
    variable: str,
    *,
    doc: str,
    default: str = ...,
    derive: Callable[[Mapping[str, Any]], str] | None = None,
    default_text: str | None = None,
    secret: bool = False,
) -> str: ...


def setting(
    variable: str,
    kind: Kind[Any] = TEXT,
    *,
    doc: str,
    default: Any = REQUIRED,
    derive: Callable[[Mapping[str, Any]], Any] | None = None,
    default_text: str | None = None,
    secret: bool = False,
) -> Any:
    """Declare a field of a settings class; see ``Setting`` for the arguments."""
    declared = Setting(
        variable=variable,
        doc=doc,
        kind=kind,
        default=default,
        derive=derive,
        default_text=default_text if default_text is not None else _shown(default),
        secret=secret,
    )
    metadata = {"setting": declared}
    if default is REQUIRED:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def describe(settings_class: type[Settings]) -> tuple[Setting, ...]:
    """All settings of a class, inherited ones first."""
    return tuple(declared for _, declared in _declared(settings_class))


def load(settings_class: type[S], environ: Mapping[str, str]) -> S:
    """Read the settings of a process.

    Raises:
        SettingsError: one or more are wrong, missing or unknown; names them all.
    """
    values: dict[str, Any] = {}
    problems: list[SettingProblem] = []
    for name, declared in _declared(settings_class):
        try:
            values[name] = _read(declared, environ, values)
        except _WrongSettingError as wrong:
            problems.append(wrong.problem)
    problems.extend(_unknown(settings_class, environ))
    if problems:
        raise SettingsError(problems)
    settings = settings_class(**values)
    if problems := list(settings.problems()):
        raise SettingsError(problems)
    return settings


class _WrongSettingError(Exception):
    def __init__(self, problem: SettingProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _declared(settings_class: type[Settings]) -> Iterator[tuple[str, Setting]]:
    assert dataclasses.is_dataclass(settings_class), "a settings class is a dataclass"
    for field in dataclasses.fields(settings_class):
        yield field.name, field.metadata["setting"]


def _read(declared: Setting, environ: Mapping[str, str], before: Mapping[str, Any]) -> Any:
    text = _text(declared, environ)
    if text is None:
        if declared.derive is not None:
            try:
                return declared.derive(before)
            except KeyError:
                return None  # what it derives from is wrong and reported itself
        if declared.default is REQUIRED:
            raise _WrongSettingError(
                SettingProblem(declared.variable, None, f"wanted: {declared.kind.wanted}")
            )
        return declared.default
    held = _HIDDEN if declared.secret and text else text
    if not text:
        wanted = f"wanted: {declared.kind.wanted} (or do not set it at all)"
        raise _WrongSettingError(SettingProblem(declared.variable, held, wanted))
    try:
        return declared.kind.read(text)
    except ValueError:
        problem = SettingProblem(declared.variable, held, f"wanted: {declared.kind.wanted}")
        raise _WrongSettingError(problem) from None


def _text(declared: Setting, environ: Mapping[str, str]) -> str | None:
    file_variable = f"{declared.variable}_FILE"
    if not declared.secret or file_variable not in environ:
        return environ.get(declared.variable)
    path = environ[file_variable]
    if declared.variable in environ:
        wanted = f"wanted: only one of {file_variable} and {declared.variable}"
        raise _WrongSettingError(SettingProblem(file_variable, path, wanted))
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise _WrongSettingError(
            SettingProblem(file_variable, path, "wanted: a readable text file")
        ) from None


def _unknown(
    settings_class: type[Settings], environ: Mapping[str, str]
) -> Iterator[SettingProblem]:
    if not settings_class.prefix:
        return
    known = {
        name
        for declared in describe(settings_class)
        for name in (declared.variable, f"{declared.variable}_FILE")[: 1 + declared.secret]
    }
    for variable in sorted(set(environ) - known):
        if variable.startswith(settings_class.prefix):
            near = difflib.get_close_matches(variable, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "see `rtcm settings`"
            # The value is not shown: of an unknown variable nobody knows whether it is a secret.
            yield SettingProblem(variable, _HIDDEN, f"there is no such setting: {hint}")


def _shown(default: Any) -> str:
    if default is REQUIRED:
        return ""
    if default is None:
        return "not set"
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, tuple) else str(default)
