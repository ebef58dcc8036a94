"""What the status lists at hand say about a credential."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from services.certification.domain.credentials.model.values import instant_of
from services.certification.domain.credentials.presented import (
    Presented,
    read_json_object,
    read_presented,
)
from services.certification.domain.credentials.problems import CredentialError, Finding
from services.certification.domain.credentials.status_list import ENTRY_TYPES, entry_value

ListProblems = Callable[[Presented], list[Finding]]
"""What is wrong with a list credential's proofs and issuer."""

_REVOCATION_LIST = "1EdTechRevocationList"
_WORDS = {"revocation": "revoked", "suspension": "suspended"}


class StatusLists:
    """Status lists as they were got; each is checked when it is asked for.

    Args:
        contents: saved lists; they are found by the ``id`` they call themselves.
        at_url: lists that were got from an address; what they call themselves does not matter.
    """

    def __init__(
        self,
        contents: Iterable[bytes],
        *,
        at_url: Mapping[str, bytes],
        check: ListProblems,
        at: datetime,
    ) -> None:
        self._contents = tuple(contents)
        self._at_url = at_url
        self._check = check
        self._at = at

    def credential(self, url: str) -> Mapping[str, Any]:
        """The list credential of that address.

        Raises:
            CredentialError: ``status.unknown`` (not at hand), ``status.list_expired`` or
                ``status.list_invalid``.
        """
        for content, is_meant in self._candidates(url):
            try:
                listed = read_presented(content)
            except CredentialError:
                continue  # another of the files may be the one
            if is_meant or listed.document.get("id") == url:
                return self._checked(listed)
        raise CredentialError("status.unknown", f"the status list {url} is not at hand")

    def revoked_ids(self, url: str) -> set[str]:
        """Ids of a 1EdTech revocation list.

        Raises:
            CredentialError: ``status.unknown``.
        """
        for content, is_meant in self._candidates(url):
            try:
                listed = read_json_object(content)
            except CredentialError:
                continue
            revoked = listed.get("revokedCredential")
            if (is_meant or listed.get("id") == url) and isinstance(revoked, list):
                return {str(one.get("id")) for one in revoked if isinstance(one, dict)}
        raise CredentialError("status.unknown", f"the revocation list {url} is not at hand")

    def _candidates(self, url: str) -> Iterator[tuple[bytes, bool]]:
        if url in self._at_url:
            yield self._at_url[url], True
        yield from ((content, False) for content in self._contents)

    def _checked(self, listed: Presented) -> Mapping[str, Any]:
        problems = self._check(listed)
        if problems:
            first = problems[0]
            raise CredentialError("status.list_invalid", f"{first.code}: {first.detail}")
        begins_at = instant_of(listed.document.get("validFrom"))
        ends_at = instant_of(listed.document.get("validUntil"))
        if (ends_at is not None and ends_at < self._at) or (
            begins_at is not None and self._at < begins_at
        ):
            raise CredentialError("status.list_expired", "the status list is not of that time")
        return listed.document


def list_urls(document: Mapping[str, Any]) -> list[str]:
    """Where the lists lie that a credential names."""
    found = document.get("credentialStatus", [])
    entries = [
        one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)
    ]
    urls = [one.get("statusListCredential", one.get("id")) for one in entries]
    return list(dict.fromkeys(url for url in urls if isinstance(url, str)))


def status_problems(document: Mapping[str, Any], lists: StatusLists) -> Iterator[Finding]:
    """Revoked, suspended, or not to be known."""
    found = document.get("credentialStatus", [])
    several = isinstance(found, list)
    for number, entry in enumerate(found if several else [found]):
        place = f"$.credentialStatus[{number}]" if several else "$.credentialStatus"
        try:
            said = _said(document, entry, lists)
        except CredentialError as problem:
            yield Finding(code=problem.code, place=place, detail=problem.detail)
        else:
            if said is not None:
                yield Finding(code=said, place=place, detail=f"the issuer's list says {said}")


def _said(document: Mapping[str, Any], entry: Any, lists: StatusLists) -> str | None:
    types = entry.get("type") if isinstance(entry, dict) else None
    listed = types if isinstance(types, list) else [types]
    if _REVOCATION_LIST in listed:
        revoked = lists.revoked_ids(str(entry.get("id")))
        return "status.revoked" if document.get("id") in revoked else None
    if not any(name in ENTRY_TYPES for name in listed if isinstance(name, str)):
        raise CredentialError("status.unknown", f"the status method {types!r} is not known")
    value = entry_value(entry, lists.credential(str(entry.get("statusListCredential"))))
    purpose = str(entry.get("statusPurpose"))
    if value == 0 or purpose in ("refresh", "message"):
        return None  # says nothing about validity
    return f"status.{_WORDS.get(purpose, 'set')}"
