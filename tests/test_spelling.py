"""Slips of the keyboard: what is put right, and what is left as it was written."""

import pytest

from reporting.text.spelling import repaired, without_telex
from reporting.text.words import tokens_of

KNOWN = frozenset({"khong", "co", "buoi", "phat", "sinh", "bao", "cao"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("khoong", "khong"), ("cos", "co"), ("buooir", "buoi"), ("phats", "phat"), ("baso", "bao"), ("bao", "bao")],
)
def test_unfinished_telex_is_undone_where_the_word_is_known(typed: str, meant: str) -> None:
    assert without_telex(typed, KNOWN) == meant
    assert [token.fold for token in repaired(tokens_of(typed), KNOWN)] == [meant]


@pytest.mark.parametrize("word", ["xoong", "toan", "so", "bos", "x", ""])
def test_a_word_that_telex_does_not_explain_stays(word: str) -> None:
    assert without_telex(word, KNOWN) == word
