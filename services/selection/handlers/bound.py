"""Handlers joined with what they work on; what that is, ``wiring`` or a test decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from chassis.aggregate import Command, Handle
from chassis.clock import Clock
from chassis.ports import Job, Jobs, Timer, Timers
from contracts import registration as heard
from contracts.event import Event
from services.selection.domain import assignment_commands, commands, plan_commands, ports
from services.selection.handlers import (
    events,
    followups,
    interview_jobs,
    job_kinds,
    reviewer_jobs,
)
from services.selection.handlers.commands import (
    appeals,
    assignments,
    calls,
    interview_plans,
    interviews,
    offers,
    runs,
    screenings,
)


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """Everything handlers work on; tests put in-memory ones in their place."""

    cohorts: ports.Cohorts
    calls: ports.Calls
    rule_sets: ports.RuleSets
    screenings: ports.Screenings
    shortlists: ports.Shortlists
    interviews: ports.Interviews
    runs: ports.Runs
    offers: ports.Offers
    places: ports.Places
    appeals: ports.Appeals
    erasures: ports.Erasures
    assignments: ports.ReviewerAssignments
    interview_plans: ports.InterviewPlans
    register: ports.Register


def command_handlers(
    shelves: Shelves, *, timers: Timers, jobs: Jobs, clock: Clock, new_secret: ports.NewSecret
) -> Mapping[type[Command], Callable[[Any], Any]]:
    """Command class -> handler with its dependencies bound."""
    return {
        commands.RememberCohort: partial(calls.remember_cohort, cohorts=shelves.cohorts),
        commands.RememberCall: partial(calls.remember_call, calls=shelves.calls),
        commands.CloseCall: partial(calls.close_call, calls=shelves.calls),
        commands.DraftRuleSet: partial(
            calls.draft_rule_set, rule_sets=shelves.rule_sets, cohorts=shelves.cohorts
        ),
        commands.ReviseRuleSet: partial(calls.revise_rule_set, rule_sets=shelves.rule_sets),
        commands.FreezeRuleSet: partial(
            calls.freeze_rule_set, rule_sets=shelves.rule_sets, jobs=jobs, clock=clock
        ),
        commands.UseRuleSet: partial(
            calls.use_rule_set, rule_sets=shelves.rule_sets, jobs=jobs, clock=clock
        ),
        commands.OpenScreening: partial(
            screenings.open_screening,
            screenings=shelves.screenings,
            rule_sets=shelves.rule_sets,
            clock=clock,
        ),
        commands.AmendScreening: partial(
            screenings.amend_screening,
            screenings=shelves.screenings,
            rule_sets=shelves.rule_sets,
            clock=clock,
        ),
        commands.JudgeScreening: partial(
            screenings.judge_screening,
            screenings=shelves.screenings,
            rule_sets=shelves.rule_sets,
            clock=clock,
        ),
        commands.WithdrawScreening: partial(
            screenings.withdraw_screening,
            screenings=shelves.screenings,
            register=shelves.register,
            jobs=jobs,
        ),
        commands.DecideScreening: partial(
            screenings.decide_screening, screenings=shelves.screenings, clock=clock
        ),
        commands.AssignReviewer: partial(screenings.assign_reviewer, screenings=shelves.screenings),
        assignment_commands.AskForReviewers: partial(
            assignments.ask_for_reviewers,
            assignments=shelves.assignments,
            calls=shelves.calls,
            jobs=jobs,
            clock=clock,
        ),
        assignment_commands.EndAssignment: partial(
            assignments.end_assignment, assignments=shelves.assignments
        ),
        commands.RecuseReviewer: partial(screenings.recuse_reviewer, screenings=shelves.screenings),
        commands.SealReview: partial(
            screenings.seal_review,
            screenings=shelves.screenings,
            rule_sets=shelves.rule_sets,
            clock=clock,
        ),
        commands.DrawShortlist: partial(
            screenings.draw_shortlist,
            shortlists=shelves.shortlists,
            cohorts=shelves.cohorts,
            rule_sets=shelves.rule_sets,
            register=shelves.register,
            jobs=jobs,
            clock=clock,
        ),
        commands.ShortlistScreening: partial(
            screenings.shortlist_screening, screenings=shelves.screenings, clock=clock
        ),
        commands.RejectScreening: partial(
            screenings.reject_screening, screenings=shelves.screenings, clock=clock
        ),
        commands.BookInterview: partial(
            interviews.book_interview,
            interviews=shelves.interviews,
            screenings=shelves.screenings,
            rule_sets=shelves.rule_sets,
            clock=clock,
        ),
        plan_commands.AskForInterviews: partial(
            interview_plans.ask_for_interviews,
            plans=shelves.interview_plans,
            calls=shelves.calls,
            cohorts=shelves.cohorts,
            rule_sets=shelves.rule_sets,
            register=shelves.register,
            jobs=jobs,
            clock=clock,
        ),
        plan_commands.EndInterviewPlan: partial(
            interview_plans.end_interview_plan, plans=shelves.interview_plans
        ),
        commands.MoveInterview: partial(
            interviews.move_interview, interviews=shelves.interviews, clock=clock
        ),
        commands.JoinPanel: partial(interviews.join_panel, interviews=shelves.interviews),
        commands.RecusePanelist: partial(
            interviews.recuse_panelist, interviews=shelves.interviews, rule_sets=shelves.rule_sets
        ),
        commands.SealInterviewScores: partial(
            interviews.seal_interview_scores,
            interviews=shelves.interviews,
            rule_sets=shelves.rule_sets,
            clock=clock,
        ),
        commands.MissInterview: partial(
            interviews.miss_interview, interviews=shelves.interviews, clock=clock
        ),
        commands.CancelInterview: partial(
            interviews.cancel_interview, interviews=shelves.interviews
        ),
        commands.CommitRun: partial(
            runs.commit_run,
            runs=shelves.runs,
            calls=shelves.calls,
            new_secret=new_secret,
            clock=clock,
        ),
        commands.SnapshotRun: partial(
            runs.snapshot_run,
            runs=shelves.runs,
            calls=shelves.calls,
            rule_sets=shelves.rule_sets,
            shortlists=shelves.shortlists,
            register=shelves.register,
        ),
        commands.DrawRun: partial(runs.draw_run, runs=shelves.runs, jobs=jobs),
        commands.AskForRound: partial(runs.ask_for_round, runs=shelves.runs, jobs=jobs),
        commands.RecordRound: partial(runs.record_round, runs=shelves.runs, jobs=jobs, clock=clock),
        commands.BeginOffering: partial(runs.begin_offering, runs=shelves.runs),
        commands.FinishRound: partial(runs.finish_round, runs=shelves.runs, jobs=jobs),
        commands.MakeOffer: partial(
            offers.make_offer,
            offers=shelves.offers,
            runs=shelves.runs,
            screenings=shelves.screenings,
            rule_sets=shelves.rule_sets,
            timers=timers,
            clock=clock,
        ),
        commands.AcceptOffer: partial(
            offers.accept_offer, offers=shelves.offers, timers=timers, clock=clock
        ),
        commands.DeclineOffer: partial(
            offers.decline_offer, offers=shelves.offers, timers=timers, jobs=jobs, clock=clock
        ),
        commands.ExpireOffer: partial(
            offers.expire_offer, offers=shelves.offers, jobs=jobs, clock=clock
        ),
        commands.WithdrawOffer: partial(
            offers.withdraw_offer, offers=shelves.offers, timers=timers, jobs=jobs, clock=clock
        ),
        commands.RankPlace: partial(
            offers.rank_place, places=shelves.places, screenings=shelves.screenings, clock=clock
        ),
        commands.EndPlace: partial(offers.end_place, places=shelves.places),
        commands.FileAppeal: partial(
            appeals.file_appeal,
            appeals=shelves.appeals,
            screenings=shelves.screenings,
            register=shelves.register,
            clock=clock,
        ),
        commands.ExamineAppeal: partial(
            appeals.examine_appeal, appeals=shelves.appeals, clock=clock
        ),
        commands.DecideAppeal: partial(appeals.decide_appeal, appeals=shelves.appeals, clock=clock),
        commands.EraseRecord: partial(
            appeals.erase_record,
            screenings=shelves.screenings,
            interviews=shelves.interviews,
            offers=shelves.offers,
            places=shelves.places,
            appeals=shelves.appeals,
        ),
        commands.ConfirmErasure: partial(
            appeals.confirm_erasure, erasures=shelves.erasures, clock=clock
        ),
    }


def event_handlers(
    shelves: Shelves, *, handle: Handle, jobs: Jobs
) -> Mapping[type[Event], Callable[[Any], None]]:
    """Heard event class -> handler with its dependencies bound."""
    return {
        heard.CohortAnnounced: partial(events.on_cohort_announced, handle=handle),
        heard.CohortChanged: partial(events.on_cohort_changed, handle=handle),
        heard.CallOpened: partial(events.on_call_opened, handle=handle),
        heard.CallClosed: partial(events.on_call_closed, handle=handle),
        heard.ApplicationSubmitted: partial(events.on_application_submitted, handle=handle),
        heard.ApplicationAmended: partial(events.on_application_amended, handle=handle),
        heard.ApplicationWithdrawn: partial(
            events.on_application_withdrawn,
            screenings=shelves.screenings,
            interviews=shelves.interviews,
            register=shelves.register,
            handle=handle,
        ),
        heard.NominationConfirmed: partial(
            events.on_nomination_confirmed, rule_sets=shelves.rule_sets, handle=handle
        ),
        heard.NominationWithdrawn: partial(
            events.on_nomination_withdrawn,
            screenings=shelves.screenings,
            interviews=shelves.interviews,
            register=shelves.register,
            handle=handle,
        ),
        heard.ParticipantLeft: partial(
            events.on_participant_left,
            cohorts=shelves.cohorts,
            register=shelves.register,
            handle=handle,
        ),
        heard.SubjectErasureRequested: partial(events.on_erasure_requested, jobs=jobs),
    }


def job_handlers(
    shelves: Shelves, *, handle: Handle, clock: Clock
) -> Mapping[str, Callable[[Job], Callable[[], None] | None]]:
    """Kind of job -> handler with its dependencies bound."""
    register = shelves.register
    return {
        job_kinds.JUDGE_WAITING: partial(followups.judge_waiting, register=register, handle=handle),
        job_kinds.APPLY_SHORTLIST: partial(
            followups.apply_shortlist,
            shortlists=shelves.shortlists,
            screenings=shelves.screenings,
            handle=handle,
        ),
        job_kinds.ASSIGN_REVIEWERS: partial(
            reviewer_jobs.assign_reviewers_of_call,
            assignments=shelves.assignments,
            rule_sets=shelves.rule_sets,
            register=register,
            handle=handle,
        ),
        job_kinds.PLAN_INTERVIEWS: partial(
            interview_jobs.plan_interviews_of_call,
            plans=shelves.interview_plans,
            register=register,
            handle=handle,
        ),
        job_kinds.ALLOCATE: partial(
            followups.allocate_round,
            runs=shelves.runs,
            cohorts=shelves.cohorts,
            register=register,
            handle=handle,
            clock=clock,
        ),
        job_kinds.PLACE: partial(
            followups.place_people, runs=shelves.runs, register=register, handle=handle
        ),
        job_kinds.ERASE: partial(followups.erase_person, register=register, handle=handle),
    }


def timer_handlers(*, handle: Handle) -> Mapping[str, Callable[[Timer], None]]:
    """Kind of timer -> handler with its dependencies bound."""
    return {job_kinds.OFFER_EXPIRY: partial(followups.expire_offer_when_due, handle=handle)}
