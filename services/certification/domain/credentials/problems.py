"""Why a credential is refused: a stable code and a sentence."""

from __future__ import annotations


class CredentialError(ValueError):
    """A credential is not what it must be.

    Attributes:
        code: stable and precise: ``proof.invalid``, ``schema.subject_missing``, ``expired``.
        detail: a sentence that names the place.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
