"""Who may be registered twice: pairs for a person to look at; nothing is ever merged by itself."""
