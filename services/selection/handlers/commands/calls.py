"""Taking note of registration's calls and cohorts, and giving cohorts their rules."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Jobs
from services.selection.domain.call import Call, Cohort
from services.selection.domain.commands import (
    CloseCall,
    DraftRuleSet,
    FreezeRuleSet,
    RememberCall,
    RememberCohort,
    ReviseRuleSet,
    UseRuleSet,
)
from services.selection.domain.ports import Calls, Cohorts, RuleSets
from services.selection.domain.rule_set import RuleSet
from services.selection.handlers.job_kinds import JUDGE_WAITING


def remember_cohort(command: RememberCohort, *, cohorts: Cohorts) -> None:
    """Take note of a cohort or of its new dates."""
    scope = command.actor.scope
    cohort = cohorts.find(command.cohort_id, scope=scope)
    if cohort is None:
        cohort = Cohort(
            cohort_id=command.cohort_id,
            country_code=command.country_code,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            zone=command.zone,
        )
    else:
        cohort.reschedule(starts_on=command.starts_on, ends_on=command.ends_on, zone=command.zone)
    cohorts.save(cohort, scope=scope)


def remember_call(command: RememberCall, *, calls: Calls) -> None:
    """Take note that a call opened; one known already stays as it is."""
    scope = command.actor.scope
    if calls.find(command.call_id, scope=scope) is None:
        calls.save(
            Call(
                call_id=command.call_id,
                cohort_ids=command.cohort_ids,
                country_code=command.country_code,
                opens_at=command.opens_at,
                closes_at=command.closes_at,
            ),
            scope=scope,
        )


def close_call(command: CloseCall, *, calls: Calls) -> None:
    """Take note that a call closed.

    Raises:
        NotFound: ``call.not_found``.
    """
    call = calls.get(command.call_id, scope=command.actor.scope)
    call.close(closed_at=command.closed_at)
    calls.save(call, scope=command.actor.scope)


def draft_rule_set(command: DraftRuleSet, *, rule_sets: RuleSets, cohorts: Cohorts) -> str:
    """Give a cohort its first rules.

    Returns:
        Id of the rule set.

    Raises:
        NotFound: ``cohort.not_found``.
        AlreadyExists: ``ruleset.already_exists``; revise it instead.
        InvalidBody, RuleViolation: as ``read_rules``.
    """
    scope = command.actor.scope
    cohort = cohorts.get(command.cohort_id, scope=scope)
    rule_set = RuleSet.draft(
        cohort_id=cohort.cohort_id,
        country_code=cohort.country_code,
        document=command.document,
    )
    rule_sets.save(rule_set, scope=scope)
    return rule_set.ruleset_id


def revise_rule_set(command: ReviseRuleSet, *, rule_sets: RuleSets) -> None:
    """Replace rules that are not frozen yet.

    Raises:
        NotFound: ``ruleset.not_found``.
        StaleVersion: somebody else revised them meanwhile.
        RuleViolation: ``ruleset.frozen``; or as ``read_rules``.
    """
    scope = command.actor.scope
    rule_set = rule_sets.get(
        command.ruleset_id, scope=scope, expected_version=command.expected_version
    )
    rule_set.revise(command.document)
    rule_sets.save(rule_set, scope=scope)


def freeze_rule_set(
    command: FreezeRuleSet, *, rule_sets: RuleSets, jobs: Jobs, clock: Clock
) -> None:
    """Let rules change no more, and judge those who waited for them.

    Raises:
        NotFound: ``ruleset.not_found``.
        RuleViolation: ``ruleset.frozen``.
    """
    scope = command.actor.scope
    rule_set = rule_sets.get(
        command.ruleset_id, scope=scope, expected_version=command.expected_version
    )
    rule_set.freeze(now=clock())
    rule_sets.save(rule_set, scope=scope)
    _judge_waiting(rule_set, jobs)


def use_rule_set(command: UseRuleSet, *, rule_sets: RuleSets, jobs: Jobs, clock: Clock) -> None:
    """Freeze a cohort's rules before people are judged by them; without rules they wait."""
    scope = command.actor.scope
    rule_set = rule_sets.find(RuleSet.id_for(command.cohort_id), scope=scope)
    if rule_set is not None:
        rule_set.use(now=clock())
        rule_sets.save(rule_set, scope=scope)
        _judge_waiting(rule_set, jobs)


def _judge_waiting(rule_set: RuleSet, jobs: Jobs) -> None:
    jobs.add(JUDGE_WAITING, rule_set.ruleset_id, {"cohort_id": rule_set.cohort_id})
