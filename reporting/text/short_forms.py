"""How secretaries shorten words (nghị quyết: nq) and the small words they leave out or put between, as lists."""

from reporting.text.lexicon import phrases
from reporting.text.word_lists import table

ABBREVIATIONS = table("short_forms.abbreviations")
FILLERS = phrases("short_forms.fillers")
