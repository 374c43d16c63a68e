"""The reply to one question in; values of the indicators asked, and what is unclear about it, out."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from reporting.figures.catalogue import Catalogue, Indicator, Level
from reporting.figures.values import Value, vietnamese
from reporting.numbers.quantities import placed_quantities
from reporting.numbers.quantity import Placed
from reporting.numbers.units import ANY_EVENT, counts
from reporting.reading.measures import code_for, measured
from reporting.reading.mentions import Labels, Mention, labels_of
from reporting.reading.other_deeds import OtherDeeds
from reporting.reading.outcome import Answer, Option, Trouble
from reporting.text.lexicon import BESIDE_BARE_NUMBERS, NO_NUMBER, POLITE, VAGUE_ANSWERS
from reporting.text.spelling import repaired
from reporting.text.words import Token, folds, source_of, tokens_of, words

# Words of replies that are no label's: known, so that Telex left unfinished in them is undone.
_ANSWER_WORDS = folds("không chưa có phát sinh tổ chức thực hiện làm buổi nào gì ai còn lại dạ số")

_ATTENDING = words("tham gia, tham dự, dự, hưởng ứng, ra quân, có mặt")


def read_answer(text: str, asked: Sequence[Indicator], catalogue: Catalogue, level: Level) -> Answer:
    """Reads the reply to one question that asks `asked`, in that order. Never fails, never guesses."""
    labels = labels_of(catalogue)
    tokens = repaired(tokens_of(text), _known_words(labels))
    if _says_none(tokens):
        zero = Value(0, False, text.strip()[:120])
        units = {one.quantity.unit for one in placed_quantities(text, tokens)}
        counted = [i.code for i in asked if i.unit in units]
        if len(counted) == 1 < len(asked):  # "0 em" is no zero of the members asked beside the children
            return Answer({counted[0]: zero})
        happenings = [i.code for i in asked if not i.is_rate and not i.stands]
        stocks = [i.code for i in asked if i.stands or len(asked) == 1]
        return Answer(dict.fromkeys(happenings or stocks, zero), none=True)
    placed = placed_quantities(text, tokens)
    if not placed:
        return _without_numbers(text, tokens, asked, catalogue)
    mentions = labels.mentions(tokens, placed)
    reading = _Reading(text, tokens, asked, catalogue)
    others = OtherDeeds(tokens, placed, mentions, labels, asked)
    near = _Near(tokens, mentions, placed)
    named_by = [_labelled(near, place, catalogue) for place in placed]
    elsewhere = any(label is not None and all(label[0] != i.code for i in asked) for label in named_by)
    bare: list[Placed] = []
    before: tuple[str, Placed] | None = None
    for place, label in zip(placed, named_by, strict=True):
        if place.first and tokens[place.first - 1].text in ("âm", "am"):
            reading.ask("negative", place, ())
            continue
        named, span = label if label is not None else (None, None)
        if named is not None and others.of_unknown_things(place):
            reading.refuse("ambiguous", place, asked)
            before = None
            continue
        code = named or _pair_of(before, place, tokens, catalogue)
        if code is None and (code := _by_unit(place, asked, reading, catalogue)) and others.about(place, code):
            reading.refuse("ambiguous", place, asked)
            before = None
            continue
        people = named is None and code is not None and catalogue[code].unit == "người"
        if people and (elsewhere or _ATTENDING.at(tokens, place.last)):
            code = None  # "dọn vệ sinh 80 buổi, 1.000 người" counts who came, not the people that were asked
        before = (named, place) if named is not None else None
        if code is not None:
            reading.take(code, place, source_of(text, tokens, *span) if span else "")
        elif place.quantity.unit is None and not _beside_other_words(near, place, asked):
            bare.append(place)
        else:
            reading.withdraw(place, asked)
            reading.refuse("percent" if place.quantity.unit == "%" else "ambiguous", place, asked)
    _in_order(bare, asked, reading)
    for start, end in _clauses(tokens):
        for mention in mentions:
            if start <= mention.first < end and len(mention.codes) == 1 and mention.around is None:
                code = mention.codes[0]
                if code not in reading.values and _negated(tokens, start, end, mention):
                    reading.values[code] = Value(0, False, source_of(text, tokens, start, end - 1))
    return Answer(reading.values, tuple(reading.troubles))


@lru_cache(maxsize=8)
def _known_words(labels: Labels) -> frozenset[str]:
    return _ANSWER_WORDS | labels.vocabulary


class _Reading:
    """Collects values, and what is unclear in the order of the words."""

    def __init__(self, text: str, tokens: Sequence[Token], asked: Sequence[Indicator], catalogue: Catalogue) -> None:
        self.text, self.tokens, self.asked, self.catalogue = text, tokens, asked, catalogue
        self.values: dict[str, Value] = {}
        self.troubles: list[Trouble] = []
        self.troubled: set[str] = set()

    def take(self, code: str, place: Placed, words: str = "") -> None:
        """The quantity as this indicator's value; `words` are its name and number as written, where it has one."""
        result = measured(place.quantity, self.catalogue[code])
        if place.quantity.of is not None and self._is_fraction(code, place):
            self.troubled.add(code)
            self.ask("indefinite", place, ())
            return
        if result.value is None:
            self.troubled.add(code)
            self.ask(result.problem or "ambiguous", place, (Option(code, result.proposed),))
            return
        known = self.values.get(code)
        if known is not None and known.amount != result.value.amount:
            del self.values[code]
            self.ask("too_many", place, (Option(code, known), Option(code, result.value)))
            return
        self.values[code] = replace(result.value, source=words or result.value.source)
        rate_whole = self.catalogue.whole_of(code)
        if place.quantity.of is not None and rate_whole is not None:
            whole = measured(replace(place.quantity, number=place.quantity.of), self.catalogue[rate_whole])
            if whole.value is not None:
                self.values.setdefault(rate_whole, whole.value)

    def _is_fraction(self, code: str, place: Placed) -> bool:
        """1/2 km is half a kilometre, not one; of counts "118/120 đoàn viên" is a part, "1/2 buổi" is unclear."""
        if self.catalogue[code].kind != "int":
            return True
        return place.quantity.of is not None and place.quantity.of < 10 and self.catalogue.whole_of(code) is None

    def withdraw(self, place: Placed, asked: Sequence[Indicator]) -> None:
        """A second number in the unit of one already taken: it may be a part, so that neither is the total."""
        for indicator in asked:
            same = place.quantity.unit and code_for(self.catalogue, indicator.code, place.quantity) == indicator.code
            taken = self.values.get(indicator.code)
            if not same or taken is None:
                continue
            # "66 lượt, 26 đoàn viên": what was counted in the very unit that is asked is no part of anything.
            if taken.source.endswith(f" {indicator.unit}") and place.quantity.unit != indicator.unit:
                continue
            del self.values[indicator.code]
            self.troubled.add(indicator.code)
            self.troubles.append(Trouble("ambiguous", taken.source, (Option(indicator.code, None),)))

    def refuse(self, problem: str, place: Placed, codes: Sequence[Indicator]) -> None:
        self.ask(place.quantity.problem or problem, place, tuple(Option(i.code, None) for i in codes))

    def ask(self, problem: str, place: Placed, options: tuple[Option, ...]) -> None:
        options = tuple(
            replace(o, text=vietnamese(o.value.amount, self.catalogue[o.code].kind)) if o.value else o for o in options
        )
        self.troubles.append(Trouble(problem, place.quantity.source, options))


def _says_none(tokens: Sequence[Token]) -> bool:
    """The whole reply is "0", "không", "chưa có ạ" …"""
    left: list[Token] = []
    place = 0
    while place < len(tokens):
        none = NO_NUMBER.at(tokens, place)
        polite = POLITE.at(tokens, place)
        if none is not None and (polite is None or none[0] >= polite[0]):
            left.append(tokens[place])
            place = none[0]
        elif polite is not None:
            place = polite[0]
        elif tokens[place].kind in ("mark", "line", "cell") and tokens[place].text != "?":
            place += 1
        else:
            return False
    return bool(left)


def _without_numbers(text: str, tokens: Sequence[Token], asked: Sequence[Indicator], catalogue: Catalogue) -> Answer:
    values: dict[str, Value] = {}
    mentions = labels_of(catalogue).mentions(tokens, ())
    for start, end in _clauses(tokens):
        for mention in mentions:
            if start <= mention.first < end and len(mention.codes) == 1 and _negated(tokens, start, end, mention):
                values[mention.codes[0]] = Value(0, False, source_of(text, tokens, start, end - 1))
    if values:
        return Answer(values)
    vague = any(VAGUE_ANSWERS.at(tokens, place) for place in range(len(tokens)))
    options = tuple(Option(i.code, None) for i in asked)
    return Answer({}, (Trouble("indefinite" if vague else "not_a_number", text.strip()[:120], options),))


def _clauses(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    found, start = [], 0
    for place, token in enumerate(tokens):
        if token.kind == "line" or token.text in (",", ";", ".", "•"):
            found.append((start, place))
            start = place + 1
    found.append((start, len(tokens)))
    return [(a, b) for a, b in found if b > a]


def _negated(tokens: Sequence[Token], start: int, end: int, mention: Mention) -> bool:
    """không có hiến máu · hiến máu: không · hiến máu chưa có."""
    after = mention.last
    if after < end and tokens[after].text in (":", "=", "-"):
        after += 1
    tail = NO_NUMBER.at(tokens, after) if after < end else None
    if tail is not None and tail[0] >= end:
        return True
    before = NO_NUMBER.ending(tokens, mention.first, 5)
    return before is not None and before[0] >= start


class _Near:
    """What stands around a number, looked for only as far as nothing divides: long messages hold many of both."""

    def __init__(self, tokens: Sequence[Token], mentions: Sequence[Mention], placed: Sequence[Placed]) -> None:
        self.tokens = tokens
        self.counted = {number for place in placed for number in range(place.first, place.last)}
        self._mentions = sorted(mentions, key=lambda mention: mention.first)
        self._firsts = [mention.first for mention in self._mentions]
        self._longest = max((mention.last - mention.first for mention in mentions), default=0)

    def stretch(self, place: Placed) -> tuple[int, int]:
        """From the token behind the divider before the number to the divider after it."""
        first, last = place.first, place.last
        while first > 0 and not _divides(self.tokens[first - 1]):
            first -= 1
        while last < len(self.tokens) and not _divides(self.tokens[last]):
            last += 1
        return first, last

    def mentions(self, place: Placed) -> list[Mention]:
        """The names in the number's stretch, in order; also one that begins or ends in it."""
        first, last = self.stretch(place)
        low, high = bisect_left(self._firsts, first - self._longest), bisect_right(self._firsts, last)
        return [mention for mention in self._mentions[low:high] if mention.last >= first]


def _labelled(near: _Near, place: Placed, catalogue: Catalogue) -> tuple[str, tuple[int, int]] | None:
    """The indicator named in the clause of the quantity, and the first and last token of name and number.

    It is the label before the number, else the one after it.
    """
    before = after = None
    for mention in near.mentions(place):
        if len(mention.codes) != 1:
            continue
        # The unit may be the label's first words: "80 tin bài fanpage", "4.000 tài khoản VNeID".
        if mention.first <= place.first < mention.last or place.first < mention.first <= place.last:
            after = after or mention
        elif mention.last <= place.first:
            before = mention
        elif mention.first >= place.last:
            after = after or mention
    for label in (before, after):
        code = None if label is None else code_for(catalogue, label.codes[0], place.quantity)
        if label is not None and code is not None:
            return code, (min(label.first, place.first), max(label.last, place.last) - 1)
    return None


def _beside_other_words(near: _Near, place: Placed, asked: Sequence[Indicator]) -> bool:
    """Whether the number's clause names an indicator it cannot count, or anything the bot does not know."""
    if any(m.last <= place.first or m.first >= place.last for m in near.mentions(place)):
        return True
    first, last = near.stretch(place)
    around = [near.tokens[number] for number in range(first, last) if number not in near.counted]
    known = BESIDE_BARE_NUMBERS.union(*(folds(indicator.unit.replace(",", " ")) for indicator in asked))
    return any(t.text == "?" or (t.kind == "word" and t.fold not in known) for t in around)


def _divides(token: Token) -> bool:
    return token.kind in ("line", "number") or token.text in (",", ";", ".", "•")


def _pair_of(
    before: tuple[str, Placed] | None, place: Placed, tokens: Sequence[Token], catalogue: Catalogue
) -> str | None:
    """The attendance of the sessions named just before: "sinh hoạt chi đoàn 3 buổi, 62 lượt", whatever is asked."""
    if before is None:
        return None
    code, sessions = before
    pair = catalogue[code].pair
    between = tokens[sessions.last : place.first]
    if pair is None or any(t.kind == "line" or t.text in (";", ".", "•") for t in between):
        return None
    same_unit = catalogue[pair].unit == place.quantity.unit and catalogue[code].unit != place.quantity.unit
    return pair if same_unit and code_for(catalogue, pair, place.quantity) == pair else None


def _by_unit(place: Placed, asked: Sequence[Indicator], reading: _Reading, catalogue: Catalogue) -> str | None:
    """The one asked indicator, not yet answered, that is counted in this unit."""
    unit = place.quantity.unit
    if unit is None:
        return None
    fitting = [
        i.code for i in asked if code_for(catalogue, i.code, place.quantity) == i.code and i.code not in reading.values
    ]
    exact = [c for c in fitting if catalogue[c].unit == unit]
    if len(exact) == 1:
        return exact[0]
    if len(fitting) == 1:  # "60 người" may be the accounts or the files: only a sole question is answered so
        return fitting[0] if counts(unit, catalogue[fitting[0]].unit) or len(asked) == 1 else None
    if not fitting and unit in ANY_EVENT:
        events = [i.code for i in asked if i.unit in ANY_EVENT and i.code not in reading.values]
        return events[0] if len(events) == 1 else None
    return None


def _in_order(bare: Sequence[Placed], asked: Sequence[Indicator], reading: _Reading) -> None:
    """Numbers without unit or label: in the order of the question, when their count leaves no doubt."""
    if not bare:
        return
    open_codes = [i for i in asked if i.code not in reading.values and i.code not in reading.troubled]
    if len(bare) == len(open_codes):
        for indicator, place in zip(open_codes, bare, strict=True):
            reading.take(indicator.code, place)
    elif len(bare) == 1 and len(open_codes) == 2 == len(asked) and open_codes[0].pair == open_codes[1].code:
        reading.take(open_codes[0].code, bare[0])
    elif len(bare) > len(open_codes):
        reading.refuse("too_many", bare[0], open_codes or asked)
    else:
        reading.refuse("ambiguous", bare[0], open_codes)
