"""Canned answers of all services for one cohort, as their APIs give them."""

from __future__ import annotations

from typing import Any

from tests.builders.console import FOCAL_POINT, SUBJECT_ID, CannedClient, Desk, listed

CALL_ID = "0192f000-0000-7000-8000-0000000000c1"
COHORT_ID = "0192f000-0000-7000-8000-0000000000d1"
OTHER_COHORT_ID = "0192f000-0000-7000-8000-0000000000d2"
APPLICATION_ID = "0192f000-0000-7000-8000-0000000000a1"
OFFER_ID = "0192f000-0000-7000-8000-0000000000e1"
PARTICIPANT_ID = "0192f000-0000-7000-8000-0000000000f1"
PARKED_ID = "0192f000-0000-7000-8000-00000000aa01"
FOCAL_POINT_ID = "0192f000-0000-7000-8000-00000000ab01"
NOMINATION_ID = "0192f000-0000-7000-8000-00000000ac01"
WORKPLAN_ID = "0192f000-0000-7000-8000-00000000ad01"
MAIL_ID = "0192f000-0000-7000-8000-00000000ae01"
CHECK_CODE = "K7QF9-W2MXR-4DT6H-A3B8C"


def texts(en: str, az: str) -> dict[str, str]:
    """A language map."""
    return {"en": en, "az": az}


def question(code: str, kind: str, en: str, az: str, **more: Any) -> dict[str, Any]:
    """A question as registration shows it."""
    return {
        "code": code,
        "kind": kind,
        "labels": texts(en, az),
        "hints": None,
        "required": True,
        "personal": False,
        "options": [],
        "visible_when": None,
        "lowest": None,
        "highest": None,
        "longest": None,
        **more,
    }


def option(code: str, en: str, az: str) -> dict[str, Any]:
    """An option as registration shows it."""
    return {"code": code, "labels": texts(en, az)}


def a_form() -> dict[str, Any]:
    """A form with every kind of question and both kinds of conditions."""
    return {
        "version": 1,
        "sections": [
            {
                "code": "person",
                "titles": texts("Personal details", "Şəxsi məlumatlar"),
                "visible_when": None,
                "questions": [
                    question("full_name", "text", "Full name", "Adı, soyadı", personal=True),
                    question("mail", "email", "E-mail address", "E-poçt ünvanı", personal=True),
                    question("phone", "phone", "Phone", "Telefon", personal=True, required=False),
                    question("born_on", "date", "Date of birth", "Doğum tarixi", personal=True),
                    question("residence", "country", "Country of residence", "Yaşadığınız ölkə"),
                ],
            },
            {
                "code": "education",
                "titles": texts("Education", "Təhsil"),
                "visible_when": None,
                "questions": [
                    question(
                        "level",
                        "single_choice",
                        "Do you study now?",
                        "Hazırda təhsil alırsınız?",
                        options=[
                            option("bachelor", "Yes, final year of a bachelor", "Bəli, bakalavr"),
                            option("master", "Yes, a master", "Bəli, magistraturada"),
                            option("graduate", "No, I have graduated", "Xeyr, məzunam"),
                        ],
                    ),
                    question(
                        "graduated_in",
                        "number",
                        "Year of graduation",
                        "Bitirdiyiniz il",
                        hints=texts("In four digits.", "Dörd rəqəmlə."),
                        lowest=2015,
                        highest=2026,
                        visible_when={"question_code": "level", "option_codes": ["graduate"]},
                    ),
                    question(
                        "fields",
                        "multiple_choice",
                        "Fields of study",
                        "İxtisas",
                        options=[
                            option("law", "Law", "Hüquq"),
                            option("politics", "Political science", "Politologiya"),
                        ],
                    ),
                    question(
                        "languages",
                        "language_level",
                        "Languages you speak",
                        "Bildiyiniz dillər",
                        options=[
                            option("en", "English", "İngilis dili"),
                            option("ru", "Russian", "Rus dili"),
                        ],
                        required=False,
                    ),
                ],
            },
            {
                "code": "motivation",
                "titles": texts("Motivation", "Motivasiya"),
                "visible_when": None,
                "questions": [
                    question(
                        "why",
                        "long_text",
                        "Why do you apply?",
                        "Niyə müraciət edirsiniz?",
                        longest=200,
                    ),
                    question("worked", "yes_no", "Have you worked?", "İşləmisiniz?"),
                ],
            },
            {
                "code": "work",
                "titles": texts("Work", "İş"),
                "visible_when": {"question_code": "worked", "option_codes": ["yes"]},
                "questions": [question("employer", "text", "Employer", "İş yeri")],
            },
        ],
    }


def a_call(**more: Any) -> dict[str, Any]:
    """A call as everybody sees it."""
    return {
        "id": CALL_ID,
        "cohort_ids": [COHORT_ID],
        "country_code": "*",
        "titles": texts("Migration School 2027, Baku", "Miqrasiya Məktəbi 2027, Bakı"),
        "routes": ["open"],
        "opens_at": "2026-11-01T05:00:00+00:00",
        "closes_at": "2026-12-10T19:59:00+00:00",
        "preference_limit": 1,
        "form": a_form(),
        "status": "open",
        "closed_at": None,
        "version": 2,
        **more,
    }


def a_cohort(**more: Any) -> dict[str, Any]:
    """A cohort."""
    return {
        "id": COHORT_ID,
        "programme_id": COHORT_ID,
        "programme_code": "migration-school",
        "edition_code": "ms-9",
        "titles": texts("Migration School 2027, Baku", "Miqrasiya Məktəbi 2027, Bakı"),
        "country_code": "AZ",
        "country_codes": ["AZ", "GE", "KZ"],
        "starts_on": "2027-01-09",
        "ends_on": "2027-07-03",
        "zone": "Asia/Baku",
        "delivery": "hybrid",
        "language_code": "az",
        "seat_count": 24,
        "seat_pools": [],
        "details_form": None,
        "status": "announced",
        "announced_at": "2026-10-01T05:00:00+00:00",
        "version": 1,
        **more,
    }


COMPLETE_ANSWERS: dict[str, Any] = {
    "full_name": "Aygün Nümunəyeva",
    "mail": "aygun@example.org",
    "born_on": "2003-02-28",
    "residence": "AZ",
    "level": "graduate",
    "graduated_in": 2025,
    "fields": ["law"],
    "why": "To learn.\nAnd to work.",
    "worked": False,
}


def an_application(**more: Any) -> dict[str, Any]:
    """An application as its writer sees it."""
    return {
        "id": APPLICATION_ID,
        "call_id": CALL_ID,
        "cohort_id": COHORT_ID,
        "subject_id": SUBJECT_ID,
        "country_code": "AZ",
        "language_code": "az",
        "preferences": [COHORT_ID],
        "answers": {},
        "form_version": 1,
        "status": "draft",
        "saved_at": "2026-11-24T06:32:00+00:00",
        "submitted_at": None,
        "version": 1,
        **more,
    }


def an_offer(**more: Any) -> dict[str, Any]:
    """An offer."""
    return {
        "id": OFFER_ID,
        "run_id": OFFER_ID,
        "round_number": 1,
        "application_id": APPLICATION_ID,
        "cohort_id": COHORT_ID,
        "subject_id": SUBJECT_ID,
        "country_code": "AZ",
        "route": "open",
        "answer_by": "2026-11-26T14:00:00+00:00",
        "status": "made",
        "reason_code": None,
        "version": 1,
        **more,
    }


def a_session(day: int, **more: Any) -> dict[str, Any]:
    """A released session in January 2027."""
    return {
        "id": f"0192f000-0000-7000-8000-0000000001{day:02d}",
        "training_code": f"int-{day:02d}",
        "part_code": "introduction",
        "titles": texts(f"Introduction, part {day}", f"Giriş, {day}-ci hissə"),
        "zone": "Asia/Baku",
        "delivery": "onsite",
        "starts_at": f"2027-01-{day:02d}T06:00:00+00:00",
        "ends_at": f"2027-01-{day:02d}T09:00:00+00:00",
        "trainer_id": COHORT_ID,
        "room_code": "hall-1",
        "calendar_sequence": 0,
        "status": "planned",
        "version": 1,
        **more,
    }


def a_verification(**more: Any) -> dict[str, Any]:
    """A certificate as certification shows it to everybody."""
    return {
        "check_code": CHECK_CODE,
        "serial": "MS-9-2027-7K4M-9QXD",
        "kind_code": "completion",
        "status": "issued",
        "is_valid": True,
        "is_erased": False,
        "proof_holds": True,
        "issued_at": "2027-07-09T06:00:00+00:00",
        "content_sha256": "9b4e07c1" * 8,
        "document_sha256": "52fa" * 16,
        "history": [],
        "replaces_serial": None,
        "successor_serial": None,
        "holder_name": "Aygun Numunayeva",
        "titles": texts("Migration School 2027, Baku", "Miqrasiya Məktəbi 2027, Bakı"),
        "edition_code": "ms-9",
        "starts_on": "2027-01-09",
        "ends_on": "2027-07-03",
        "minutes": 7110,
        "parts": [],
        "centre_names": texts(
            "Regional Training Centre on Migration", "Miqrasiya üzrə Regional Tədris Mərkəzi"
        ),
        "signatories": [{"name": "Murad Misalov", "titles": texts("Director", "Direktor")}],
        "language_codes": ["az", "en"],
        "rule_version": 1,
        "rule_sha256": "aa" * 32,
        "verify_url": f"http://console.test/verify/{CHECK_CODE}",
        **more,
    }


def erased_verification() -> dict[str, Any]:
    """The same after its holder was erased: the printed facts are not there."""
    stay = (
        *("check_code", "serial", "kind_code", "status", "is_valid", "is_erased", "proof_holds"),
        *("issued_at", "content_sha256", "document_sha256", "history"),
        *("replaces_serial", "successor_serial"),
    )
    whole = a_verification(is_erased=True, proof_holds=None, document_sha256=None)
    return {name: whole[name] for name in stay}


def a_flow(service: str, **more: Any) -> dict[str, Any]:
    """How a service's flow stands."""
    return {
        "service": service,
        "now": "2026-11-24T06:40:00+00:00",
        "announced": 1180,
        "pending": 0,
        "parked": 0,
        "jobs": {"waiting": 0, "failed": 0},
        "next_timer_at": None,
        "timer_due": False,
        "workers": [{"service": service, "breaker_open": False}],
        "log": "there",
        "lag": {},
        **more,
    }


def a_parked_event(**more: Any) -> dict[str, Any]:
    """A parked event as listed."""
    return {
        "id": PARKED_ID,
        "consumer": "rtcm.notifications",
        "topic": "rtcm.selection.offer",
        "partition": 1,
        "offset": 42,
        "key": OFFER_ID,
        "event_id": "0192f000-0000-7000-8000-0000000000b7",
        "event_type": "rtcm.selection.offer.made.v1",
        "sequence": 1,
        "reason": "template.missing",
        "detail": "the text offer_made has no released version in ky",
        "attempts": 5,
        "parked_at": "2026-11-24T05:12:00+00:00",
        **more,
    }


def a_mail(**more: Any) -> dict[str, Any]:
    """A mail of the sink in its parts."""
    return {
        "id": MAIL_ID,
        "message_id": "<m1@rtcm>",
        "type_code": "offer_made",
        "to": "aygun@example.org",
        "sender": "centre@example.org",
        "subject": "Sizə yer təklif olunur",
        "date": "Tue, 24 Nov 2026 10:40:00 +0400",
        "language_code": "az",
        "text": "Salam.\nhttp://console.test/signin/link?token=abc\n",
        "html": '<html><head><style>p{color:#123}</style></head><body><p style="margin:0">Salam'
        "</p></body></html>",
        "attachments": [
            {
                "filename": "invite.ics",
                "content_type": "text/calendar",
                "content": "BEGIN:VCALENDAR",
            }
        ],
        **more,
    }


def a_work_plan() -> dict[str, Any]:
    """An annual activity plan with four rows in four states."""

    def row(no: str, percent: int, last_on: str, rule: Any = None) -> dict[str, Any]:
        return {
            "item_no": no,
            "direction": texts("Training", "Təlim"),
            "task": texts(f"Task {no}", f"Tapşırıq {no}"),
            "methods": [],
            "responsible": [texts("Service centre", "Xidmət mərkəzi")],
            "when": texts("current year", "cari il"),
            "period": {"first_on": "2026-01-01", "last_on": last_on, "recurring": False},
            "strategy_clauses": ["2.3.1"],
            "expected_result": texts("People trained", "Təlim keçmiş insanlar"),
            "progress_percent": percent,
            "rule": rule,
            "counted": 33 if rule else 0,
        }

    return {
        "id": WORKPLAN_ID,
        "version": 1,
        "country_code": "AZ",
        "year": 2025,
        "organisation": texts("University service centre", "Universitet xidmət mərkəzi"),
        "status": "signed",
        "signed_at": "2025-01-05T06:00:00+00:00",
        "items": [
            row("1", 100, "2026-06-30"),
            row("2", 50, "2026-12-31", {"counts": "x", "target_count": 66, "cohort_ids": []}),
            row("3", 10, "2026-03-31"),
            row("4", 0, "2026-12-31"),
        ],
    }


def fill(desk: Desk) -> None:
    """Give every service of a desk its answers."""
    clients = desk.clients
    _registration(clients["registration"])
    clients["selection"].answers |= {
        ("GET", "/funnel"): {
            "counts": {
                "applied": 116,
                "waiting": 0,
                "undecided": 2,
                "eligible": 0,
                "reviewed": 0,
                "shortlisted": 48,
                "rejected": 66,
                "withdrawn": 0,
                "interviews_booked": 1,
                "interviews_scored": 47,
                "interviews_missed": 0,
                "offers_made": 3,
                "offers_accepted": 21,
                "offers_declined": 3,
                "offers_expired": 1,
                "offers_withdrawn": 0,
                "on_waiting_list": 20,
            }
        },
        ("GET", "/offers"): listed(an_offer()),
        ("GET", "/places"): listed(),
        ("GET", f"/offers/{OFFER_ID}"): an_offer(),
        ("POST", f"/offers/{OFFER_ID}/acceptance"): None,
        ("POST", f"/offers/{OFFER_ID}/refusal"): None,
    }
    clients["scheduling"].answers |= {
        ("GET", "/sessions"): listed(
            a_session(16, status="cancelled"), a_session(9), a_session(23)
        ),
        ("GET", f"/participants/{PARTICIPANT_ID}/calendar.ics"): b"BEGIN:VCALENDAR\r\n",
        ("GET", "/work-plans"): listed(a_work_plan()),
        ("GET", f"/work-plans/{WORKPLAN_ID}"): a_work_plan(),
    }
    clients["certification"].answers |= {
        ("GET", f"/verify/{CHECK_CODE}"): a_verification(),
        ("GET", f"/verify/{CHECK_CODE}/document"): b"%PDF-1.7",
        ("GET", f"/cohorts/{COHORT_ID}/summary"): {
            "cohort_id": COHORT_ID,
            "awards": {"open": 1, "reached": 20},
            "certificates": {"issued": 19, "superseded": 1, "revoked": 1},
            "alumnus_count": 19,
        },
        ("GET", "/certificates"): listed(
            {**a_verification(), "id": OFFER_ID, "cohort_id": COHORT_ID}
        ),
    }
    clients["notifications"].answers |= {
        ("GET", "/sink/mails"): {"items": [a_mail()], "next_cursor": "more"},
        ("GET", f"/sink/mails/{MAIL_ID}"): a_mail(),
        ("GET", f"/ops/parked/{PARKED_ID}"): a_parked_event(received='{"id": "1"}'),
        ("POST", f"/ops/parked/{PARKED_ID}/redrive"): {"taken": 3},
        ("POST", f"/ops/parked/{PARKED_ID}/skip"): None,
        ("POST", "/ops/jobs/retry"): None,
    }
    _operations(clients)


def _registration(client: CannedClient) -> None:
    nomination = {
        "id": NOMINATION_ID,
        "focal_point_id": FOCAL_POINT_ID,
        "call_id": CALL_ID,
        "cohort_id": COHORT_ID,
        "subject_id": SUBJECT_ID,
        "country_code": "GE",
        "organisation_code": "ge-police",
        "place_no": 1,
        "replaces_nomination_id": None,
        "status": "nominated",
        "nominated_at": "2026-11-20T06:00:00+00:00",
        "version": 1,
    }
    focal_point = {
        "id": FOCAL_POINT_ID,
        "call_id": CALL_ID,
        "cohort_id": COHORT_ID,
        "subject_id": FOCAL_POINT.actor_id,
        "country_code": "GE",
        "organisation_code": "ge-police",
        "place_count": 3,
        "invited_at": "2026-11-20T06:00:00+00:00",
        "version": 1,
    }
    participant = {
        "id": PARTICIPANT_ID,
        "cohort_id": COHORT_ID,
        "subject_id": SUBJECT_ID,
        "country_code": "AZ",
        "route": "open",
        "cause_id": OFFER_ID,
        "language_code": "az",
        "status": "enrolled",
        "enrolled_at": "2026-11-20T06:00:00+00:00",
        "version": 1,
    }
    client.answers |= {
        ("GET", "/public/calls"): listed(a_call()),
        ("GET", f"/public/calls/{CALL_ID}"): a_call(),
        ("GET", "/cohorts"): listed(a_cohort()),
        ("GET", f"/cohorts/{COHORT_ID}"): a_cohort(),
        ("GET", f"/cohorts/{OTHER_COHORT_ID}"): a_cohort(
            id=OTHER_COHORT_ID, titles=texts("Migration School 2027, online", "Onlayn qrup")
        ),
        ("GET", "/funnel"): {
            "cohort_id": COHORT_ID,
            "counts": {
                "applications_draft": 4,
                "applications_submitted": 115,
                "applications_withdrawn": 1,
                "nominations_nominated": 0,
                "nominations_confirmed": 0,
                "nominations_replaced": 0,
                "nominations_withdrawn": 0,
                "participants_enrolled": 1,
                "participants_active": 20,
                "participants_left": 2,
                "participants_completed": 0,
            },
        },
        ("GET", "/applications"): listed(an_application()),
        ("GET", f"/applications/{APPLICATION_ID}"): an_application(),
        ("PUT", f"/applications/{APPLICATION_ID}/draft"): None,
        ("POST", f"/applications/{APPLICATION_ID}/amendment"): None,
        ("POST", f"/applications/{APPLICATION_ID}/submission"): None,
        ("POST", f"/applications/{APPLICATION_ID}/withdrawal"): None,
        ("POST", "/applications"): {"id": APPLICATION_ID},
        ("GET", "/participants"): listed(participant),
        ("POST", "/signins"): None,
        ("POST", "/subjects"): {"id": SUBJECT_ID},
        ("GET", "/focal-points"): listed(focal_point),
        ("GET", f"/focal-points/{FOCAL_POINT_ID}"): focal_point,
        ("GET", "/nominations"): listed(nomination),
        ("GET", f"/nominations/{NOMINATION_ID}"): {**nomination, "legal_name": "Nino Magaliti"},
        ("POST", "/nominations"): {"id": NOMINATION_ID},
        ("POST", f"/nominations/{NOMINATION_ID}/confirmation"): None,
        ("POST", f"/nominations/{NOMINATION_ID}/replacement"): {"id": NOMINATION_ID},
    }


_HEARD = {
    "registration": ("selection.offer", "scheduling.erasure"),
    "selection": ("registration.application", "registration.call"),
    "scheduling": ("registration.cohort", "registration.participant"),
    "certification": ("scheduling.attendance", "registration.participant"),
    "notifications": ("registration.application", "selection.offer", "scheduling.session"),
    "partners": ("registration.cohort", "certification.certificate"),
}


def _operations(clients: dict[str, CannedClient]) -> None:
    for service, client in clients.items():
        lag = {f"rtcm.{topic}": 0 for topic in _HEARD[service]}
        flow = a_flow(service, lag=lag)
        parked: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        if service == "notifications":
            lag["rtcm.selection.offer"] = 214
            flow |= {"parked": 1, "pending": 2, "jobs": {"waiting": 3, "failed": 1}}
            flow |= {"next_timer_at": "2026-11-24T06:39:00+00:00", "timer_due": True}
            parked = [a_parked_event()]
            failed = [{"kind": "send", "key": "m-1", "attempts": 8, "last_error": "550 refused"}]
        client.answers |= {
            ("GET", "/ops/flow"): flow,
            ("GET", "/ops/parked"): {"items": parked},
            ("GET", "/ops/jobs/failed"): {"items": failed},
            ("GET", "/ops/audit"): {
                "items": [
                    {
                        "actor_id": "operator-1",
                        "action": "parked.redriven",
                        "target": PARKED_ID,
                        "reason": None,
                        "at": "2026-11-24T06:38:00+00:00",
                    }
                ]
            },
        }
