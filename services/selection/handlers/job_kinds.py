"""Names of selection's durable jobs and timers."""

from __future__ import annotations

JUDGE_WAITING = "selection.judge_waiting"
"""Screenings that waited for frozen rules are judged. Key: rule set id."""

PLAN_INTERVIEWS = "selection.plan_interviews"
"""Interviews of a call are planned and booked. Key: plan id."""

APPLY_SHORTLIST = "selection.apply_shortlist"
"""Each screening hears what the shortlist decided. Key: shortlist id."""

ASSIGN_REVIEWERS = "selection.assign_reviewers"
"""Reviewers are asked for all open applications of a call. Key: assignment id."""

ALLOCATE = "selection.allocate"
"""A round of a run is computed. Key: run id and cause."""

PLACE = "selection.place"
"""A round's offers and waiting list go out. Key: run id and round number."""

ERASE = "selection.erase"
"""A person is forgotten. Key: subject id."""

OFFER_EXPIRY = "selection.offer_expiry"
"""A timer. Key: offer id."""
