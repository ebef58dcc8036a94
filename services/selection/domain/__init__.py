"""The rules of selection: aggregates, commands and engines; pure Python."""
