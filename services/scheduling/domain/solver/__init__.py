"""The timetabling engine: fed a frozen snapshot, it reads no clock, no file and no database."""
