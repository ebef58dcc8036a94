"""Handlers of the forgetting of a cohort's people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chassis.access import EVERYTHING, service_actor
from chassis.aggregate import Handle
from chassis.clock import Clock
from chassis.ports import Audit, Job, Jobs
from services.registration.domain.cohort_erasure import (
    CohortErasure,
    Tie,
    TieKind,
    reasons_to_stay,
)
from services.registration.domain.commands.cohort_erasures import (
    FinishCohortErasure,
    ReleasePerson,
    RequestCohortErasure,
)
from services.registration.domain.ports import (
    CohortErasures,
    CohortPeople,
    Cohorts,
    Erasures,
    Settlements,
    Subjects,
)
from services.registration.domain.retention import Retention
from services.registration.handlers.erasures import begin_erasure
from services.registration.handlers.scheduled import COHORT_ERASURE

_SELF = service_actor("registration")
_AT_ONCE = 100


def request_cohort_erasure(
    command: RequestCohortErasure,
    *,
    cohort_erasures: CohortErasures,
    cohorts: Cohorts,
    jobs: Jobs,
    audit: Audit,
    retention: Retention,
    clock: Clock,
) -> None:
    """Have a job look at everybody of the cohort; while one does, nothing changes.

    Raises:
        NotFound: ``cohort.not_found``.
        RuleViolation: as ``CohortErasure.request``.
    """
    scope, asker, now = command.actor.scope, command.actor.actor_id, clock()
    cohort = cohorts.get(command.cohort_id, scope=scope)
    found = cohort_erasures.find(cohort.cohort_id, scope=scope)
    if found is None:
        found = CohortErasure.request(
            cohort, requested_by=asker, keep_days=retention.cohort_keep_days, now=now
        )
    elif not found.request_again(requested_by=asker, now=now):
        return
    cohort_erasures.save(found, scope=scope)
    order = {
        "cohort_id": found.cohort_id,
        "round_no": found.round_no,
        "requested_by": asker,
    }
    jobs.add(COHORT_ERASURE, f"{found.cohort_id}.{found.round_no}", order)
    audit.note(
        actor_id=asker,
        action="cohort_erasure.requested",
        target=found.cohort_id,
        details=(f"round {found.round_no}",),
    )


def release_person(
    command: ReleasePerson,
    *,
    erasures: Erasures,
    subjects: Subjects,
    people: CohortPeople,
    jobs: Jobs,
    clock: Clock,
) -> None:
    """Begin a person's erasure unless something binds them now.

    Raises:
        NotFound: ``subject.not_found``.
    """
    reasons = reasons_to_stay(
        people.ties_of(command.subject_id),
        cohort_id=command.cohort_id,
        settled_ids=command.settled_ids,
    )
    if not reasons:
        begin_erasure(
            subjects.get(command.subject_id, scope=EVERYTHING),
            requested_by=command.requested_by,
            erasures=erasures,
            jobs=jobs,
            now=clock(),
        )


def finish_cohort_erasure(
    command: FinishCohortErasure, *, cohort_erasures: CohortErasures, clock: Clock
) -> None:
    """Note that everybody was looked at.

    Raises:
        NotFound.
    """
    scope = command.actor.scope
    erasure = cohort_erasures.get(command.cohort_id, scope=scope)
    erasure.finish(round_no=command.round_no, now=clock())
    cohort_erasures.save(erasure, scope=scope)


def forget_cohort(
    job: Job, *, people: CohortPeople, settlements: Settlements, handle: Handle
) -> Callable[[], None]:
    """Look at everybody of a cohort, one command after another.

    Resumable: each is a transaction of its own, a person is forgotten once, and a job cut off goes
    on behind the last person it reported.

    Raises:
        Unavailable: certification does not say whose certificates are settled; tried again later.
    """
    cohort_id = job.payload["cohort_id"]
    after = job.progress.get("after")
    while ids := people.of_cohort(cohort_id, after=after, limit=_AT_ONCE):
        for subject_id in ids:
            handle(
                ReleasePerson(
                    actor=_SELF,
                    cohort_id=cohort_id,
                    subject_id=subject_id,
                    settled_ids=settled_ids_of(people.ties_of(subject_id), settlements),
                    requested_by=job.payload["requested_by"],
                )
            )
        after = ids[-1]
        job.report({"after": after})
    done = FinishCohortErasure(actor=_SELF, cohort_id=cohort_id, round_no=job.payload["round_no"])
    return lambda: handle(done)


def settled_ids_of(ties: Iterable[Tie], settlements: Settlements) -> frozenset[str]:
    """Which participations may be forgotten without loss of a certificate; raises as asking does.

    Only those that are over are asked for: any other keeps its person anyhow.
    """
    return frozenset(
        tie.id_
        for tie in ties
        if tie.kind is TieKind.PARTICIPATION and tie.is_over and settlements.is_settled(tie.id_)
    )
