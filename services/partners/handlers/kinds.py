"""Kinds of timers and jobs."""

EXPIRY = "subscription_expiry"
WEBHOOK = "webhook"
REPLAY = "replay"
