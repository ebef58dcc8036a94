"""What partners does: on commands, events, timers and jobs."""
