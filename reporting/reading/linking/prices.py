"""An amount of money and the words around it in; what it was spent on out: gifts, another thing, an event."""

from collections.abc import Sequence

from reporting.figures.catalogue import Catalogue
from reporting.numbers.quantity import Placed
from reporting.numbers.units import family_of
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.mentions import Labels, Mention
from reporting.text.lexicon import in_plain_letters
from reporting.text.word_lists import written
from reporting.text.words import Token

_CLAUSE_LONGEST = 24
_NEAREST = 6
_TOTAL_REACH = 4
# Units of the family "other" that receive money instead of costing it: "hỗ trợ 5 hộ nghèo 10 triệu".
_RECEIVERS = in_plain_letters("reader.given_money")

_SUM_OF, _PORTIONS = in_plain_letters("reader.sum_of"), in_plain_letters("reader.portions")
_BESIDES, _COSTS = in_plain_letters("reader.besides"), in_plain_letters("reader.costs")
_SPENT, _WORTH = written("reader.spent"), in_plain_letters("reader.worth")


class Prices:
    """Looks at what else stands in the sentence of an amount of money."""

    def __init__(
        self,
        tokens: Sequence[Token],
        placed: Sequence[Placed],
        mentions: Sequence[Mention],
        labels: Labels,
        clauses: Clauses,
    ) -> None:
        self.tokens, self.placed, self.mentions, self.clauses = tokens, placed, mentions, clauses
        self.catalogue: Catalogue = labels.catalogue

    def covers_more(self, placed: Placed, gifts: Mention) -> bool:
        """Whether the amount may have paid for more than the gifts it stands beside."""
        return self._costs_of_an_event(placed, gifts) or self._total_with_meals(placed)

    def _total_with_meals(self, placed: Placed) -> bool:
        """ "300 suất cháo, 45 suất quà, tổng 15 triệu": meals are no gifts."""
        before = {t.fold for t in self.tokens[max(0, placed.first - _TOTAL_REACH) : placed.first]}
        if before.isdisjoint(_SUM_OF):
            return False
        sentence = self.clauses.sentence[placed.first]
        return any(
            self.tokens[self.placed[at].tail].fold in _PORTIONS and self.placed[at].quantity.unit == "other"
            for at in self.clauses.placed_between(placed.first - _CLAUSE_LONGEST, placed.first)
            if self.clauses.sentence[self.placed[at].first] == sentence and self.placed[at].tail < self.placed[at].last
        )

    def of_a_thing(self, number: int, placed: Placed) -> bool:
        """ "1 nhà 80tr": the money of a thing that nobody reports, not of what the sentence is about."""
        before = self.placed[number - 1] if number else None
        if before is None or family_of(before.quantity.unit) != "other" or before.tail >= before.last:
            return False
        if self.tokens[before.tail].fold in _RECEIVERS or self.tokens[placed.first - 1].fold in _BESIDES:
            return False
        return self.clauses.clause(before.first, before.last, _CLAUSE_LONGEST)[1] >= placed.last

    def _costs_of_an_event(self, placed: Placed, gifts: Mention) -> bool:
        """ "Trung thu cho 350 em, 200 phần quà, kinh phí 45 triệu": the cost of the evening, or of the gifts."""
        before = {t.fold for t in self.tokens[max(0, placed.first - 3) : placed.first]}
        if before.isdisjoint(_COSTS):
            return False
        if self.tokens[placed.first - 1].text in _SPENT:
            return True
        sentence = self.clauses.sentence[placed.first]
        near = (self.mentions[at] for at in self.clauses.mentions_near(placed.first, _NEAREST))
        return any(
            m is not gifts and m.codes != gifts.codes and self.clauses.sentence[m.first] == sentence for m in near
        )

    def of_what_stands_before(self, placed: Placed) -> bool:
        """ "công trình trị giá 70 triệu và 20 suất quà": the value of what stands before it."""
        return self.tokens[placed.first - 1].fold in _WORTH if placed.first else False

    def other_money(self, placed: Placed, code: str) -> str | None:
        """Another kind of money that the sentence names: gifts, and further on the soldiers they may be for."""
        sentence = self.clauses.sentence[placed.first]
        for at in self.clauses.mentions_near(placed.first, _NEAREST):
            mention = self.mentions[at]
            for named in mention.codes:
                if (
                    named != code
                    and self.catalogue[named].kind == "money"
                    and self.clauses.sentence[mention.first] == sentence
                ):
                    return named
        return None
