"""Who reads whose application."""
