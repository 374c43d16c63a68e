"""One number of a text as data: its unit, the words it covers, and what is doubtful about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.text.words import Token

# Why a number is not taken as it stands. Wording for people is not made here.
PROBLEMS = (
    "not_a_number", "range", "indefinite", "ambiguous", "separator", "unit_rate", "negative", "out_of_range", "parts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with its unit.

    number: in `unit`; money always in triệu đồng, length always in km; 0 when there is a problem and no reading.
    unit: the canonical unit word, or None when none is written. approx: "hơn", "khoảng" … stands beside it.
    start, end: the index in the text, including the approximation word and the unit; source: the words there.
    problem: None, or one of PROBLEMS: then `number` must not be stored. proposed: the likely number, to confirm.
    scale: nghìn, triệu, tỷ when written so. of: the second number of "118/120".
    """

    number: Decimal
    unit: str | None
    approx: bool
    start: int
    end: int
    source: str
    problem: str | None = None
    proposed: Decimal | None = None
    scale: str | None = None
    of: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A quantity and the tokens it covers: [first, last), its digits from `digits`, its unit from `tail`."""

    quantity: Quantity
    first: int
    digits: int
    tail: int
    last: int


def place_of(
    text: str, tokens: Sequence[Token], quantity: Quantity, first: int, digits: int, tail: int, last: int
) -> Placed:
    """The quantity with its position in the text and the tokens it covers."""
    start, end = tokens[first].start, tokens[last - 1].end
    placed = Quantity(  # spelt out, because replace() takes four times as long
        quantity.number,
        quantity.unit,
        quantity.approx,
        start,
        end,
        text[start:end].strip()[:120],
        quantity.problem,
        quantity.proposed,
        quantity.scale,
        quantity.of,
    )
    return Placed(placed, first, digits, tail, last)
