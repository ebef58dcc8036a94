"""Course timetabling (curriculum-based, formulation UD2 of ITC-2007): the engine, pure.

Trainings are courses, cohorts are curricula, trainers are teachers. Fed a frozen ``Instance``, it
reads no clock, no file and no database; time, randomness and processes come in from outside.
"""
