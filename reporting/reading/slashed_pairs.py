"""Two numbers with a slash in ("118/120"); the figure and what it is a part of, or an open question, out."""

from collections.abc import Sequence
from dataclasses import replace

from reporting.figures.values import Value
from reporting.numbers.quantity import Placed
from reporting.numbers.units import ATTENDANCE
from reporting.reading.found.breaks import is_break
from reporting.reading.found.measures import measured
from reporting.reading.found.mentions import Labels
from reporting.reading.gathering import Gathered
from reporting.text.lexicon import phrases
from reporting.text.words import Token

_OUT_OF_TARGET, _AIMED_AT = phrases("reader.out_of_target"), phrases("reader.aimed_at")
_BEFORE, _BEHIND = 6, 5  # words that are near a fraction
_DAYS_MOST, _MONTHS_MOST = 31, 12
_LIST_LONGEST = 12  # tokens between two fractions of a list


class OutOf:
    """Weighs the second number of the fractions of one text."""

    def __init__(self, tokens: Sequence[Token], labels: Labels, gathered: Gathered) -> None:
        self.tokens, self.labels, self.gathered = tokens, labels, gathered
        self.catalogue = labels.catalogue

    def surpassing(self, one: Placed) -> Placed:
        """ "24/20 hồ sơ theo chỉ tiêu": more than was aimed at, and so no doubt."""
        quantity = one.quantity
        more = quantity.of is not None and quantity.problem == "ambiguous" and quantity.proposed == quantity.number
        dated = more and quantity.number <= _DAYS_MOST and (quantity.of or 0) <= _MONTHS_MOST  # "12/10" may be a day
        if not more or dated or not _OUT_OF_TARGET.anywhere(self.tokens, *self._near(one)):
            return one
        return replace(one, quantity=replace(quantity, problem=None, proposed=None))

    def storable(self, one: Placed, code: str, value: Value) -> bool:
        """Keeps the whole if it is the membership; False after asking about the number."""
        whole = replace(one.quantity, number=one.quantity.of or one.quantity.number, of=None)
        rate = self.labels.rates.get(code)
        denominator = self.catalogue[rate].denominator if rate else None
        if self.catalogue[code].unit == ATTENDANCE and one.quantity.unit != ATTENDANCE:
            self.gathered.ask(
                one, (code,), "ambiguous", value, "fraction"
            )  # "3 lần đủ 11/11": those of one meeting, perhaps
            return False
        near = self._near(one)
        if _OUT_OF_TARGET.anywhere(self.tokens, *near) or whole.number == one.quantity.number:
            if denominator is not None and not _AIMED_AT.anywhere(self.tokens, *near):
                self._whole(whole, denominator, one)
            return True
        if denominator is not None:
            self._whole(whole, denominator, one)
            return True
        self.gathered.ask(one, (code,), "ambiguous", value, "fraction")
        return False

    def _near(self, one: Placed) -> tuple[int, int]:
        return max(0, one.first - _BEFORE), self._list_end(one.last) + _BEHIND

    def _list_end(self, place: int) -> int:
        """ "24/20 hồ sơ, 30/30 tài khoản theo chỉ tiêu giao": where a list of such fractions ends."""
        end = place
        while end < len(self.tokens) and end - place < _LIST_LONGEST and not is_break(self.tokens[end]):
            end += 1
            slash = end + 1 < len(self.tokens) and self.tokens[end].text == "/"
            if slash and self.tokens[end - 1].kind == "number" == self.tokens[end + 1].kind:
                place = end + 2
        return place

    def _whole(self, whole: object, denominator: str, one: Placed) -> None:
        result = measured(whole, self.catalogue[denominator])  # type: ignore[arg-type]
        if result.value is not None:
            self.gathered.find(denominator, result.value, one.digits + 1)
