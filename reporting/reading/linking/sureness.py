"""How sure the chosen option of a number is: what stands between it and its name, and what else could be meant."""

from collections.abc import Sequence

from reporting.figures.catalogue import Catalogue
from reporting.numbers.quantity import Placed
from reporting.numbers.units import family_of
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.distances import COMMA, Distances
from reporting.reading.found.measures import code_for
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.linking.options import Link, Option
from reporting.reading.linking.prices import Prices
from reporting.text.lexicon import in_plain_letters
from reporting.text.word_lists import written
from reporting.text.words import Token

_CLAUSE_LONGEST = 24
_NOT_IN_THE_NAME = written("reader.not_in_the_name")
_WORKS = written("reader.works")
_SHARED_UNITS = ("event", "people", "attendance", None)
_WEIGHTS = in_plain_letters("reader.weights")  # of rubbish: people came to the sessions all the same
_IN_A_PLACE = in_plain_letters("reader.in_a_place")
_FAR_AFTER = 16.0
_FAR_BEFORE = 20.0
_SOON = 3
_CAME = ("people", "attendance")


class Sureness:
    """Weighs the options of the quantities of one text."""

    def __init__(
        self,
        tokens: Sequence[Token],
        placed: Sequence[Placed],
        mentions: Sequence[Mention],
        labels: Labels,
        clauses: Clauses,
        distances: Distances,
    ) -> None:
        self.tokens, self.placed, self.clauses, self.distances = tokens, placed, clauses, distances
        self.catalogue: Catalogue = labels.catalogue
        self._plain = labels.catalogue.plain_words
        self._prices = Prices(tokens, placed, mentions, labels, clauses)

    def link(
        self, number: int, best: Option, options: Sequence[Option], rivals: Sequence[Option], before: Link | None
    ) -> Link:
        """The link of one quantity to the option that the best whole gives it."""
        placed, code = self.placed[number], best.code
        if code is None:
            return Link(None, True, best.cost, best.mention)
        tied = [o.code for o in options if o.mention is best.mention and o.code not in (None, code)]
        if tied:  # one name, several indicators
            return self._unsure(best, [code, *(str(other) for other in tied)])
        other = next((rival for rival in rivals if rival.code is not None), None)
        if other is not None and (best.cost > 0 or self._waits(best.mention)):
            return self._unsure(best, [code, str(other.code)])
        if rivals and best.cost > 0:
            return Link(code, False, best.cost, best.mention)
        if family_of(placed.quantity.unit) == "money":
            money = self._sum_of_gifts(number, best)
            if money is not None:
                return money
        shared = not best.before and self._across_to_its_number(placed, best.mention)
        doubtful = self._doubtful(number, best, options, before)
        apart = shared and not self._of_something_else(placed, best.mention)
        return Link(code, not (doubtful or shared), best.cost, best.mention, (), apart)

    def _unsure(self, best: Option, codes: Sequence[str]) -> Link:
        return Link(best.code, False, best.cost, best.mention, tuple(dict.fromkeys(codes)))

    def _doubtful(self, number: int, best: Option, options: Sequence[Option], before: Link | None) -> bool:
        """Whether the words between the number and its name leave it open."""
        placed, code = self.placed[number], str(best.code)
        quantity, family = placed.quantity, family_of(placed.quantity.unit)
        same = [o for o in options if o.code == code]
        strange = best.strangers and all(o.strangers for o in same)
        if before is not None and self._paid_for(number, code, before):
            return False
        doubtful = strange and (family in _SHARED_UNITS or family == "length")
        if quantity.unit in self.catalogue[code].also_in and best.mention.size == 1:
            doubtful = True
        if best.cost > (_FAR_BEFORE if best.before else _FAR_AFTER):
            doubtful = True
        if quantity.unit is None and not best.before and best.cost > 0:
            far = best.cost > 1.0 and (best.strangers or best.cost >= COMMA)
            # "lập 1 zalo OA" is no post
            doubtful = doubtful or far or self.catalogue[code].unit in _NOT_IN_THE_NAME
        if family in _CAME and best.before:
            going_on = self._goes_on(number, placed, best, before)
            first = self.placed[number - 1].last if going_on else best.mention.last
            doubtful = (doubtful and not going_on) or self._passes_things(first, placed)
        return doubtful

    def _paid_for(self, number: int, code: str, gifts: Link) -> bool:
        """ "tổng cộng 75 suất trị giá 22,5 triệu": the money of what was counted straight before."""
        if self.catalogue[code].kind != "money" or not gifts.sure or gifts.code is None:
            return False
        between = range(self.placed[number - 1].last, self.placed[number].first)
        return self.catalogue[gifts.code].pair == code and all(
            self.distances.inside[at] or self.tokens[at].kind == "mark" or self._plain.beside.has(self.tokens[at].form)
            for at in between
        )

    def _passes_things(self, first: int, placed: Placed) -> bool:
        """Those who came may have come to the trees that were counted between as well."""
        return any(
            family_of(self.placed[at].quantity.unit) in ("thing", "other", "length")
            and self.tokens[self.placed[at].tail].fold not in _WEIGHTS
            and self.tokens[self.placed[at].first - 1].fold not in _IN_A_PLACE
            for at in self.clauses.placed_between(first, placed.first)
        )

    def _goes_on(self, number: int, placed: Placed, best: Option, sessions: Link | None) -> bool:
        """ "quét dọn, khơi cống: 4 buổi, 71 lượt": those who came to the sessions counted straight before."""
        if sessions is None or not sessions.sure or sessions.code is None or sessions.mention is not best.mention:
            return False
        between = self.tokens[self.placed[number - 1].last : placed.first]
        return self.catalogue[sessions.code].pair == best.code and all(
            token.kind == "mark" or self._plain.beside.has(token.form) for token in between
        )

    def _sum_of_gifts(self, number: int, best: Option) -> Link | None:
        """Money beside gifts may be the price of something else, or another kind of money."""
        placed, code = self.placed[number], str(best.code)
        direct = best.mention.codes[0] == code
        covers = not direct and self._prices.covers_more(placed, best.mention)
        other = None if direct or covers else self._prices.other_money(placed, code)
        if other is not None:
            return self._unsure(best, [code, other])
        priced = best.before and self._prices.of_a_thing(number, placed)
        before = not direct and not best.before and self._prices.of_what_stands_before(placed)
        return Link(code, False, best.cost, best.mention) if covers or before or priced else None

    def money(self, number: int, candidates: Sequence[Option]) -> Link | None:
        """The link of an amount of money to a name of money itself, which beats gifts beside it; None without one.

        "tặng quà chiến sĩ biên giới 60 triệu"; the value of a road or a playground has no indicator.
        """
        fitting = [o for o in candidates if o.code is not None]
        derived = [o for o in fitting if o.mention.codes[0] != o.code]
        direct = [o for o in fitting if o.mention.codes[0] == o.code]
        if not direct or (derived and direct[0].cost > derived[0].cost + COMMA):
            return None
        best = direct[0]
        works = [o for o in candidates if o.code is None and self.catalogue[o.mention.codes[0]].unit in _WORKS]
        if works and works[0].cost < COMMA:
            nearer = works[0].cost < best.cost
            return Link(None if nearer else best.code, nearer, best.cost, best.mention)
        codes = dict.fromkeys(str(o.code) for o in direct if o.cost <= best.cost + COMMA)
        rival = next((o for o in direct if o.code != best.code), None)
        if len(codes) > 1 and rival is not None and best.cost + 1.5 > rival.cost:
            return self._unsure(best, list(codes))
        return Link(best.code, not self._prices.of_a_thing(number, self.placed[number]), best.cost, best.mention)

    def _across_to_its_number(self, placed: Placed, mention: Mention) -> bool:
        """ "có mặt 11 đ/c, sinh hoạt 2 kỳ": behind a comma stands a name that has a number of its own."""
        if not self.clauses.comma_between(placed.last, mention.first):
            return False
        at = mention.around if mention.around is not None else self._number_soon(mention.last)
        if at is None:
            return False
        other = self.placed[at].quantity
        return family_of(placed.quantity.unit) in ("people", "attendance") or any(
            code_for(self.catalogue, code, other) == code_for(self.catalogue, code, placed.quantity)
            for code in mention.codes
        )

    def _of_something_else(self, placed: Placed, mention: Mention) -> bool:
        """ "tuần tra 40 buổi, tuyên truyền pháp luật 2 buổi": the clause names an activity of its own."""
        first, last = self.clauses.run(placed.first)
        own = self.distances.words_of(mention)
        unknown = [
            t.fold
            for place, t in enumerate(self.tokens[first:last], first)
            if t.kind == "word"
            and not self.distances.inside[place]
            and (t.fold not in self.catalogue.plain_words.between or t.fold in own)
        ]
        return bool(unknown) and not own & set(unknown)

    def _number_soon(self, place: int) -> int | None:
        """The quantity that begins in the next words, before any comma."""
        for at in range(place, min(place + _SOON + 1, len(self.tokens))):
            if self.clauses.number_at(at):
                return self.clauses.placed_between(at, at + 1)[0]
            if self.tokens[at].kind in ("line", "cell") or self.tokens[at].text in (",", ";", "."):
                return None
        return None

    def _waits(self, mention: Mention) -> bool:
        """A name followed straight by another number may be that number's: "60 lượt | dọn vệ sinh 2 buổi"."""
        return mention.around is None and self.clauses.number_at(mention.last)

    def another_deed(self, first: int, last: int, topic: Mention) -> bool:
        """Whether something else than the mention names was done in [first, last): "…, ra quân 2 buổi"."""
        own = self.distances.words_of(topic)
        for place in range(first, last):
            deed = self._plain.deeds.at(self.tokens, place) if not self.distances.inside[place] else None
            if deed is not None and not all(token.fold in own for token in self.tokens[place : deed[0]]):
                return True
        return False

    def bare_around(self, number: int, topic: Mention) -> bool:
        """Whether the rest of the quantity's clause names no activity, so that it still speaks of the topic."""
        placed = self.placed[number]
        first, last = self.clauses.run(placed.first)
        first, last = (
            max(first, placed.first - _CLAUSE_LONGEST),
            min(max(last, placed.last), placed.last + _CLAUSE_LONGEST),
        )
        while first > 0 and self.tokens[first - 1].text in (":", "(") and placed.first - first < _CLAUSE_LONGEST:
            first = self.clauses.run(first - 1)[0] if first > 1 else 0
        _, strangers = self.distances.between(first, placed.first, False)
        if strangers or self.another_deed(first, placed.first, topic):
            return False
        if family_of(placed.quantity.unit) in ("people", "attendance"):
            return True
        _, after = self.distances.between(placed.last, last, False)
        return not after
