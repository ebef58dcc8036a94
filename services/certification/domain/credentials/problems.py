"""Why a credential is refused: a stable code and a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Path = Sequence[str | int]
"""Members and positions that lead to a place: ``("credentialSubject", "result", 0, "status")``."""


class CredentialError(ValueError):
    """A credential is not what it must be.

    Attributes:
        code: stable and precise: ``proof.invalid``, ``schema.credential_subject``, ``expired``.
        detail: a sentence that names the place.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong with a document.

    Attributes:
        code: stable; ``schema.<member>`` for what breaks a data model.
        place: JSON path, ``$`` for the whole.
    """

    code: str
    place: str
    detail: str


def model_finding(path: Path, detail: str) -> Finding:
    """A broken rule of a data model, named by the innermost member it concerns."""
    names = [step for step in path if isinstance(step, str)]
    member = names[-1].lstrip("@") if names else "document"
    code = _HUMP.sub("_", member).lower()
    return Finding(code=f"schema.{code}", place=json_path(path), detail=detail)


def json_path(path: Path) -> str:
    """``$.credentialSubject.result[0].status``."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "$" + "".join(steps)
