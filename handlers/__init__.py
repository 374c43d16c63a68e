"""What happens when a person says something."""
