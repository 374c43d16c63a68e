"""The words that numbers are made of: một, mươi, rưỡi, and the scales nghìn, triệu, tỷ."""

from collections.abc import Sequence

from reporting.numbers.units import UNITS
from reporting.text.words import Lexicon, Token, agrees, form_of

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

ONES = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
TENS = {"mươi": 10, "chục": 10}
BIG = {"nghìn": 1000, "ngàn": 1000, "vạn": 10_000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
SCALE_NAMES = {"ngàn": "nghìn", "tỉ": "tỷ"}
HALF = ("rưỡi", "rưởi")
# Only after tens: as words of their own they are something else.
ONLY_AFTER = frozenset({"mốt", "tư", "lăm", "nhăm"})
# Written without marks these are everyday words (sau = after, nam = year or man, tam, bay, tu, chin).
RISKY_ONES = frozenset({"sau", "nam", "tam", "bay", "chin", "tu"})


def scale_at(tokens: Sequence[Token], place: int) -> tuple[int, str, int] | None:
    """The scale word at `place`: the place after it, its name, how many it stands for."""
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


def word_in(token: Token, table: dict[str, int] | tuple[str, ...]) -> str | None:
    """The word of the table that the token may stand for."""
    for word in table:
        form = form_of(word)
        if token.form.fold == form.fold and agrees(token.form, form):
            return word
    return None
