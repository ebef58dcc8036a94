"""Names of registration's timers and jobs."""

CALL_CLOSING = "call.closing"
COHORT_END = "cohort.end"
CONTACT_SEALING = "contact.sealing"
RETENTION_END = "subject.retention_end"

COHORT_COMPLETION = "cohort.completion"
"""Job: every participant who is still here has completed."""

SUBJECT_ERASURE = "subject.erasure"
"""Job: everything this service holds of a person is emptied."""

COHORT_ERASURE = "cohort.erasure"
"""Job: everybody of a cohort who has no reason to stay is forgotten."""
