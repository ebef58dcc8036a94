"""Messages to people: in their language, once."""
