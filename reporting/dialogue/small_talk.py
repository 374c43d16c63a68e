"""A message in, whether it says something that is no figure out: yes, no, a reason, thanks, later, oops."""

import re
import unicodedata
from functools import lru_cache

from reporting.numbers.quantities import quantities
from reporting.text.lexicon import in_plain_phrases, phrases, sense
from reporting.text.word_lists import listed, one_of
from reporting.text.words import tokens_of

# Characters of a message that can be nothing but: a yes, a word of regret, a remark beside the figures.
MOST_YES = 40
MOST_REGRET = 40
MOST_BESIDE = 60

_YES = frozenset(in_plain_phrases("small_talk.yes"))
_YES_ALONE = in_plain_phrases("small_talk.yes_alone")
_NO = frozenset(in_plain_phrases("small_talk.no"))
_COURTESIES = frozenset(in_plain_phrases("small_talk.courtesies"))
_THANKS = in_plain_phrases("small_talk.thanks")
_BESIDE_THANKS = frozenset(in_plain_phrases("small_talk.beside_thanks"))
_ACKNOWLEDGED = frozenset(in_plain_phrases("small_talk.acknowledged"))
_REGRET = re.compile(
    rf"(?i)^\s*(?:{one_of(listed('small_talk.before_regret'))}\s+)*{one_of(listed('small_talk.regret'))}"
    rf"(?:\s+{one_of(listed('small_talk.behind_regret'))})*(?:[\s,.:;]+|$)"
)
_LATER = re.compile(rf"\b{sense('small_talk.later')}\b")
_MEANING = re.compile(rf"\b{sense('small_talk.meaning')}\b|^{sense('small_talk.meaning_alone')}$")
_HOW_MUCH_LEFT = re.compile(rf"^{sense('small_talk.how_much_left')}\b")
_WANTS_TO_CORRECT = re.compile(rf"\b{sense('small_talk.correcting')}\b")
_LONGEST_ASIDE = 80  # characters of a message that is no entry
_TAKEN_BACK = phrases("small_talk.taken_back")
_REASON = phrases("small_talk.reasons")


def says_yes(text: str) -> bool:
    """Whether the message only agrees to what was asked."""
    return len(text) <= MOST_YES and (_plain(text) in _YES or " ".join(_words(text)) in _YES_ALONE)


def expects_no_entry(text: str) -> bool:
    """Whether the message only acknowledges or thanks, or asks how much is left: nothing in it is an answer."""
    if len(text) > MOST_BESIDE:
        return False
    said = _words(text)
    if not said:
        return any(unicodedata.category(char) == "So" for char in text)  # a smile, a thumb
    whole, plain = " ".join(said), _plain(text)
    thanks = any(thanked in whole for thanked in _THANKS) and _BESIDE_THANKS.issuperset(plain.split())
    return thanks or not plain or plain in _ACKNOWLEDGED or bool(_HOW_MUCH_LEFT.match(whole))


def puts_off(text: str) -> bool:
    """Whether the message only says that the person goes on later: "tối em gửi", "để em báo cáo sau"."""
    return _aside(text, _LATER)


def asks_meaning(text: str) -> bool:
    """Whether the message asks back what is meant: "là sao?", "hoạt động về nguồn là gì"."""
    return _aside(text, _MEANING)


def wants_to_correct(text: str) -> bool:
    """Whether the message says that something is to be corrected, and not yet what: "em muốn sửa lại số cây"."""
    return _aside(text, _WANTS_TO_CORRECT)


def regrets(text: str) -> bool:
    """Whether the message begins by taking back what was said before: "nhầm, 150", "gõ nhầm rồi"."""
    return _REGRET.match(text) is not None


def says_no(text: str) -> bool:
    """Whether the message only denies what was asked; while a number is doubted "không" is not a zero."""
    if len(text) > MOST_REGRET:
        return False
    tokens = tokens_of(text)
    taken_back = any(_TAKEN_BACK.at(tokens, index) for index in range(len(tokens)))
    return _plain(text) in _NO or (taken_back and not any(token.kind == "number" for token in tokens))


def gives_reason(text: str) -> bool:
    """Whether the message says why a doubted number is what it is: "do xã phát động", and does not take it back."""
    tokens = tokens_of(text)
    indices = range(len(tokens))
    if len(tokens) < 2 or "?" in text or any(_TAKEN_BACK.at(tokens, index) for index in indices):
        return False
    return any(_REASON.at(tokens, index) for index in indices)


def without_regret(text: str) -> str:
    """The message without the words that only take back what was said before: "nhầm, 32"."""
    return _REGRET.sub("", text)


def _aside(text: str, sense: re.Pattern[str]) -> bool:
    if len(text) > _LONGEST_ASIDE or sense.search(_folded(text)) is None:
        return False
    return not any(token.kind == "number" for token in tokens_of(text)) and not quantities(text)


@lru_cache(maxsize=4)  # one message is asked about several senses
def _folded(text: str) -> str:
    return " ".join(token.fold for token in tokens_of(text) if token.kind != "line")


def _words(text: str) -> list[str]:
    return [token.fold for token in tokens_of(text) if token.kind in ("word", "number")]


def _plain(text: str) -> str:
    return " ".join(word for word in _words(text) if word not in _COURTESIES)
