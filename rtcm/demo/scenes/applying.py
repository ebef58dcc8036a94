"""Step 2: people fill in the form, some of them wrongly; focal points nominate officials."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis.access import Actor, Role, Scope
from rtcm.demo.people import Person
from rtcm.demo.rules import codes
from rtcm.demo.scenes.publishing import CALL_CLOSES, GRACE_MINUTES
from rtcm.demo.stage import Applicant, Stage, person_actor

APPLICANTS = 120
_INELIGIBLE = {17: ("degree_level", "secondary-school"), 58: ("field_of_study", "engineering")}
_OFFICIALS_PER_COUNTRY = 3


def apply(stage: Stage) -> None:
    """120 people draft, save, come back and submit."""
    edition = next(one for one in stage.facts["editions"] if one["code"] == "ms-3")
    people = [stage.people.next("AZ") for _ in range(APPLICANTS)]
    forms = [_answers(stage, edition, person) for person in people]

    def go_through(numbered: tuple[int, Person]) -> Applicant:
        number, person = numbered
        applicant = Applicant(person, _registered(stage, person))
        me = person_actor(applicant.subject_id)
        answers = forms[number]
        first = {
            "call_id": stage.cast.school_call_id,
            "preferences": [stage.cast.school_id],
            "answers": {"residence": answers["residence"]},
        }
        path = "/applications"
        made = stage.post("registration", path, first, actor=me, key=f"start-{number}")
        applicant.application_id = made.body["id"]
        path = f"/applications/{applicant.application_id}"
        whole = {"preferences": [stage.cast.school_id], "answers": answers}
        stage.put("registration", f"{path}/draft", whole, actor=me)
        kept = stage.get("registration", path, actor=me)
        stage.hold(kept["answers"] == answers, "a saved draft came back changed")
        stage.post("registration", f"{path}/submission", actor=me, key=f"submit-{number}")
        return applicant

    numbered = list(enumerate(people))
    stage.cast.applicants = stage.each(numbered, go_through, what="people apply")
    stage.settle()
    stage.cast.counts["applications"] = len(stage.cast.applicants)
    stage.say(f"{APPLICANTS} people drafted, saved, came back and submitted.")


def apply_wrongly(stage: Stage) -> None:
    """Each mistake gets the right clear answer."""
    cast = stage.cast
    twice = cast.applicants[0]
    me = person_actor(twice.subject_id)
    again = {"call_id": cast.school_call_id, "preferences": [cast.school_id], "answers": {}}
    stage.refused(
        "application.already_exists",
        lambda: stage.post("registration", "/applications", again, actor=me),
    )
    hasty = _registered(stage, stage.people.next("AZ"))
    made = stage.post(
        "registration", "/applications", again, actor=person_actor(hasty), key="hasty"
    )
    stage.refused(
        "answers.incomplete",
        lambda: stage.post(
            "registration", f"/applications/{made.body['id']}/submission", actor=person_actor(hasty)
        ),
    )
    late = _registered(stage, stage.people.next("AZ"))
    stage.until(CALL_CLOSES + timedelta(minutes=GRACE_MINUTES + 1))
    stage.settle()
    stage.refused(
        "call.closed",
        lambda: stage.post("registration", "/applications", again, actor=person_actor(late)),
    )
    stage.say(
        "One applied twice, one sent an incomplete form, one came after the window with its grace: "
        "each was told what was wrong and what to do."
    )


def nominate(stage: Stage) -> None:
    """Ten focal points name three officials each; one nominee is replaced."""
    cast = stage.cast

    def name_three(country_code: str) -> list[dict[str, Any]]:
        person = stage.people.next(country_code)
        invitation = {
            "call_id": cast.course_call_id,
            "cohort_id": cast.course_id,
            "organisation_code": f"migration-service-{country_code.lower()}",
            "country_code": country_code,
            "place_count": _OFFICIALS_PER_COUNTRY,
            "person": details_of(person),
        }
        path = "/focal-points"
        made = stage.post("registration", path, invitation, key=f"invite-{country_code}")
        focal_point = stage.get("registration", f"{path}/{made.body['id']}")
        me = Actor(
            actor_id=focal_point["subject_id"],
            roles=frozenset({Role.FOCAL_POINT}),
            scope=Scope(countries=frozenset({country_code})),
        )
        named = []
        for number in range(_OFFICIALS_PER_COUNTRY):
            nominee = {
                "focal_point_id": focal_point["id"],
                "person": details_of(stage.people.next(country_code)),
            }
            key = f"nominate-{country_code}-{number}"
            nomination = stage.post("registration", "/nominations", nominee, actor=me, key=key)
            path = f"/nominations/{nomination.body['id']}"
            stage.post("registration", f"{path}/confirmation", actor=me, key=f"confirm-{key}")
            named.append({"id": nomination.body["id"], "country_code": country_code, "actor": me})
        return named

    countries = stage.facts["region"]["countries"]
    stage.each_in_order(
        countries, lambda one: cast.officials.extend(name_three(one)), what="countries nominate"
    )
    stage.settle()
    replaced = cast.officials[4]
    body = {"person": details_of(stage.people.next(replaced["country_code"]))}
    path = f"/nominations/{replaced['id']}/replacement"
    stage.post("registration", path, body, actor=replaced["actor"], key="replace")
    stage.settle()
    members = stage.all("scheduling", f"/cohorts/{cast.course_id}/members")
    active = [one for one in members if one["left_at"] is None]
    expected = len(countries) * _OFFICIALS_PER_COUNTRY
    stage.hold(len(active) == expected, f"{len(active)} officials enrolled instead of {expected}")
    cast.counts["officials"] = len(active)
    stage.say(f"{len(countries)} focal points named {expected} officials; one was replaced.")


def _registered(stage: Stage, person: Person) -> str:
    body = details_of(person) | {"country_code": person.country_code}
    made = stage.of("registration").post("/subjects", body, key=person.email)
    subject_id: str = made.body["id"]
    return subject_id


def details_of(person: Person) -> dict[str, Any]:
    """A person as registration takes them."""
    return {
        "legal_name": person.name,
        "email": person.email,
        "birth_on": person.born_on.isoformat(),
        "language_code": person.language_code,
    }


def _answers(stage: Stage, edition: dict[str, Any], person: Person) -> dict[str, Any]:
    draw = stage.people.chance("answers", str(person.number))
    answers: dict[str, Any] = {
        "phone": f"+99450{person.number:07}",
        "born_on": person.born_on.isoformat(),
        "residence": "AZ",
        "degree_level": draw.choice(codes(edition["levels"])),
        "field_of_study": draw.choice(codes(edition["fields_of_study"])),
        "languages": {"en": draw.choice(("b1", "b2", "c1")), "ru": draw.choice(("a2", "b1", "b2"))},
        "motivation": "Miqrasiyanın necə idarə olunduğunu anlamaq və öz ölkəmdə işləmək istəyirəm.",
        "other_courses": draw.random() < 0.2,
    }
    if person.number in _INELIGIBLE:
        question, option = _INELIGIBLE[person.number]
        answers[question] = option
    if answers["degree_level"] == "recent-graduate":
        answers["graduated_year"] = draw.choice((2018, 2019, 2020))
    return answers
