"""What happens because it is time."""
