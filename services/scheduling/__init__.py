"""The scheduling service: curricula, trainers, rooms, timetables, attendance, placements, work plans."""
