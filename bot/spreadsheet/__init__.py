"""The office's spreadsheet: units, clusters, people, briefings and targets, written as a template and read back."""
