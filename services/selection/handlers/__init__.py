"""What selection does: on commands, events, timers and jobs."""
