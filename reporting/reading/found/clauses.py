"""Words of a message in, its lines, sentences and stretches without commas out, counted once for the text."""

from bisect import bisect_left
from collections.abc import Sequence

from reporting.numbers.quantity import Placed
from reporting.numbers.units import UNITS
from reporting.reading.found.breaks import is_break
from reporting.reading.found.mentions import Mention
from reporting.text.lexicon import NONE_WORDS
from reporting.text.word_lists import listed
from reporting.text.words import Token


def is_slash(token: Token) -> bool:
    """ "hiến máu: 5 / cây: 30": a slash behind a space divides, one glued to a number does not."""
    return token.text == "/" and not token.glued


class Clauses:
    """The divisions of one text. All questions about a place are answered in constant or logarithmic time.

    covered: the tokens inside a name or a quantity, whose commas divide nothing. asides: what says nothing more of the
    figures around it.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        placed: Sequence[Placed],
        mentions: Sequence[Mention],
        covered: Sequence[bool],
        asides: Sequence[Placed] = (),
    ) -> None:
        self.tokens, self.covered, self.asides = tokens, covered, asides
        self._joins = _joining(tokens, placed, mentions, covered) | _listing(tokens, mentions, covered)
        self.line: list[int] = []
        self.sentence: list[int] = []
        self._run: list[int] = []
        line = sentence = run = 0
        self._cuts: list[int] = []
        self._run_starts, self._sentence_sizes = [0], [0]
        for place, token in enumerate(tokens):
            self.line.append(line)
            self.sentence.append(sentence)
            self._run.append(run)
            self._sentence_sizes[-1] += 1
            if (token.kind == "word" or token.kind == "number") and place not in self._joins:  # they divide nothing
                continue
            line += token.kind == "line"
            if self._ends_clause(place):
                self._cuts.append(place)
            if self._divides(place):
                run += 1
                self._run_starts.append(place + 1)
            if is_break(token) and not covered[place]:
                sentence += 1
                self._sentence_sizes.append(0)
        self._placed = placed
        self._placed_starts = [one.first for one in placed]
        self._placed_ends = [one.last for one in placed]
        self._numbers = self._ends(placed)
        self.name(mentions)

    def name(self, mentions: Sequence[Mention]) -> None:
        """Takes these mentions as the names of the text, in place of all earlier ones."""
        self._mention_starts = [mention.first for mention in mentions]
        self._names = self._ends([m for m in mentions if m.around is None])

    def _divides(self, place: int) -> bool:
        token = self.tokens[place]
        if self.covered[place]:
            return False
        if place in self._joins:
            return True
        return is_break(token) or token.text in (",", "(", ")", ":") or token.kind == "cell" or is_slash(token)

    def _ends(self, items: Sequence[Mention] | Sequence[Placed]) -> dict[int, tuple[int, int]]:
        """Of every run where its first item begins and its last one ends."""
        found: dict[int, tuple[int, int]] = {}
        for item in items:
            run = self._run[item.first]
            first = found[run][0] if run in found else item.first
            found[run] = (first, item.last)
        return found

    def run(self, place: int) -> tuple[int, int]:
        """The stretch without commas around a token: [first, last)."""
        run = self._run[place]
        first = self._run_starts[run]
        last = self._run_starts[run + 1] - 1 if run + 1 < len(self._run_starts) else len(self.tokens)
        return first, max(first, last)

    def names_first(self, place: int) -> bool | None:
        """Whether names stand before their numbers in the run around a token; None when its ends do not tell."""
        run = self._run[place]
        names, numbers = self._names.get(run), self._numbers.get(run)
        if names is None or numbers is None:
            return None
        before, after = names[0] < numbers[0], names[1] > numbers[1]
        if not before and not after and self._labelled(numbers[0]):
            return True  # "cây 45 máu 3 quà 12": the unit stands before the first number as its name
        return None if before == after else before

    def _labelled(self, place: int) -> bool:
        at = bisect_left(self._placed_starts, place)
        label = UNITS.at(self.tokens, place - 1) if place else None
        return label is not None and label[0] == place and self._placed[at].quantity.unit is None

    def together(self, first: int, last: int) -> bool:
        """Whether nothing divides the tokens [first, last), apart from dashes and equals signs."""
        if self._run[first] != self._run[last - 1]:
            return False
        return not any(
            token.text in ("-", "=") and not self.covered[place]
            for place, token in enumerate(self.tokens[first:last], first)
        )

    def numbers_between(self, first: int, last: int) -> int:
        """How many quantities begin in [first, last)."""
        return len(self.placed_between(first, last))

    def placed_between(self, first: int, last: int) -> range:
        """The positions of the quantities that begin in [first, last)."""
        return range(bisect_left(self._placed_starts, first), bisect_left(self._placed_starts, last))

    def placed_in(self, first: int, last: int) -> Sequence[Placed]:
        """The quantities that begin in [first, last)."""
        return [self._placed[at] for at in self.placed_between(first, last)]

    def placed_before(self, place: int) -> Placed | None:
        """The last quantity that begins before this token."""
        at = bisect_left(self._placed_starts, place)
        return self._placed[at - 1] if at else None

    def number_at(self, place: int) -> bool:
        """Whether a quantity begins at this token."""
        at = bisect_left(self._placed_starts, place)
        return at < len(self._placed_starts) and self._placed_starts[at] == place

    def in_a_number(self, mention: Mention) -> bool:
        """Whether a name is part of what a quantity says it counts."""
        at = bisect_left(self._placed_starts, mention.first) - 1
        return at >= 0 and mention.last <= self._placed_ends[at]

    def mentions_near(self, place: int, reach: int) -> range:
        """The positions of the mentions next to a token, at most `reach` on each side."""
        at = bisect_left(self._mention_starts, place)
        return range(max(0, at - reach), min(len(self._mention_starts), at + reach))

    def names_in(self, first: int, last: int) -> Sequence[int]:
        """Where the names begin that stand in [first, last)."""
        starts = self._mention_starts
        return starts[bisect_left(starts, first) : bisect_left(starts, last)]

    def sentence_end(self, place: int) -> int:
        """Where the sentence ends that the token before this place stands in."""
        end = place
        while end < len(self.tokens) and not (is_break(self.tokens[end]) and not self.covered[end]):
            end += 1
            if end - place > _SENTENCE_REACH:
                break
        return end

    def size_of_sentence(self, place: int) -> int:
        """How many tokens the sentence of a token has."""
        return self._sentence_sizes[self.sentence[place]]

    def clause(self, first: int, last: int, reach: int) -> tuple[int, int]:
        """[first, last) widened to the commas around it, by at most `reach` tokens on each side."""
        before, after = bisect_left(self._cuts, first), bisect_left(self._cuts, last)
        start = self._cuts[before - 1] + 1 if before else 0
        end = self._cuts[after] if after < len(self._cuts) else len(self.tokens)
        return max(start, first - reach), min(end, last + reach)

    def _ends_clause(self, place: int) -> bool:
        token = self.tokens[place]
        return token.kind in ("line", "cell") or (
            (token.text in (";", ".", "•") and not self.covered[place]) or self.comma(place)
        )

    def comma(self, place: int) -> bool:
        """Whether a comma stands there, or a slash or "và" that divides like one."""
        if self.covered[place]:
            return False
        token = self.tokens[place]
        return token.text == "," or is_slash(token) or place in self._joins

    def comma_between(self, first: int, last: int) -> bool:
        """Whether such a comma stands in [first, last)."""
        return any(self.comma(place) for place in range(first, last))


def _joining(
    tokens: Sequence[Token], placed: Sequence[Placed], mentions: Sequence[Mention], covered: Sequence[bool]
) -> frozenset[int]:
    """The "và" and "+" that divide like commas: a name with its number follows, and something was counted before.

    Behind a comma an aside may stand before them ("…, không sai phạm và trồng 5 cây").
    """
    found: list[int] = []
    numbers, names = sorted(one.first for one in placed), sorted(mention.first for mention in mentions)
    ends = [
        place
        for place, token in enumerate(tokens)
        if not covered[place]
        and (is_break(token) or token.text in (",", *_JOINS) or token.kind == "cell" or is_slash(token))
    ]
    sentence = 0
    for at, place in enumerate(ends):
        sentence = place + 1 if is_break(tokens[place]) else sentence
        if tokens[place].text not in _JOINS or (tokens[place].glued and tokens[place].text == "+"):
            continue
        first = ends[at - 1] + 1 if at else 0
        last = next((end for end in ends[at + 1 : at + 4] if tokens[end].text not in _JOINS), len(tokens))
        plus = tokens[place].text == "+" and place + 1 < len(tokens) and tokens[place + 1].kind == "word"
        if not plus and not (_some(numbers, place, last) and _some(names, place, last)):
            continue
        counted, named = _some(numbers, first, place), _some(names, first, place)
        none = named and NONE_WORDS.anywhere(tokens, max(first, place - 2), place)  # "khen thưởng không và trao …"
        told = none or (counted and (named or _some(names, sentence, place)))
        aside = not counted and not named and first > 0 and tokens[first - 1].text == ","
        if told or aside:
            found.append(place)
    return frozenset(found)


def _listing(tokens: Sequence[Token], mentions: Sequence[Mention], covered: Sequence[bool]) -> frozenset[int]:
    """The dashes between spaces of a sentence that has several and names something behind one: they divide like commas.

    "họp 3 buổi – 61 lượt – trồng cây 40".
    """
    found: set[int] = set()
    names = [mention.first for mention in mentions]
    dashes: list[int] = []
    for place, token in enumerate((*tokens, None)):
        if token is None or (is_break(token) and not covered[place]):
            if len(dashes) >= _DASHES_LEAST and _some(names, dashes[0], place):
                found.update(dashes)
            dashes = []
        elif token.text == "-" and not token.glued and not covered[place] and _spaced(tokens, place):
            dashes.append(place)
    return frozenset(found)


def _spaced(tokens: Sequence[Token], place: int) -> bool:
    begins = place == 0 or tokens[place - 1].kind == "line"
    return not begins and place + 1 < len(tokens) and not tokens[place + 1].glued


def _some(places: Sequence[int], first: int, last: int) -> bool:
    at = bisect_left(places, first)
    return at < len(places) and places[at] < last


_SENTENCE_REACH = 40
_DASHES_LEAST = 2
_JOINS = (*listed("reader.joins"), "+")
