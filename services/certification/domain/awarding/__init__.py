"""The award engine: terms (what is asked), facts (what happened), verdict (what follows)."""
