"""Words of a report in, the indicators it says did not happen out: "không có hiến máu" is zero, silence is not."""

from collections.abc import Callable, Iterator, Sequence

from reporting.reading.found.breaks import is_break
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.mentions import Mention
from reporting.reading.found.scopes import Scope
from reporting.text.lexicon import BETWEEN_NONE_AND_NAME, JOINING, NONE_AFTER_NAME, NONE_WORDS, in_plain_letters
from reporting.text.words import Token

_POLITE = in_plain_letters("reader.polite_behind_none")
# không chỉ, không những, không phải, không ngừng, không gian mạng: no zeros.
_NOT_ONLY = in_plain_letters("reader.not_only")
_ONE_LETTER, _POINTING = in_plain_letters("reader.none_of_one_letter"), in_plain_letters("reader.pointing")
_THERE_IS, _LISTING = in_plain_letters("reader.there_is"), in_plain_letters("reader.listing")
_OTHERS = in_plain_letters("reader.other_than_told")
_REACH = 6


def denied(tokens: Sequence[Token], mentions: Sequence[Mention], scopes: Sequence[Scope]) -> list[Mention]:
    """The mentions that the text says are zero."""
    found: list[Mention] = []
    for number, mention in enumerate(mentions):
        scope = scopes[mention.first]
        if scope.mode in ("plan", "target", "compare", "earlier") or scope.question or mention.around is not None:
            continue
        if mention.last < len(tokens) and tokens[mention.last].fold in _OTHERS:
            continue  # "tổng 2 ý tưởng. Không có sáng kiến khác"
        if (
            _none_before(tokens, mention.first)
            or _none_after(tokens, mention)
            or _listed(tokens, mentions, number, found)
        ):
            found.append(mention)
    return found


def denied_joining(
    tokens: Sequence[Token], clauses: Clauses, known: Callable[[int], bool]
) -> Iterator[tuple[int, int]]:
    """The stretches that say that nobody was admitted, not to what: "không có kết nạp mới"."""
    for place, token in enumerate(tokens):
        if token.kind != "word" or not JOINING.begins(token.fold) or known(place):
            continue
        joining = JOINING.at(tokens, place)
        if joining is None:
            continue
        after = joining[0] + (joining[0] < len(tokens) and tokens[joining[0]].text == ":")
        none = NONE_AFTER_NAME.at(tokens, after) if after < len(tokens) else None
        if none is None and not _none_before(tokens, place):
            continue
        first, last = clauses.clause(place, joining[0], _REACH)
        if all(
            t.fold in BETWEEN_NONE_AND_NAME or t.fold in _POLITE or t.text == ":"
            for t in tokens[none[0] if none else joining[0] : last]
        ):
            yield first, last


def _none_before(tokens: Sequence[Token], place: int) -> bool:
    for start in range(place - 1, max(-1, place - 1 - _REACH), -1):
        token = tokens[start]
        none = NONE_WORDS.at(tokens, start)
        if none is not None and not (token.fold in _ONE_LETTER and none[0] >= place):
            return none[0] >= place or tokens[none[0]].fold not in _NOT_ONLY
        if token.fold not in BETWEEN_NONE_AND_NAME:
            return False
    return False


def _none_after(tokens: Sequence[Token], mention: Mention) -> bool:
    place = mention.last
    pointed = False
    while place < len(tokens) and (
        tokens[place].text in (":", "=", "-", ">", "(")
        or tokens[place].kind == "cell"
        or tokens[place].fold in _POINTING
    ):
        pointed = True
        place += 1
    none = NONE_AFTER_NAME.at(tokens, place) if place < len(tokens) else None
    if none is None:
        return False
    if not pointed and none[0] == place + 1 and _has_before(tokens, mention.first):
        return False  # "có hiến máu không ạ" asks
    end = none[0]
    while end < len(tokens) and tokens[end].fold in _POLITE:
        end += 1
    return end >= len(tokens) or tokens[end].kind in ("line", "cell") or tokens[end].text in (",", ";", ".", ")", "•")


def _has_before(tokens: Sequence[Token], place: int) -> bool:
    return place > 0 and tokens[place - 1].fold in _THERE_IS


def _listed(tokens: Sequence[Token], mentions: Sequence[Mention], number: int, found: Sequence[Mention]) -> bool:
    """ "không có hiến máu, học bổng": names that follow, alone between commas."""
    if not found or number == 0 or mentions[number - 1] is not found[-1]:
        return False
    previous, mention = mentions[number - 1], mentions[number]
    if not _none_reached(tokens, found[-1]):
        return False
    between = tokens[previous.last : mention.first]
    if not between or any(t.text not in (",", "/") and t.fold not in _LISTING for t in between):
        return False
    end = mention.last
    return end >= len(tokens) or is_break(tokens[end]) or tokens[end].text in (",", ")") or tokens[end].fold in _POLITE


def _none_reached(tokens: Sequence[Token], mention: Mention) -> bool:
    return not _none_after(tokens, mention)
