"""Reading documents that people write: every refusal names the place and says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from chassis.errors import FieldProblem, InvalidBody
from chassis.language_map import LanguageMap

_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NEEDED_LANGUAGES = ("az", "en")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a JSON document and the path that leads to it.

    All methods raise ``InvalidBody`` (code ``document.malformed``) that names the path.
    """

    value: Any
    path: str = ""

    def refuse(self, detail: str) -> NoReturn:
        """Say what is wrong here."""
        place = self.path or "the document"
        problem = FieldProblem(field=self.path, code="malformed", detail=detail)
        raise InvalidBody("document.malformed", f"{place}: {detail}", problems=[problem])

    def fields(self, *known: str) -> Node:
        """This object, having no field but those known."""
        for name in self._object():
            if name not in known:
                self.refuse(f"has an unknown field {name!r}; known are {', '.join(known)}")
        return self

    def has(self, name: str) -> bool:
        """Whether a field is there."""
        return name in self._object()

    def __getitem__(self, name: str) -> Node:
        """A field that must be there."""
        if not self.has(name):
            self.refuse(f"has no field {name!r}")
        return self.get(name, None)

    def get(self, name: str, default: Any) -> Node:
        """A field, or a default in its place."""
        path = f"{self.path}.{name}" if self.path else name
        return Node(self._object().get(name, default), path)

    def items(self) -> Iterator[Node]:
        """The items of this list."""
        if not isinstance(self.value, list):
            self.refuse("must be a list")
        for number, item in enumerate(self.value):
            yield Node(item, f"{self.path}[{number}]")

    def members(self) -> Iterator[tuple[str, Node]]:
        """Names and values of this object."""
        for name in self._object():
            yield name, self.get(name, None)

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            self.refuse("must be a text")
        assert isinstance(self.value, str)
        return self.value

    def code(self) -> str:
        """A stable lower-case code."""
        if not _CODE.fullmatch(self.text()):
            self.refuse(f"{self.value!r} must be lower-case letters, digits, '_', '.' and '-'")
        return self.text()

    def country(self) -> str:
        """An ISO 3166-1 alpha-2 code."""
        if not _COUNTRY.fullmatch(self.text()):
            self.refuse(f"{self.value!r} must be a country code of two capital letters")
        return self.text()

    def choice(self, *choices: str) -> str:
        """One of a closed list."""
        if self.text() not in choices:
            self.refuse(f"{self.value!r} must be one of {', '.join(choices)}")
        return self.text()

    def whole(self, *, at_least: int | None = None, at_most: int | None = None) -> int:
        """A whole number within limits, both included."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.refuse("must be a whole number")
        assert isinstance(self.value, int)
        if at_least is not None and self.value < at_least:
            self.refuse(f"must be at least {at_least}")
        if at_most is not None and self.value > at_most:
            self.refuse(f"must be at most {at_most}")
        return self.value

    def texts(self) -> LanguageMap:
        """A text in Azerbaijani, English and perhaps other languages."""
        for language_code in _NEEDED_LANGUAGES:
            if not self.has(language_code):
                self.refuse(f"has no text in {language_code!r}")
        return {language_code: node.text() for language_code, node in self.members()}

    def _object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            self.refuse("must be an object")
        assert isinstance(self.value, dict)
        return self.value
