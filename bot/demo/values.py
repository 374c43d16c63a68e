"""A unit and a period in, a plausible report out, the same every time, with words a secretary would write."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from bot.demo.cast import Cast
from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.forms import Form
from reporting.figures.values import Value, scaled, unscaled

# From here on a secretary may round: "hơn 120 cây".
ROUNDED_FROM = 50
ROUNDED_PERCENT = 25
_ROUGHLY = ("hơn", "trên", "khoảng")
# Units as they are written in a message, where the catalogue's own word is a heading.
_WRITTEN = {"tin, bài": "tin bài", "công trình, phần việc": "công trình", "triệu đồng": "triệu"}


def report(cast: Cast, catalogue: Catalogue, form: Form, unit_code: str, period: str) -> dict[str, Value]:
    """A unit's whole report of a period: every indicator it is asked, and what the demo has it name besides.

    What a unit simply has (members, em nuôi) is drawn without the period, so that it does not jump between quarters.
    """
    ranges = cast.ranges[form.level]
    codes = [i.code for question in form.questions for i in question.indicators]
    codes += [i.code for i in form.also if i.code in ranges]
    values: dict[str, Value] = {}
    # Counts that others are reckoned from come first, wherever they stand in the form.
    for code in sorted(codes, key=lambda code: _depth(ranges.get(code, {}))):
        indicator = catalogue[code]
        seed = f"{unit_code} {code}" if indicator.aggregation == "latest" else f"{unit_code} {code} {period}"
        values[code] = _value(Random(seed), indicator, ranges.get(code, cast.otherwise), values)
    return {code: values[code] for code in codes}


def half(form: Form, values: Mapping[str, Value]) -> dict[str, Value]:
    """What a unit has that left after the first half of its questions."""
    answered = form.questions[: len(form.questions) // 2]
    return {i.code: values[i.code] for question in answered for i in question.indicators}


def _depth(span: Mapping[str, Any]) -> int:
    return int("each" in span or "percent_of" in span)


def _value(rng: Random, indicator: Indicator, span: Mapping[str, Any], known: Mapping[str, Value]) -> Value:
    if rng.randrange(100) < span.get("zero", 0):
        return Value(0, False, "không phát sinh")
    # Drawn in tenths for kinds with decimals; Decimal of the text, because 0.2 is no exact float.
    step = Decimal("0.1") if indicator.kind == "decimal" else Decimal(1)
    low, high = Decimal(str(span["from"])), Decimal(str(span["to"]))
    number = rng.randint(int(low / step), int(high / step)) * step
    if "each" in span:
        number *= sum(known[code].amount for code in span["each"])
    if "percent_of" in span:
        number = number * known[span["percent_of"]].amount // 100
    if number == 0:
        return Value(0, False, "không phát sinh")
    roughly = ""
    if indicator.aggregation != "latest" and number >= ROUNDED_FROM and rng.randrange(100) < ROUNDED_PERCENT:
        number -= number % 10
        roughly = rng.choice(_ROUGHLY) + " "
    amount = scaled(number, indicator.kind)
    return Value(amount, bool(roughly), f"{roughly}{_written(amount, indicator)}")


def _written(amount: int, indicator: Indicator) -> str:
    """120 cây; 1.250 lượt; 0,8 km; 15 triệu."""
    whole, _, fraction = f"{unscaled(amount, indicator.kind):,f}".partition(".")
    number = whole.replace(",", ".") + ("," + fraction if fraction else "")
    return f"{number} {_WRITTEN.get(indicator.unit, indicator.unit)}"
