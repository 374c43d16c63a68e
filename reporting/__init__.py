"""The pure core: what the bot knows, without any input or output."""
