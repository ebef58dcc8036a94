"""The one place where selection's parts are joined."""

from __future__ import annotations

from typing import TypeVar

from chassis.aggregate import Aggregate
from chassis.ids import new_secret
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.repository import Repository
from chassis.running import Parts, Platform
from services.selection.api.assignments import assignments_blueprint
from services.selection.api.explanations import explanations_blueprint
from services.selection.api.interview_plans import interview_plans_blueprint
from services.selection.api.interviews import interviews_blueprint
from services.selection.api.offers import appeals_blueprint, offers_blueprint
from services.selection.api.reports import reports_blueprint
from services.selection.api.rulesets import rulesets_blueprint
from services.selection.api.runs import runs_blueprint
from services.selection.api.screenings import (
    reviews_blueprint,
    screenings_blueprint,
    shortlists_blueprint,
)
from services.selection.domain.appeal import Appeal
from services.selection.domain.call import Call, Cohort
from services.selection.domain.erasure import Erasure
from services.selection.domain.interview import Interview
from services.selection.domain.interview_plan import InterviewPlan
from services.selection.domain.offer import Offer, Place
from services.selection.domain.reviewer_assignment import ReviewerAssignment
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.run import Run
from services.selection.domain.screening import Screening
from services.selection.domain.shortlist import Shortlist
from services.selection.handlers.bound import (
    Shelves,
    command_handlers,
    event_handlers,
    job_handlers,
    timer_handlers,
)
from services.selection.settings import SelectionSettings
from services.selection.storage import documents
from services.selection.storage.queries import MongoQueries
from services.selection.storage.register import MongoRegister
from services.selection.storage.reports import MongoReports

A = TypeVar("A", bound=Aggregate)


def build(platform: Platform[SelectionSettings]) -> Parts:
    """Join the parts of selection."""
    shelves = _shelves(platform)
    handle = platform.bus(
        command_handlers(
            shelves,
            timers=platform.timers,
            jobs=platform.jobs,
            clock=platform.clock,
            new_secret=new_secret,
        )
    )
    queries = MongoQueries()
    return Parts(
        documents=documents.DOCUMENTS,
        blueprints=[
            rulesets_blueprint(handle, queries),
            screenings_blueprint(handle, queries),
            assignments_blueprint(handle, queries),
            reviews_blueprint(handle, queries),
            shortlists_blueprint(handle, queries),
            interviews_blueprint(handle, queries),
            interview_plans_blueprint(handle, queries),
            runs_blueprint(handle, queries, shelves.runs, shelves.rule_sets, shelves.shortlists),
            explanations_blueprint(shelves.runs),
            offers_blueprint(handle, queries),
            appeals_blueprint(handle, queries),
            reports_blueprint(MongoReports()),
        ],
        on_event=event_handlers(shelves, handle=handle, jobs=platform.jobs),
        on_timer=timer_handlers(handle=handle),
        on_job=job_handlers(shelves, handle=handle, clock=platform.clock),
    )


def _shelves(platform: Platform[SelectionSettings]) -> Shelves:
    def shelf(
        aggregate: type[A], document: type[AggregateDocument], id_field: str, name: str, topic: str
    ) -> Repository[A]:
        return platform.repository(
            aggregate=aggregate,
            document=document,
            id_field=id_field,
            name=name,
            topic=f"rtcm.selection.{topic}",
        )

    # Cohorts, calls, shortlists, assignments and plans announce nothing; topics only name them.
    return Shelves(
        cohorts=shelf(Cohort, documents.CohortDocument, "cohort_id", "cohort", "cohort"),
        calls=shelf(Call, documents.CallDocument, "call_id", "call", "call"),
        rule_sets=shelf(RuleSet, documents.RuleSetDocument, "ruleset_id", "ruleset", "ruleset"),
        screenings=shelf(
            Screening, documents.ScreeningDocument, "screening_id", "screening", "screening"
        ),
        shortlists=shelf(
            Shortlist, documents.ShortlistDocument, "shortlist_id", "shortlist", "shortlist"
        ),
        interviews=shelf(
            Interview, documents.InterviewDocument, "interview_id", "interview", "interview"
        ),
        runs=shelf(Run, documents.RunDocument, "run_id", "run", "run"),
        offers=shelf(Offer, documents.OfferDocument, "offer_id", "offer", "offer"),
        places=shelf(Place, documents.PlaceDocument, "place_id", "place", "place"),
        appeals=shelf(Appeal, documents.AppealDocument, "appeal_id", "appeal", "appeal"),
        erasures=shelf(Erasure, documents.ErasureDocument, "erasure_id", "erasure", "erasure"),
        assignments=shelf(
            ReviewerAssignment,
            documents.ReviewerAssignmentDocument,
            "assignment_id",
            "assignment",
            "reviewer_assignment",
        ),
        interview_plans=shelf(
            InterviewPlan,
            documents.InterviewPlanDocument,
            "plan_id",
            "interview_plan",
            "interview_plan",
        ),
        register=MongoRegister(),
    )
