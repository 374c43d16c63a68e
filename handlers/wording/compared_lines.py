"""A figure beside last year's or its target in, how it stands to them in words out."""

from decimal import Decimal

from handlers.wording import figure_lines, figure_rows
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Indicator
from reporting.figures.comparison import ComparedRow, Comparison, change
from reporting.figures.totals import Total
from reporting.figures.values import vietnamese


def moved(wording: Wording, indicator: Indicator, now: Total, then: Total) -> str:
    """ "tăng 12% so với cùng kỳ (402 buổi)"; of a rate by how many points."""
    more, percent = change(now, then)
    told = figure_lines.total(wording, indicator, then)
    if not more:
        return wording.say("pack.same", then=told)
    way = "rose" if more > 0 else "fell"
    if percent is None or indicator.is_rate:
        unit = wording.say("pack.points") if indicator.unit == "%" else indicator.unit
        by = f"{vietnamese(abs(more), indicator.kind)} {unit}"
        return wording.say(f"pack_way_by.{way}", by=by, then=told)
    return wording.say(f"pack_way.{way}", percent=written(abs(percent)), then=told)


def beside_target(wording: Wording, found: Comparison, row: ComparedRow) -> str:
    """ "; đạt 64% chỉ tiêu (150 đơn vị máu)", of the year's with the sum so far that is held against it; '' without a
    target.
    """
    if row.target is None or row.target.percent is None:
        return ""
    goal = figure_lines.total(wording, row.indicator, Total(row.target.target.amount, False, 0))
    percent = written(row.target.percent)
    if row.target.reached is not None and figure_rows.of_longer(row):
        reached = vietnamese(row.target.reached.amount, row.indicator.kind)
        if row.target.reached.approx:
            reached = wording.say("summary.approx", value=reached)
        key = "pack.of_year_target" if found.from_start else "pack.of_year_target_part"
        return wording.say(key, percent=percent, reached=reached, target=goal)
    return wording.say("pack.of_target", percent=percent, target=goal)


def written(number: Decimal) -> str:
    """A number of percent as it is written: 12,5."""
    return f"{number.normalize():f}".replace(".", ",")
