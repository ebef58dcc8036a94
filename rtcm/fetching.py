"""Fetching what verifiers ask for, when they ask for it: over https, or http on loopback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import urllib3

from rtcm.commands.files import Unreadable
from services.certification.domain.credentials.keys import did_web_url
from services.certification.domain.credentials.presented import read_json_object
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.proofs import proofs_of
from services.certification.domain.credentials.statuses import list_urls
from services.certification.domain.credentials.verifying import issuer_of

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_MOST_BYTES = 16 * 1024 * 1024


def is_address(text: str) -> bool:
    """Whether this is to be fetched rather than opened."""
    return text.startswith(("http://", "https://"))


class Fetcher:
    """Fetches and remembers what it fetched; follows no redirect away from where it was sent."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(total=10))
        self.fetched: list[str] = []

    def get(self, address: str) -> bytes:
        """The content of an address.

        Raises:
            Unreadable: neither https nor on loopback, not reached, not there, or too large.
        """
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise Unreadable(f"{address}: only https is fetched, or http on this machine")
        try:
            answer = self._pool.request("GET", address, preload_content=False, redirect=False)
            content: bytes = answer.read(_MOST_BYTES + 1)
            answer.release_conn()
        except urllib3.exceptions.HTTPError as problem:
            raise Unreadable(f"{address}: not reached: {type(problem).__name__}") from problem
        if answer.status != 200:
            raise Unreadable(f"{address}: answered {answer.status}")
        if len(content) > _MOST_BYTES:
            raise Unreadable(f"{address}: too large")
        self.fetched.append(address)
        return content

    def did_documents(
        self, document: Mapping[str, Any], *, known: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """Documents of the ``did:web`` identifiers that issued and signed, but for known ones."""
        wanted = {issuer_of(document), *_signers(document)} - {one.get("id") for one in known}
        found = []
        for did in sorted(name for name in wanted if name and name.startswith("did:web:")):
            try:
                found.append(read_json_object(self.get(_address_of(did))))
            except CredentialError as problem:
                raise Unreadable(f"{did}: {problem.detail}") from problem
        return found

    def status_lists(self, document: Mapping[str, Any]) -> dict[str, bytes]:
        """The lists that a credential's status entries name, by address."""
        return {url: self.get(url) for url in list_urls(document) if is_address(url)}


def _address_of(did: str) -> str:
    """Where a ``did:web`` lies; on loopback, where there is no certificate, over plain http."""
    address = did_web_url(did)
    if urlsplit(address).hostname in _LOOPBACK:
        return "http" + address.removeprefix("https")
    return address


def _signers(document: Mapping[str, Any]) -> set[str]:
    try:
        proofs = proofs_of(document)
    except CredentialError:
        return set()
    return {str(proof.get("verificationMethod")).partition("#")[0] for proof in proofs}
