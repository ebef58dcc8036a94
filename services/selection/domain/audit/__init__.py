"""What an outsider needs to decide a run again, and how they do it."""
