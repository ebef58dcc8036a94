"""Handlers: load, decide, save; a module per aggregate, one for heard events, one for timers."""
