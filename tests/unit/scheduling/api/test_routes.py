"""Every route that changes something hands over one command; shapes are checked at the door."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.access import Actor, Role
from chassis.http.app import create_app
from chassis.http.door import Door, Doorway
from chassis.ids import is_id
from services.scheduling.api.cohorts import cohorts_blueprint
from services.scheduling.api.curricula import curricula_blueprint
from services.scheduling.api.online_logs import online_logs_blueprint
from services.scheduling.api.placements import placements_blueprint
from services.scheduling.api.resources import rooms_blueprint, trainers_blueprint
from services.scheduling.api.sessions import sessions_blueprint
from services.scheduling.api.timetables import timetables_blueprint
from services.scheduling.api.work_plans import work_plans_blueprint
from services.scheduling.domain import commands as c
from services.scheduling.domain.availability import Availability, DateSpan
from services.scheduling.domain.cohort import MeetingTerms
from services.scheduling.domain.curriculum import Part, Training
from services.scheduling.domain.delivery import Delivery
from services.scheduling.domain.presence import Evidence, Mode, Source
from services.scheduling.domain.register import Attendance, AttendanceStatus
from services.scheduling.domain.work_plan import ProgressRule, WorkPlanItem
from services.scheduling.domain.work_plan_period import period_of
from services.scheduling.handlers.identities import curriculum_id_of, timetable_id_of
from tests.builders.scheduling import an_id

OPERATOR = Actor(actor_id="operator-1", roles=frozenset({Role.OPERATOR}))
ID, OTHER = an_id("one"), an_id("other")
BASE: dict[str, Any] = {"actor": OPERATOR, "expected_version": None}
TEN = datetime(2021, 1, 9, 6, tzinfo=UTC)


@dataclass
class Scene:
    """The API with a handle that only remembers."""

    client: FlaskClient
    handled: list[Any] = field(default_factory=list)
    answer: Any = None
    actor: Actor = OPERATOR
    kept: list[Any] = field(default_factory=list)

    def handle(self, command: Any) -> Any:
        self.handled.append(command)
        return self.answer

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.open(
            path, method=method, json=body, headers={"Authorization": "Bearer x", **headers}
        )


def as_is(error: Exception) -> Exception:
    return error


@pytest.fixture
def scene() -> Scene:
    scene = Scene(client=None)
    way = Doorway(
        verifier=SimpleNamespace(actor=lambda _: scene.actor),
        unit_of_work=SimpleNamespace(run=lambda work, *, command_id: work()),
        answers=SimpleNamespace(find=lambda _: None, put=lambda *row: scene.kept.append(row)),
    )
    blueprints = (
        cohorts_blueprint,
        curricula_blueprint,
        trainers_blueprint,
        rooms_blueprint,
        timetables_blueprint,
        sessions_blueprint,
        online_logs_blueprint,
        placements_blueprint,
        work_plans_blueprint,
    )
    reads: Any = SimpleNamespace()
    app = create_app(
        service="scheduling",
        blueprints=[build(scene.handle, reads) for build in blueprints],
        way=way,
        readiness={},
        translate=as_is,
    )
    scene.client = app.test_client()
    return scene


AVAILABLE = {
    "weekdays": [6, 2, 6],
    "spans": [{"first_on": "2021-03-01", "last_on": "2021-03-31"}],
    "unavailable_on": ["2021-03-13"],
}
AVAILABILITY = Availability(
    weekdays=(2, 6),
    spans=(DateSpan(first_on=date(2021, 3, 1), last_on=date(2021, 3, 31)),),
    unavailable_on=(date(2021, 3, 13),),
)
TERMS = {
    "weekdays": [6, 5],
    "preferred_weekdays": [6],
    "start_minutes": [780, 600],
    "earliest_minute": 540,
    "latest_minute": 1140,
    "sessions_per_day": 2,
    "closed_on": ["2021-05-01"],
}
CURRICULUM = {
    "parts": [{"part_code": "introduction", "titles": {"en": "Introduction"}}],
    "trainings": [
        {
            "training_code": "int-01",
            "part_code": "introduction",
            "titles": {"az": "Anlayışlar"},
            "minutes": 120,
            "trainer_kind_code": "sms",
            "delivery": "visit",
        }
    ],
}
ROW = {
    "item_no": "1.1",
    "direction": {"en": "Norms"},
    "task": {"en": "Trainings"},
    "methods": [{"en": "Invite lawyers"}],
    "responsible": [{"en": "Centre"}],
    "when": {"az": "May"},
    "strategy_clauses": ["2.3.1"],
    "expected_result": {"en": "Better knowledge"},
}

COMMANDS = [
    (
        "PUT",
        f"/cohorts/{ID}/terms",
        TERMS,
        c.SetMeetingTerms(
            **BASE,
            cohort_id=ID,
            terms=MeetingTerms(
                weekdays=(5, 6),
                preferred_weekdays=(6,),
                start_minutes=(600, 780),
                earliest_minute=540,
                latest_minute=1140,
                sessions_per_day=2,
                closed_on=(date(2021, 5, 1),),
            ),
        ),
    ),
    (
        "PUT",
        f"/cohorts/{ID}/curriculum",
        CURRICULUM,
        c.ReviseCurriculum(
            **BASE,
            curriculum_id=curriculum_id_of(ID),
            cohort_id=ID,
            parts=(Part(part_code="introduction", titles={"en": "Introduction"}),),
            trainings=(
                Training(
                    training_code="int-01",
                    part_code="introduction",
                    titles={"az": "Anlayışlar"},
                    minutes=120,
                    trainer_kind_code="sms",
                    delivery=Delivery.VISIT,
                ),
            ),
        ),
    ),
    (
        "POST",
        f"/cohorts/{ID}/curriculum/versions",
        None,
        c.PublishCurriculum(**BASE, curriculum_id=curriculum_id_of(ID)),
    ),
    (
        "POST",
        f"/trainers/{ID}/confirmation",
        None,
        c.ConfirmTrainer(**BASE, trainer_id=ID),
    ),
    ("POST", f"/trainers/{ID}/withdrawal", None, c.WithdrawTrainer(**BASE, trainer_id=ID)),
    (
        "PUT",
        f"/trainers/{ID}/availability",
        AVAILABLE,
        c.SetTrainerAvailability(**BASE, trainer_id=ID, availability=AVAILABILITY),
    ),
    (
        "PUT",
        f"/rooms/{ID}",
        {"kind_code": "lab", "seat_count": 12, "availability": AVAILABLE},
        c.RefitRoom(**BASE, room_id=ID, kind_code="lab", seat_count=12, availability=AVAILABILITY),
    ),
    (
        "POST",
        "/timetables",
        {"cohort_id": ID},
        c.DraftTimetable(
            **BASE,
            timetable_id=timetable_id_of(ID),
            cohort_id=ID,
            curriculum_id=curriculum_id_of(ID),
        ),
    ),
    (
        "PUT",
        f"/timetables/{ID}/pins/{OTHER}",
        {"starts_at": "2021-01-09T10:00:00+04:00", "trainer_id": ID},
        c.PinSession(**BASE, timetable_id=ID, session_id=OTHER, starts_at=TEN, trainer_id=ID),
    ),
    (
        "DELETE",
        f"/timetables/{ID}/pins/{OTHER}",
        None,
        c.UnpinSession(**BASE, timetable_id=ID, session_id=OTHER),
    ),
    (
        "POST",
        f"/timetables/{ID}/solving",
        {"seed": 7, "work": 2.5},
        c.SolveTimetable(**BASE, timetable_id=ID, seed=7, work=2.5),
    ),
    (
        "DELETE",
        f"/timetables/{ID}/solving",
        None,
        c.GiveUpSolving(**BASE, timetable_id=ID),
    ),
    (
        "DELETE",
        f"/timetables/{ID}/repairs/{OTHER}",
        None,
        c.CancelRepair(**BASE, timetable_id=ID, repair_id=OTHER),
    ),
    ("POST", f"/timetables/{ID}/releases", None, c.ReleaseTimetable(**BASE, timetable_id=ID)),
    (
        "POST",
        f"/timetables/{ID}/moves",
        {"session_id": OTHER, "starts_at": "2021-01-09T06:00:00Z", "reason_code": "ill"},
        c.MoveSession(**BASE, timetable_id=ID, session_id=OTHER, starts_at=TEN, reason_code="ill"),
    ),
    (
        "POST",
        f"/timetables/{ID}/cancellations",
        {"session_id": OTHER, "reason_code": "ill"},
        c.CancelSession(**BASE, timetable_id=ID, session_id=OTHER, reason_code="ill"),
    ),
    (
        "POST",
        f"/sessions/{ID}/evidence",
        {
            "items": [
                {
                    "participant_id": OTHER,
                    "source": "online_log",
                    "mode": "online",
                    "joined_at": "2021-01-09T10:00:00+04:00",
                    "left_at": "2021-01-09T07:00:00Z",
                }
            ]
        },
        c.NoteEvidence(
            **BASE,
            session_id=ID,
            evidence=(
                Evidence(
                    participant_id=OTHER,
                    source=Source.ONLINE_LOG,
                    mode=Mode.ONLINE,
                    joined_at=TEN,
                    left_at=TEN.replace(hour=7),
                ),
            ),
        ),
    ),
    (
        "POST",
        f"/sessions/{ID}/excuses",
        {"participant_id": OTHER},
        c.ExcuseParticipant(**BASE, session_id=ID, participant_id=OTHER),
    ),
    (
        "POST",
        f"/sessions/{ID}/attendance",
        None,
        c.RecordAttendance(**BASE, session_id=ID),
    ),
    (
        "POST",
        f"/sessions/{ID}/corrections",
        {
            "participant_id": OTHER,
            "status": "late",
            "minutes_present": 90,
            "mode": "onsite",
            "reason_code": "paper.list",
        },
        c.CorrectAttendance(
            **BASE,
            session_id=ID,
            corrected=Attendance(
                participant_id=OTHER,
                status=AttendanceStatus.LATE,
                minutes_present=90,
                mode=Mode.ONSITE,
            ),
            reason_code="paper.list",
        ),
    ),
    (
        "POST",
        f"/placements/{ID}/completion",
        {"minutes": 600},
        c.CompletePlacement(**BASE, placement_id=ID, minutes=600),
    ),
    (
        "POST",
        f"/placements/{ID}/cancellation",
        None,
        c.CancelPlacement(**BASE, placement_id=ID),
    ),
    ("POST", f"/work-plans/{ID}/signature", None, c.SignWorkPlan(**BASE, workplan_id=ID)),
    (
        "PUT",
        f"/work-plans/{ID}/items/1.1/rule",
        {"counts": "attendance.recorded", "target_count": 33, "cohort_ids": [OTHER]},
        c.TieWorkPlanItem(
            **BASE,
            workplan_id=ID,
            item_no="1.1",
            rule=ProgressRule(counts="attendance.recorded", target_count=33, cohort_ids=(OTHER,)),
        ),
    ),
    (
        "PUT",
        f"/work-plans/{ID}/items/1.1/progress",
        {"progress_percent": 40},
        c.ReportWorkPlanItem(**BASE, workplan_id=ID, item_no="1.1", progress_percent=40),
    ),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "command"),
    COMMANDS,
    ids=[f"{row[0]} {row[1]}" for row in COMMANDS],
)
def test_a_route_hands_over_one_command(scene, method, path, body, command):
    scene.answer = 1

    response = scene.send(method, path, body)

    assert response.status_code < 300, response.get_data(as_text=True)
    assert scene.handled == [command]


def test_what_is_made_gets_an_id_and_a_place(scene):
    room = {
        "room_code": "hall",
        "country_code": "AZ",
        "titles": {"az": "Zal"},
        "kind_code": "hall",
        "seat_count": 30,
    }

    response = scene.send("POST", "/rooms", room)

    made = response.json["id"]
    assert response.status_code == 201
    assert is_id(made)
    assert response.headers["Location"] == f"/rooms/{made}"
    assert scene.handled == [c.AddRoom(**BASE, room_id=made, **room)]


def test_a_trainer_is_asked_for_without_a_name(scene):
    body = {
        "country_code": "*",
        "kind_code": "iom",
        "organisation_code": "iom",
        "language_codes": ["en", "ru"],
        "subject_id": OTHER,
        "availability": AVAILABLE,
    }

    made = scene.send("POST", "/trainers", body).json["id"]

    assert scene.handled == [
        c.RequestTrainer(
            **BASE,
            trainer_id=made,
            country_code="*",
            kind_code="iom",
            organisation_code="iom",
            language_codes=("en", "ru"),
            subject_id=OTHER,
            availability=AVAILABILITY,
        )
    ]


def test_a_repair_and_a_placement_carry_the_id_they_answer_with(scene):
    asked = {"session_id": OTHER, "reason_code": "ill", "work": 3}
    repair_id = scene.send("POST", f"/timetables/{ID}/repairs", asked).json["id"]
    placement_id = scene.send(
        "POST",
        "/placements",
        {
            "participant_id": OTHER,
            "unit_code": "asylum",
            "starts_on": "2021-02-01",
            "ends_on": "2021-02-05",
        },
    ).json["id"]

    assert scene.handled == [
        c.RepairTimetable(
            **BASE,
            timetable_id=ID,
            session_id=OTHER,
            reason_code="ill",
            repair_id=repair_id,
            work=3.0,
        ),
        c.PlanPlacement(
            **BASE,
            placement_id=placement_id,
            participant_id=OTHER,
            unit_code="asylum",
            starts_on=date(2021, 2, 1),
            ends_on=date(2021, 2, 5),
        ),
    ]


LOG = {
    "lines": [
        {"name": "Participant One", "joined_at": "2021-01-09T10:00+04:00", "left_at": None},
        {
            "name": "participant  ONE",
            "joined_at": "2021-01-09T10:02:00+04:00",
            "left_at": "2021-01-09T07:00:00Z",
        },
        {"name": "iPad", "joined_at": "2021-01-09T06:10:00Z"},
    ],
    "participants": [{"participant_id": OTHER, "names": ["Participant One", "P. One"]}],
}


def test_a_log_becomes_evidence_and_the_rest_is_named(scene):
    scene.answer = {OTHER: 58}

    response = scene.send("POST", f"/sessions/{ID}/online-log", LOG)

    assert response.status_code == 200, response.get_data(as_text=True)
    assert scene.handled == [
        c.NoteOnlineLog(
            **BASE,
            session_id=ID,
            evidence=(
                Evidence(
                    participant_id=OTHER,
                    source=Source.ONLINE_LOG,
                    mode=Mode.ONLINE,
                    joined_at=TEN.replace(minute=2),
                    left_at=TEN.replace(hour=7),
                ),
            ),
        )
    ]
    assert response.json["participants"] == [{"participant_id": OTHER, "minutes_present": 58}]
    assert [(each["doubt"], each["lines"]) for each in response.json["conflicts"]] == [
        ("unknown_name", [3]),
        ("no_end", [1]),
    ]


def test_names_of_a_log_are_not_kept_for_a_repeat(scene):
    scene.answer = {}

    for _ in range(2):
        scene.send("POST", f"/sessions/{ID}/online-log", LOG, **{"Idempotency-Key": "k" * 20})

    assert scene.kept == []
    assert len(scene.handled) == 2


def test_a_plan_is_imported_with_its_periods_read(scene):
    body = {
        "country_code": "AZ",
        "year": 2025,
        "organisation": {"en": "Centre"},
        "items": [ROW],
    }

    made = scene.send("POST", "/work-plans", body).json["id"]

    lists = {name: tuple(ROW[name]) for name in ("methods", "responsible", "strategy_clauses")}
    assert scene.handled == [
        c.ImportWorkPlan(
            **BASE,
            workplan_id=made,
            country_code="AZ",
            year=2025,
            organisation={"en": "Centre"},
            items=(WorkPlanItem(**{**ROW, **lists}, period=period_of("May", 2025)),),
        )
    ]


def test_if_match_becomes_the_expected_version(scene):
    scene.send("POST", f"/timetables/{ID}/releases", **{"If-Match": '"4"'})

    assert scene.handled[0].expected_version == 4


MOVE = {"session_id": OTHER, "starts_at": "2021-01-09T06:00:00Z", "reason_code": "ill"}


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        (f"/timetables/{ID}/moves", {**MOVE, "starts_at": "2021-01-09T06:00:00"}, "starts_at"),
        (
            f"/timetables/{ID}/moves",
            {**MOVE, "starts_at": "0001-01-01T00:00:00+04:00"},
            "starts_at",
        ),
        (
            f"/timetables/{ID}/moves",
            {**MOVE, "starts_at": "9999-12-31T23:00:00-04:00"},
            "starts_at",
        ),
        (f"/timetables/{ID}/moves", {**MOVE, "reason_code": "Two words"}, "reason_code"),
        (f"/timetables/{ID}/moves", {**MOVE, "room_code": "hall\n"}, "room_code"),
        (f"/timetables/{ID}/moves", {**MOVE, "who": "me"}, "who"),
        (f"/timetables/{ID}/solving", {"seed": -1}, "seed"),
        (f"/timetables/{ID}/solving", {"seed": 1.5}, "seed"),
        (f"/timetables/{ID}/solving", {"work": 1e9}, "work"),
        ("/timetables", {}, "cohort_id"),
        ("/timetables", {"cohort_id": "x"}, "cohort_id"),
        (f"/sessions/{ID}/evidence", {"items": []}, "items"),
        (f"/sessions/{ID}/online-log", {**LOG, "lines": []}, "lines"),
        (f"/sessions/{ID}/online-log", {**LOG, "participants": []}, "participants"),
        (
            f"/sessions/{ID}/online-log",
            {**LOG, "participants": [{"participant_id": OTHER, "names": []}]},
            "participants.0.names",
        ),
        (
            f"/sessions/{ID}/online-log",
            {**LOG, "participants": LOG["participants"] * 2},
            "participants",
        ),
        (
            f"/sessions/{ID}/online-log",
            {**LOG, "lines": [{**LOG["lines"][0], "joined_at": "2021-01-09T10:00"}]},
            "lines.0.joined_at",
        ),
        (
            f"/sessions/{ID}/online-log",
            {**LOG, "lines": [{**LOG["lines"][0], "name": " "}]},
            "lines.0.name",
        ),
        (
            "/work-plans",
            {
                "country_code": "AZ",
                "year": 2025,
                "organisation": {"en": "two\nlines"},
                "items": [ROW],
            },
            "organisation.en.value",
        ),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_handed_over(scene, path, body, problem):
    response = scene.send("POST", path, body)

    assert response.status_code == 422, response.get_data(as_text=True)
    assert problem in {each["field"] for each in response.json["problems"]}
    assert scene.handled == []


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.TRAINER, Role.PARTNER, Role.AUDITOR])
def test_planning_is_for_planners(scene, role):
    scene.actor = Actor(actor_id="somebody", roles=frozenset({role}))

    response = scene.send("POST", f"/timetables/{ID}/releases")

    assert (response.status_code, response.json["code"]) == (403, "access.role_missing")
    assert scene.handled == []


def test_every_change_has_a_test_here(scene):
    tested = {(row[0], row[1].replace(ID, "<id>").replace(OTHER, "<id>")) for row in COMMANDS}
    made = {("POST", path) for path in ("/rooms", "/trainers", "/placements", "/work-plans")}
    made |= {("POST", "/timetables/<id>/repairs"), ("POST", "/sessions/<id>/online-log")}
    rules = scene.client.application.url_map.iter_rules()
    declared = {
        (method, _plain(rule.rule))
        for rule in rules
        if isinstance(scene.client.application.view_functions[rule.endpoint], Door)
        for method in rule.methods - {"GET", "HEAD", "OPTIONS"}
    }

    assert declared == {(method, _plain(path)) for method, path in tested} | made


def _plain(path: str) -> str:
    return re.sub(r"<[^>]+>", "<id>", path).replace("/items/1.1/", "/items/<id>/")
