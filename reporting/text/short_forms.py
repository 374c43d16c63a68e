"""How secretaries shorten the names of activities, and the small words they put between."""

from reporting.text.lexicon import phrases
from reporting.text.word_lists import table

ABBREVIATIONS = table("short_forms.abbreviations")
FILLERS = phrases("short_forms.fillers")
