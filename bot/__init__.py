"""The bot as a program: starts, stops, and talks to the channels."""
