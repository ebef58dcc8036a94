"""Everything that can go wrong and what HTTP answers to it.

RtcmError
├── BadInput          400  the request cannot be understood
├── Unauthenticated   401  who asks is not known
├── Forbidden         403  who asks may not do this
├── NotFound          404  nothing there, or not visible to who asks
├── RuleViolation     409  a numbered rule of an aggregate forbids it
│   └── AlreadyExists 409
├── StaleVersion      412  changed meanwhile; read it again
├── InvalidBody       422  fields of the body are wrong; ``problems`` names each
└── Unavailable       503  a part we need is away; try again later

A consumer treats ``Unavailable`` and ``StaleVersion`` as transient and everything else as
permanent (``chassis.worker.consumer``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldProblem:
    """One wrong field of a body: a path like ``answers.level``, a stable code, a sentence."""

    field: str
    code: str
    detail: str


class RtcmError(Exception):
    """Base of the platform's errors: a stable ``code`` and a sentence that says what to do.

    Args:
        members: what else the problem tells programs (RFC 9457, section 3.2).
    """

    status = 500

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        field: str | None = None,
        problems: Sequence[FieldProblem] = (),
        retry_after_seconds: int | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.field = field
        self.problems = tuple(problems)
        self.retry_after_seconds = retry_after_seconds
        self.members = dict(members or {})


class BadInput(RtcmError):
    """The request cannot be understood."""

    status = 400


class Unauthenticated(RtcmError):
    """Who asks is not known."""

    status = 401


class Forbidden(RtcmError):
    """Who asks may not do this."""

    status = 403


class NotFound(RtcmError):
    """Nothing there, or not visible to who asks (the two are not told apart)."""

    status = 404


class RuleViolation(RtcmError):
    """A rule of an aggregate forbids it."""

    status = 409


class AlreadyExists(RuleViolation):
    """Something with this id is there already."""


class StaleVersion(RtcmError):
    """Changed meanwhile: read it again, then retry."""

    status = 412


class InvalidBody(RtcmError):
    """Fields of the body are wrong; ``problems`` names each."""

    status = 422


class Unavailable(RtcmError):
    """A part we need is away; nothing was done, try again later."""

    status = 503
