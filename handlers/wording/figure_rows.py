"""Rows of a comparison in, lines of Vietnamese text out: a figure beside last year, the year so far, its target."""

from collections.abc import Sequence
from decimal import Decimal

from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Indicator
from reporting.figures.comparison import ComparedRow, Comparison, Side, change
from reporting.figures.targets import Progress
from reporting.figures.totals import Coverage, Total
from reporting.figures.values import vietnamese
from reporting.time.calendar import short_day

FAR_BELOW = 30  # percent under last year: worth a word
MOST_CONCERN = 3


def figure(wording: Wording, found: Comparison, row: ComparedRow, against: str = "") -> str:
    """One figure, its attendance behind it, and what is said beside it. against: year_ago, before, year; target: only
    what was set; '' is last year where there is one.
    """
    if against == "target" and row.target is not None:
        reached = _named(wording, row.indicator, row.target.reached)
        return f"{reached}; {target(wording, row.indicator, row.target)}"
    parts = [_named(wording, row.indicator, row.value, found.row(row.indicator.pair or ""))]
    parts += once(wording, row)
    if found.estimated and row.value is not None and row.final is not None:
        parts.append(wording.say("compared.final", value=_amount(wording, row.indicator, row.final)))
    if against == "year":
        key = "compared.year" if found.from_start else "compared.year_part"
        parts.append(wording.say(key, value=_amount(wording, row.indicator, row.cumulative)))
    elif against == "before":
        parts += _beside(wording, found, row, found.previous, row.previous, "before")
    elif against or found.year_ago is not None:
        parts += _beside(wording, found, row, found.year_ago, row.year_ago, "year_ago")
    if row.target is not None:
        if against != "year" and of_longer(row):  # the sum that is held against it, where the figure is another one
            key = "compared.year" if found.from_start else "compared.year_part"
            parts.append(wording.say(key, value=_amount(wording, row.indicator, row.target.reached)))
        parts.append(target(wording, row.indicator, row.target))
    return "; ".join(parts)


def of_longer(row: ComparedRow) -> bool:
    """Whether the target is one of the year, and what has been reached of it is another sum than the period's."""
    reached = row.target.reached if row.target is not None and row.target.of_year else None
    return reached is not None and (row.value is None or row.value.amount != reached.amount)


def once(wording: Wording, row: ComparedRow) -> list[str]:
    """What it would be without figures that two units have reported and nobody has settled, and of how many units it is
    left out, as it was given back to them; [] where there are none.
    """
    told = [wording.say("compared.returned", count=row.returned)] if row.returned else []
    if row.once is None or row.doubled is None:
        return told
    value = figure_lines.total(wording, row.indicator, row.once)
    return [wording.say("compared.once", value=value, count=row.doubled.units), *told]


def twice(wording: Wording, row: ComparedRow) -> str:
    """A figure with what is perhaps counted twice, and without it."""
    return "; ".join([_named(wording, row.indicator, row.value), *once(wording, row)])


def _named(wording: Wording, indicator: Indicator, total: Total | None, pair: ComparedRow | None = None) -> str:
    if total is None:
        return wording.say("compared.none", label=indicator.short)
    rows = [(indicator, total)]
    if pair is not None and pair.value is not None and attends(pair.indicator):
        rows.append((pair.indicator, pair.value))
    return figure_lines.totals_line(wording, rows)


def attends(indicator: Indicator) -> bool:
    """Whether it is an attendance, which is told behind its sessions."""
    return indicator.unit == "lượt" and indicator.pair is None


def _amount(wording: Wording, indicator: Indicator, total: Total | None) -> str:
    return figure_lines.total(wording, indicator, total) if total is not None else wording.say("compared.no_value")


def _beside(
    wording: Wording, found: Comparison, row: ComparedRow, side: Side | None, then: Total | None, which: str
) -> list[str]:
    """The other period's figure, and how much more or less this one is, where they may be compared."""
    name = wording.say(f"compared.{which}")
    if side is None or then is None:
        return [wording.say("compared.other_none", other=name)]
    value = figure_lines.total(wording, row.indicator, then)
    if row.value is None:
        return [wording.say("compared.other", other=name, value=value)]
    if not found.tells(row, then, side):
        return [wording.say("compared.not_comparable", other=name, value=value)]
    more, percent = change(row.value, then)
    if more == 0:
        return [wording.say("compared.same", other=name)]
    parts = {"other": name, "value": value, "more": vietnamese(abs(more), row.indicator.kind)}
    direction = "more" if more > 0 else "less"
    if row.indicator.is_rate or percent is None:
        return [
            wording.say(f"compared.{direction}_points" if row.indicator.is_rate else f"compared.{direction}", **parts)
        ]
    return [wording.say(f"compared.{direction}_percent", **parts, percent=_number(abs(percent)))]


def _number(percent: Decimal) -> str:
    return f"{percent.normalize():f}".replace(".", ",")


def target(wording: Wording, indicator: Indicator, item: Progress) -> str:
    """How far a target is: "64% chỉ tiêu 150 đơn vị máu, còn 54, cần 18/tháng"."""
    unit = indicator.unit if indicator.unit == "%" else f" {indicator.unit}"
    parts = {
        "target": vietnamese(item.target.amount, indicator.kind) + unit,
        "left": vietnamese(item.left, indicator.kind),
        "due": short_day(item.target.due_on) if item.target.due_on else "",
        "percent": _number(item.percent or Decimal(0)),
    }
    if item.state != "unmet":
        over = item.state == "overdue" and item.target.due_on is None
        return wording.say("compared.target_over" if over else f"compared.target_{item.state}", **parts)
    if item.a_month is None or indicator.is_rate or indicator.stands:
        return wording.say("compared.target_rate" if indicator.is_rate else "compared.target_left", **parts)
    return wording.say("compared.target_pace", **parts, pace=vietnamese(item.a_month, indicator.kind))


def covered(wording: Wording, found: Comparison, against: str) -> str:
    """How many units have sent, now and then."""
    other = found.previous if against == "before" else found.year_ago if against in ("", "year_ago") else None
    now = found.now.coverage
    if not now.owing:
        return wording.say("compared.nobody_owes")
    if other is None or not other.coverage.owing:
        return wording.say("compared.covered", **counts(wording, now))
    name = wording.say(f"compared.{against or 'year_ago'}")
    then = other.coverage
    return wording.say("compared.covered_both", **counts(wording, now), other=name, then=then.counted, of=then.owing)


def sent(wording: Wording, covered: Coverage) -> str:
    """How many units have sent, or that none owes the period."""
    if not covered.owing:
        return wording.say("summary.nobody_owes")
    return wording.say("summary.sent", **counts(wording, covered))


def counts(wording: Wording, covered: Coverage) -> dict[str, str | int]:
    """What texts say of a coverage. back: ", 1 đơn vị đang trả lại", '' where nobody is at a figure given back."""
    back = wording.say("summary.back", count=covered.returned) if covered.returned else ""
    return {"filed": covered.filed, "owing": covered.owing, "back": back}


def other_covered(wording: Wording, other: Side) -> str:
    """How many units had sent in the period last year."""
    return wording.say("compared.other_covered", filed=other.coverage.counted, owing=other.coverage.owing)


def concern(wording: Wording, found: Comparison, rows: Sequence[ComparedRow]) -> list[str]:
    """What needs attention: targets that are overdue, and figures far below last year's."""
    told = []
    for row in rows:
        label = row.indicator.short
        if row.target is not None and row.target.state == "overdue":
            told.append(f"{label} {target(wording, row.indicator, row.target)}")
        elif row.value is not None and row.year_ago is not None and found.tells(row, row.year_ago, found.year_ago):
            _, percent = change(row.value, row.year_ago)
            if percent is not None and percent <= -FAR_BELOW and not row.indicator.is_rate:
                told.append(wording.say("compared.far_below", label=label, percent=_number(abs(percent))))
    return told[:MOST_CONCERN]
