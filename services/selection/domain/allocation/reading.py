"""A market from its JSON document, as ``schemas/market.json`` describes it.

Read by hand, because a general validator takes minutes for what a large market needs seconds;
every refusal names the field.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NoReturn

from services.selection.domain.allocation.market import (
    ANY_COUNTRY,
    Applicant,
    CohortQuota,
    GroupCap,
    Market,
    Priority,
)
from services.selection.domain.reading import Node

_PERSON = frozenset({"id", "country", "preferences", "priority"})
_PRIORITY = ("band", "score_milli", "lottery")


def market_from(document: Any) -> Market:
    """Read a market.

    Raises:
        InvalidBody: ``document.malformed``; names the field, as in ``cohorts[0].seats``.
    """
    root = Node(document).fields("cohorts", "group_caps", "applicants")
    cohorts = tuple(_cohort(node) for node in root["cohorts"].items())
    known: dict[str, str] = {}
    for number, cohort in enumerate(cohorts):
        if cohort.cohort_id in known:
            _refuse(cohort.cohort_id, f"cohorts[{number}].id", "is the id of two cohorts")
        known[cohort.cohort_id] = cohort.cohort_id
    return Market(
        cohorts=cohorts,
        group_caps=tuple(_group(node, known) for node in root.get("group_caps", []).items()),
        applicants=tuple(_applicants(root["applicants"], known)),
    )


def changed_from(document: Any, market: Market) -> Market:
    """The market under other quotas: what the document does not name stays as it is.

    Args:
        document: ``cohorts`` and ``group_caps`` of a market document, each field of a cohort but
            its id left out at will; ``group_caps`` replaces all of them.

    Raises:
        InvalidBody: ``document.malformed``; names the field.
    """
    root = Node(document).fields("cohorts", "group_caps")
    quotas = {cohort.cohort_id: cohort for cohort in market.cohorts}
    known = {cohort_id: cohort_id for cohort_id in quotas}
    seen: set[str] = set()
    for node in root.get("cohorts", []).items():
        cohort_id = node["id"].text()
        if cohort_id not in known:
            node["id"].refuse(f"{cohort_id!r} is no cohort of this market")
        if cohort_id in seen:
            node["id"].refuse(f"{cohort_id!r} is the id of two cohorts")
        seen.add(cohort_id)
        quotas[cohort_id] = _changed(node, quotas[cohort_id])
    groups = market.group_caps
    if root.has("group_caps"):
        groups = tuple(_group(node, known) for node in root["group_caps"].items())
    return replace(market, cohorts=tuple(quotas.values()), group_caps=groups)


def _changed(node: Node, quota: CohortQuota) -> CohortQuota:
    node.fields("id", "seats", "country_ceilings", "country_reserves")
    return CohortQuota(
        quota.cohort_id,
        node.get("seats", quota.seats).whole(at_least=0),
        _by_country(node.get("country_ceilings", dict(quota.country_ceilings))),
        _by_country(node.get("country_reserves", dict(quota.country_reserves))),
    )


def _cohort(node: Node) -> CohortQuota:
    node.fields("id", "seats", "country_ceilings", "country_reserves")
    return CohortQuota(
        node["id"].text(),
        node["seats"].whole(at_least=0),
        _by_country(node.get("country_ceilings", {})),
        _by_country(node.get("country_reserves", {})),
    )


def _by_country(node: Node) -> dict[str, int]:
    return {_country(name, node.path): value.whole(at_least=0) for name, value in node.members()}


def _group(node: Node, known: dict[str, str]) -> GroupCap:
    node.fields("cells", "cap")
    cells = []
    for cell in node["cells"].items():
        if not isinstance(cell.value, list) or len(cell.value) != 2:
            cell.refuse(f"must be a pair of cohort id and country, or {ANY_COUNTRY!r}")
        cohort, country = cell.items()
        if cohort.text() not in known:
            cohort.refuse(f"{cohort.value!r} is no cohort of this market")
        cells.append((cohort.text(), country.text()))
    if not cells:
        node["cells"].refuse("must name at least one cell")
    return GroupCap(tuple(dict.fromkeys(cells)), node["cap"].whole(at_least=0))


def _applicants(node: Node, known: dict[str, str]) -> Iterable[Applicant]:
    if not isinstance(node.value, list):
        node.refuse("must be a list")
    countries: dict[str, str] = {}
    seen: set[str] = set()
    for number, value in enumerate(node.value):
        if not isinstance(value, dict) or not value.keys() <= _PERSON:
            Node(value, f"applicants[{number}]").fields(*sorted(_PERSON))
        applicant_id, country = value.get("id"), value.get("country")
        if not isinstance(applicant_id, str) or not applicant_id:
            Node(value, f"applicants[{number}]")["id"].text()
        if applicant_id in seen:
            _refuse(applicant_id, f"applicants[{number}].id", "is the id of two applicants")
        seen.add(applicant_id)
        if not isinstance(country, str) or country not in countries:
            path = f"applicants[{number}]"
            country = _country(Node(value, path)["country"].text(), f"{path}.country")
            countries[country] = country
        wanted, ranked = value.get("preferences"), value.get("priority", {})
        yield Applicant(
            applicant_id,
            countries[country],
            _preferences(wanted, number, known),
            _priorities(ranked, number, known, wanted),
        )


def _preferences(wanted: Any, number: int, known: dict[str, str]) -> tuple[str, ...]:
    path = f"applicants[{number}].preferences"
    if not isinstance(wanted, list):
        Node(wanted, path).refuse("must be a list of cohort ids, best first")
    for place, cohort_id in enumerate(wanted):
        if not isinstance(cohort_id, str) or cohort_id not in known:
            _refuse(cohort_id, f"{path}[{place}]", "is no cohort of this market")
    if len(set(wanted)) != len(wanted):
        twice = next(one for one in wanted if wanted.count(one) > 1)
        _refuse(twice, path, "is listed twice")
    return tuple(known[cohort_id] for cohort_id in wanted)


def _priorities(
    ranked: Any, number: int, known: dict[str, str], wanted: list[str]
) -> dict[str, Priority]:
    path = f"applicants[{number}].priority"
    if not isinstance(ranked, dict):
        Node(ranked, path).refuse("must be an object: cohort id to [band, score_milli, lottery]")
    priorities = {}
    for cohort_id, parts in ranked.items():
        if cohort_id not in known:
            _refuse(cohort_id, path, "is no cohort of this market")
        if not isinstance(parts, list) or len(parts) != len(_PRIORITY):
            Node(parts, f"{path}.{cohort_id}").refuse("must be [band, score_milli, lottery]")
        for place, part in enumerate(parts):
            if type(part) is not int or part < 0:
                Node(part, f"{path}.{cohort_id}[{place}] ({_PRIORITY[place]})").whole(at_least=0)
        priorities[known[cohort_id]] = Priority(*parts)
    for cohort_id in wanted:
        if cohort_id not in priorities:
            _refuse(cohort_id, path, "is preferred, but there is no priority at it")
    return priorities


def _country(code: str, path: str) -> str:
    if code == ANY_COUNTRY or not code:
        Node(code, path).refuse(f"{code!r} is no country; only the cells of a group cap may say so")
    return code


def _refuse(value: Any, path: str, detail: str) -> NoReturn:
    Node(value, path).refuse(f"{value!r} {detail}")
