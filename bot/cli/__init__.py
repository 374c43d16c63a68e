"""The command line: every command's options."""
