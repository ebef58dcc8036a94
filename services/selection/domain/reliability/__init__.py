"""How far reviewers agree on one criterion."""
