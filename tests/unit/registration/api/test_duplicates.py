"""Who may be registered twice: listed for the centre, within a country, without names."""

from __future__ import annotations

from pathlib import Path

from chassis.access import Actor, Role, Scope
from services.registration.domain.commands.subjects import RegisterSubject
from tests.builders.registration import APPLICANT, OPERATOR, SUBJECT_ID, some_details
from tests.builders.registration_api import Api
from tests.builders.registration_stage import Stage

AGAIN = {
    "legal_name": "Sinagova Sara",
    "email": "again@example.org",
    "language_code": "az",
    "country_code": "AZ",
    "birth_on": "1999-03-21",
}


def test_pairs_are_listed_within_ones_country_and_without_names(tmp_path: Path) -> None:
    stage = Stage()
    stage(
        RegisterSubject(
            actor=OPERATOR,
            subject_id=SUBJECT_ID,
            country_code="AZ",
            language_code="az",
            details=some_details(),
        )
    )
    api = Api(stage, tmp_path)
    other_id = api.ask("POST", "/subjects", AGAIN).json["id"]

    answer = api.ask("GET", "/duplicates").json

    first_id, second_id = sorted((SUBJECT_ID, other_id))
    assert answer == {
        "looked_at_count": 2,
        "items": [
            {
                "first_id": first_id,
                "second_id": second_id,
                "strength": "strong",
                "reason_codes": ["same_name", "same_birth_date"],
            }
        ],
    }
    elsewhere = Actor(
        actor_id="x", roles=frozenset({Role.COORDINATOR}), scope=Scope(countries=frozenset({"GE"}))
    )
    assert api.ask("GET", "/duplicates", actor=elsewhere).json["items"] == []
    assert api.ask("GET", "/duplicates?country_code=GE").json["looked_at_count"] == 0
    assert api.ask("GET", "/duplicates", actor=APPLICANT).status_code == 403
