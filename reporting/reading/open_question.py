"""What the open question adds to a text read: an indicator for numbers without a name, zeros for "không", a tie broken.

It never overrules what the text asks or leaves: only numbers that nothing in the text names are its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.values import Value
from reporting.numbers.quantity import Placed
from reporting.numbers.units import ANY_EVENT, counts, family_of
from reporting.reading.evidence import Evidence
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.measures import code_for, measured
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.found.scopes import Scope
from reporting.reading.outcome import Decision, Read, Reading, Unclear
from reporting.reading.settling import STANDING_UNITS
from reporting.text.lexicon import BESIDE_BARE_NUMBERS, NO_NUMBER, POLITE, VAGUE_ANSWERS
from reporting.text.reader_words import phrases, spelt
from reporting.text.words import Token, folds, tokens_of

_ATTENDED = ("attendance", "people")
_ATTENDING = phrases("attending")
_WORKED_ON = frozenset({"cây", "km", "công trình", "công trình, phần việc"})
_PRESENT = spelt("present")
_MINUS = spelt("minus")
# Clauses before a number that may say what it counts; nobody reads back farther either, and each of thousands of
# numbers would look at all the others.
_MOST_CLAUSES = 8
_REACH = 12


@dataclass(slots=True)
class _Free:
    """A number that nothing names, and the asked indicator it may be; `reason`: why it is none."""

    one: Placed
    total: bool
    code: str | None = None
    reason: str = ""


class OpenQuestion:
    """The open question beside one text."""

    def __init__(self, text: str, tokens: Sequence[Token], labels: Labels, asked: Sequence[Indicator]) -> None:
        self.text, self.tokens, self.labels, self.asked = text, tokens, labels, tuple(asked)
        self.catalogue: Catalogue = labels.catalogue
        self.plain = labels.catalogue.plain_words
        self.codes = tuple(indicator.code for indicator in asked)

    def denied_whole(self) -> bool:
        """Whether the whole text is "0", "không", "chưa có ạ" …"""
        tokens, left, place = self.tokens, False, 0
        while place < len(tokens):
            none, polite = NO_NUMBER.at(tokens, place), POLITE.at(tokens, place)
            if none is not None and (polite is None or none[0] >= polite[0]):
                left, place = True, none[0]
            elif polite is not None:
                place = polite[0]
            elif tokens[place].kind in ("mark", "line", "cell") and tokens[place].text != "?":
                place += 1
            else:
                return False
        return left

    def none(self, placed: Sequence[Placed]) -> Reading:
        """The zeros of what was asked: of happenings, of stocks only where nothing else was asked."""
        zero = Value(0, False, self.text.strip()[:120])
        units = {one.quantity.unit for one in placed}
        counted = [i.code for i in self.asked if i.unit in units]
        if len(counted) == 1 < len(self.asked):  # "0 em" is no zero of the members asked beside the children
            return Reading((Read(counted[0], zero),), ())
        happenings = [i.code for i in self.asked if not i.is_rate and not i.stands]
        stocks = [i.code for i in self.asked if i.stands or len(self.asked) == 1]
        return Reading(tuple(Read(code, zero) for code in happenings or stocks), (), none=True)

    def counts(self, one: Placed) -> bool:
        """Whether something that is asked is counted in the unit of this number."""
        return any(code_for(self.catalogue, i.code, one.quantity) == i.code for i in self.asked)

    def names(self, mention: Mention, one: Placed) -> bool:
        """Whether the mention names something that is asked and that this number counts."""
        return any(code_for(self.catalogue, code, one.quantity) in self.codes for code in mention.codes)

    def counts_exactly(self, one: Placed) -> bool:
        """Whether something that is asked has the very unit of this number."""
        return any(indicator.unit == one.quantity.unit for indicator in self.asked)

    def adds_nothing(self, place: int) -> bool:
        """Whether the word there may stand beside a number without saying what it counts."""
        return self.tokens[place].fold in BESIDE_BARE_NUMBERS or _PRESENT.has(self.tokens[place].form)

    def lay_out(
        self, clauses: Clauses, mentions: Sequence[Mention], known: Callable[[int], bool], evidence: Evidence
    ) -> None:
        """Takes what the reader knows of the text."""
        self.clauses, self.known, self.evidence = clauses, known, evidence
        self._codes_at: dict[int, set[str]] = {}
        self._begun: dict[int, set[str]] = {}
        for mention in mentions:
            self._begun.setdefault(mention.first, set()).update(mention.codes)
            for place in range(mention.first, mention.last):
                self._codes_at.setdefault(place, set()).update(mention.codes)

    def complete(self, reading: Reading, free: Sequence[tuple[Placed, Scope]]) -> Reading:
        """The reading with what the question gives to the numbers that nothing in the text names."""
        values = {read.code: read.value for read in reading.values}
        asks = list(reading.asks)
        self._tie(values, asks)
        numbers = [_Free(one, scope.total) for one, scope in free]
        elsewhere = any(code not in self.codes for code in values)
        taken = {*values, *(code for ask in asks for code in ask.codes)}
        for number, after in zip_longest(numbers, numbers[1:]):
            self._by_unit(number, taken, elsewhere)
            if after is not None and number.code is not None and self._came_to_another(number, after.one):
                number.code, number.reason = None, "ambiguous"
        self._in_order([n for n in numbers if n.code is None and not n.reason], taken, numbers)
        decisions = {decision.start: decision for decision in reading.decisions}
        given = self._given(numbers, values, asks, decisions)
        if not given and not asks:
            asks.append(self._nothing(reading))
        starts = {code: decision.start for decision in decisions.values() for code in decision.codes}
        in_order = sorted(values, key=lambda code: starts.get(code, len(self.tokens)))
        kept = tuple(Read(code, values[code]) for code in in_order)
        return replace(
            reading,
            values=kept,
            asks=tuple(dict.fromkeys(asks)),
            decisions=tuple(decisions[start] for start in sorted(decisions)),
        )

    def _nothing(self, reading: Reading) -> Unclear:
        vague = VAGUE_ANSWERS.anywhere(self.tokens, 0, len(self.tokens))
        reason = "indefinite" if vague else "ambiguous" if reading.left else "not_a_number"
        return Unclear(self.text.strip()[:120], self.codes, reason)

    def _tie(self, values: dict[str, Value], asks: list[Unclear]) -> None:
        """Of several indicators that words may mean, the one that is asked."""
        for ask in list(asks):
            meant = [code for code in ask.codes if code in self.codes]
            money = any(self.catalogue[code].kind == "money" for code in ask.codes)
            tied = (
                not money
                and len(ask.codes) > 1
                and len(meant) == 1
                and ask.value is not None
                and ask.reason == "ambiguous"
            )
            others = sum(meant[0] in other.codes for other in asks) if meant else 0
            if tied and ask.value is not None and meant[0] not in values and others == 1:
                asks.remove(ask)
                values[meant[0]] = ask.value

    def _by_unit(self, number: _Free, taken: set[str], elsewhere: bool) -> None:
        """The one asked indicator that is counted in the number's unit, unless its clause says something else."""
        one = number.one
        if one.first and _MINUS.has(self.tokens[one.first - 1].form):
            number.reason = "negative"
            return
        if one.quantity.unit is None or (elsewhere and one.tail >= one.last):
            if elsewhere or self._beside_other_words(one):
                number.reason = "ambiguous"
            return
        code = self._counted(one, taken)
        if code is not None and self._attends_nothing(one, code):
            code = None
        people = code is not None and self.catalogue[code].unit == "người"
        if people and (elsewhere or _ATTENDING.at(self.tokens, one.last)):
            code = None  # "dọn vệ sinh 80 buổi, 1.000 người" counts who came, not the people that were asked
        if code is None or self._says_else(one, code):
            number.reason = "percent" if one.quantity.unit == "%" else "ambiguous"
        else:
            number.code = code

    def _came_to_another(self, number: _Free, after: Placed) -> bool:
        """ "4 buổi, 80 lượt": sessions with people are no "hoạt động" of which nobody counts who came."""
        code = str(number.code)
        attended = family_of(after.quantity.unit) == "attendance" and after.first - number.one.last <= 1
        sessions = number.one.quantity.unit in ANY_EVENT and number.one.quantity.unit != self.catalogue[code].unit
        return attended and sessions and self.catalogue[code].pair is None

    def _attends_nothing(self, one: Placed, code: str) -> bool:
        """An attendance straight behind sessions is theirs: "4 buổi, 80 lượt" counts no shares of posts."""
        before = self.clauses.placed_before(one.first)
        if one.quantity.unit != "lượt" or before is None or one.first - before.last > 1:
            return False
        sessions = family_of(before.quantity.unit) == "event"
        return sessions and not any(self.catalogue[c].pair == code for c in self.catalogue.partners(code))

    def _counted(self, one: Placed, taken: set[str]) -> str | None:
        unit = one.quantity.unit
        fitting = [
            i.code for i in self.asked if code_for(self.catalogue, i.code, one.quantity) == i.code
            and i.code not in taken
        ]  # fmt: skip
        exact = [code for code in fitting if self.catalogue[code].unit == unit]
        if len(exact) == 1:
            return exact[0]
        if len(fitting) == 1:  # "60 người" may be the accounts or the files: only a sole question is answered so
            return fitting[0] if counts(unit, self.catalogue[fitting[0]].unit) or len(self.asked) == 1 else None
        if not fitting and unit in ANY_EVENT:
            events = [i.code for i in self.asked if i.unit in ANY_EVENT and i.code not in taken]
            return events[0] if len(events) == 1 else None
        return None

    def _in_order(self, bare: list[_Free], taken: set[str], numbers: Sequence[_Free]) -> None:
        """Numbers without unit or name: in the order of the question, when their count leaves no doubt."""
        if not bare:
            return
        claimed = taken | {n.code for n in numbers if n.code is not None}
        open_ = [i for i in self.asked if i.code not in claimed]
        doubted = [n for n in numbers if n.reason]
        if doubted:
            reason = "ambiguous"
        elif len(bare) == len(open_):
            for indicator, number in zip(open_, bare, strict=True):
                number.code = indicator.code
            return
        elif len(bare) == 1 and len(open_) == 2 == len(self.asked) and open_[0].pair == open_[1].code:
            bare[0].code = open_[0].code
            return
        else:
            reason = "too_many" if len(bare) > len(open_) else "ambiguous"
        for number in bare:
            number.reason = reason

    def _given(
        self,
        numbers: Sequence[_Free],
        values: dict[str, Value],
        asks: list[Unclear],
        decisions: dict[int, Decision],
    ) -> bool:
        """Stores what the question gives, one value an indicator; asks about the rest. Whether any value stands."""
        claims: dict[str, list[_Free]] = {}
        for number in numbers:
            if number.code is not None:
                claims.setdefault(number.code, []).append(number)
            else:
                self._refuse(number, asks, decisions)
        for code, claiming in claims.items():
            self._claimed(code, claiming, values, asks, decisions)
        for number in numbers:
            if number.code is None and number.one.quantity.unit is not None:
                self._withdraw(number.one, values, asks)
        return bool(values)

    def _claimed(
        self,
        code: str,
        claiming: Sequence[_Free],
        values: dict[str, Value],
        asks: list[Unclear],
        decisions: dict[int, Decision],
    ) -> None:
        indicator = self.catalogue[code]
        results = [measured(number.one.quantity, indicator) for number in claiming]
        amounts = [result.value for result in results]
        clear = [value for value in amounts if value is not None]
        if len(clear) == len(claiming) > 1:
            total = next((n for n, number in enumerate(claiming) if number.total), None)
            parts = sum(value.amount for n, value in enumerate(clear) if n != total)
            if total is None or clear[total].amount != parts:
                source = "; ".join(number.one.quantity.source for number in claiming)[:120]
                added = Value(sum(v.amount for v in clear), any(v.approx for v in clear), source)
                asks.append(Unclear(source, (code,), "parts", added if total is None else None))
                for number in claiming:
                    self._decide(number.one, "asked", (code,), decisions, parts=True)
                return
            claiming, results = [claiming[total]], [results[total]]
        for number, result in zip(claiming, results, strict=True):
            if result.value is None or self._half(code, number.one):
                reason = result.problem or "indefinite"
                asks.append(Unclear(number.one.quantity.source, (code,), reason, result.proposed))
                self._decide(number.one, "asked", (code,), decisions)
            else:
                values[code] = result.value
                self._membership(code, number.one, values)
                self._decide(number.one, "stored", (code,), decisions)

    def _half(self, code: str, one: Placed) -> bool:
        """1/2 km is half a kilometre, not one; of counts "118/120 đoàn viên" is a part, "1/2 buổi" is unclear."""
        if one.quantity.of is None:
            return False
        return self.catalogue[code].kind != "int" or (one.quantity.of < 10 and self.catalogue.whole_of(code) is None)

    def _membership(self, code: str, one: Placed, values: dict[str, Value]) -> None:
        whole = self.catalogue.whole_of(code)
        if one.quantity.of is None or whole is None:
            return
        result = measured(replace(one.quantity, number=one.quantity.of, of=None), self.catalogue[whole])
        if result.value is not None:
            values.setdefault(whole, result.value)

    def _refuse(self, number: _Free, asks: list[Unclear], decisions: dict[int, Decision]) -> None:
        codes = tuple(
            i.code for i in self.asked if code_for(self.catalogue, i.code, number.one.quantity) == i.code
        ) or self.codes  # fmt: skip
        reason = number.one.quantity.problem or number.reason
        asks.append(Unclear(number.one.quantity.source, codes, reason))
        self._decide(number.one, "asked", codes, decisions)

    def _decide(
        self,
        one: Placed,
        fate: str,
        codes: tuple[str, ...],
        decisions: dict[int, Decision],
        parts: bool = False,
    ) -> None:
        source = one.quantity.source
        rule = "asked" if fate == "stored" else "one_value" if parts else "unnamed"
        decisions[one.first] = Decision(one.first, source, fate, codes, rule)  # type: ignore[arg-type]

    def _withdraw(self, one: Placed, values: dict[str, Value], asks: list[Unclear]) -> None:
        """A second number in the unit of one already taken: it may be a part, so that neither is the total."""
        for indicator in self.asked:
            taken = values.get(indicator.code)
            same = code_for(self.catalogue, indicator.code, one.quantity) == indicator.code
            # "66 lượt, 26 đoàn viên": what was counted in the very unit that is asked is no part of anything.
            exact = taken is not None and taken.source.endswith(f" {indicator.unit}")
            if taken is None or not same or (exact and one.quantity.unit != indicator.unit):
                continue
            del values[indicator.code]
            asks.append(Unclear(taken.source, (indicator.code,), "ambiguous"))

    def _beside_other_words(self, one: Placed) -> bool:
        """Whether the number's clause names an indicator it cannot count, or anything the bot does not know."""
        first, last = self._clause(one.first, one.last)
        own = BESIDE_BARE_NUMBERS.union(*(folds(i.unit.replace(",", " ")) for i in self.asked))
        for place in range(first, last):
            if one.first <= place < one.last:
                continue
            token = self.tokens[place]
            if place in self._codes_at or token.text == "?" or (token.kind == "word" and token.fold not in own):
                return True
        return False

    def _says_else(self, one: Placed, code: str) -> bool:
        """ "ra quân 3 buổi, 45 lượt" under a question about other meetings counts none of them, nor the 45."""
        first, last = self._clause(one.first, one.last)
        own = self._own(code)
        if self._stands(one, code):
            return True
        if self.evidence.denies(one) or (self._begun and not self._bare(first, last, code)):
            return True
        if self._strange(first, last, code, own, deeds_only=False):
            return True
        if self._names(first, last) & {code, *self.catalogue.partners(code)}:
            return False
        return self._elsewhere(first, one, code, own)

    def _stands(self, one: Placed, code: str) -> bool:
        """ "Đoàn xã có 18 chi đoàn": so many there are, beside what counts only the new ones."""
        indicator = self.catalogue[code]
        new = indicator.aggregation == "sum" and indicator.unit in STANDING_UNITS and indicator.unit != "người"
        return new and one.first > 0 and self.tokens[one.first - 1].fold == "co"

    def _bare(self, first: int, last: int, code: str) -> bool:
        """Whether a clause says nothing but its numbers, courtesies, and deeds of what is asked.

        Where a text names things, a number with other words beside it may count one more of them.
        """
        told = first
        for place in range(first, last):
            token = self.tokens[place]
            if place < told or token.kind != "word" or self._in_number(place) or self._named(place, code):
                continue
            deed = self.plain.deeds.at(self.tokens, place)
            if deed is not None and self._labelled(place, deed[0], code):
                told = deed[0]
            elif not self.adds_nothing(place) and POLITE.at(self.tokens, place) is None:
                return False
        return True

    def _elsewhere(self, end: int, one: Placed, code: str, own: set[str]) -> bool:
        """What stands before the number's clause: the nearest clause that says anything decides."""
        attended = one.quantity.unit is not None and family_of(one.quantity.unit) in _ATTENDED
        for _ in range(_MOST_CLAUSES):
            if end <= 0:
                return False
            first, last = self._clause(end - 1, end - 1)
            names = self._names(first, last)
            if names & {code, *self.catalogue.partners(code)}:
                return False
            if names:  # "trồng 200 cây, 45 lượt", "về nguồn 2 hoạt động, 45 lượt": those who came to that
                came = self.catalogue[code].unit == "lượt" and any(self._attended(name) for name in names)
                return attended and (not names & set(self.codes) or came)
            counts = [one.quantity.unit for one in self.clauses.placed_in(first, last)]
            if any(unit is not None and family_of(unit) == "other" for unit in counts):
                return True  # "ngày hội: 6 gian hàng, 420 học sinh": something nobody reports was held
            counted = bool(counts)
            if self._strange(first, last, code, own, deeds_only=not counted):
                return True
            end = first
        return True

    def _attended(self, name: str) -> bool:
        """Whether people come to what is counted there: sessions, and work on trees, roads and buildings."""
        unit = self.catalogue[name].unit
        return unit in ANY_EVENT or unit in _WORKED_ON

    def _strange(self, first: int, last: int, code: str, own: set[str], deeds_only: bool) -> bool:
        free, told = False, first
        for place in range(first, last):
            token = self.tokens[place]
            if place < told or self._named(place, code) or self._in_number(place):
                continue
            if self._kind_of_tree(place):
                told = place + 1
                continue
            deed = self.plain.deeds.at(self.tokens, place)
            if deed is not None and not self._labelled(place, deed[0], code):
                return True
            if deeds_only or token.kind != "word":
                continue
            fold = token.form.fold
            free = free or fold in self.plain.prepositions
            together = self.plain.together.at(self.tokens, place)
            told = max(told, together[0]) if together is not None else told
            known = fold in own or fold in BESIDE_BARE_NUMBERS or self.plain.explains(token.form)
            if not (free or place < told or known):
                return True
        return False

    def _in_number(self, place: int) -> bool:
        return self.known(place) and place not in self._codes_at

    def _kind_of_tree(self, place: int) -> bool:
        """ "200 cây keo", "200 cây hoa giấy": in a row behind the word for a tree."""
        if not self.plain.trees.has(self.tokens[place].form):
            return False
        while place > 0 and self.plain.trees.has(self.tokens[place].form):
            place -= 1
        return self.tokens[place].fold == "cay"

    def _labelled(self, first: int, last: int, code: str) -> bool:
        """Whether the label or the question of what is asked has these very words."""
        said = " ".join(token.form.fold for token in self.tokens[first:last])
        for one in (code, *self.catalogue.partners(code)):
            indicator = self.catalogue[one]
            for label in (indicator.label, indicator.short, indicator.question):
                if f" {said} " in f" {' '.join(token.form.fold for token in tokens_of(label))} ":
                    return True
        return False

    def _named(self, place: int, code: str) -> bool:
        codes = self._codes_at.get(place)
        return codes is not None and not codes.isdisjoint((code, *self.catalogue.partners(code)))

    def _names(self, first: int, last: int) -> set[str]:
        return {code for place in range(first, last) for code in self._begun.get(place, ())}

    def _own(self, code: str) -> set[str]:
        return set().union(*(self.labels.words_of.get(one, set()) for one in (code, *self.catalogue.partners(code))))

    def _clause(self, first: int, last: int) -> tuple[int, int]:
        return self.clauses.clause(first, last, _REACH)
