"""A reported value as data: an exact scaled amount, whether it was rounded, the words it came from."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

SOURCE_LONGEST = 120  # characters kept of the words a value came from
_MOST_DIGITS = 15  # before the decimal point; no count has more
_QUOTED = 40  # characters of a number in an error

Kind = Literal["int", "decimal", "money"]

# Decimals kept per kind of indicator. Amounts are stored as integers scaled by 10**decimals, because
# summing 200,000 times 0.1 in floating point gives 19999.999999989453.
DECIMALS: dict[Kind, int] = {"int": 0, "decimal": 3, "money": 6}

# The largest scaled amount one unit may report: 200,000 units of it still fit a signed 64-bit sum.
LARGEST = 10**12


class OutOfRange(ValueError):
    """The amount is negative, too large, or has more decimals than its kind keeps."""


@dataclass(frozen=True, slots=True)
class Value:
    """One amount as reported.

    amount: integer scaled by 10**DECIMALS[kind] of its indicator (money in triệu đồng, length in km, rates 0-100).
    approx: the person wrote "hơn", "trên", "khoảng" … before it.
    source: the words it was read from, as written.
    note: what the person said of an unusual value when it was doubted; "" for all others.
    """

    amount: int
    approx: bool = False
    source: str = ""
    note: str = ""


def added(one: Value, other: Value) -> Value | None:
    """Both together, from the words of both; None where that is more than can be kept."""
    if one.amount + other.amount > LARGEST:
        return None
    source = f"{one.source} + {other.source}"[:SOURCE_LONGEST]
    return Value(one.amount + other.amount, one.approx or other.approx, source)


def scaled(number: Decimal, kind: Kind) -> int:
    """The integer that stores `number` (in the catalogue's unit). Raises OutOfRange, never rounds."""
    if not number.is_finite() or number < 0 or number.adjusted() > _MOST_DIGITS:
        raise OutOfRange(str(number)[:_QUOTED])
    shifted = number.scaleb(DECIMALS[kind])
    amount = int(shifted)
    if shifted != amount or amount > LARGEST:
        raise OutOfRange(str(number)[:_QUOTED])
    return amount


def unscaled(amount: int, kind: Kind) -> Decimal:
    """The number in the catalogue's unit that `amount` stores; 3500 of kind decimal is 3.5."""
    return Decimal(amount).scaleb(-DECIMALS[kind]).normalize() + Decimal(0)


def plain(amount: int, kind: Kind) -> int | float:
    """The same as a JSON number: an int where it is whole."""
    number = unscaled(amount, kind)
    return int(number) if number == number.to_integral_value() else float(number)


@lru_cache(maxsize=4096)  # small numbers, written in every reply
def vietnamese(amount: int, kind: Kind) -> str:
    """The amount in Vietnamese style: 92.000 · 3,5 (dot after thousands, comma before decimals)."""
    whole, _, fraction = f"{unscaled(amount, kind):,f}".partition(".")
    return whole.replace(",", ".") + ("," + fraction if fraction else "")
