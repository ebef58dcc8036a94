"""Who may sign in, how often, and how a form is read."""
