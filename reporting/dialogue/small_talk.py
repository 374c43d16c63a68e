"""A message in, whether it says something that is no figure out: yes, no, a reason, thanks, later, oops."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from reporting.numbers.quantities import quantities
from reporting.reading.found.scopes import scopes_of
from reporting.text.lexicon import in_plain_letters, in_plain_phrases, phrases, sense
from reporting.text.word_lists import listed, one_of
from reporting.text.words import Token, tokens_of

# Characters of a message that can be nothing but: a yes, a word of regret, a remark beside the figures.
MOST_YES = 40
MOST_REGRET = 40
MOST_BESIDE = 60

_YES = frozenset(in_plain_phrases("small_talk.yes"))
_YES_ALONE = in_plain_phrases("small_talk.yes_alone")
_SENDING = in_plain_letters("small_talk.sending")
_BESIDE_SENDING = phrases("small_talk.beside_sending"), phrases("small_talk.courtesies")
_NO = frozenset(in_plain_phrases("small_talk.no"))
_LEAVES_OUT = frozenset(in_plain_phrases("small_talk.leaves_out"))
_OF_BEFORE = re.compile(rf"\b{sense('small_talk.of_before')}\b")
_BOTH = frozenset(in_plain_phrases("small_talk.both"))
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
_ASKING = re.compile(rf"^(?:(?:{one_of(in_plain_phrases('small_talk.yes_alone'))}|a) )*{sense('small_talk.asking')}\b")
_LONGEST_QUESTION = 200
_MAY_END = in_plain_letters("reader.or_not") | in_plain_letters("reader.which_of_two")
_COURTESY = 4  # the last words, among which the one that asks is
_LONGEST_ASIDE = 80  # characters of a message that is no entry
_TAKEN_BACK = phrases("small_talk.taken_back")
_REASON = phrases("small_talk.reasons")
_BECAUSE = phrases("small_talk.because")
_BECAUSE_OF = phrases("small_talk.because_of")
_NO_BECAUSE = phrases("small_talk.no_because")


def says_yes(text: str) -> bool:
    """Whether the message only agrees to what was asked."""
    return len(text) <= MOST_YES and (_plain(text) in _YES or " ".join(_words(text)) in _YES_ALONE)


def without_sending(text: str) -> tuple[str, bool]:
    """(the message without the words at its end that send the report, whether it has them): "đúng rồi, gửi giúp em".

    They stand behind a mark or a yes; "5 suất quà đã gửi" sends nothing.
    """
    tokens = tokens_of(text)
    end = len(tokens)
    while end and (tokens[end - 1].kind in ("mark", "line") or _beside_sending(tokens, end - 1)):
        end -= 1
    if not end or tokens[end - 1].fold not in _SENDING or "?" in text:
        return text, False
    start = end - 1
    while start and _beside_sending(tokens, start - 1):
        start -= 1
    left = text[: tokens[start].start].rstrip()
    if left and tokens[start - 1].kind not in ("mark", "line") and not says_yes(left):
        return text, False
    return left.rstrip(",;. "), True


def _beside_sending(tokens: Sequence[Token], at: int) -> bool:
    return any(words.at(tokens, at) for words in _BESIDE_SENDING)  # as written: "đã gửi" is not "dạ gửi"


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


def asks_something(text: str) -> bool:
    """Whether the whole message is a question, which enters nothing: "cho em hỏi trồng 100 cây có phải …"."""
    said = text.strip()
    if len(said) > _LONGEST_QUESTION or "\n" in said:
        return False
    return said.endswith("?") or _ASKING.match(_folded(said)) is not None or _asks_of_all(said)


def _asks_of_all(text: str) -> bool:
    """Whether no number of it, or no word, stands outside a question, which need not have its mark: "có tính 5 triệu
    không chị".
    """
    words = _folded(text).split()
    if not _MAY_END.intersection(words[-_COURTESY:]):
        return False
    tokens = tokens_of(text)
    scopes = scopes_of(tokens, [False] * len(tokens))
    said = [(token.kind, scope.question) for token, scope in zip(tokens, scopes, strict=True)]
    asked = [question for kind, question in said if kind == "number"] or [q for kind, q in said if kind == "word"]
    return bool(asked) and all(asked)


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


def leaves_out(text: str) -> bool:
    """Whether the message only says that what is doubted is not to be counted: "bỏ", "của quý trước ạ"."""
    return len(text) <= 60 and (_plain(text) in _LEAVES_OUT or _aside(text, _OF_BEFORE))


def says_both(text: str) -> bool:
    """Whether the message only takes all that was offered: "cả hai ạ"."""
    return len(text) <= 40 and _plain(text) in _BOTH


def gives_reason(text: str) -> bool:
    """Whether the message says why a doubted number is what it is: "do xã phát động", and does not take it back."""
    tokens = tokens_of(text)
    indices = range(len(tokens))
    if len(tokens) < 2 or "?" in text or any(_TAKEN_BACK.at(tokens, index) for index in indices):
        return False
    return any(_REASON.at(tokens, index) for index in indices)


def begins_reason(text: str) -> bool:
    """Whether the first words of it are those of a reason: "vì cả xã trồng"."""
    return _REASON.at(tokens_of(text), 0) is not None


def without_reason(text: str) -> tuple[str, str]:
    """(what stands before the reason, the reason with its first word), ('…', '') where none is given."""
    tokens = tokens_of(text)
    start = next((one.start for at, one in enumerate(tokens) if _is_because(tokens, at)), len(text))
    return text[:start].rstrip(" ,;:(–-"), " ".join(text[start:].split())


def _is_because(tokens: Sequence[Token], at: int) -> bool:
    found = _BECAUSE.at(tokens, at) or _BECAUSE_OF.at(tokens, at)
    if found is None or _NO_BECAUSE.at(tokens, at) or (at and _NO_BECAUSE.at(tokens, at - 1)):
        return False
    clause = takewhile(lambda token: token.kind in ("word", "number"), tokens[found[0] :])
    return any(token.fold not in _COURTESIES for token in clause)  # not "dung roi do chi"


def may_be_whose(reason: str) -> bool:
    """Whether the first word of the reason may as well tell by whom or where: "do xã trồng", "tại thôn 5"."""
    tokens = tokens_of(reason)
    return _BECAUSE.at(tokens, 0) is None and _BECAUSE_OF.at(tokens, 0) is not None


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
