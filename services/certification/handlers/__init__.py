"""What certification does: on commands, events, timers and jobs."""
