"""A quantity and an indicator in, the exact value in the catalogue's unit out, or why it cannot be one."""

from dataclasses import dataclass
from decimal import Decimal

from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.values import OutOfRange, Value, scaled
from reporting.numbers.number_words import SCALE_NAMES
from reporting.numbers.quantity import Quantity
from reporting.numbers.units import counts, family_of

_MILLION = Decimal(10**6)
_PLAINLY_DONG = 1_000_000
_PERHAPS_DONG = 100_000


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity read as a value of one indicator: the value, or the problem with the value proposed for it."""

    value: Value | None
    problem: str | None = None
    proposed: Value | None = None

    @property
    def value_amount(self) -> int | None:
        """The scaled amount of the value, None without one."""
        return None if self.value is None else self.value.amount


def code_for(catalogue: Catalogue, code: str, quantity: Quantity) -> str | None:
    """The indicator that a quantity beside the name of `code` counts: itself, its attendance, its money, its rate.

    None when it counts something nobody reports ("30 bạn" beside "về nguồn").
    """
    indicator = catalogue[code]
    unit, family = quantity.unit, family_of(quantity.unit)
    if indicator.is_rate:
        people = indicator.numerator if family in ("people", "attendance") else None
        return code if family == "share" or unit is None else people or None
    if family == "share":
        return _rate_of(catalogue, code)
    if counts(unit, indicator.unit) or unit in indicator.also_in:
        return code
    return None if unit is None else _beside(catalogue, indicator, unit)


def _beside(catalogue: Catalogue, indicator: Indicator, unit: str) -> str | None:
    """What a number in another unit counts beside an indicator: those who came, the money, or the sessions."""
    if indicator.pair is not None:
        return indicator.pair if counts(unit, catalogue[indicator.pair].unit) else None
    attended = [i for i in catalogue.indicators.values() if i.pair == indicator.code and counts(unit, i.unit)]
    return attended[0].code if len(attended) == 1 else None


def _rate_of(catalogue: Catalogue, code: str) -> str | None:
    for indicator in catalogue.indicators.values():
        if indicator.is_rate and indicator.numerator == code:
            return indicator.code
    return None


def measured(quantity: Quantity, indicator: Indicator) -> Measured:
    """The value of `indicator` that the quantity says. A count must be whole, a rate between 0 and 100."""
    if quantity.problem is not None:
        proposed = None
        if quantity.proposed is not None:
            proposed = _value(quantity, quantity.proposed, indicator).value
        return Measured(None, quantity.problem, proposed)
    number = quantity.number
    if indicator.kind == "money" and quantity.unit is None:
        if quantity.scale == SCALE_NAMES[1000] or number >= _PLAINLY_DONG:
            number = number / _MILLION
        elif number >= _PERHAPS_DONG:
            return Measured(None, "ambiguous", _value(quantity, number / _MILLION, indicator).value)
    if indicator.unit == "km" and quantity.unit is None and number >= 100:
        # "700" to a question in km: metres were meant, and so perhaps with "1.250"
        return Measured(None, "ambiguous", _value(quantity, number / 1000, indicator).value)
    return _value(quantity, number, indicator)


def _value(quantity: Quantity, number: Decimal, indicator: Indicator) -> Measured:
    if indicator.kind == "int" and number != number.to_integral_value():
        return Measured(None, "not_whole")
    if indicator.is_rate and number > 100:
        return Measured(None, "out_of_range")
    try:
        amount = scaled(number, indicator.kind)
    except OutOfRange:
        return Measured(None, "out_of_range")
    return Measured(Value(amount, quantity.approx, quantity.source))


def named_in(indicator: Indicator) -> list[str]:
    """The words of a unit that has several: "công trình, phần việc"."""
    return [word.strip() for word in indicator.unit.split(",")]


def counted_in(catalogue: Catalogue, unit: str | None) -> tuple[str, ...]:
    """The codes that a number of this unit may count; () without a unit. Rates are computed, never counted."""
    if unit is None:
        return ()
    indicators = [indicator for indicator in catalogue.indicators.values() if not indicator.is_rate]
    exact = tuple(indicator.code for indicator in indicators if indicator.unit == unit or unit in named_in(indicator))
    return exact or tuple(indicator.code for indicator in indicators if counts(unit, indicator.unit))
