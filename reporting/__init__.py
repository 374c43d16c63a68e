"""What the bot knows, as pure functions and data: no input, no output."""
