"""Scheduling's collections in MongoDB."""
