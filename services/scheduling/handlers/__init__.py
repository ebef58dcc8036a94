"""Commands and heard events: load, decide, save."""
