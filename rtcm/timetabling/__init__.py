"""Kinds of timetabling problems behind one command group, ``rtcm timetable``."""
