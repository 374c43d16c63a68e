"""What reminders say, how they are put off, and the month's plan by chat."""
