"""The names of one text among its quantities: found word by word, then freed of those that lie inside others."""

from bisect import bisect_left
from collections.abc import Sequence

from reporting.figures.catalogue import Level
from reporting.numbers.quantity import Placed
from reporting.reading.found.mentions import Labels, Mention
from reporting.text.lexicon import phrases
from reporting.text.words import Token

_NAME_REACH = 24  # tokens that no name is longer than, with its number inside
_BRANCH = phrases("reader.as_branch")


def mentions_of(
    labels: Labels, tokens: Sequence[Token], placed: Sequence[Placed] = (), level: Level = "doan_co_so"
) -> list[Mention]:
    """The mentions of a text in order, the longest at each place, without those that lie inside others."""
    return TextNames(labels, tokens, level).among(placed)


class TextNames:
    """The names of one text. Its quantities may change while it is read: only what is near is looked for anew."""

    def __init__(self, labels: Labels, tokens: Sequence[Token], level: Level) -> None:
        self.labels, self.tokens = labels, tokens
        self._as_branch = level == "chi_doan" or _speaks_as_branch(tokens)
        self._starts = [place for place, token in enumerate(tokens) if labels.begins(token.form.fold)]
        self._longest: dict[int, Mention | None] = {}
        self._placed: Sequence[Placed] = ()

    def among(self, placed: Sequence[Placed]) -> list[Mention]:
        """The mentions in order, the longest at each place, without those that lie inside others."""
        labels, tokens = self.labels, self.tokens
        numbers = {_cover(one): number for number, one in enumerate(placed)}
        before = {_cover(one): number for number, one in enumerate(self._placed)}
        moved = {number: numbers[cover] for cover, number in before.items() if cover in numbers}
        changed = sorted(cover[0] for cover in numbers.keys() ^ before.keys())
        jumps: dict[int, tuple[int, Placed]] = {p.first: (n, p) for n, p in enumerate(placed)}
        for number, p in enumerate(placed):
            jumps.setdefault(p.digits, (number, p))
        # "180 em tham dự, sinh hoạt …": words straight behind a unit still speak of its number
        counted = {place for p in placed if p.tail < p.last for place in range(p.tail, p.last + 2)}
        found: list[Mention] = []
        for place in self._starts:
            known = place in self._longest and not _near(changed, place)
            if not known:
                self._longest[place] = labels.longest(tokens, place, jumps, place in counted)
            elif (old := self._longest[place]) is not None and old.around is not None:
                self._longest[place] = Mention(old.codes, old.first, old.last, old.size, moved[old.around])
            mention = self._longest[place]
            if mention is not None:
                found.append(mention)
        self._placed = placed
        found.extend(labels.joined_names(tokens, placed, found))
        found.sort(key=lambda m: m.first)
        if self._as_branch:
            found.extend(labels.in_branch(tokens, placed))
            found.sort(key=lambda m: m.first)
        return _untangled(found)


def _cover(one: Placed) -> tuple[int, int, int, int]:
    return one.first, one.digits, one.tail, one.last


def _near(changed: Sequence[int], place: int) -> bool:
    """Whether a quantity that was added or dropped begins where a name from this place on may reach."""
    at = bisect_left(changed, place - _NAME_REACH)
    return at < len(changed) and changed[at] <= place + _NAME_REACH


def _speaks_as_branch(tokens: Sequence[Token]) -> bool:
    return _BRANCH.anywhere(tokens, 0, len(tokens))


def _untangled(found: list[Mention]) -> list[Mention]:
    """Without mentions inside longer ones; of two that overlap, the one with more words, then the tighter one."""
    kept: list[Mention] = []
    for mention in found:
        while kept and mention.first < kept[-1].last:
            other = kept[-1]
            if _crossed(other, mention):  # "làm đường hoa": to build a road, or a road of flowers
                kept.pop()
                codes = tuple(dict.fromkeys((*other.codes, *mention.codes)))
                kept.append(Mention(codes, other.first, mention.last, mention.size, None))
                break
            further = mention.last > other.last and other.around is not None and mention.around is None
            if not further and _weight(other) >= _weight(mention):
                break
            kept.pop()
        else:
            kept.append(mention)
    return kept


def _crossed(one: Mention, two: Mention) -> bool:
    """Two names of other things, as long as each other, that share words in the middle."""
    return (
        one.around is None
        and two.around is None
        and one.size == two.size
        and two.last > one.last
        and len(one.codes) == len(two.codes) == 1
        and one.codes != two.codes
        and one.last - one.first == two.last - two.first == one.size
    )


def _weight(mention: Mention) -> tuple[int, int]:
    return mention.size, mention.first - mention.last
