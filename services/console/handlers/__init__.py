"""Signing in and accounts."""
