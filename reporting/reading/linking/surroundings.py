"""The words around a number in, what they say of it out: whose it is, what it is not, whether a name may claim it."""

from collections.abc import Callable, Sequence

from reporting.numbers.quantity import Placed
from reporting.numbers.units import family_of
from reporting.reading.found.clauses import Clauses
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.linking.options import Link
from reporting.text.lexicon import NOBODY_REPORTS, NOT_THIS_BUT, OWN_PART, in_plain_letters, phrases, spelt
from reporting.text.word_lists import written
from reporting.text.words import Token, agrees, form_of

_AT = spelt("reader.at")
_MISTAKEN, _MISTAKEN_FOR = phrases("reader.mistaken"), spelt("reader.mistaken_for")
_WRONG_BEHIND = phrases("reader.wrong_behind")
_BRANCH = phrases("reader.branch")
_SHARES_OF_BODIES, _RANKS = phrases("reader.shares_of_bodies"), phrases("reader.ranks")
_GROWN_SHARES = in_plain_letters("reader.grown_shares")
_SHORT = 14
_AND = written("reader.joins")
_TIMES = in_plain_letters("reader.parts_of_time")
_NUMBER_OF = written("reader.counts_of")
_THEN = written("reader.then")
_COURTEOUS = in_plain_letters("reader.courteous")
_RECEIVERS = in_plain_letters("reader.receivers")
_HEADING_LONGEST = 16
_COMPANION_REACH = 40
_NOBODY_REACH = 12
_LIST_REACH = 8


class Surroundings:
    """The surroundings of the quantities of one text; `known` tells the words of names and quantities."""

    def __init__(
        self,
        tokens: Sequence[Token],
        clauses: Clauses,
        labels: Labels,
        known: Callable[[int], bool],
        asked: Sequence[str],
    ) -> None:
        self.asked = asked  # the open question says what the names of its own indicators leave open
        self.tokens, self.clauses, self.labels, self.known = tokens, clauses, labels, known
        self.plain = labels.catalogue.plain_words

    def denied_number(self, one: Placed) -> bool:
        """ "45 chứ không phải 54", "sáng nay em bấm nhầm 54": 54 is what it is not."""
        if _WRONG_BEHIND.at(self.tokens, one.last):
            return True
        place = one.first
        while place > 0 and one.first - place < 2 and _MISTAKEN_FOR.has(self.tokens[place - 1].form):
            place -= 1
        if _MISTAKEN.ending(self.tokens, place, 3) or NOT_THIS_BUT.ending(self.tokens, one.first, 4):
            return True
        return place < one.first and NOT_THIS_BUT.ending(self.tokens, place, 4) is not None

    def long_line(self, place: int) -> bool:
        """A line of prose is no heading: what follows it does not speak of the last thing it named."""
        first = last = place
        line = self.clauses.line[place]
        while first > 0 and self.clauses.line[first - 1] == line and last - first <= _HEADING_LONGEST:
            first -= 1
        while last < len(self.tokens) and self.clauses.line[last] == line and last - first <= _HEADING_LONGEST:
            last += 1
        return last - first > _HEADING_LONGEST

    def has_a_label(self, one: Placed) -> bool:
        """ "Cây trồng | 100": a bare number behind the words of its own cell or colon counts what those name."""
        before = self.tokens[one.first - 1] if one.first > 1 else None
        if before is None or one.quantity.unit is not None:
            return False
        if self.tokens[one.first - 2].kind == "line":  # "quà 10\ntiền 5"
            return before.kind == "word" and not self.known(one.first - 1) and not self.plain.explains(before.form)
        return (
            (before.kind == "cell" or before.text == ":")
            and self.tokens[one.first - 2].kind == "word"
            and not self.known(one.first - 2)
        )

    def has_companion(self, code: str, place: int, unit_only: bool = False) -> bool:
        """Where the name is only the unit of its number, the open question is companion enough.

        Else whether the line has one of the words without which the catalogue does not trust this name."""
        lexicon = self.labels.companions.get(code)
        if lexicon is None or (unit_only and code in self.asked):
            return True
        line = self.clauses.line[place]
        first = last = place
        while first > 0 and self.clauses.line[first - 1] == line and place - first < _COMPANION_REACH:
            first -= 1
        while last < len(self.tokens) and self.clauses.line[last] == line and last - place < _COMPANION_REACH:
            if last > place and self.tokens[last].text == "," and not self.clauses.covered[last]:
                break  # "cài VssID 90 người, VNeID 75 người": what follows speaks of the next number
            last += 1
        return lexicon.anywhere(self.tokens, first, last)

    def names_its_unit(self, one: Placed, mention: Mention) -> bool:
        """ "15 hồ sơ", "hồ sơ 15": the name is nothing but the unit of its number."""
        if one.tail <= mention.first and mention.last <= one.last:
            return True
        label = " ".join(token.fold for token in self.tokens[mention.first : mention.last])
        unit = " ".join(form_of(word).fold for word in str(one.quantity.unit).split())
        return mention.last == one.first and label == unit

    def counts_unknown(self, one: Placed) -> bool:
        """ "22 doanh nghiệp": a word nobody reports in stands where the unit would."""
        if one.quantity.unit is not None or one.last >= len(self.tokens):
            return False
        token = self.tokens[one.last]
        if token.form.plain and token.end - token.start > len(token.text) and token.fold not in _COURTEOUS:
            return token.kind == "word"  # put right from letters that are no Vietnamese word: "120 trees"
        explained = self.known(one.last) or self.plain.beside.has(token.form) or _AT.has(token.form)
        return token.kind == "word" and not explained

    def of_nobody(self, link: Link, one: Placed) -> bool:
        """ "kết nạp Đoàn 36 em, chuyển sinh hoạt 14 đoàn viên": the 14 moved, whatever was named before."""
        if link.mention is None or link.mention.first <= one.first < link.mention.last:
            return False
        first, _ = self.clauses.clause(one.first, one.last, _NOBODY_REACH)
        first = max(first, link.mention.last if link.mention.last <= one.first else first)
        return any(NOBODY_REPORTS.at(self.tokens, place) and not self.known(place) for place in range(first, one.first))

    def left(self, one: Placed) -> bool:
        """ "Chuyển sinh hoạt đi 7 đ/c": people whom nobody reports, straight behind words that say so."""
        if family_of(one.quantity.unit) != "people":
            return False
        first, _ = self.clauses.clause(one.first, one.last, _NOBODY_REACH)
        return NOBODY_REPORTS.anywhere(self.tokens, first, one.first)

    def of_their_own(self, one: Placed) -> bool:
        """ "Cùng xã trồng 500 cây, riêng chi đoàn 60 cây": either may be what this unit did."""
        first, _ = self.clauses.clause(one.first, one.last, _COMPANION_REACH)
        return OWN_PART.anywhere(self.tokens, first, one.first)

    def of_a_place(self, one: Placed) -> bool:
        """ "SHCĐ: CĐ thôn Đông 3 buổi, CĐ thôn Tây 2 buổi": the clause begins with a place or a branch."""
        first, _ = self.clauses.clause(one.first, one.last, _COMPANION_REACH)
        token = self.tokens[first]
        return token.fold in self.plain.places or _BRANCH.at(self.tokens, first) is not None

    def of_a_time(self, one: Placed) -> bool:
        """ "tháng 1 hiến 2 đơn vị, tháng 3 được 4 đơn vị": the clause begins with a month, a round, a week."""
        first, _ = self.clauses.clause(one.first, one.last, _COMPANION_REACH)
        return first < one.first and self.tokens[first].fold in _TIMES

    def in_brackets(self, one: Placed) -> bool:
        """Whether the run of the number stands in brackets."""
        first, _ = self.clauses.run(one.first)
        return first > 0 and self.tokens[first - 1].text == "("

    def labels_itself(self, one: Placed) -> bool:
        """ "Cây: 250", "cây 120 cây" in a list: the unit stands before the number as its name, and nothing else."""
        unit = form_of(str(one.quantity.unit))
        if one.tail < one.last and not agrees(self.tokens[one.tail].form, unit):
            return False
        place = one.digits
        if place > 0 and (self.tokens[place - 1].text == ":" or self.tokens[place - 1].text in _THEN):
            place -= 1
        label = self.tokens[place - 1] if place > 0 else None
        if label is None or label.kind != "word" or not agrees(label.form, unit):
            return False
        if place > 1 and self.tokens[place - 2].text in _NUMBER_OF:
            place -= 1  # "số cây 30"
        joined = place > 1 and self.tokens[place - 2].text in _AND and self.tokens[place].text == ":"  # "… và cây: 120"
        return (joined or self._divides(place - 2)) and self._divides(one.last)

    def fills_its_line(self, one: Placed) -> bool:
        """Whether a number and its unit are all that a line says, bullets apart."""
        first = one.first
        while first > 0 and self.tokens[first - 1].text in ("-", "+", "*", "•"):
            first -= 1
        last = one.last + (one.last < len(self.tokens) and self.tokens[one.last].text in (".", ";", ","))
        begins = first == 0 or self.tokens[first - 1].kind == "line"
        return begins and one.tail < one.last and (last >= len(self.tokens) or self.tokens[last].kind == "line")

    def _divides(self, place: int) -> bool:
        if not 0 <= place < len(self.tokens):
            return True
        token = self.tokens[place]
        return token.kind in ("line", "cell") or token.text in (",", ";", ".", "•", "-", "+", "*", ":", "/")

    def not_a_rate(self, one: Placed) -> bool:
        """ "100% chi đoàn", "đạt 75% chỉ tiêu" are no rate of members."""
        before = {token.fold for token in self.tokens[max(0, one.first - 3) : one.first]}
        if _SHARES_OF_BODIES.at(self.tokens, one.last) is not None or not before.isdisjoint(_GROWN_SHARES):
            return True
        return _RANKS.anywhere(self.tokens, one.last, one.last + 4)

    def receivers(self, one: Placed) -> bool:
        """ "tặng quà 3 mẹ VNAH": a bare number of those who were given something."""
        at = one.digits + 1
        written = one.tail < one.last and family_of(one.quantity.unit) not in ("people", "other")
        return not written and at < len(self.tokens) and self._receiver(at)

    def _receiver(self, place: int) -> bool:
        return self.tokens[place].kind == "word" and self.tokens[place].fold in _RECEIVERS

    def more_receivers(self, one: Placed) -> bool:
        """ "3 mẹ VNAH, 12 gia đình chính sách": others who were given something stand beside them."""
        first, last = max(0, one.first - _LIST_REACH), min(len(self.tokens) - 1, one.last + _LIST_REACH)
        for place in range(first, last):
            if one.first <= place < one.last or self.tokens[place].kind != "number":
                continue
            between = self.tokens[min(place, one.first) : max(place, one.last)]
            if self._receiver(place + 1) and not any(t.kind == "line" or t.text in (".", ";") for t in between):
                return True
        return False

    def in_short_sentence(self, one: Placed) -> bool:
        """Whether the sentence is so short that its number must be meant."""
        return self.clauses.size_of_sentence(one.first) <= _SHORT
