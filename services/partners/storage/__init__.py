"""How partners keeps what it owns."""
