"""The counts of the trial stand at the end of the run, as those of the campaigns do."""

from campaigns.conftest import counted, pytest_terminal_summary

__all__ = ["counted", "pytest_terminal_summary"]
