"""A name and a number in, how far apart they stand out: words, commas and other numbers between them cost."""

from collections.abc import Sequence, Set

from reporting.numbers.quantity import Placed
from reporting.numbers.units import family_of
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.mentions import Labels, Mention
from reporting.text.lexicon import PART_WORDS, in_plain_letters
from reporting.text.words import Token

COMMA = 8.0
_NUMBER_BEFORE, _NUMBER_AFTER = 4.0, 7.0
_BOUNDARIES = in_plain_letters("reader.another_begins")
_LIGHT = frozenset({",", "(", ")", "-", "+", "/", "*"})
_REACH = 60
_NOTE_LONGEST = 12
_FARTHEST = 26.0


class Distances:
    """The distances between the quantities of one text and its mentions."""

    def __init__(
        self,
        tokens: Sequence[Token],
        placed: Sequence[Placed],
        mentions: Sequence[Mention],
        labels: Labels,
        clauses: Clauses,
    ) -> None:
        self.tokens, self.clauses = tokens, clauses
        self._own_words = labels.words_of
        self._plain = labels.catalogue.plain_words
        self.inside = [False] * len(tokens)
        known = (*placed, *clauses.asides)
        for first, last in (*((m.first, m.last) for m in mentions), *((p.first, p.last) for p in known)):
            self.inside[first:last] = [True] * (last - first)

        self._passed = _notes(tokens, self.inside)

    def cost(self, number: int, placed: Placed, mention: Mention) -> tuple[float, bool, bool] | None:
        """How far the name is, whether it stands before the number, and whether other activities lie between."""
        if mention.around == number:
            return 0.0, True, False
        overlaps = mention.first < placed.last and mention.last > placed.first
        if self._of_its_own(placed, mention, overlaps):
            return None
        if overlaps:
            return 0.0, False, False
        extra = 3.0 if mention.around is not None and mention.first < placed.first else 0.0
        if mention.around is not None and placed.last <= mention.first:
            extra += _NUMBER_AFTER
        before = mention.last <= placed.first
        first, last = (mention.last, placed.first) if before else (placed.last, mention.first)
        if last - first > _REACH:
            return None
        if not before and next((t.text for t in self.tokens[first:last] if t.text in ("(", ")")), "") == ")":
            extra += (
                COMMA  # "80 suất quà (24 triệu) và vốn vay …": what stands in brackets speaks of what is before them
            )
        if not before and last < len(self.tokens) and self._heads(mention):
            extra += COMMA  # "…: 2 buổi" after it: that name waits for its own number
        cost, strangers = self.between(first, last, before, self.words_of(mention))
        came = family_of(placed.quantity.unit) in ("people", "attendance")
        if came and not before and cost >= COMMA and self.clauses.number_at(mention.last):
            extra += COMMA  # "65 lượt, SHCĐ 3 buổi"
        between = self.clauses.numbers_between(first, last)
        if (
            between
            and not before
            and family_of(placed.quantity.unit) != "money"
            and PART_WORDS.anywhere(self.tokens, first, last)
        ):
            return None  # "tổng 5 buổi, trong đó 3 SHCĐ": the name belongs to a part
        cost += extra + between * (_NUMBER_BEFORE if before else _NUMBER_AFTER)
        return (cost + 1.0, before, strangers) if cost < _FARTHEST else None

    def _of_its_own(self, placed: Placed, mention: Mention, overlaps: bool) -> bool:
        """Whether the number stands in a clause of its own, or the name belongs to a number of its own."""
        bare = placed.quantity.unit is None
        if bare and placed.quantity.problem == "ambiguous" and self._apart(placed, mention):
            return True  # "hiến máu 10, luật 2, cây xanh 30": the 2 is of its own clause, or of nothing
        if overlaps:
            return False
        if mention.around is not None and placed.last <= mention.first and bare:
            return True  # "5 bằng khen (2 tập thể …)"
        counted = family_of(placed.quantity.unit) in ("event", "thing", None)
        return counted and self.clauses.in_a_number(mention)  # "96 đơn vị máu" names its own number only

    def _apart(self, placed: Placed, mention: Mention) -> bool:
        first, last = (mention.last, placed.first) if mention.last <= placed.first else (placed.last, mention.first)
        return self.clauses.comma_between(first, min(last, first + _REACH))

    def _heads(self, mention: Mention) -> bool:
        following = mention.last
        return following < len(self.tokens) and (
            self.tokens[following].text in (":", "=") or self.tokens[following].kind == "cell"
        )

    def words_of(self, mention: Mention) -> Set[str]:
        """The words of the names of what the mention may be."""
        if len(mention.codes) == 1:
            return self._own_words.get(mention.codes[0], frozenset())
        return frozenset().union(*(self._own_words.get(code, frozenset()) for code in mention.codes))

    def _mark(self, place: int, token: Token) -> float:
        if self.clauses.covered[place]:
            return 0.5
        if self.clauses.comma(place):
            return COMMA
        return 0.5 if token.text == "/" else 2.0

    def between(self, first: int, last: int, before: bool, own: Set[str] = frozenset()) -> tuple[float, bool]:
        """What the words from `first` to `last` cost, and whether they name another activity."""
        cost = 0.0
        unknown = 0
        adverbial = before
        for place in range(first, last):
            token = self.tokens[place]
            if place in self._passed:
                continue
            if self.inside[place]:
                cost += 0.3
                continue
            if token.kind == "cell" or token.text in (":", "=", '"', ">"):
                cost += 0.5
                continue
            if self.clauses.comma(place) or (token.kind == "mark" and token.text in _LIGHT):
                cost += self._mark(place, token)
                adverbial = False
                continue
            cost += 0.5
            if self._plain.prepositions.has(token.form):
                adverbial = True
            elif token.fold in _BOUNDARIES:
                adverbial = False
            if (
                token.kind == "word"
                and token.fold not in self._plain.between
                and token.fold not in own
                and not adverbial
            ):
                unknown += 1
                cost += 0.5
        return cost, unknown > 0


def _notes(tokens: Sequence[Token], known: Sequence[bool]) -> set[int]:
    """The tokens of brackets that name and count nothing: "5 buổi (trước em ghi 4), lượt tham gia 102"."""
    found: set[int] = set()
    for opened, token in enumerate(tokens):
        if token.text != "(":
            continue
        end = min(opened + _NOTE_LONGEST, len(tokens))
        closed = next((at for at in range(opened, end) if tokens[at].text == ")" or tokens[at].kind == "line"), None)
        if closed is not None and tokens[closed].text == ")" and not any(known[opened:closed]):
            found.update(range(opened, closed + 1))
    return found
