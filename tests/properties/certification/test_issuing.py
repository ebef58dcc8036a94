"""Exactly one certificate in force each, whatever becomes of the workers, and never for nobody.

``python -m tests.properties.certification.test_issuing --people 10000`` is the long form.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from random import Random
from typing import Any

import pytest

from chassis.clock import cpu_seconds
from services.certification.domain.award import award_id_of
from services.certification.domain.certificate import certificate_id_of
from tests.properties.certification.cohorts import RULE, SIZE, Person, an_edition
from tests.properties.certification.memory import Memory
from tests.properties.certification.oracle import verdict_of
from tests.properties.certification.workers import Service

COPIES = 5


def storm(people: int, *, seed: int, deaths: float, races: float) -> tuple[Service, dict[str, Any]]:
    """Enrolment to certificates in force, every third of them replaced once."""
    chance = Random(seed)
    memory = Memory(chance, deaths=deaths, races=races)
    editions = [an_edition(number) for number in range(people // SIZE)]
    service = Service(memory=memory, chance=chance, editions=editions)
    memory.transaction(lambda: service.begin(COPIES))
    service.hear_all()
    service.fire_all()
    service.work_all()
    first = sorted(one.certificate_id for one in service.certificates.rows())
    service.supersede(first[::3])
    service.work_all(done=set(first))
    service.work_all()  # every job once more: a lease that ran out after the work was done
    everybody = [person for edition in editions for person in edition.people]
    counts = Counter(_wrongs(service, everybody))
    found = {
        "people": len(everybody),
        "certificates": len(service.certificates.rows()),
        "died": memory.died,
        "raced": memory.raced,
        "wrong": dict(counts),
    }
    return service, found


def _wrongs(service: Service, everybody: list[Person]) -> list[str]:
    """What is not as the naive oracle, which knows of no worker, says it must be."""
    by_award: dict[str, list[Any]] = {}
    for certificate in service.certificates.rows():
        by_award.setdefault(certificate.award_id, []).append(certificate)
    wrong = []
    for person in everybody:
        certificates = by_award.pop(award_id_of(person.participant_id), [])
        active = [one for one in certificates if one.is_active]
        judged = verdict_of(RULE, list(person.rows))
        is_due = judged["standing"] == "met" and not person.has_left
        if len(active) != is_due:
            wrong.append(f"{len(active)} in force, {int(is_due)} due")
        if active and active[0].content.kind_code != judged["kind"]:
            wrong.append("of the wrong kind")
        if sorted(one.ordinal for one in certificates) != list(range(1, len(certificates) + 1)):
            wrong.append("a number was left out or given twice")
        if active and active[0].ordinal != len(certificates):
            wrong.append("an old one is in force")
    if by_award:
        wrong.append("for nobody")
    holders = {one.subject_id for one in service.certificates.rows()}
    if sorted(one.subject_id for one in service.alumni.rows()) != sorted(holders):
        wrong.append("alumni are others than the holders")
    issued = Counter(event.key for event in service.certificates.outbox if _is_issue(event))
    if set(issued) != {one.certificate_id for one in service.certificates.rows()}:
        wrong.append("issued without being announced, or announced without being issued")
    if max(issued.values(), default=0) > 1:
        wrong.append("announced twice")
    if set(service.papers.kept) != set(issued):
        wrong.append("a document is missing or nobody's")
    return wrong


def _is_issue(event: Any) -> bool:
    return type(event).__name__ == "CertificateIssued"


@pytest.mark.parametrize("seed", range(3))
def test_each_has_one_certificate_exactly_where_the_oracle_says(seed):
    service, found = storm(50, seed=seed, deaths=0.01, races=0.05)
    assert found["wrong"] == {}
    assert min(found["died"], found["raced"], found["certificates"]) > 20
    first = certificate_id_of(service.certificates.rows()[0].award_id, 1)
    assert service.certificates.holds(first)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = cpu_seconds()
    _, found = storm(asked.people, seed=asked.seed, deaths=0.002, races=0.02)
    print(json.dumps(found | {"cpu_seconds": round(cpu_seconds() - began, 1)}))


if __name__ == "__main__":
    main()
