"""Interviews for all shortlisted people of a call."""

from __future__ import annotations

from chassis.access import EVERYTHING
from chassis.clock import Clock
from chassis.errors import RuleViolation
from chassis.ports import Jobs
from services.selection.domain.interview_plan import InterviewPlan
from services.selection.domain.plan_commands import AskForInterviews, EndInterviewPlan
from services.selection.domain.ports import Calls, Cohorts, InterviewPlans, Register, RuleSets
from services.selection.domain.rule_set import RuleSet
from services.selection.handlers.job_kinds import PLAN_INTERVIEWS


def ask_for_interviews(
    command: AskForInterviews,
    *,
    plans: InterviewPlans,
    calls: Calls,
    cohorts: Cohorts,
    rule_sets: RuleSets,
    register: Register,
    jobs: Jobs,
    clock: Clock,
) -> str:
    """Freeze who is to be interviewed and have a job plan; returns the plan's id.

    Raises:
        NotFound: ``call.not_found``, ``cohort.not_found`` or ``ruleset.not_found``.
        RuleViolation: ``interview_plan.*``.
    """
    scope = command.actor.scope
    call = calls.get(command.call_id, scope=scope)
    plan = InterviewPlan(
        plan_id=command.plan_id,
        call_id=call.call_id,
        country_code=call.country_code,
        terms=command.terms,
        sessions=command.sessions,
        panelists=command.panelists,
        asked_at=clock(),
    )
    plan.check()
    screenings = list(register.shortlisted(call.call_id))
    for cohort_id in sorted({screening.cohort_id for screening in screenings}):
        rules = rule_sets.get(RuleSet.id_for(cohort_id), scope=EVERYTHING).rules
        if command.terms.panel_size < rules.panel_minimum:
            raise RuleViolation(
                "interview_plan.panel_small", f"a panel has at least {rules.panel_minimum}"
            )
    plan.freeze(
        screenings,
        register.interviews(screening.application_id for screening in screenings),
        zone=cohorts.get(call.cohort_ids[0], scope=EVERYTHING).zone,
        country_zones=command.country_zones,
    )
    plans.save(plan, scope=scope)
    jobs.add(PLAN_INTERVIEWS, plan.plan_id, {"plan_id": plan.plan_id})
    return plan.plan_id


def end_interview_plan(command: EndInterviewPlan, *, plans: InterviewPlans) -> None:
    """Note what came of it.

    Raises:
        NotFound: ``interview_plan.not_found``.
        RuleViolation: ``interview_plan.ended``.
    """
    scope = command.actor.scope
    plan = plans.get(command.plan_id, scope=scope)
    plan.finish(command.planned)
    plans.save(plan, scope=scope)
