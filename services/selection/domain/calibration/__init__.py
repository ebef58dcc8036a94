"""What reviewers' severity does to scores, and how far it can be taken out."""
