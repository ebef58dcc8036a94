"""From sheets to final scores once more: what the records of a bundle claim about people.

S1  each application's sheets are those the tree holds, none missing or added; the root is named
S2  severities follow from the sheets, by a second program
S3  raw and adjusted review scores follow from sheets and severities
S4  final scores follow from them, the interview and the rule set of each cohort
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.errors import RtcmError
from services.selection.domain.audit.difference import differ, same_names
from services.selection.domain.audit.severity import severities
from services.selection.domain.audit.tree import leaf_hash, root_hash
from services.selection.domain.rules import Rules
from services.selection.domain.scores import Scores

_ROUNDED = 0.501  # milli-points: half a one, and what floating point may add to it


def check_scores(
    records: list[dict[str, Any]],
    sheets: Mapping[str, Any],
    named: Mapping[str, Any],
    rules: Mapping[str, Rules],
) -> None:
    """Compute everybody's scores again.

    Args:
        sheets, named: part ``sheets`` of the bundle, and what the manifest says of them.

    Raises:
        Different: the first difference.
    """
    same_names("sheets: those of cohort", sheets, named)
    review: dict[str, tuple[int, int]] = {}
    for cohort_id in sorted(sheets):
        milli = _sheets(cohort_id, sheets[cohort_id], named[cohort_id])
        told = sheets[cohort_id]["severity_milli"]
        _check_severities(cohort_id, milli, told)
        for person, points in milli.items():
            if person in review:
                differ(f"sheets: {person} has sheets at two cohorts")
            severity = sum(told[code] for code in points)
            raw = sum(points.values())
            review[person] = raw // len(points), (raw + severity) // len(points)
    for record in sorted(records, key=lambda record: str(record["id"])):
        _check_person(record, review.get(record["id"]), rules)


def _sheets(
    cohort_id: str, told: Mapping[str, Any], named: Mapping[str, Any]
) -> dict[str, dict[str, int]]:  # S1
    milli = {record["id"]: record["milli"] for record in told["records"]}
    leaves = told["tree"]
    if len(milli) != len(told["records"]):
        differ(f"sheets of cohort {cohort_id}: an application is there twice")
    same_names(f"sheets of cohort {cohort_id}: those of", milli, leaves)
    for record in told["records"]:
        person = record["id"]
        if leaf_hash(record) != leaves[person]:
            differ(f"sheets of cohort {cohort_id}: those of {person} are not the ones in the tree")
    if len(milli) != named["count"]:
        differ(
            f"sheets of cohort {cohort_id}: there are {len(milli)} applications, "
            f"the manifest counts {named['count']}"
        )
    if root_hash([leaves[person] for person in sorted(leaves)]) != named["merkle_root"]:
        differ(f"sheets of cohort {cohort_id}: the root of the tree is not the one in the manifest")
    return milli


def _check_severities(
    cohort_id: str, milli: Mapping[str, Mapping[str, int]], told: Mapping[str, int]
) -> None:  # S2
    found = severities(milli) if milli else {}
    same_names(f"sheets of cohort {cohort_id}: the severity of", told, found)
    for code in sorted(found):
        if abs(told[code] - found[code]) > _ROUNDED:
            differ(
                f"sheets of cohort {cohort_id}: the severity of {code} is {told[code]} in the "
                f"bundle, the sheets give {found[code]:.3f}"
            )


def _check_person(
    record: Mapping[str, Any], review: tuple[int, int] | None, rules: Mapping[str, Rules]
) -> None:  # S3, S4
    person, told = record["id"], record["scores"]
    if review is None and told["adjusted_milli"] is not None:
        differ(f"inputs: {person} has an adjusted score and no sheets")
    if review is not None:
        for name, found in zip(("review_milli", "adjusted_milli"), review, strict=True):
            if told[name] != found:
                differ(f"inputs: {name} of {person} is {told[name]}, the sheets give {found}")
    scores = Scores(**told)
    for standing in record["standings"]:
        cohort_id = standing["cohort_id"]
        if cohort_id not in rules:
            differ(f"inputs: {person} stands at cohort {cohort_id}, which has no rule set")
        try:
            final = rules[cohort_id].final_milli(scores)
        except RtcmError as error:
            differ(f"inputs: {person} at cohort {cohort_id}: {error.detail}")
        if final != standing["score_milli"]:
            differ(
                f"inputs: the score of {person} at cohort {cohort_id} is "
                f"{standing['score_milli']}, reviews and interview give {final}"
            )
