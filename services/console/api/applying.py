"""An application: filled in section by section, checked, sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from chassis.access import Role
from chassis.errors import RtcmError
from services.console.api import dates
from services.console.api.pages import go, needs, page
from services.console.api.started import (
    PREFERENCES,
    Started,
    cohorts_of,
    common_of,
    save,
    started_of,
)
from services.console.api.visit import visit
from services.console.backends.registration import Registration
from services.console.domain.filled import Problem, Reading, read_page
from services.console.domain.form import (
    Form,
    Section,
    kept_answers,
    missing_codes,
    page_questions,
    shown_questions,
    shown_sections,
)


def applying_routes(routes: Blueprint, registration: Registration) -> None:
    """Add the pages of an application to those of the calls."""
    _filling(routes, registration)
    _sending(routes, registration)


def _filling(routes: Blueprint, registration: Registration) -> None:
    @routes.post("/<uuid:call_id>/start")
    @needs(Role.PARTICIPANT)
    def start(call_id: object) -> Any:
        actor = visit().actor
        call = registration.call(str(call_id), actor)
        if registration.own_application(str(call_id), actor) is None:
            registration.start(
                str(call_id),
                preferences=call["cohort_ids"][:1] if len(call["cohort_ids"]) == 1 else [],
                answers={},
                actor=actor,
                key=request.form["once"],
            )
        return go("calls.form", call_id=call_id)

    @routes.get("/<uuid:call_id>/form")
    @needs(Role.PARTICIPANT)
    def form(call_id: object) -> Any:
        started = started_of(registration, str(call_id))
        return page("calls/tasks.html", **common_of(started), done=request.args.get("done"))

    @routes.get("/<uuid:call_id>/form/places")
    @needs(Role.PARTICIPANT)
    def places(call_id: object) -> Any:
        started = started_of(registration, str(call_id))
        cohorts = cohorts_of(registration, started.call, visit().actor)
        return page("calls/places.html", **common_of(started), cohorts=cohorts, refused=None)

    @routes.post("/<uuid:call_id>/form/places")
    @needs(Role.PARTICIPANT)
    def save_places(call_id: object) -> Any:
        started = started_of(registration, str(call_id))
        named = [cohort_id for cohort_id in request.form.getlist(PREFERENCES) if cohort_id]
        preferences = list(dict.fromkeys(named))
        try:
            save(registration, started, preferences=preferences, answers=started.answers)
        except RtcmError as refused:
            if refused.status not in (409, 422):
                raise
            cohorts = cohorts_of(registration, started.call, visit().actor)
            common = common_of(started)
            return page("calls/places.html", 422, **common, cohorts=cohorts, refused=refused)
        return go("calls.form", call_id=call_id, done="saved")

    @routes.get("/<uuid:call_id>/form/<code>")
    @needs(Role.PARTICIPANT)
    def section(call_id: object, code: str) -> Any:
        started = started_of(registration, str(call_id))
        return _section_page(started, _section(started, code), None)

    @routes.post("/<uuid:call_id>/form/<code>")
    @needs(Role.PARTICIPANT)
    def save_section(call_id: object, code: str) -> Any:
        started = started_of(registration, str(call_id))
        here = _section(started, code)
        reading = read_page(_shown_here(started, here), request.form)
        answers = kept_answers(started.form, {**started.answers, **reading.answers})
        later = "later" in request.form
        problems = list(reading.problems)
        if not later:
            problems += _missing(started.form, here, answers, reading)
        refused = None
        try:
            preferences = started.application[PREFERENCES]
            save(registration, started, preferences=preferences, answers=answers)
        except RtcmError as error:
            if error.status not in (409, 422):
                raise
            problems, refused = [*problems, *_refused(error)], error
        if problems or refused is not None:
            now = Started(started.call, started.form, {**started.application, "answers": answers})
            return _section_page(now, here, reading, problems, refused)
        return _onwards(started, here, answers, later=later)


def _sending(routes: Blueprint, registration: Registration) -> None:
    @routes.get("/<uuid:call_id>/check")
    @needs(Role.PARTICIPANT)
    def check(call_id: object) -> Any:
        return _check_page(registration, started_of(registration, str(call_id)), None)

    @routes.post("/<uuid:call_id>/check")
    @needs(Role.PARTICIPANT)
    def submit(call_id: object) -> Any:
        started = started_of(registration, str(call_id))
        try:
            registration.submit(started.application, actor=visit().actor, key=request.form["once"])
        except RtcmError as refused:
            if refused.status not in (409, 412, 422):
                raise
            return _check_page(registration, started, refused)
        return go("calls.sent", call_id=call_id)

    @routes.get("/<uuid:call_id>/sent")
    @needs(Role.PARTICIPANT)
    def sent(call_id: object) -> Any:
        started = started_of(registration, str(call_id))
        return page("calls/sent.html", **common_of(started))


def _section(started: Started, code: str) -> Section:
    for section in shown_sections(started.form, started.answers):
        if section.code == code:
            return section
    return abort(404)


def _shown_here(started: Started, section: Section) -> list[Any]:
    return page_questions(started.form, section, started.answers)


def _section_page(
    started: Started,
    section: Section,
    reading: Reading | None,
    problems: Sequence[Problem] = (),
    refused: RtcmError | None = None,
) -> Response:
    by_question: dict[str, Problem] = {}
    for problem in problems:
        by_question.setdefault(problem.question_code, problem)
    questions = _shown_here(started, section)
    return page(
        "calls/section.html",
        422 if by_question or refused else 200,
        **common_of(started),
        section=section,
        questions=questions,
        nested=_nested(questions),
        answers=started.answers,
        typed=reading.typed if reading else {},
        problems=by_question,
        refused=refused,
        countries=dates.countries(visit().language_code),
    )


def _nested(questions: Sequence[Any]) -> dict[tuple[str, str], list[Any]]:
    """Questions that hang on exactly one option of a choice on the same page, by that option."""
    hosts = {
        question.code: question
        for question in questions
        if question.kind in ("single_choice", "multiple_choice", "yes_no")
    }
    nested: dict[tuple[str, str], list[Any]] = {}
    for question in questions:
        condition = question.condition
        if condition and len(condition.option_codes) == 1 and condition.question_code in hosts:
            (option,) = condition.option_codes
            nested.setdefault((condition.question_code, option), []).append(question)
    return nested


def _missing(
    form: Form, section: Section, answers: dict[str, Any], reading: Reading
) -> list[Problem]:
    wrong = {problem.question_code for problem in reading.problems}
    return [
        Problem(code, "required", {})
        for code in missing_codes(form, section, answers)
        if code not in wrong
    ]


def _refused(error: RtcmError) -> list[Problem]:
    """Registration's own problems, by question."""
    return [
        Problem(one.field.removeprefix("answers."), one.code, {})
        for one in error.problems
        if one.field.startswith("answers.")
    ]


def _onwards(started: Started, here: Section, answers: dict[str, Any], *, later: bool) -> Response:
    call_id = started.call["id"]
    if later:
        return go("calls.form", call_id=call_id, done="saved")
    sections = [section.code for section in shown_sections(started.form, answers)]
    place = sections.index(here.code) if here.code in sections else -1
    if place + 1 < len(sections):
        return go("calls.section", call_id=call_id, code=sections[place + 1])
    return go("calls.check", call_id=call_id)


def _check_page(
    registration: Registration, started: Started, refused: RtcmError | None
) -> Response:
    answers = started.answers
    shown = shown_questions(started.form, answers)
    listed = [
        (section, [question for question in section.questions if question.code in shown])
        for section in shown_sections(started.form, answers)
    ]
    missing = [
        (section, shown[code])
        for section, _ in listed
        for code in missing_codes(started.form, section, answers)
    ]
    found = _refused(refused) if refused else []
    problems = {problem.question_code: problem for problem in found}
    return page(
        "calls/check.html",
        422 if refused else 200,
        **common_of(started),
        listed=listed,
        missing=missing,
        problems=problems,
        refused=refused,
        answers=answers,
        cohorts=cohorts_of(registration, started.call, visit().actor),
        sections_of={
            question.code: section for section, questions in listed for question in questions
        },
    )
