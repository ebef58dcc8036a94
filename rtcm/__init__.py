"""The command line: start everything on one machine, run the demo, operate the event flow."""
