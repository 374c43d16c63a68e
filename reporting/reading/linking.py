"""Numbers and names of a text in, the name each number belongs to out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reporting.figures.catalogue import Catalogue
from reporting.numbers.quantity import Placed
from reporting.numbers.units import family_of
from reporting.reading.clauses import Clauses
from reporting.reading.distances import COMMA, Distances
from reporting.reading.measures import code_for
from reporting.reading.mentions import Labels, Mention
from reporting.reading.prices import Prices
from reporting.text.words import Token, folds

_CLAUSE_LONGEST = 24
_NEAREST = 6
_NOT_IN_THE_NAME = frozenset({"tin, bài", "lượt", "km"})
_WORKS = frozenset({"km", "công trình", "công trình, phần việc"})
_SHARED_UNITS = ("event", "people", "attendance", None)
_WEIGHTS = folds("tấn tạ yến kg ký kí khối m3 mét")  # of rubbish: people came to the sessions all the same
_TAKING_PART = folds("dự gia quân trong qua")
_FAR_AFTER = 16.0
_FAR_BEFORE = 20.0
_SOON = 3


# cost, indicator, mention, whether the name stands before the number, whether other activities lie between
_Candidate = tuple[float, str | None, Mention, bool, bool]


@dataclass(frozen=True, slots=True)
class Link:
    """A quantity's indicator. code None: it counts something nobody reports. sure: may be stored without asking.

    rivals: codes that fit as well, when the place leaves it open. mention: where the name stands.
    """

    code: str | None
    sure: bool
    cost: float
    mention: Mention | None = None
    rivals: tuple[str, ...] = ()
    shared: bool = False  # the name has a number of its own: neither of the two is sure


class Linker:
    """Links the quantities of one text to its mentions, sentence by sentence."""

    def __init__(
        self,
        tokens: Sequence[Token],
        placed: Sequence[Placed],
        mentions: Sequence[Mention],
        labels: Labels,
        clauses: Clauses,
    ) -> None:
        self.tokens, self.placed, self.mentions = tokens, placed, mentions
        self.catalogue: Catalogue = labels.catalogue
        self._plain = labels.catalogue.plain_words
        self.clauses, self.covered = clauses, clauses.covered
        self._linked: dict[int, Link] = {}
        self._prices = Prices(tokens, placed, mentions, labels, clauses)
        self.distances = Distances(tokens, placed, mentions, labels, clauses)

    def link(self, number: int) -> Link | None:
        """The best link of one quantity inside its own sentence, or None when nothing there names it."""
        placed = self.placed[number]
        candidates: list[_Candidate] = []
        sentence = self.clauses.sentence[placed.first]
        for at in self.clauses.mentions_near(placed.first, _NEAREST):
            if self.clauses.sentence[self.mentions[at].first] != sentence:
                continue
            mention = self.mentions[at]
            found = self.distances.cost(number, placed, mention)
            if found is None:
                continue
            cost, before, strangers = found
            codes = dict.fromkeys(code_for(self.catalogue, c, placed.quantity) for c in mention.codes)
            candidates.extend((cost, code, mention, before, strangers) for code in codes)
        if not candidates:
            return None
        candidates.sort(key=lambda c: c[0])
        link = self._choose(number, placed, candidates)
        self._linked[number] = link
        return link

    def _choose(self, number: int, placed: Placed, candidates: list[_Candidate]) -> Link:
        quantity = placed.quantity
        family = family_of(quantity.unit)
        fitting = [c for c in candidates if c[1] is not None]
        if family == "money":
            direct = self._direct_money(candidates, fitting)
            if direct is not None:
                priced = direct.code is not None and self._prices.of_a_thing(number, placed)
                return replace(direct, sure=direct.sure and not priced)
        nearest = candidates[0]
        if not fitting or (nearest[1] is None and nearest[2].around == number):
            return Link(None, True, nearest[0], nearest[2])
        best = self._same_before(fitting)
        if self._absorbed(number, placed, family, nearest, best):
            return Link(None, True, nearest[0], nearest[2])
        came = family in ("people", "attendance")
        attended = self._came_to(number, placed, fitting) if came else None
        if attended is not None:
            return Link(attended[1], True, attended[0], attended[2])
        same = [c for c in fitting if c[1] == best[1]]
        others = [c for c in fitting if c[1] != best[1] and c[2] is not best[2]]
        tied = [c for c in fitting if c[1] != best[1] and c[2] is best[2]]
        if tied:  # one name, several indicators
            codes = tuple(dict.fromkeys(str(c[1]) for c in (best, *tied)))
            return Link(best[1], False, best[0], best[2], codes)
        rival = others[0] if others else None
        loose = best[0] > 0 or self._waits(best[2])
        if rival is not None and loose and self._same_run(placed, best[2], rival[2]):
            chosen = self._by_direction(number, best, rival)
            if chosen is None:
                return Link(best[1], False, best[0], best[2], (str(best[1]), str(rival[1])))
            best = chosen
        elif rival is not None and rival[0] - best[0] < 1.5 and loose:
            return Link(best[1], False, best[0], best[2], (str(best[1]), str(rival[1])))
        if family == "money" and best[2].codes[0] != best[1] and self._prices.covers_more(placed, best[2]):
            return Link(best[1], False, best[0], best[2])
        if family == "money" and best[2].codes[0] != best[1]:
            other = self._prices.other_money(placed, str(best[1]))
            if other is not None:
                return Link(best[1], False, best[0], best[2], (str(best[1]), other))
        if (
            family == "money"
            and best[2].codes[0] != best[1]
            and not best[3]
            and self._prices.of_what_stands_before(placed)
        ):
            return Link(best[1], False, best[0], best[2])
        widened = quantity.unit in self.catalogue[str(best[1])].also_in and best[2].size == 1
        doubtful = best[4] and all(c[4] for c in same) and (family in _SHARED_UNITS or family == "length")
        if family == "money" and best[3] and self._prices.of_a_thing(number, placed):
            doubtful = True
        doubtful = doubtful or best[0] > (_FAR_BEFORE if best[3] else _FAR_AFTER)
        shared = not best[3] and self._across_to_its_number(placed, best[2])
        if quantity.unit is None and not best[3] and best[0] > 1.0 and best[0] > 0:
            doubtful = doubtful or best[4] or best[0] >= COMMA
        if quantity.unit is None and not best[3] and best[0] > 0:  # "lập 1 zalo OA" is no post
            doubtful = doubtful or self.catalogue[str(best[1])].unit in _NOT_IN_THE_NAME
        if came and best[3] and self._goes_on(number, placed, best):
            doubtful = False
        if came and best[3]:  # those who came may have come to the trees as well
            passed = self.clauses.placed_between(best[2].last, placed.first)
            doubtful = doubtful or any(
                family_of(self.placed[at].quantity.unit) in ("thing", "other", "length")
                and self.tokens[self.placed[at].tail].fold not in _WEIGHTS
                and self.tokens[self.placed[at].first - 1].fold not in ("tai", "o")
                for at in passed
            )
        return Link(
            best[1],
            not (doubtful or widened or shared),
            best[0],
            best[2],
            (),
            shared and not self._of_something_else(placed, best[2]),
        )

    def _came_to(self, number: int, placed: Placed, fitting: list[_Candidate]) -> _Candidate | None:
        """ "Chủ nhật xanh 3 buổi, 41 lượt dự 2 buổi sinh hoạt chi đoàn": the sessions that the people took part in."""
        sessions = self.placed[number + 1] if number + 1 < len(self.placed) else None
        if sessions is None or family_of(sessions.quantity.unit) != "event":
            return None
        if not any(token.fold in _TAKING_PART for token in self.tokens[placed.last : sessions.first]):
            return None
        return next(
            (
                c
                for c in fitting
                if not c[3] and c[2].last > sessions.first and self.clauses.together(placed.first, c[2].last)
            ),
            None,
        )

    def _goes_on(self, number: int, placed: Placed, best: _Candidate) -> bool:
        """ "quét dọn, khơi cống: 4 buổi, 71 lượt": those who came to the sessions counted straight before."""
        sessions = self._linked.get(number - 1)
        if sessions is None or not sessions.sure or sessions.code is None or sessions.mention is not best[2]:
            return False
        between = self.tokens[self.placed[number - 1].last : placed.first]
        return self.catalogue[sessions.code].pair == best[1] and all(
            token.kind == "mark" or self._plain.beside.has(token.form) for token in between
        )

    def _same_before(self, fitting: list[_Candidate]) -> _Candidate:
        """ "Chủ nhật xanh 3 lần, 145 lượt, thu gom 2 tấn rác": what was named before goes on behind a comma."""
        best = fitting[0]
        if not best[3] and best[0] >= COMMA:
            return next((c for c in fitting if c[1] == best[1] and c[3]), best)
        return best

    def _absorbed(self, number: int, placed: Placed, family: str | None, nearest: _Candidate, best: _Candidate) -> bool:
        """Whether a nearer name that cannot count it takes the number away: 30 bạn beside "về nguồn"."""
        if nearest[1] is not None or nearest[0] + 2 > best[0] or nearest[0] >= COMMA:
            return False
        if family not in ("people", "attendance", "money", "length"):
            return family == "event" and not nearest[3] and nearest[0] <= 2 and nearest[0] + 3 <= best[0]
        if self._same_run(placed, best[2], nearest[2]):
            chosen = self._by_direction(number, nearest, best)
            return chosen is None or chosen is nearest
        return True

    def _across_to_its_number(self, placed: Placed, mention: Mention) -> bool:
        """ "có mặt 11 đ/c, sinh hoạt 2 kỳ": behind a comma stands a name that has a number of its own."""
        comma = any(
            (t.text == "," and not self.covered[place])
            for place, t in enumerate(self.tokens[placed.last : mention.first], placed.last)
        )
        if not comma:
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

    def _direct_money(self, candidates: list[_Candidate], fitting: list[_Candidate]) -> Link | None:
        """A name of money itself beats gifts beside it: "tặng quà chiến sĩ biên giới 60 triệu"."""
        if not fitting:
            return None
        derived = [c for c in fitting if c[2].codes[0] != c[1]]
        direct = [c for c in fitting if c[2].codes[0] == c[1]]
        if not direct or (derived and direct[0][0] > derived[0][0] + COMMA):
            return None
        works = [c for c in candidates if c[1] is None and self.catalogue[c[2].codes[0]].unit in _WORKS]
        if works and works[0][0] < COMMA:  # the value of a road or a playground has no indicator
            nearer = works[0][0] < direct[0][0]
            return Link(None if nearer else direct[0][1], nearer, direct[0][0], direct[0][2])
        specific = [c for c in direct if c[0] <= direct[0][0] + COMMA]
        codes = tuple(dict.fromkeys(str(c[1]) for c in specific))
        if len(codes) > 1 and specific[0][0] + 1.5 > next(c for c in specific if c[1] != specific[0][1])[0]:
            return Link(specific[0][1], False, specific[0][0], specific[0][2], codes)
        return Link(specific[0][1], True, specific[0][0], specific[0][2])

    def _same_run(self, placed: Placed, one: Mention, two: Mention) -> bool:
        """Both names stand in one stretch without commas, one on each side of the number."""
        if (one.first < placed.first) == (two.first < placed.first):
            return False
        return self.clauses.together(min(one.first, two.first), max(one.last, two.last))

    def _by_direction(
        self,
        number: int,
        one: _Candidate,
        two: _Candidate,
    ) -> _Candidate | None:
        """In a run without commas names stand all before or all after their numbers; the ends of the run tell."""
        names_first = self.clauses.names_first(self.placed[number].first)
        if names_first is None:
            return None
        return next((c for c in (one, two) if c[3] == names_first), None)

    def known(self, place: int) -> bool:
        """Whether a token is part of a name or of a quantity."""
        return self.distances.inside[place]

    def bare_around(self, number: int) -> bool:
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
        if strangers:
            return False
        if family_of(placed.quantity.unit) in ("people", "attendance"):
            return True
        _, after = self.distances.between(placed.last, last, False)
        return not after
