"""The least body that an OpenAPI schema admits, pointing wherever it can at one id."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.strategies import from_regex

_FORMATS = {
    "date": "2021-05-25",
    "date-time": "2021-05-25T09:00:00+00:00",
    "time": "10:00",
    "email": "somebody@example.org",
    "uri": "https://example.org/x",
    "url": "https://example.org/x",
}

_QUIET = settings(
    database=None,
    derandomize=True,
    max_examples=20,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def least(
    schema: dict[str, Any],
    components: dict[str, Any],
    *,
    id_: str,
    country_code: str,
    name: str = "",
) -> Any:
    """A value of ``schema``: required members only, ids all ``id_``, the country the given one."""

    def inner(part: dict[str, Any], member: str) -> Any:
        return least(part, components, id_=id_, country_code=country_code, name=member)

    if "$ref" in schema:
        return inner(components[schema["$ref"].rsplit("/", 1)[1]], name)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return inner(schema[choice][0], name)
    if "enum" in schema:
        return next(each for each in schema["enum"] if each is not None)
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = next(each for each in kind if each != "null")
    if kind == "object" and "properties" not in schema:
        return {"az": "xxx", "en": "xxx"}  # texts by language
    if kind == "object":
        members = schema.get("properties", {})
        wanted = {*schema.get("required", ()), *(each for each in members if "country" in each)}
        return {each: inner(members[each], each) for each in members if each in wanted}
    if kind == "array":
        return [inner(schema["items"], name) for _ in range(max(1, schema.get("minItems", 1)))]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    return _text(schema, id_=id_, country_code=country_code, name=name)


def _text(schema: dict[str, Any], *, id_: str, country_code: str, name: str) -> str:
    form = schema.get("format")
    if form == "uuid" or name.endswith(("_id", "_ids")):
        return id_
    if form in _FORMATS:
        return _FORMATS[form]
    if "country" in name:
        return country_code
    if "email" in name:
        return _FORMATS["email"]
    if "zone" in name:
        return "Asia/Baku"
    if "pattern" in schema:
        fits = from_regex(schema["pattern"], fullmatch=True)
        return find(fits, lambda text: "\n" not in text, settings=_QUIET)
    return "x" * max(3, schema.get("minLength", 3))
