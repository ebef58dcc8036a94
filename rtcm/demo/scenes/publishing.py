"""Step 1: programmes, cohorts and calls."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from rtcm.demo.form import nominee_form, school_form
from rtcm.demo.rules import SEATS
from rtcm.demo.stage import BAKU, Stage, baku

CALL_OPENS = baku("2020-10-05 09:00")
CALL_CLOSES = baku("2020-11-15 23:59")
GRACE_MINUTES = 15


def publish_school(stage: Stage) -> None:
    """The Migration School, edition ms-3, and its call, still closed."""
    edition = _edition(stage, "ms-3")
    cast = stage.cast
    programme = {
        "country_code": "AZ",
        "code": "migration-school",
        "titles": {"az": "Miqrasiya Məktəbi", "en": "Migration School"},
        "descriptions": {
            "az": "Altı ay, 33 təlim: miqrasiyaya giriş, nəzəri biliklər, praktiki bacarıqlar.",
            "en": "Six months, 33 trainings: introduction, theory, practical skills.",
        },
        "gcm_objectives": [3, 16, 23],
        "sdgs": [4, 10],
        "organisation_codes": ["sms", "iom"],
    }
    cast.programme_ids["school"] = _made(stage, "/programmes", programme, "programme-school")
    cohort = {
        "programme_id": cast.programme_ids["school"],
        "edition_code": edition["code"],
        "titles": {
            "az": "Miqrasiya Məktəbi, 3-cü buraxılış",
            "en": "Migration School, 3rd edition",
        },
        "country_code": edition["country"],
        "country_codes": [edition["country"]],
        "starts_on": edition["starts"],
        "ends_on": edition["ends"],
        "zone": "Asia/Baku",
        "delivery": edition["delivery"],
        "language_code": edition["language"],
        "seat_count": SEATS,
    }
    cast.school_id = _made(stage, "/cohorts", cohort, "cohort-school")
    call = {
        "cohort_ids": [cast.school_id],
        "country_code": edition["country"],
        "titles": {"az": "Miqrasiya Məktəbinə qəbul", "en": "Migration School: open call"},
        "routes": ["open"],
        "opens_at": CALL_OPENS.isoformat(),
        "closes_at": CALL_CLOSES.isoformat(),
        "grace_minutes": GRACE_MINUTES,
        "form": school_form(edition),
    }
    cast.school_call_id = _made(stage, "/calls", call, "call-school")
    stage.settle()


def open_school(stage: Stage) -> None:
    """The call opens; from now on its rules are frozen."""
    cast = stage.cast
    stage.until(CALL_OPENS)
    stage.post("registration", f"/calls/{cast.school_call_id}/opening", key="open-school")
    stage.settle()
    cast.links["call"] = f"{stage.theatre.urls['console']}/calls/{cast.school_call_id}"
    stage.say(
        f"The call of the Migration School is open until {CALL_CLOSES.astimezone(BAKU):%-d %B %Y}; "
        "anybody can fill in its form in the console."
    )


def publish_course(stage: Stage) -> None:
    """The regional course for officials of ten countries, by nomination."""
    course = stage.facts["regional_courses"][0]
    starts = date.fromisoformat(course["starts"])
    cast = stage.cast
    programme = {
        "code": "regional-course",
        "titles": {"az": "Regional kurs", "en": "Regional course"},
        "descriptions": {
            "az": "Dövlət qurumlarının əməkdaşları üçün onlayn kurs.",
            "en": "An online course for officials of state bodies.",
        },
        "gcm_objectives": [23],
        "sdgs": [10, 17],
        "organisation_codes": ["rtcm", "iom"],
    }
    cast.programme_ids["course"] = _made(stage, "/programmes", programme, "programme-course")
    cohort = {
        "programme_id": cast.programme_ids["course"],
        "edition_code": course["code"],
        "titles": {"az": "Miqrasiyada əsas anlayışlar və meyillər", "en": course["name"]},
        "country_codes": stage.facts["region"]["countries"],
        "starts_on": starts.isoformat(),
        "ends_on": (starts + timedelta(days=course["days"] - 1)).isoformat(),
        "zone": "Asia/Baku",
        "delivery": course["delivery"],
        "language_code": "en",
        "seat_count": 30,
        "seat_pools": [{"route": "nomination", "seat_count": 30, "reviewed": False}],
    }
    cast.course_id = _made(stage, "/cohorts", cohort, "cohort-course")
    call = {
        "cohort_ids": [cast.course_id],
        "titles": {"az": "Regional kurs: namizədlər", "en": "Regional course: nominations"},
        "routes": ["nomination"],
        "opens_at": CALL_OPENS.isoformat(),
        "closes_at": baku("2021-05-10 18:00").isoformat(),
        "form": nominee_form(),
    }
    cast.course_call_id = _made(stage, "/calls", call, "call-course")
    stage.post("registration", f"/calls/{cast.course_call_id}/opening", key="open-course")
    stage.settle()
    stage.say("The regional course is announced to ten countries; officials come by nomination.")


def _edition(stage: Stage, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in stage.facts["editions"] if one["code"] == code)
    return found


def _made(stage: Stage, path: str, body: dict[str, Any], key: str) -> str:
    made: str = stage.post("registration", path, body, key=key).body["id"]
    return made
