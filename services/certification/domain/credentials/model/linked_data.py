"""A document read as JSON-LD with the contexts at hand: what its contexts contradict is found.

A context that is not at hand counts as empty, so that what the others say is judged all the same;
then types it might define are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyld import jsonld

from services.certification.domain.credentials.problems import (
    CredentialError,
    Finding,
    Path,
    model_finding,
)
from services.certification.domain.credentials.rdf import RELATIVE, ClosedLoader, expandable

_OF_VALUES = ("invalid value object", "invalid typed value", "invalid language", "invalid base")
_VALUE_MEMBERS = {"@value", "@type", "@language", "@direction", "@index", "@context"}


def linked_data_findings(document: dict[str, Any]) -> Iterator[Finding]:
    """What keeps a document from being JSON-LD, and types of its own that nothing defines."""
    odd = list(_odd_values(document, ()))
    if odd:
        yield from odd  # PyLD drops what no context defines before it looks
        return
    loader = _Forgiving()
    options = {"documentLoader": loader, "contextResolver": loader.resolver, "base": RELATIVE}
    try:
        expanded = jsonld.JsonLdProcessor().expand(expandable(document), options)
    except jsonld.JsonLdError as problem:
        code, sentence = _innermost(problem)
        member = "document" if code.startswith(_OF_VALUES) else "@context"
        yield model_finding((member,) if member != "document" else (), sentence)
        return
    except (TypeError, AttributeError, KeyError, ValueError, RecursionError):
        # PyLD assumes shapes in places; what it stumbles over is malformed JSON-LD.
        yield model_finding(("@context",), "this cannot be read as JSON-LD")
        return
    if not loader.missed:
        for node in expanded:
            for name in node.get("@type", []):
                if name.startswith(RELATIVE):
                    term = name.removeprefix(RELATIVE)
                    yield model_finding(("type",), f"no context defines the type {term}")


def _odd_values(value: Any, at: Path) -> Iterator[Finding]:
    """Value objects that hold more than a value may."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _odd_values(item, (*at, number))
    elif isinstance(value, dict):
        if "@value" in value and set(value) - _VALUE_MEMBERS:
            odd = min(set(value) - _VALUE_MEMBERS)
            yield model_finding(at, f"a value object has no member {odd}")
        for name, item in value.items():
            if name != "@context":
                yield from _odd_values(item, (*at, name))


class _Forgiving(ClosedLoader):
    """Stands in with nothing for a context that is not at hand, and notes it."""

    def __init__(self) -> None:
        super().__init__()
        self.missed = False

    def __call__(self, url: str, options: object = None) -> dict[str, Any]:
        try:
            return super().__call__(url, options)
        except CredentialError:
            self.missed = True
            return {
                "contentType": "application/ld+json",
                "contextUrl": None,
                "documentUrl": url,
                "document": {"@context": {}},
            }


def _innermost(problem: jsonld.JsonLdError) -> tuple[str, str]:
    """The JSON-LD error code and the first line of what lies at the bottom of an error."""
    cause: Any = problem
    while isinstance(getattr(cause, "cause", None), jsonld.JsonLdError):
        cause = cause.cause
    sentence = str(cause.args[0] if cause.args else cause).splitlines()[0][:200]
    return str(getattr(cause, "code", "") or ""), sentence.removesuffix(".")
