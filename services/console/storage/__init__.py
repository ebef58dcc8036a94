"""The console in MongoDB."""
