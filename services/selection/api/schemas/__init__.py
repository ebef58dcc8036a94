"""Shapes of bodies, queries and answers, by what they are about."""
