"""What is wrong with a running bot, each with what helps: for monitors, for `check`, and for the office once a day."""
