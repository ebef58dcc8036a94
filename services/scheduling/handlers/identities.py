"""Ids that follow from what caused them, so that a repeat finds the first effect."""

from __future__ import annotations

from chassis.ids import derived_id


def session_id_of(timetable_id: str, training_code: str) -> str:
    """The session of a training in a timetable."""
    return derived_id("scheduling.session", timetable_id, training_code)


def register_id_of(session_id: str) -> str:
    """The register of a session."""
    return derived_id("scheduling.register", session_id)


def erasure_id_of(subject_id: str) -> str:
    """Scheduling's receipt for a forgotten person."""
    return derived_id("scheduling.erasure", subject_id)


def curriculum_id_of(cohort_id: str) -> str:
    """The curriculum of a cohort."""
    return derived_id("scheduling.curriculum", cohort_id)


def timetable_id_of(cohort_id: str) -> str:
    """The timetable of a cohort."""
    return derived_id("scheduling.timetable", cohort_id)
