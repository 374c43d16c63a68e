"""Days and periods: working days, holidays, deadlines and the rules of reminders."""
