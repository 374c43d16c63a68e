"""What the open question adds to a text read: an indicator for numbers without a name, zeros for "không", a tie broken.

It never overrules what the text asks or leaves: only numbers that nothing in the text names are its own.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.values import Value
from reporting.numbers.quantity import Placed
from reporting.numbers.units import ANY_EVENT, ATTENDANCE, PAPERS_OR_PUPILS, PERSON, counts, family_of
from reporting.reading.beside import Beside, adds_nothing, adds_politeness
from reporting.reading.evidence import Evidence
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.measures import code_for, measured, named_in
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.found.scopes import Scope
from reporting.reading.outcome import NumberDecision, Read, Reading, Unclear
from reporting.text.lexicon import (
    BESIDE_BARE_NUMBERS,
    BETWEEN_NONE_AND_NAME,
    NO_NUMBER,
    POLITE,
    VAGUE_ANSWERS,
    in_plain_phrases,
    phrases,
    spelt,
)
from reporting.text.short_forms import LONG_FORMS
from reporting.text.word_lists import written
from reporting.text.words import Token, form_of, source_of, tokens_of

_ATTENDING = phrases("reader.attending")
_NEWLY = written("numerals.newly")
_MINUS = spelt("reader.minus")
_DENYING = in_plain_phrases("reader.denying_a_unit")
_CLAUSE_LONGEST, _LABEL_LONGEST = 24, 4


@dataclass(slots=True)
class _Free:
    """A number that nothing names, and the asked indicator it may be; `reason`: why it is none."""

    one: Placed
    total: bool
    code: str | None = None
    reason: str = ""


@lru_cache(maxsize=256)
def _denials(unit: str) -> frozenset[str]:
    """The ways to say that there is none of a unit, in plain letters."""
    name = " ".join(form_of(word).fold for word in unit.replace(",", "").split())
    return frozenset(words for none in _DENYING for words in (f"{none} {name}", f"{name} {none}"))


@lru_cache(maxsize=512)
def _words_in(said: str) -> frozenset[str]:
    """The words of a label or a question, as written and in plain letters, without those that say nothing."""
    words = [token for token in tokens_of(said) if token.kind == "word" and not adds_nothing(token)]
    return frozenset(word for token in words for word in (token.text, token.fold))


def no_surer(reading: Reading, others: Set[str], alone: Reading) -> Reading:
    """The reading with those of the other indicators as values that the same text gives `alone`, without a question.

    What only the question made sure of them is proposed: it has nothing to say of what it does not ask.
    """
    sure = alone.amounts
    doubted = {read.code for read in reading.values if read.code in others and sure.get(read.code) != read.value.amount}
    if not doubted:
        return reading
    asks = [
        Unclear(read.value.source, (read.code,), "ambiguous", read.value)
        for read in reading.values
        if read.code in doubted
    ]
    decisions = tuple(
        replace(one, fate="asked", rule="other_question") if one.fate == "stored" and doubted & set(one.codes) else one
        for one in reading.decisions
    )
    values = tuple(read for read in reading.values if read.code not in doubted)
    return replace(reading, values=values, asks=(*reading.asks, *asks), decisions=decisions)


class OpenQuestion:
    """The open question beside one text."""

    def __init__(self, text: str, tokens: Sequence[Token], labels: Labels, asked: Sequence[Indicator]) -> None:
        self.text, self.tokens, self.labels, self.asked = text, tokens, labels, tuple(asked)
        self.catalogue: Catalogue = labels.catalogue
        self.plain = labels.catalogue.plain_words
        self.codes = tuple(indicator.code for indicator in asked)
        wholes = {whole for code in self.codes if (whole := self.catalogue.whole_of(code)) is not None}
        self.gives = wholes | set(self.codes)  # "118/120" tells of all the members, too
        self._by_name: set[str] = set()  # what a label of its own names

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
            elif left and self._says_what(tokens[place]):
                place += 1  # "không có bạn nào được khen", where only that is asked
            else:
                return False
        return left

    def _says_what(self, token: Token) -> bool:
        """Whether a word behind a denial only says again what one thing was asked for."""
        if len(self.asked) != 1 or token.kind != "word":
            return False
        return token.fold in BETWEEN_NONE_AND_NAME or token.fold in self.labels.words_of.get(self.codes[0], ())

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

    def lay_out(
        self, clauses: Clauses, mentions: Sequence[Mention], known: Callable[[int], bool], evidence: Evidence
    ) -> None:
        """Takes what the reader knows of the text."""
        self.clauses = clauses
        self._beside = Beside(self.tokens, self.labels, self.asked, mentions, known)
        self._beside.lay_out(clauses, evidence)

    def complete(
        self, reading: Reading, free: Sequence[tuple[Placed, Scope]], corrects: Callable[[int], bool]
    ) -> Reading:
        """The reading with what the question gives to the numbers that nothing in the text names.

        corrects: whether words before a token say that what follows replaces something.
        """
        values = {read.code: read.value for read in reading.values}
        asks = list(reading.asks)
        self._tie(values, asks)
        numbers = [_Free(one, scope.total) for one, scope in free]
        elsewhere = any(code not in self.codes for code in values) or self._beside.names_others()
        taken = {*values, *(code for ask in asks for code in ask.codes)}
        for number, after in zip_longest(numbers, numbers[1:]):
            number.code = self._by_label(number.one, taken, self.clauses)
            if number.code is not None and self._beside.evidence.contested(number.one):
                number.code, number.reason = None, "ambiguous"  # "lấy số quý trước giùm em, cây 40"
                continue
            if number.code is not None:
                taken.add(number.code)
                self._by_name.add(number.code)
                continue
            self._by_unit(number, taken, elsewhere)
            if after is not None and number.code is not None and self._came_to_another(number, after.one):
                number.code, number.reason = None, "ambiguous"
        self._in_order([n for n in numbers if n.code is None and not n.reason], taken, numbers)
        self._correct(numbers, corrects)
        self._with_their_sessions(numbers)
        decisions = {decision.start: decision for decision in reading.decisions}
        self._denied_by_unit(values, asks)
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

    @staticmethod
    def _correct(numbers: Sequence[_Free], corrects: Callable[[int], bool]) -> None:
        """ "2 buổi 60 bạn, nhầm, 65": while it is open which of them the 65 replaces, none of them is sure."""
        unplaced = [at for at, number in enumerate(numbers) if number.code is None and corrects(number.one.first)]
        for number in numbers[: unplaced[-1] if unplaced else 0]:
            number.code, number.reason = None, number.reason or "correction"

    def _with_their_sessions(self, numbers: Sequence[_Free]) -> None:
        """ "3 buổi, 61 lượt" where the question does not tell which sessions: who came to them waits with them."""
        unplaced = False
        for number in numbers:
            sessions = family_of(number.one.quantity.unit) == "event"
            unplaced = number.code is None if sessions else unplaced
            attendance = number.code is not None and self.catalogue[number.code].unit == ATTENDANCE
            if unplaced and attendance and self.catalogue.partners(str(number.code)):
                number.code, number.reason = None, "ambiguous"

    def _denied_by_unit(self, values: dict[str, Value], asks: Sequence[Unclear]) -> None:
        """ "không có công trình, máu 3": a clause that denies nothing but the unit of one thing that is asked."""
        told = {*values, *(code for ask in asks for code in ask.codes)}
        first = 0
        while first < len(self.tokens):
            _, last = self.clauses.clause(first, first, _CLAUSE_LONGEST)
            denied = self._denied_in(first, last)
            if len(denied) == 1 and denied[0] not in told:
                values[denied[0]] = Value(0, False, source_of(self.text, self.tokens, first, last - 1)[:120])
            first = max(last, first) + 1

    def _denied_in(self, first: int, last: int) -> list[str]:
        """The asked indicators of whose unit these tokens say no, and nothing else: "chưa có công trình ạ"."""
        said = [token for token in self.tokens[first:last] if not adds_politeness(token)]
        if any(token.kind != "word" for token in said):
            return []  # marks and numbers say more
        words = " ".join(token.fold for token in said)
        return [i.code for i in self.asked if any(words in _denials(unit) for unit in (*named_in(i), i.unit))]

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

    def labelled(self, one: Placed, clauses: Clauses) -> bool:
        """Whether the words of the number's clause are the label of one asked indicator."""
        return self._by_label(one, frozenset(), clauses) is not None

    def _by_label(self, one: Placed, taken: Set[str], clauses: Clauses) -> str | None:
        """ "ĐV 19; mới 0; PM 19": the one asked indicator that has all words of the number's clause in its label."""
        if one.tail < one.last or one.quantity.problem is not None:
            return None
        first, last = clauses.clause(one.first, one.last, _CLAUSE_LONGEST)
        came = _ATTENDING.anywhere(self.tokens, first, last)  # "dvtn tham gia 60" is no membership
        said = [*self.tokens[first : one.first], *self.tokens[one.last : last]]
        words = [token for token in said if token.kind == "word" and not adds_nothing(token)]
        if not 0 < len(words) <= _LABEL_LONGEST:
            return None
        if (
            len(words) == 1
            and words[0].form.plain
            and (words[0].fold not in LONG_FORMS or words[0].text == PAPERS_OR_PUPILS)
        ):
            return None  # without its marks one word may be many
        label = {word for token in words for word in LONG_FORMS.get(token.fold, (token.text,))} - BESIDE_BARE_NUMBERS
        if label <= _NEWLY:
            return None  # "mới 1" tells of many things that they are new
        fitting = [
            i for i in self.asked if not i.is_rate and code_for(self.catalogue, i.code, one.quantity) == i.code
            and not (came and i.unit == PERSON)
            and label <= _words_in(i.short) | _words_in(i.label) | _words_in(i.question)
            and not label.isdisjoint(_words_in(i.short)) and self._says_new(i, label)
        ]  # fmt: skip
        if len(fitting) > 1:  # "ĐV 19": the label is all its name, "tổng số đoàn viên", where others say more
            plain = {form_of(word).fold for word in label}
            fitting = [i for i in fitting if all(word in plain for word in _words_in(i.short) if word.isascii())]
        return fitting[0].code if len(fitting) == 1 and fitting[0].code not in taken else None

    def _says_new(self, indicator: Indicator, label: Set[str]) -> bool:
        """ "hội viên 120" are all there are, where only the new ones are asked."""
        return indicator.stands or _NEWLY.isdisjoint(_words_in(indicator.short)) or not _NEWLY.isdisjoint(label)

    def _by_unit(self, number: _Free, taken: set[str], elsewhere: bool) -> None:
        """The one asked indicator that is counted in the number's unit, unless its clause says something else."""
        one = number.one
        if one.first and _MINUS.has(self.tokens[one.first - 1].form):
            number.reason = "negative"
            return
        if one.quantity.unit is None or (elsewhere and one.tail >= one.last):
            if elsewhere or self._beside.other_words(one) or self._beside.evidence.contested(one):
                number.reason = "ambiguous"
            return
        code = self._counted(one, taken)
        if code is not None and self._attends_nothing(one, code):
            code = None
        people = code is not None and self.catalogue[code].unit == PERSON
        if people and (elsewhere or _ATTENDING.at(self.tokens, one.last)):
            code = None  # "dọn vệ sinh 80 buổi, 1.000 người" counts who came, not the people that were asked
        if code is None or self._beside.says_else(one, code):
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
        if one.quantity.unit != ATTENDANCE or before is None or one.first - before.last > 1:
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
        if len(exact) > 1:
            exact = self._with_who_came(one, exact)
        if len(exact) == 1:
            return exact[0]
        if len(fitting) == 1:  # "60 người" may be the accounts or the files: only a sole question is answered so
            return fitting[0] if counts(unit, self.catalogue[fitting[0]].unit) or len(self.asked) == 1 else None
        if not fitting and unit in ANY_EVENT:
            events = [i.code for i in self.asked if i.unit in ANY_EVENT and i.code not in taken]
            return events[0] if len(events) == 1 else None
        return None

    def _with_who_came(self, one: Placed, codes: Sequence[str]) -> list[str]:
        """ "3 buổi, 47 lượt": the sessions whose attendance is asked too, and the attendance of such sessions."""
        if one.quantity.unit == ATTENDANCE:
            before = self.clauses.placed_before(one.first)
            if before is not None and family_of(before.quantity.unit) == "event" and one.first - before.last <= 1:
                return [code for code in codes if self.catalogue.partners(code)]
            return list(codes)
        behind = self.clauses.placed_in(one.last, one.last + 2)
        if behind and behind[0].quantity.unit == ATTENDANCE:
            return [code for code in codes if self.catalogue[code].pair in self.codes]
        return list(codes)

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
        decisions: dict[int, NumberDecision],
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
        decisions: dict[int, NumberDecision],
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
        alone = all(result.value is not None for result in results)
        for number, result in zip(claiming, results, strict=True):
            if result.value is not None and not alone:  # "ghi 3 buổi đi, thật ra 2 buổi rưỡi"
                asks.append(Unclear(number.one.quantity.source, (code,), "ambiguous", result.value))
                self._decide(number.one, "asked", (code,), decisions)
            elif result.value is None or self._half(code, number.one):
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

    def _refuse(self, number: _Free, asks: list[Unclear], decisions: dict[int, NumberDecision]) -> None:
        codes = tuple(
            i.code for i in self.asked if code_for(self.catalogue, i.code, number.one.quantity) == i.code
        ) or self.codes  # fmt: skip
        reason = number.one.quantity.problem or number.reason
        sole = len(codes) == 1 and reason == "correction"
        likely = measured(number.one.quantity, self.catalogue[codes[0]]).value if sole else None
        asks.append(Unclear(number.one.quantity.source, codes, reason, likely))
        self._decide(number.one, "asked", codes, decisions)

    def _decide(
        self,
        one: Placed,
        fate: str,
        codes: tuple[str, ...],
        decisions: dict[int, NumberDecision],
        parts: bool = False,
    ) -> None:
        source = one.quantity.source
        rule = "asked" if fate == "stored" else "one_value" if parts else "unnamed"
        decisions[one.first] = NumberDecision(one.first, source, fate, codes, rule)  # type: ignore[arg-type]

    def _withdraw(self, one: Placed, values: dict[str, Value], asks: list[Unclear]) -> None:
        """A second number in the unit of one already taken: it may be a part, so that neither is the total."""
        things = family_of(one.quantity.unit) == "thing"  # "cây 50, máu 3. Thêm 10 cây nữa", whatever is asked
        alike = [code for code in values if things and self.catalogue[code].unit == one.quantity.unit]
        for code in dict.fromkeys((*self.codes, *alike)):
            indicator = self.catalogue[code]
            taken = values.get(indicator.code)
            same = code_for(self.catalogue, indicator.code, one.quantity) == indicator.code
            # "66 lượt, 26 đoàn viên": what was counted in the very unit that is asked is no part of anything.
            exact = taken is not None and taken.source.endswith(f" {indicator.unit}")
            if (
                taken is None
                or indicator.code in self._by_name
                or not same
                or (exact and one.quantity.unit != indicator.unit)
            ):
                continue
            del values[indicator.code]
            asks.append(Unclear(taken.source, (indicator.code,), "ambiguous", taken))
