"""One number, in digits or in words, with its thousands, millions and halves (domain rules: "Numbers as written")."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.units import UNITS
from reporting.words import Lexicon, Token, agrees, form_of

_DIGITS_KEPT = 15
_THOUSANDS_DOT = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_THOUSANDS_COMMA = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_ONE_COMMA_THREE = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_DECIMAL = re.compile(r"[0-9]+(?:,[0-9]+|\.[0-9]{1,2}|(?<=0)\.[0-9]+)")
_MIXED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+")

SCALES: Lexicon[tuple[str, int]] = Lexicon(
    [
        *[(w, ("chục", 10)) for w in ("chục",)],
        *[(w, ("trăm", 100)) for w in ("trăm",)],
        *[(w, ("nghìn", 1000)) for w in ("nghìn", "ngàn", "ngìn", "k")],
        *[(w, ("vạn", 10_000)) for w in ("vạn",)],
        *[(w, ("triệu", 10**6)) for w in ("triệu", "tr", "củ", "trđ")],
        *[(w, ("tỷ", 10**9)) for w in ("tỷ", "tỉ")],
    ]
)
# Plain spellings of these mean something else as well ("cu" = cũ, "ti" = tí, "van" = vẫn …).
_RISKYSCALES = frozenset({"cu", "ti", "van", "ngan", "tram", "k", "chuc"})

_ONES = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_TENS = {"mươi": 10, "chục": 10}
_BIG = {"nghìn": 1000, "ngàn": 1000, "vạn": 10_000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_SCALE_NAMES = {"ngàn": "nghìn", "tỉ": "tỷ"}
_HALF = ("rưỡi", "rưởi")
# Only after tens: as words of their own they are something else.
_ONLY_AFTER = frozenset({"mốt", "tư", "lăm", "nhăm"})
# Written without marks these are everyday words (sau = after, nam = year or man, tam, bay, tu, chin).
_RISKY_ONES = frozenset({"sau", "nam", "tam", "bay", "chin", "tu"})


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number read from tokens [start, end).

    number: what it says; None when no reading can be trusted.
    scale: the thousands word it was written with ("nghìn", "triệu", "tỷ"), else None.
    problem: a code of reporting.numbers, or None. proposed: the likely number to be confirmed.
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


def numeral_at(tokens: Sequence[Token], place: int) -> Numeral | None:
    """The number that starts at `place`, or None if there is none."""
    token = tokens[place]
    if token.kind == "number":
        return _digits(tokens, place)
    if token.kind == "word":
        return _spelled(tokens, place)
    return None


def _digits(tokens: Sequence[Token], place: int) -> Numeral:
    text = tokens[place].text
    plain, problem, proposed, grouped = _read_digits(text)
    end = place + 1
    if (
        plain is not None
        and problem is None
        and text.isdigit()
        and len(text) <= 3
        and not text.startswith("0")
        and end < len(tokens)
        and tokens[end].kind == "number"
        and re.fullmatch(r"[0-9]{3}", tokens[end].text)
        and not (end + 1 < len(tokens) and tokens[end + 1].kind == "number")
    ):  # "1 028 đơn vị": a space may divide thousands or two numbers
        return Numeral(place, end + 1, None, problem="separator", proposed=Decimal(text + tokens[end].text))
    if plain is None or problem not in (None, "separator"):
        return Numeral(place, end, None, problem=problem, proposed=proposed)
    scaled = _with_scale(tokens, end, plain)
    if scaled is None:
        return Numeral(place, end, plain if problem is None else None, None, False, grouped, problem, proposed)
    end, number, scale = scaled
    if problem is None and end < len(tokens) and _one_more_digit(tokens, end):
        return Numeral(place, end + 1, None, scale, problem="ambiguous", proposed=number)  # "5 triệu hai"
    if problem == "separator":
        return Numeral(place, end, None, scale, False, False, problem, number)
    if number.adjusted() >= _DIGITS_KEPT:
        return Numeral(place, end, None, scale, problem="out_of_range")
    return Numeral(place, end, number, scale)


def _one_more_digit(tokens: Sequence[Token], place: int) -> bool:
    """A spoken digit after a scale that counts nothing of its own."""
    if tokens[place].kind == "number":  # "3 triệu 2 mua quà"
        counted = place + 1 < len(tokens) and UNITS.at(tokens, place + 1) is not None
        alone = place + 1 < len(tokens) and tokens[place + 1].kind == "word"
        return alone and not counted and tokens[place].text.isdigit() and len(tokens[place].text) <= 3
    word = _word_in(tokens[place], _ONES) if tokens[place].kind == "word" else None
    if word is None or (tokens[place].form.plain and word not in ("hai", "ba")):
        return False
    return place + 1 >= len(tokens) or UNITS.at(tokens, place + 1) is None


def _read_digits(text: str) -> tuple[Decimal | None, str | None, Decimal | None, bool]:
    if text == "?":
        return None, "not_a_number", None, False
    if sum(c.isdigit() for c in text) > _DIGITS_KEPT:
        return None, "out_of_range", None, False
    if text.isdigit():
        return Decimal(text), None, None, False
    if _THOUSANDS_DOT.fullmatch(text):
        return Decimal(text.replace(".", "")), None, None, text.count(".") == 1
    if _THOUSANDS_COMMA.fullmatch(text):
        return Decimal(text.replace(",", "")), None, None, False
    if _MIXED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", ".")), None, None, False
    if _ONE_COMMA_THREE.fullmatch(text):
        return Decimal(text.replace(",", ".")), "separator", Decimal(text.replace(",", "")), False
    if _DECIMAL.fullmatch(text):
        return Decimal(text.replace(",", ".")), None, None, False
    return None, "not_a_number", None, False


def _scale_at(tokens: Sequence[Token], place: int) -> tuple[int, str, int] | None:
    found = SCALES.at(tokens, place)
    if found is None:
        return None
    end, (name, factor) = found
    token = tokens[place]
    if token.fold in _RISKYSCALES and token.form.plain and not token.glued:
        follows = UNITS.at(tokens, end) if end < len(tokens) else None
        if token.fold == "k" and end < len(tokens) and tokens[end].kind == "word" and follows is None:
            return None  # "3 k có": k is không
        if token.fold in ("cu", "ti", "van") and (end < len(tokens) and tokens[end].kind == "word"):
            return None
    return end, name, factor


def _with_scale(tokens: Sequence[Token], place: int, number: Decimal) -> tuple[int, Decimal, str] | None:
    """The scale words after a number in digits: k, nghìn, 2tr5, 3 nghìn rưỡi, 1 tỷ 350 triệu."""
    if place >= len(tokens):
        return None
    found = _scale_at(tokens, place)
    if found is None:
        return None
    end, name, factor = found
    total = number * factor
    while end < len(tokens):
        token = tokens[end]
        again = _scale_at(tokens, end) if token.kind == "word" else None
        if again is not None and again[1] in ("nghìn", "vạn", "triệu", "tỷ") and name in ("chục", "trăm"):
            total, (end, name, factor) = total * again[2], again
            continue
        if token.kind == "word" and any(agrees(token.form, form_of(half)) for half in _HALF):
            return end + 1, total + Decimal(factor) / 2, name
        if token.text in ("tư", "mốt") and factor >= 100:  # "5 triệu tư" is 5,4 triệu
            return end + 1, total + Decimal(_ONES[token.text]) * factor / 10, name
        if token.kind != "number" or not token.text.isdigit() or factor < 100:
            break
        smaller = _scale_at(tokens, end + 1) if end + 1 < len(tokens) else None
        if smaller is not None and smaller[2] < factor and len(token.text) <= 3:
            total, (end, name, factor) = total + Decimal(token.text) * smaller[2], smaller
            continue
        if len(token.text) <= 3 and (token.glued or _stands_alone(tokens, end)):
            return end + 1, total + Decimal(f"0.{token.text}") * factor, _larger(name, factor)
        break
    return end, total, name


def _larger(name: str, factor: int) -> str:
    return name if factor >= 1000 else "trăm"


def _stands_alone(tokens: Sequence[Token], place: int) -> bool:
    """ "1 tỷ 2" ends there or says đồng; "3 triệu 5 suất" starts another number."""
    after = place + 1
    if after >= len(tokens) or tokens[after].kind in ("mark", "line", "cell"):
        return after >= len(tokens) or tokens[after].text not in ("/", "-", "%")
    unit = UNITS.at(tokens, after)
    return unit is not None and unit[1] == "đồng"


def _word_in(token: Token, table: dict[str, int] | tuple[str, ...]) -> str | None:
    for word in table:
        form = form_of(word)
        if token.form.fold == form.fold and agrees(token.form, form):
            return word
    return None


_FOLDS = frozenset(
    form_of(w).fold for w in (*_ONES, *_TENS, *_BIG, "mười", "trăm", "nửa", "hăm", "rưỡi", "linh", "lẻ", "không")
)


def _spelled(tokens: Sequence[Token], place: int) -> Numeral | None:
    """A number in words: ba mươi lăm, một trăm linh hai, trăm rưỡi, nửa (cây số)."""
    first = tokens[place]
    if first.form.fold not in _FOLDS:
        return None
    if _word_in(first, ("nửa",)):
        scale = _scale_at(tokens, place + 1) if place + 1 < len(tokens) else None
        if scale is not None:
            return Numeral(place, scale[0], Decimal(scale[2]) / 2, scale[1], spelled=True)
        unit = UNITS.at(tokens, place + 1) if place + 1 < len(tokens) else None
        if unit is not None and unit[1] in ("km",):
            return Numeral(place, place + 1, Decimal("0.5"), spelled=True)
        return None
    reading = _SpelledNumber(tokens, place)
    reading.read()
    if reading.end == place:
        return None
    if reading.end < len(tokens) and reading.problem is None and _belongs_to_a_number(tokens, reading.end):
        reading.problem = "not_a_number"  # half of a number is worse than none
    return Numeral(
        place,
        reading.end,
        None if reading.problem else reading.total,
        reading.scale,
        True,
        False,
        reading.problem,
    )


def _belongs_to_a_number(tokens: Sequence[Token], place: int) -> bool:
    """Whether a number was left in the middle: "ba mươi trăm"."""
    return _word_in(tokens[place], ("mươi", "mười", "trăm", "nghìn", "ngàn", "triệu", "tỷ", *_HALF)) is not None


class _SpelledNumber:
    """Reads words from left to right as they are spoken: hundreds, tens, ones, then a scale, and again."""

    def __init__(self, tokens: Sequence[Token], place: int) -> None:
        self.tokens, self.place, self.end = tokens, place, place
        self.total = Decimal(0)
        self.scale: str | None = None
        self.problem: str | None = None
        self._group: int | None = None  # below a thousand, None before the first word
        self._last = 0  # the place value of the last word read: 1, 10, 100, or a scale

    def read(self) -> None:
        while self.end < len(self.tokens):
            token = self.tokens[self.end]
            if token.kind != "word" or token.form.fold not in _FOLDS or not self._take(token):
                break
            self.end += 1
        if self._group is not None:
            self.total += self._group * (self._tail_scale() if self._last == 1 else 1)

    def _tail_scale(self) -> int:
        """ "hai nghìn ba" is 2300: a last one-digit word after a scale counts tenths of it."""
        if self.scale and self._group is not None and self._group < 10 and not self._after_linh:
            return {"nghìn": 100, "triệu": 10**5, "tỷ": 10**8, "vạn": 1000}[self.scale]
        return 1

    _after_linh = False

    def _take(self, token: Token) -> bool:
        begun = self.end > self.place
        if not begun and (word := _word_in(token, _BIG)):
            return self._bare_scale_and_half(word)
        if self._last == 1 and _word_in(token, _TENS):
            return self._tens()
        if self._last == 1000 and token.form.fold == "khong":
            return self._no_hundreds()
        if word := _word_in(token, _ONES):
            if word in _ONLY_AFTER and self._last not in (1, 10, 100, 1000):
                return False
            if not begun and not self._one_may_start(token):
                return False
            return self._one(_ONES[word], word)
        if token.text != "mươi" and _word_in(token, ("mười", "hăm")):
            return self._ten(token, begun)
        if _word_in(token, ("trăm",)):
            return self._hundred(begun)
        if (word := _word_in(token, _BIG)) and begun:
            return self._big(word)
        if begun and _word_in(token, _HALF):
            return self._half()
        if begun and self._last >= 100 and _word_in(token, ("linh", "lẻ")):
            following = self._at(self.end + 1)
            if following is None or not _word_in(following, _ONES):
                return False
            self._after_linh, self._last = True, 10
            return True
        return False

    def _at(self, place: int) -> Token | None:
        return self.tokens[place] if place < len(self.tokens) else None

    def _one_may_start(self, token: Token) -> bool:
        following = self._at(self.end + 1)
        if token.form.plain and token.form.fold in _RISKY_ONES:
            if following is None or following.kind != "word":
                return False
            if token.form.fold in ("nam", "bay", "tam", "chin") and UNITS.at(self.tokens, self.end + 1):
                return True
            return following.form.fold in ("muoi", "chuc", "tram", "nghin", "ngan", "trieu", "ty")
        return True

    def _one(self, value: int, word: str) -> bool:
        if self._last == 1:  # "hai lăm" is 25; "hai ba" is two or three
            if word in ("lăm", "nhăm", "mốt", "tư") and self._group is not None and self._group < 10:
                self._group = self._group * 10 + value
                self._last = 2
                return True
            if word in _ONLY_AFTER:
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
            _word_in(following, _TENS) is not None or _word_in(following, ("trăm", *_ONLY_AFTER)) is not None
        )

    def _ten(self, token: Token, begun: bool) -> bool:
        if self._last in (1, 2, 10):
            return False
        following = self._at(self.end + 1)
        unsure = not begun and token.form.plain and following is not None and following.kind == "word"
        counted = UNITS.at(self.tokens, self.end + 1) is not None
        if unsure and following is not None and not counted and not _word_in(following, _ONES):
            return False
        self._group = (self._group or 0) + (20 if token.form.fold == "ham" else 10)
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
            if following is None or not (_word_in(following, _HALF) or _word_in(following, _ONES)):
                return False
            self._group, self._last = 100, 100
            return True
        if self._last != 1 or self._group is None or self._group > 9:
            return False
        self._group, self._last = self._group * 100, 100
        return True

    def _no_hundreds(self) -> bool:
        following = self._at(self.end + 1)  # "hai nghìn không trăm linh năm"
        if following is None or not _word_in(following, ("trăm",)):
            return False
        self.end += 1
        self._group, self._last = 0, 100
        return True

    def _bare_scale_and_half(self, word: str) -> bool:
        following = self._at(self.end + 1)  # "tỷ rưỡi"
        if following is None or not _word_in(following, _HALF):
            return False
        self.end += 1
        self.total = Decimal(_BIG[word]) * 3 / 2
        self.scale = _SCALE_NAMES.get(word, word)
        self._last = 2
        return True

    def _big(self, word: str) -> bool:
        factor = _BIG[word]
        if self._group is None:
            return False
        self.total += Decimal(self._group) * factor
        self._group, self._last = None, 1000
        self.scale = _SCALE_NAMES.get(word, word)
        self._after_linh = False
        return True

    def _half(self) -> bool:
        if self._last == 1000 and self.scale:
            self.total += Decimal({"nghìn": 500, "triệu": 500_000, "tỷ": 5 * 10**8, "vạn": 5000}[self.scale])
        elif self._last == 100 and self._group is not None:
            self._group += 50
        elif self._last == 10 and self._group is not None:
            self._group += 5
        else:
            return False
        self._last = 2
        return True
