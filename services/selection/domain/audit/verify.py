"""Deciding a run again from its bundle alone: no database, the plain engine, every hash.

The steps follow the decision; the first that does not hold ends it, in plain words.

  A1  each rule set is the one the manifest names
  A2  each record is the one the tree holds, nobody is missing or added, the root is the manifest's
  A3  every score follows from sheets, severities, interview and rules (``scores``)
  A4  the secret is the one that was bound before the call closed
  A5  the seed follows from secret, public value and pool; the pool is the people of the records
  A6  everybody's lottery number follows from the seed
  A7  every round, decided again by the plain engine and looked at by the verifier, has the hash
      the manifest gives; the last one is the assignment in the bundle
  A8  each part has the hash in the seal: what decides nothing, such as a round's cause, included
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chassis.errors import RtcmError
from services.selection.domain.allocation.market import Result
from services.selection.domain.allocation.plain import allocate
from services.selection.domain.allocation.verify import require_verified
from services.selection.domain.audit.bundle import Bundle, seal_of
from services.selection.domain.audit.difference import differ, same_names
from services.selection.domain.audit.scores import check_scores
from services.selection.domain.audit.tree import leaf_hash, root_hash
from services.selection.domain.candidate import Answers, Candidate, Standing, market_of
from services.selection.domain.canonical import sha256_of
from services.selection.domain.frozen_quotas import groups_of, quota_of
from services.selection.domain.lottery import (
    commitment_sha256,
    lottery_number,
    lottery_seed,
    pool_sha256,
)
from services.selection.domain.rules import Rules, read_rules
from services.selection.domain.scores import Scores


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What held: hash of the last round's assignment, hash of the manifest, and how much."""

    result_sha256: str
    manifest_sha256: str
    people: int
    rounds: int


def check(bundle: Bundle) -> Checked:
    """Decide the run again.

    Args:
        bundle: as ``schemas/bundle.json`` describes it.

    Raises:
        Different: the first difference.
    """
    manifest = bundle["manifest"]
    rules = _rules(bundle["rule_sets"], manifest["rulesets"])
    _check_records(bundle["inputs"], bundle["tree"], manifest["inputs"])
    check_scores(bundle["inputs"], bundle["sheets"], manifest["sheets"], rules)  # A3
    seed = _seed(bundle["inputs"], manifest)
    _check_numbers(bundle, seed)
    last = _last_round(bundle, rules, seed)
    for part, named in seal_of(bundle).items():  # A8
        if bundle["seal"][part] != named:
            differ(f"{part}: it is not the one the seal was put on")
    return Checked(
        result_sha256=last.sha256,
        manifest_sha256=sha256_of(manifest),
        people=len(bundle["inputs"]),
        rounds=len(bundle["rounds"]),
    )


def _rules(documents: Mapping[str, Any], named: Mapping[str, str]) -> dict[str, Rules]:  # A1
    same_names("rule sets: the one of cohort", documents, named)
    rules = {}
    for cohort_id in sorted(documents):
        if sha256_of(documents[cohort_id]) != named[cohort_id]:
            differ(f"rule sets: the one of cohort {cohort_id} is not the one the manifest names")
        try:
            rules[cohort_id] = read_rules(documents[cohort_id], cohort_id=cohort_id)
        except RtcmError as error:
            differ(f"rule sets: the one of cohort {cohort_id} is no rule set: {error.detail}")
    return rules


def _check_records(
    records: list[dict[str, Any]], leaves: Mapping[str, str], named: Mapping[str, Any]
) -> None:  # A2
    by_id = {record["id"]: record for record in records}
    if len(by_id) != len(records):
        differ("inputs: somebody has two records")
    same_names("inputs: the record of", by_id, leaves)
    for person in sorted(by_id):
        if leaf_hash(by_id[person]) != leaves[person]:
            differ(f"inputs: the record of {person} is not the one in the tree")
    if len(by_id) != named["count"]:
        differ(f"inputs: there are {len(by_id)} records, the manifest counts {named['count']}")
    if root_hash([leaves[person] for person in sorted(leaves)]) != named["merkle_root"]:
        differ("inputs: the root of the tree is not the one in the manifest")


def _seed(records: Iterable[Mapping[str, Any]], manifest: Mapping[str, Any]) -> bytes:  # A4, A5
    lottery = manifest["lottery"]
    if commitment_sha256(lottery["secret"]) != lottery["commitment_sha256"]:
        differ("lottery: the secret is not the one that was bound before the call closed")
    pool = pool_sha256(record["id"] for record in records)
    if pool != manifest["pool_sha256"]:
        differ("lottery: the pool is not the people of the records")
    try:
        seed = lottery_seed(lottery["secret"], lottery["public_value"], pool)
    except RtcmError as error:
        differ(f"lottery: {error.detail}")
    if seed.hex() != lottery["seed"]:
        differ("lottery: the seed does not follow from secret, public value and pool")
    return seed


def _check_numbers(bundle: Bundle, seed: bytes) -> None:  # A6
    people = {record["id"] for record in bundle["inputs"]}
    same_names("lottery: the number of", bundle["lottery"], dict.fromkeys(people))
    for person in sorted(people):
        if f"{lottery_number(seed, person):064x}" != bundle["lottery"][person]:
            differ(f"lottery: the number of {person} does not follow from the seed")


def _last_round(bundle: Bundle, rules: Mapping[str, Rules], seed: bytes) -> Result:  # A7
    manifest = bundle["manifest"]
    numbers = [one["number"] for one in bundle["rounds"]]
    if numbers != [one["number"] for one in manifest["rounds"]] or not numbers:
        differ("rounds: they are not the ones the manifest counts")
    candidates = tuple(_candidate(record) for record in bundle["inputs"])
    try:
        quotas = tuple(quota_of(c, manifest["rulesets"][c], rules[c]) for c in sorted(rules))
        groups = groups_of(rules.values())
    except RtcmError as error:
        differ(f"rule sets: {error.detail}")
    gone: set[str] = set()
    kept: dict[str, str] = {}
    result = Result({})
    for told, named in zip(bundle["rounds"], manifest["rounds"], strict=True):
        gone |= set(told["gone"])
        kept = {a: c for a, c in (kept | told["kept"]).items() if a not in told["released"]}
        answers = Answers.of(gone_ids=gone, kept=kept, closed_ids=told["closed_cohorts"])
        place = f"round {told['number']}"
        try:
            market = market_of(candidates, quotas, groups, seed=seed, answers=answers)
            result = allocate(market)
            require_verified(market, result)
        except RtcmError as error:
            differ(f"{place}: it cannot be decided again: {error.detail}")
        if told is bundle["rounds"][-1]:
            _same_seats(place, bundle["assignment"], result.assignment)
        if result.sha256 != named["result_sha256"]:
            differ(
                f"{place}: the plain engine's result has the hash {result.sha256}, "
                f"the manifest says {named['result_sha256']}"
            )
    return result


def _same_seats(
    place: str, told: Mapping[str, str | None], decided: Mapping[str, str | None]
) -> None:
    same_names(f"{place}: the outcome of", told, decided)
    for person in sorted(decided):
        if told[person] != decided[person]:
            differ(
                f"{place}: {person} has {_seat(told[person])} in the bundle, "
                f"the plain engine gives {_seat(decided[person])}"
            )


def _seat(cohort_id: str | None) -> str:
    return "no place" if cohort_id is None else f"a place at {cohort_id}"


def _candidate(record: Mapping[str, Any]) -> Candidate:
    return Candidate(
        application_id=record["id"],
        country_code=record["country"],
        scores=Scores(**record["scores"]),
        standings=tuple(Standing(**standing) for standing in record["standings"]),
    )
