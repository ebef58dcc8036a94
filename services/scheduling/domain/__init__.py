"""What the scheduling service knows: aggregates with numbered rules, and the solver."""
