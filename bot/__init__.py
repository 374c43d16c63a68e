"""The program: starts and stops the bot, runs its commands and speaks to its channels."""
