"""Kinds of timers and jobs."""

HOLD_OVER = "award_hold_over"
ISSUE = "issue_certificate"
PROVE = "prove_certificate"
SEAL = "seal_certificate"
