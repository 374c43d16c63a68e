"""The lists of reporting/data/lexicon.yaml that reading rules turn on, by name: each a trie to look up words in."""

import re
from collections.abc import Mapping, Sequence
from itertools import product

from reporting.text.word_lists import listed, one_of, table, written
from reporting.text.words import Lexicon, Spellings, form_of


def phrases(name: str) -> Lexicon[bool]:
    """A list of the word lists, to be met word by word; in a phrase {row} stands for any phrase of that row of the
    table NAME_parts."""
    return Lexicon((phrase, True) for phrase in _whole(name))


def _whole(name: str) -> Sequence[str]:
    """The phrases of a list with their parts written out."""
    said = listed(name)
    if not any("{" in phrase for phrase in said):
        return said
    rows = table(f"{name}_parts")
    return [whole for phrase in said for whole in _written_out(phrase, rows)]


def _written_out(phrase: str, rows: Mapping[str, Sequence[str]]) -> list[str]:
    words = [rows[word[1:-1]] if word.startswith("{") else (word,) for word in phrase.split()]
    return [" ".join(said) for said in product(*words)]


def in_plain_letters(name: str) -> frozenset[str]:
    """The single words of a list in plain letters."""
    return frozenset(form_of(word).fold for phrase in listed(name) for word in phrase.split())


def spelt(name: str) -> Spellings:
    """The single words of a list, which may be written without marks, never with other ones."""
    return Spellings(" ".join(listed(name)))


def in_plain_phrases(name: str) -> tuple[str, ...]:
    """The phrases of a list in plain letters."""
    return tuple(_plain(phrase) for phrase in _whole(name))


def sense(name: str) -> str:
    """A group of a regular expression that meets any phrase of a list in a text of plain letters.

    In a phrase {row} stands for any phrase of that row of the table NAME_parts.
    """
    parts = re.compile(r"\{(\w+)\}")
    rows = table(f"{name}_parts") if any(map(parts.search, listed(name))) else {}
    met = {row: one_of(_plain(phrase) for phrase in row_phrases) for row, row_phrases in rows.items()}
    return f"(?:{'|'.join(parts.sub(lambda part: met[part[1]], _plain(phrase)) for phrase in listed(name))})"


def _plain(phrase: str) -> str:
    return " ".join(form_of(word).fold for word in phrase.split())


# How much: words around a number.
APPROX_BEFORE = phrases("amounts.approx_before")
APPROX_AFTER = phrases("amounts.approx_after")
BOUND_BEFORE = phrases("amounts.bound_before")
INDEFINITE = phrases("amounts.indefinite")
RANGE_BETWEEN = phrases("amounts.range_between")
RATE_BEFORE = phrases("amounts.rate_before")
RATE_AFTER = phrases("amounts.rate_after")
NO_NUMBER = phrases("amounts.no_number")

CAME_LABEL = phrases("reader.came_label")

# Numbers that name something and count nothing.
NAMED_BEFORE = phrases("names.named_before")
NAMED_WEAKLY = phrases("names.named_weakly")
NAMED_EITHER_WAY = phrases("names.named_either_way")
NO_NAMES = phrases("names.no_names")
NAMED_AFTER = phrases("names.named_after")
FIXED_NAMES = phrases("names.fixed_names")
DATE_WORDS = phrases("names.date_words")

# Done, planned, compared, asked: what a clause says its numbers are.
PLAN_HEADINGS = phrases("scopes.plan_headings")
PLAN_WORDS = phrases("scopes.plan_words")
TARGET_WORDS = phrases("scopes.target_words")
FULFILLING_WORDS = phrases("scopes.fulfilling_words")
COMPARED_WITH = phrases("scopes.compared_with")
COMPARISON_WORDS = phrases("scopes.comparison_words")
NO_COMPARISON = phrases("scopes.no_comparison")
REPORT_WORDS = phrases("scopes.report_words")
OLDER_WORDS = phrases("scopes.older_words")
THIS_PERIOD = phrases("scopes.this_period")
CUMULATIVE_WORDS = phrases("scopes.cumulative_words")
DONE_WORDS = phrases("scopes.done_words")
STRONGLY_DONE = phrases("scopes.strongly_done")
TERM_WORDS = phrases("scopes.term_words")
PART_WORDS = phrases("scopes.part_words")
NOBODY_REPORTS = phrases("scopes.nobody_reports")
ORGANISATIONS = phrases("scopes.organisations")
PARTNER_WORDS = phrases("scopes.partner_words")
OWN_PART = phrases("scopes.own_part")
UNDONE_WORDS = phrases("scopes.undone_words")
RECEIVED = phrases("scopes.received")
FROM_ABOVE = phrases("scopes.from_above")
OTHER_BODIES = phrases("scopes.other_bodies")
STOCK_WORDS = phrases("scopes.stock_words")
LOST_WORDS = written("scopes.lost_words")
TOTAL_WORDS = phrases("scopes.total_words")
ASKING_WORDS = phrases("scopes.asking_words")
ASKING_BACK = phrases("scopes.asking_back")
ASKING_ENDS = phrases("scopes.asking_ends")

# What did not happen.
NONE_WORDS = phrases("nothing.none_words")
BETWEEN_NONE_AND_NAME = in_plain_letters("nothing.between_none_and_name")
JOINING = phrases("nothing.joining")
NONE_AFTER_NAME = phrases("nothing.none_after_name")
BESIDE_BARE_NUMBERS = in_plain_letters("nothing.beside_bare_numbers")
BESIDE_A_BARE_NUMBER = spelt("nothing.beside_bare_numbers")
AROUND_A_NAME = spelt("nothing.around_a_name")

# What people say around an answer.
CORRECTION_WORDS = phrases("replies.correction_words")
NOT_THIS_BUT = phrases("replies.not_this_but")
POLITE = phrases("replies.polite")
VAGUE_ANSWERS = phrases("replies.vague_answers")
