"""Allocation: commit, snapshot, draw, and every round."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Jobs
from services.selection.domain.commands import (
    AskForRound,
    BeginOffering,
    CommitRun,
    DrawRun,
    FinishRound,
    RecordRound,
    SnapshotRun,
)
from services.selection.domain.ports import (
    Calls,
    NewSecret,
    Register,
    RuleSets,
    Runs,
    Shortlists,
)
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.run import Run
from services.selection.domain.shortlist import Shortlist
from services.selection.domain.snapshot import candidates_of
from services.selection.handlers.job_kinds import ALLOCATE, PLACE


def commit_run(
    command: CommitRun, *, runs: Runs, calls: Calls, new_secret: NewSecret, clock: Clock
) -> str:
    """Bind the lottery's secret of a call that is open.

    Returns:
        Id of the run.

    Raises:
        NotFound: ``call.not_found``.
        AlreadyExists: ``run.already_exists``.
        RuleViolation: ``run.too_late``.
    """
    scope = command.actor.scope
    run = Run.commit(
        run_id=command.run_id,
        call=calls.get(command.call_id, scope=scope),
        secret=new_secret(),
        public_value_name=command.public_value_name,
        now=clock(),
    )
    runs.save(run, scope=scope)
    return run.run_id


def snapshot_run(
    command: SnapshotRun,
    *,
    runs: Runs,
    calls: Calls,
    rule_sets: RuleSets,
    shortlists: Shortlists,
    register: Register,
) -> None:
    """Freeze quotas and priorities of a closed call.

    Raises:
        NotFound: ``run.not_found``, ``call.not_found`` or ``ruleset.not_found``.
        RuleViolation: ``run.*`` or ``quota.*``.
    """
    scope = command.actor.scope
    run = runs.get(command.run_id, scope=scope, expected_version=command.expected_version)
    found = [rule_sets.get(RuleSet.id_for(c), scope=scope) for c in run.cohort_ids]
    screenings = tuple(register.shortlisted(run.call_id))
    candidates = candidates_of(
        screenings,
        register.interviews(screening.application_id for screening in screenings),
        {rule_set.cohort_id: rule_set.rules for rule_set in found},
    )
    drawn = (shortlists.find(Shortlist.id_for(c), scope=scope) for c in run.cohort_ids)
    run.take_snapshot(
        call=calls.get(run.call_id, scope=scope),
        rule_sets=found,
        candidates=candidates,
        shortlists=[shortlist for shortlist in drawn if shortlist is not None],
    )
    runs.save(run, scope=scope)


def draw_run(command: DrawRun, *, runs: Runs, jobs: Jobs) -> None:
    """Reveal the public value; a job allocates.

    Raises:
        NotFound: ``run.not_found``.
        RuleViolation: ``run.not_snapshot``.
    """
    scope = command.actor.scope
    run = runs.get(command.run_id, scope=scope, expected_version=command.expected_version)
    run.draw(command.public_value)
    runs.save(run, scope=scope)
    jobs.add(ALLOCATE, f"{run.run_id}:draw", {"run_id": run.run_id})


def ask_for_round(command: AskForRound, *, runs: Runs, jobs: Jobs) -> None:
    """Have the run allocated again.

    Raises:
        NotFound: ``run.not_found``.
    """
    run = runs.get(command.run_id, scope=command.actor.scope)
    jobs.add(ALLOCATE, f"{run.run_id}:{command.cause_id}", {"run_id": run.run_id})


def record_round(command: RecordRound, *, runs: Runs, jobs: Jobs, clock: Clock) -> None:
    """Take over an allocation that was computed outside; a job places people.

    Raises:
        NotFound: ``run.not_found``.
        StaleVersion: the run changed since it was computed.
        RuleViolation: ``run.not_verified`` and other ``run.*``.
    """
    scope = command.actor.scope
    run = runs.get(command.run_id, scope=scope, expected_version=command.expected_version)
    run.record_round(
        command.result, answers=command.answers, cause_code=command.cause_code, now=clock()
    )
    runs.save(run, scope=scope)
    jobs.add(
        PLACE,
        f"{run.run_id}:{run.round_number}",
        {"run_id": run.run_id, "round_number": run.round_number},
    )


def begin_offering(command: BeginOffering, *, runs: Runs) -> None:
    """Every superseded offer of the round is taken back.

    Raises:
        NotFound: ``run.not_found``.
        RuleViolation: ``run.*``.
    """
    run = runs.get(command.run_id, scope=command.actor.scope)
    run.begin_offering(command.round_number)
    runs.save(run, scope=command.actor.scope)


def finish_round(command: FinishRound, *, runs: Runs, jobs: Jobs) -> None:
    """Offers and waiting list of the round are out; look at what people answered meanwhile.

    Raises:
        NotFound: ``run.not_found``.
        RuleViolation: ``run.*``.
    """
    run = runs.get(command.run_id, scope=command.actor.scope)
    run.finish_round(command.round_number)
    runs.save(run, scope=command.actor.scope)
    jobs.add(ALLOCATE, f"{run.run_id}:after-{command.round_number}", {"run_id": run.run_id})
