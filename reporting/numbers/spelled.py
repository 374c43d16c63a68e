"""Words of a text in, the number they spell out: ba mươi lăm, một trăm linh hai, trăm rưỡi."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.numbers.number_words import BIG, HALF, ONES, ONLY_AFTER, RISKY_ONES, SCALE_NAMES, TENS, scale_at, word_in
from reporting.numbers.units import UNITS
from reporting.text.lexicon import in_plain_letters
from reporting.text.word_lists import listed, table, written
from reporting.text.words import Token, form_of


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number read from tokens [start, end).

    number: what it says; None when no reading can be trusted.
    scale: the thousands word it was written with ("nghìn", "triệu", "tỷ"), else None.
    problem: a problem of reporting.quantity, or None. proposed: the likely number to be confirmed.
    grouped: the digits held one dot before three digits ("1.250").
    """

    start: int
    end: int
    number: Decimal | None
    scale: str | None = None
    spelled: bool = False
    grouped: bool = False
    problem: str | None = None
    proposed: Decimal | None = None


_TEN_AND_TWENTY = {word: int(number) for number, words in table("numerals.ten_and_twenty").items() for word in words}
_HUNDRED = listed("numerals.hundred")
_NO_HUNDREDS = in_plain_letters("numerals.no_hundreds")
_NO_TENS = listed("numerals.no_tens")
_HALF_OF = listed("numerals.half_of")
_GOES_ON = in_plain_letters("numerals.goes_on")
_LEFT_OVER = listed("numerals.left_over")
_RISKY_BEFORE_UNITS = written("numerals.risky_before_units")
SPELLED_FOLDS = _NO_HUNDREDS | {
    form_of(word).fold for word in (*ONES, *TENS, *BIG, *_TEN_AND_TWENTY, *_HUNDRED, *_HALF_OF, *HALF, *_NO_TENS)
}


def spelled_at(tokens: Sequence[Token], index: int) -> Numeral | None:
    """The number in words that starts at `index`, or None."""
    first = tokens[index]
    if first.form.fold not in SPELLED_FOLDS:
        return None
    if word_in(first, _HALF_OF):
        scale = scale_at(tokens, index + 1) if index + 1 < len(tokens) else None
        if scale is not None:
            return Numeral(index, scale[0], Decimal(scale[2]) / 2, scale[1], spelled=True)
        unit = UNITS.at(tokens, index + 1) if index + 1 < len(tokens) else None
        if unit is not None and unit[1] == "km":
            return Numeral(index, index + 1, Decimal("0.5"), spelled=True)
        return None
    reading = _SpelledNumber(tokens, index)
    reading.read()
    if reading.end == index:
        return None
    if reading.end < len(tokens) and reading.problem is None and _belongs_to_a_number(tokens, reading.end):
        reading.problem = "not_a_number"  # half of a number is worse than none
    return Numeral(
        index,
        reading.end,
        None if reading.problem else reading.total,
        reading.scale,
        True,
        False,
        reading.problem,
    )


def _belongs_to_a_number(tokens: Sequence[Token], index: int) -> bool:
    """Whether a number was left in the middle: "ba mươi trăm"."""
    return word_in(tokens[index], _LEFT_OVER) is not None


class _SpelledNumber:
    """Reads words from left to right as they are spoken: hundreds, tens, ones, then a scale, and again."""

    def __init__(self, tokens: Sequence[Token], index: int) -> None:
        self.tokens, self.index, self.end = tokens, index, index
        self.total = Decimal(0)
        self.scale: str | None = None
        self.problem: str | None = None
        self._group: int | None = None  # below a thousand, None before the first word
        self._last = 0  # the value by its position, of the last word read: 1, 10, 100, or a scale

    def read(self) -> None:
        while self.end < len(self.tokens):
            token = self.tokens[self.end]
            if token.kind != "word" or token.form.fold not in SPELLED_FOLDS or not self._take(token):
                break
            self.end += 1
        if self._group is not None:
            self.total += self._group * (self._tail_scale() if self._last == 1 else 1)

    def _tail_scale(self) -> int:
        """ "hai nghìn ba" is 2300: a last one-digit word after a scale counts tenths of it."""
        if self.scale and self._group is not None and self._group < 10 and not self._after_linh:
            return BIG[self.scale] // 10
        return 1

    _after_linh = False

    def _take(self, token: Token) -> bool:
        begun = self.end > self.index
        if not begun and (word := word_in(token, BIG)):
            return self._bare_scale_and_half(word)
        if self._last == 1 and word_in(token, TENS):
            return self._tens()
        if self._last == 1000 and token.form.fold in _NO_HUNDREDS:
            return self._no_hundreds()
        if word := word_in(token, ONES):
            if word in ONLY_AFTER and self._last not in (1, 10, 100, 1000):
                return False
            if not begun and not self._one_may_start(token):
                return False
            return self._one(ONES[word], word)
        if token.text not in TENS and (word := word_in(token, _TEN_AND_TWENTY)):
            return self._ten(token, _TEN_AND_TWENTY[word], begun)
        if word_in(token, _HUNDRED):
            return self._hundred(begun)
        if (word := word_in(token, BIG)) and begun:
            return self._big(word)
        if begun and word_in(token, HALF):
            return self._half()
        if begun and self._last >= 100 and word_in(token, _NO_TENS):
            following = self._at(self.end + 1)
            if following is None or not word_in(following, ONES):
                return False
            self._after_linh, self._last = True, 10
            return True
        return False

    def _at(self, index: int) -> Token | None:
        return self.tokens[index] if index < len(self.tokens) else None

    def _one_may_start(self, token: Token) -> bool:
        following = self._at(self.end + 1)
        if token.form.plain and token.form.fold in RISKY_ONES:
            if following is None or following.kind != "word":
                return False
            if token.form.fold in _RISKY_BEFORE_UNITS and UNITS.at(self.tokens, self.end + 1):
                return True
            return following.form.fold in _GOES_ON
        return True

    def _one(self, value: int, word: str) -> bool:
        if self._last == 1:  # "hai lăm" is 25; "hai ba" is two or three
            if word in ONLY_AFTER and self._group is not None and self._group < 10:
                self._group = self._group * 10 + value
                self._last = 2
                return True
            if word in ONLY_AFTER:
                return False
            self.problem = "range"
            self._last = 2
            return True
        if self._last == 2:
            return False
        if self._last == 100 and not self._after_linh and not self._tens_follow():
            if self._group is None:
                return False
            self._group += value * 10  # "một trăm hai" is 120
            self._last = 2
            return True
        self._group = (self._group or 0) + value
        self._last = 1
        return True

    def _tens_follow(self) -> bool:
        following = self._at(self.end + 1)
        return following is not None and (
            word_in(following, TENS) is not None or word_in(following, (*_HUNDRED, *ONLY_AFTER)) is not None
        )

    def _ten(self, token: Token, value: int, begun: bool) -> bool:
        if self._last in (1, 2, 10):
            return False
        following = self._at(self.end + 1)
        unsure = not begun and token.form.plain and following is not None and following.kind == "word"
        counted = UNITS.at(self.tokens, self.end + 1) is not None
        if unsure and following is not None and not counted and not word_in(following, ONES):
            return False
        self._group = (self._group or 0) + value
        self._last = 10
        return True

    def _tens(self) -> bool:
        if self._last != 1 or self._group is None:
            return False
        ones = self._group % 10
        self._group = self._group - ones + ones * 10
        self._last = 10
        return True

    def _hundred(self, begun: bool) -> bool:
        if not begun:  # "trăm rưỡi", "trăm hai": a bare hundred is not exact
            following = self._at(self.end + 1)
            if following is None or not (word_in(following, HALF) or word_in(following, ONES)):
                return False
            self._group, self._last = 100, 100
            return True
        if self._last != 1 or self._group is None or self._group > 9:
            return False
        self._group, self._last = self._group * 100, 100
        return True

    def _no_hundreds(self) -> bool:
        following = self._at(self.end + 1)  # "hai nghìn không trăm linh năm"
        if following is None or not word_in(following, _HUNDRED):
            return False
        self.end += 1
        self._group, self._last = 0, 100
        return True

    def _bare_scale_and_half(self, word: str) -> bool:
        following = self._at(self.end + 1)  # "tỷ rưỡi"
        if following is None or not word_in(following, HALF):
            return False
        self.end += 1
        self.total = Decimal(BIG[word]) * 3 / 2
        self.scale = SCALE_NAMES[BIG[word]]
        self._last = 2
        return True

    def _big(self, word: str) -> bool:
        factor = BIG[word]
        if self._group is None:
            return False
        self.total += Decimal(self._group) * factor
        self._group, self._last = None, 1000
        self.scale = SCALE_NAMES[BIG[word]]
        self._after_linh = False
        return True

    def _half(self) -> bool:
        if self._last == 1000 and self.scale:
            self.total += Decimal(BIG[self.scale]) / 2
        elif self._last == 100 and self._group is not None:
            self._group += 50
        elif self._last == 10 and self._group is not None:
            self._group += 5
        else:
            return False
        self._last = 2
        return True
