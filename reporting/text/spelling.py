"""A mistyped word in, the known word it was meant to be out: unfinished Telex, swapped or doubled letters."""

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from functools import lru_cache

from reporting.text.word_lists import listed, one_of, table
from reporting.text.words import Token, WordForm, form_of

_SYLLABLE = re.compile(f"{one_of(listed('letters.onsets'))}?{one_of(listed('letters.rhymes'))}")
_TELEX_DOUBLES = (("dd", "d"), ("aa", "a"), ("ee", "e"), ("oo", "o"), ("uw", "u"), ("ow", "o"), ("aw", "a"), ("w", "u"))
_SHORTEST, _LONGEST = 3, 10  # letters of a word that is put right
# As the South says some words: "sanh hoạt", "chủ nhựt".
_SPOKEN = {said: meant for meant, sayings in table("letters.spoken").items() for said in sayings}
_TONE_KEYS = "sfrxj"


def repaired(tokens: Sequence[Token], known: frozenset[str]) -> list[Token]:
    """The tokens with words that cannot be Vietnamese put right, where exactly one known word can be meant.

    Only the reading changes: positions in the text, and so the source words, stay as they were written.
    """
    result: list[Token] = []
    for token in tokens:
        if token.kind == "word" and token.text.startswith("dd") and not token.form.plain:  # "ddoàn", where đ was typed
            token = replace(token, text="đ" + token.text[2:], form=form_of("đ" + token.text[2:]))
        elif token.text in _SPOKEN:
            token = replace(token, text=_SPOKEN[token.text], form=form_of(_SPOKEN[token.text]))
        form = token.form
        if token.kind == "word" and form.fold not in known and form.plain and _SHORTEST <= len(token.text) <= _LONGEST:
            word = _repair(token.fold, known) if not _SYLLABLE.fullmatch(token.fold) else _undone(token.fold, known)
            if word is not None:
                token = replace(token, text=word, form=_form(token.fold, word))
        result.append(token)
    return result


def _form(typed: str, word: str) -> WordForm:
    """The form of a word put right; where hat and tone were both typed, with them: "trees" is trế and never trẻ."""
    hat = next((pair for pair in ("aa", "ee", "oo") if pair in typed), None)
    if hat is None or typed[-1] not in _TONE_KEYS:
        return WordForm(word, word, "")
    letters = typed[:-1].replace("dd", "đ").replace("uw", "ư").replace("ow", "ơ").replace("aw", "ă")
    for pair, marked in (("aa", "â"), ("ee", "ê"), ("oo", "ô")):
        letters = letters.replace(pair, marked)
    known = form_of(letters)
    return WordForm(word, known.letters, typed[-1]) if known.fold == word else WordForm(word, word, "")


def without_telex(word: str, known: Set[str]) -> str:
    """The known plain word behind unfinished Telex (khoong, phats, baso); the word itself where there is none."""
    if word in known or not _SHORTEST <= len(word) <= _LONGEST:
        return word
    meant = _telex(word)
    return meant if meant is not None and meant in known else word


def _undone(word: str, known: Set[str]) -> str | None:
    """Of a spelling that Vietnamese allows for loan words only (xoong): the known word it is typed for."""
    return meant if "oo" in word and (meant := without_telex(word, known)) != word else None


@lru_cache(maxsize=4096)
def _repair(word: str, known: frozenset[str]) -> str | None:
    telex = _telex(word)
    if telex is not None and (telex in known or _SYLLABLE.fullmatch(telex)):
        return telex
    swapped = {
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1) if word[at] != word[at + 1]
    }
    single = {word[:at] + word[at + 1 :] for at in range(len(word) - 1) if word[at] == word[at + 1]}
    meant = {other for other in swapped | single if len(other) >= _SHORTEST and other in known}
    return meant.pop() if len(meant) == 1 else None


@lru_cache(maxsize=4096)
def _telex(word: str) -> str | None:
    """The plain word behind letters typed for marks: hoatj, ddoanf, vieejc, cuar."""
    if not word.isalpha():
        return None
    plain = word
    for double, single in _TELEX_DOUBLES:
        plain = plain.replace(double, single)
    if plain[-1] in _TONE_KEYS and len(plain) > 2:
        return plain[:-1]
    for at in range(len(plain) - 1, 1, -1):  # the tone typed straight after its vowel: hojat, vieejc
        if plain[at] in _TONE_KEYS and plain[at - 1] in "aeiouy":
            return plain[:at] + plain[at + 1 :]
    return plain if plain != word else None
