"""Curricula: written, revised, published."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Aggregates
from services.scheduling.domain.cohort import Cohort
from services.scheduling.domain.commands import PublishCurriculum, ReviseCurriculum
from services.scheduling.domain.curriculum import Curriculum


def revise_curriculum(
    command: ReviseCurriculum, *, curricula: Aggregates[Curriculum], cohorts: Aggregates[Cohort]
) -> None:
    """Write the draft; the first time creates the curriculum.

    Raises:
        NotFound: ``cohort.not_found``.
        RuleViolation: a rule of ``Curriculum``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    cohort = cohorts.get(command.cohort_id, scope=scope)
    curriculum = curricula.find(command.curriculum_id, scope=scope)
    if curriculum is None:
        curriculum = Curriculum(
            curriculum_id=command.curriculum_id,
            cohort_id=cohort.cohort_id,
            country_code=cohort.country_code,
        )
    elif command.expected_version is not None:
        curriculum = curricula.get(
            command.curriculum_id, scope=scope, expected_version=command.expected_version
        )
    curriculum.revise(parts=command.parts, trainings=command.trainings)
    curricula.save(curriculum, scope=scope)


def publish_curriculum(
    command: PublishCurriculum, *, curricula: Aggregates[Curriculum], clock: Clock
) -> int:
    """Fix the draft as the next version; returns its number.

    Raises:
        NotFound: ``curriculum.not_found``.
        RuleViolation: ``curriculum.empty`` or ``curriculum.unchanged``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    curriculum = curricula.get(
        command.curriculum_id, scope=scope, expected_version=command.expected_version
    )
    version = curriculum.publish(now=clock())
    curricula.save(curriculum, scope=scope)
    return version.curriculum_version
