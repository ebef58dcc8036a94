"""RDF Dataset Canonicalization of JSON-LD, with contexts from the package only: no network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from cachetools import LRUCache
from pyld import jsonld
from pyld.context_resolver import ContextResolver

from services.certification.domain.credentials.problems import CredentialError

_FILES = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://www.w3.org/2018/credentials/v1": "credentials-v1.json",
    "https://www.w3.org/ns/credentials/examples/v2": "credentials-examples-v2.json",
    "https://www.w3.org/ns/credentials/undefined-terms/v2": "undefined-terms-v2.json",
    "https://www.w3.org/ns/credentials/status/v1": "credentials-status-v1.json",
    "https://w3id.org/vc/status-list/2021/v1": "status-list-2021-v1.json",
    "https://w3id.org/security/data-integrity/v1": "data-integrity-v1.json",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v2.json",
    "https://w3id.org/security/multikey/v1": "multikey-v1.json",
    "https://w3id.org/security/suites/ed25519-2020/v1": "ed25519-2020-v1.json",
    "https://www.w3.org/ns/did/v1": "did-v1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": "ob-v3p0.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "ob-v3p0-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "ob-v3p0-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-v3p0-extensions.json",
}

RELATIVE = "https://relative.invalid/"
"""What relative names are resolved against, so that they can be told from whole ones."""


@cache
def _context(url: str) -> Any:
    package = files("services.certification.domain.credentials") / "contexts" / _FILES[url]
    return json.loads(package.read_text("utf-8"))


class ClosedLoader:
    """Loads the contexts shipped with the package and those handed over; refuses all others."""

    def __init__(self, more: Mapping[str, Any] | None = None) -> None:
        self._more = dict(more or {})
        # PyLD's own cache is shared by all loaders and would let a refused context through.
        self.resolver = ContextResolver(LRUCache(maxsize=100), self)

    def __call__(self, url: str, _options: object = None) -> dict[str, Any]:
        """One document in the form PyLD asks for."""
        if url not in _FILES and url not in self._more:
            raise CredentialError("context.unknown", f"the context {url} is not at hand")
        document = self._more[url] if url in self._more else _context(url)
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": document,
        }


def canonical_rdf(document: Mapping[str, Any], loader: ClosedLoader) -> bytes:
    """RDFC-1.0 N-Quads of a JSON-LD document.

    Raises:
        CredentialError: ``context.unknown``, ``rdf.undefined_term`` (a member no context
            defines would not be signed) or ``rdf.malformed``.
    """
    options = {
        "documentLoader": loader,
        "contextResolver": loader.resolver,
        "algorithm": "URDNA2015",  # RDFC-1.0 under its older name
        "format": "application/n-quads",
        "base": RELATIVE,
    }
    try:
        processor = jsonld.JsonLdProcessor(on_property_dropped=_refuse_undefined)
        expanded = processor.expand(expandable(document), options)
        _refuse_relative(expanded)
        return str(processor.normalize(expanded, options)).encode("utf-8")
    except jsonld.JsonLdError as problem:
        raise _translated(problem) from None
    except (TypeError, AttributeError, RecursionError) as problem:
        # PyLD assumes shapes in places; what it stumbles over is malformed JSON-LD.
        raise CredentialError("rdf.malformed", f"no JSON-LD: {type(problem).__name__}") from None


def expandable(value: Any) -> Any:
    """The same document without a stumbling block of PyLD's.

    It cannot take ``"@vocab": null`` where there is no vocabulary to remove (a ``KeyError``): one
    is set just before, so that there is.
    """
    if isinstance(value, list):
        return [expandable(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {
        name: _vocabularies(item) if name == "@context" else expandable(item)
        for name, item in value.items()
    }


def _vocabularies(context: Any) -> Any:
    contexts = context if isinstance(context, list) else [context]
    removing = [isinstance(one, dict) and one.get("@vocab", "") is None for one in contexts]
    if not any(removing):
        return context
    steps: list[Any] = []
    for one, removes in zip(contexts, removing, strict=True):
        steps += [{"@vocab": RELATIVE}, one] if removes else [one]
    return steps


def _refuse_undefined(term: str | None) -> None:
    raise CredentialError("rdf.undefined_term", f"no context defines {term!r}")


def _refuse_relative(node: Any) -> None:
    """Relative names are left out of RDF without a word, so they would not be signed."""
    if isinstance(node, list):
        for item in node:
            _refuse_relative(item)
    elif isinstance(node, dict):
        names = [node.get("@id")] if "@id" in node else []
        types = node.get("@type", [])
        names += types if isinstance(types, list) else [types]
        for name in names:
            if isinstance(name, str) and name.startswith(RELATIVE):
                term = name.removeprefix(RELATIVE)
                raise CredentialError("rdf.undefined_term", f"no context defines {term!r}")
        for value in node.values():
            _refuse_relative(value)


def _translated(problem: BaseException) -> CredentialError:
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, CredentialError):
            return cause
        cause = getattr(cause, "cause", None) or cause.__cause__
    return CredentialError("rdf.malformed", str(problem).splitlines()[0][:200])
