"""Shapes of bodies, queries and answers, a module per aggregate."""
