"""Allocation of seats by deferred acceptance: markets, engines and an independent verifier."""
