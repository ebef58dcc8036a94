"""The bundle of a run: everything it was decided from, without a name in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from chassis.errors import RuleViolation
from services.selection.domain.audit.tree import leaf_hash, record_of, sheets_record_of
from services.selection.domain.calibration.frozen import FrozenCalibration
from services.selection.domain.canonical import sha256_of
from services.selection.domain.lottery import lottery_number
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.run import Round, Run
from services.selection.domain.shortlist import Shortlist

_DECIDING = ("manifest", "rule_sets", "inputs", "tree", "sheets", "lottery", "rounds", "assignment")

PARTS = (*_DECIDING, "seal")
"""Parts of a bundle, each a JSON document (``schemas/bundle.json``)."""

Bundle = dict[str, Any]
"""Name of each part -> its document."""


def bundle_of(
    run: Run, rule_sets: Iterable[RuleSet], shortlists: Iterable[Shortlist] = ()
) -> Bundle:
    """Put together what an outsider needs to decide the run again.

    Args:
        shortlists: of the run's cohorts; those that adjusted scores give their sheets.

    Raises:
        RuleViolation: ``run.not_drawn``; before the draw the secret is nobody's to see.
    """
    if run.seed_hex is None or not run.rounds:
        raise RuleViolation("run.not_drawn", "there is nothing to check before the first round")
    seed = bytes.fromhex(run.seed_hex)
    records = [record_of(candidate) for candidate in run.candidates]
    bundle: Bundle = {
        "manifest": run.manifest(),
        "rule_sets": {r.cohort_id: json.loads(r.document) for r in rule_sets},
        "inputs": records,
        "tree": {record["id"]: leaf_hash(record) for record in records},
        "sheets": {
            s.cohort_id: _sheets(s.calibration) for s in shortlists if s.calibration is not None
        },
        "lottery": {
            record["id"]: f"{lottery_number(seed, record['id']):064x}" for record in records
        },
        "rounds": [_round(one) for one in run.rounds],
        "assignment": {seat.application_id: seat.cohort_id for seat in run.seats},
    }
    return bundle | {"seal": seal_of(bundle)}


def seal_of(bundle: Bundle) -> dict[str, str]:
    """Name of each part but the seal -> its hash: what decides nothing cannot be altered either."""
    return {part: sha256_of(bundle[part]) for part in _DECIDING}


def _sheets(calibration: FrozenCalibration) -> dict[str, Any]:
    """What adjusted scores follow from, and the hash of each application's sheets."""
    records = [sheets_record_of(one) for one in calibration.sheets]
    return {
        "records": records,
        "tree": {record["id"]: leaf_hash(record) for record in records},
        "severity_milli": dict(calibration.severity_milli),
    }


def _round(one: Round) -> dict[str, Any]:
    """What a round learnt of people's answers since the one before."""
    return {
        "number": one.number,
        "gone": list(one.newly_gone_ids),
        "kept": {seat.application_id: seat.cohort_id for seat in one.newly_kept},
        "released": list(one.released_ids),
        "closed_cohorts": list(one.closed_ids),
    }
