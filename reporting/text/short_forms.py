"""How secretaries shorten words (nghị quyết: nq) and the small words they leave out or put between, as lists."""

from reporting.text.lexicon import phrases
from reporting.text.word_lists import table
from reporting.text.words import form_of

ABBREVIATIONS = table("short_forms.abbreviations")
FILLERS = phrases("short_forms.fillers")
# By the short form, where it has one meaning, the words it stands for; all in plain letters.
_MEANINGS = [
    (form_of(s).fold, tuple(form_of(w).fold for w in long.split())) for long, ss in ABBREVIATIONS.items() for s in ss
]
LONG_FORMS = {short: long for short, long in _MEANINGS if sum(short == other for other, _ in _MEANINGS) == 1}
