"""Scheduling: curricula, trainers, rooms, timetables, attendance, placements, work plans."""
