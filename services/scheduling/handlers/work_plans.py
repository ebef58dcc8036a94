"""Annual activity plans: imported, signed, followed up."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Aggregates
from services.scheduling.domain.commands import (
    CountInWorkPlans,
    ImportWorkPlan,
    ReportWorkPlanItem,
    SignWorkPlan,
    TieWorkPlanItem,
)
from services.scheduling.domain.ports import History, TiedPlans
from services.scheduling.domain.work_plan import WorkPlan


def import_work_plan(command: ImportWorkPlan, *, work_plans: Aggregates[WorkPlan]) -> None:
    """Take over a plan with its rows.

    Raises:
        RuleViolation: ``workplan.empty`` or ``workplan.row_twice``.
    """
    plan = WorkPlan(
        workplan_id=command.workplan_id,
        country_code=command.country_code,
        year=command.year,
        organisation=command.organisation,
        items=command.items,
    )
    work_plans.save(plan, scope=command.actor.scope)


def sign_work_plan(
    command: SignWorkPlan, *, work_plans: Aggregates[WorkPlan], clock: Clock
) -> None:
    """The head signs.

    Raises:
        NotFound: ``workplan.not_found``.
        RuleViolation: ``workplan.signed``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    plan = work_plans.get(
        command.workplan_id, scope=scope, expected_version=command.expected_version
    )
    plan.sign(now=clock())
    work_plans.save(plan, scope=scope)


def tie_work_plan_item(
    command: TieWorkPlanItem,
    *,
    work_plans: Aggregates[WorkPlan],
    history: History,
    clock: Clock,
) -> None:
    """Let a row fill itself from events, those that have happened already included.

    Raises:
        NotFound: ``workplan.not_found``.
        RuleViolation: ``workplan.no_such_row``, ``workplan.uncountable`` or
            ``workplan.no_target``.
        StaleVersion: changed meanwhile.
    """
    scope, counts = command.actor.scope, command.rule.counts
    plan = work_plans.get(
        command.workplan_id, scope=scope, expected_version=command.expected_version
    )
    plan.tie(command.item_no, command.rule)
    for cause_id, cohort_id in history.happened(counts):
        plan.count(counts, cause_id, cohort_id=cohort_id, now=clock())
    work_plans.save(plan, scope=scope)


def report_work_plan_item(
    command: ReportWorkPlanItem, *, work_plans: Aggregates[WorkPlan], clock: Clock
) -> None:
    """Set a row's progress by hand.

    Raises:
        NotFound: ``workplan.not_found``.
        RuleViolation: a rule of ``WorkPlan``.
        StaleVersion: changed meanwhile.
    """
    scope = command.actor.scope
    plan = work_plans.get(
        command.workplan_id, scope=scope, expected_version=command.expected_version
    )
    plan.report(command.item_no, command.progress_percent, now=clock())
    work_plans.save(plan, scope=scope)


def count_in_work_plans(
    command: CountInWorkPlans,
    *,
    work_plans: Aggregates[WorkPlan],
    tied: TiedPlans,
    clock: Clock,
) -> None:
    """Let something that happened move the rows tied to it; a repeat moves nothing.

    All plans tied to it change in one transaction: the event is counted in each, or in none.
    """
    scope = command.actor.scope
    for workplan_id in tied.counting(command.counts):
        plan = work_plans.get(workplan_id, scope=scope)
        if plan.count(command.counts, command.cause_id, cohort_id=command.cohort_id, now=clock()):
            work_plans.save(plan, scope=scope)
