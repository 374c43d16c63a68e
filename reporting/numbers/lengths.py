"""Words of a text in, lengths of two parts and areas out: 1 km 200, 1km2, 5m2."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reporting.numbers.quantity import Quantity
from reporting.numbers.units import UNITS
from reporting.text.words import Token


def dimension(tokens: Sequence[Token], quantity: Quantity, unit: str | None, last: int) -> tuple[Quantity, int]:
    """1km2 may be 1,2 km or a square kilometre; 5m2 is an area, which nobody reports."""
    if unit == "km" and _metres_follow(tokens, quantity, last):
        metres = Decimal(tokens[last].text)
        said = last + 1 < len(tokens) and tokens[last + 1].text == "m"
        return replace(quantity, number=quantity.number + metres / 1000), last + (2 if said else 1)
    if unit not in ("km", "m") or last >= len(tokens) or not tokens[last].glued or tokens[last].kind != "number":
        return quantity, last
    digits = tokens[last].text
    if unit == "m":
        return (replace(quantity, unit="other"), last + 1) if digits in ("2", "3") else (quantity, last)
    if digits.isdigit() and len(digits) <= 3:
        likely = quantity.number + Decimal(f"0.{digits}")
        return replace(quantity, problem="ambiguous", proposed=likely, number=Decimal(0)), last + 1
    return quantity, last


def _metres_follow(tokens: Sequence[Token], quantity: Quantity, last: int) -> bool:
    """ "1 km 200", "2 cây số 350 m"."""
    if last >= len(tokens) or tokens[last].glued or quantity.problem or quantity.number % 1:
        return False
    metres = tokens[last].text
    if tokens[last].kind != "number" or len(metres) != 3 or not metres.isdigit():
        return False
    unit = UNITS.at(tokens, last + 1)
    return unit is None or unit[1] == "m"
