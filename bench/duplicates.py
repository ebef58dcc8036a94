"""Recall of duplicate persons among made-up people of ten countries; baseline in the same run.

Recall is the share of truly double registrations that are proposed. The queue is what a person has
to look at in vain: proposals that are no duplicate, per registration. It grows with the number of
people, since few names are shared by all of them. The baseline compares romanised names (anyascii,
token sort ratio of rapidfuzz >= 85) of people born on the same day.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from itertools import combinations

from anyascii import anyascii
from rapidfuzz import fuzz

from bench.names import Record, population
from bench.result import report
from services.registration.domain.duplicates.proposals import Entry, Strength, propose

Pairs = set[tuple[str, str]]
_ALIKE = 85


def ours(records: list[Record]) -> tuple[Pairs, Pairs]:
    """Proposed pairs, and those called strong."""
    entries = [
        Entry(
            entry_id=r.record_id,
            names=(r.name, r.native_name),
            birth_on=r.birth_on,
            document_hash=r.document,
        )
        for r in records
    ]
    proposals = propose(entries)
    strong = {(p.first_id, p.second_id) for p in proposals if p.strength is Strength.STRONG}
    return {(p.first_id, p.second_id) for p in proposals}, strong


def baseline(records: list[Record]) -> Pairs:
    """Born on the same day, names alike when romanised."""
    days = defaultdict(list)
    for record in records:
        days[record.birth_on].append((record.record_id, anyascii(record.name).lower()))
    return {
        (min(a, b), max(a, b))
        for block in days.values()
        for (a, first), (b, second) in combinations(block, 2)
        if fuzz.token_sort_ratio(first, second) >= _ALIKE
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    records = population(asked.persons, seed=asked.seed)
    by_id = {record.record_id: record for record in records}
    groups = defaultdict(list)
    for record in records:
        groups[record.person].append(record.record_id)
    true = {tuple(sorted(ids)) for ids in groups.values() if len(ids) == 2}
    began = time.process_time()
    proposed, strong = ours(records)
    seconds = time.process_time() - began
    theirs = baseline(records)
    merged = sum(by_id[a].person != by_id[b].person and by_id[a].family == by_id[b].family
                 for a, b in strong)  # fmt: skip
    recall, their_recall = (len(true & found) / len(true) for found in (proposed, theirs))
    queue, their_queue = (len(found - true) / len(records) for found in (proposed, theirs))
    report(
        "duplicates",
        ours=recall,
        baseline=their_recall,
        unit="recall",
        lines=[
            f"{len(records)} registrations, {len(true)} people twice",
            f"phonetic key: recall {recall:.4f}, in vain {queue:.4f} a registration",
            f"{len(strong & true)} of {len(true)} are strong; siblings called strong: {merged}",
            f"anyascii, token sort: recall {their_recall:.4f}, in vain {their_queue:.4f}",
        ],
        queue=round(queue, 5),
        baseline_queue=round(their_queue, 5),
        siblings_merged=merged,
        strong_not_true=len(strong - true),
        cpu_seconds=round(seconds, 2),
        registrations=len(records),
    )


if __name__ == "__main__":
    main()
