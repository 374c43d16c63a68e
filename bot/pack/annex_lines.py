"""A compared row in, the cells of the annex out: the one place that decides what stands in which column."""

from dataclasses import dataclass
from decimal import Decimal

from handlers.wording import figure_rows
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue, Indicator, Section
from reporting.figures.comparison import ComparedRow, Comparison
from reporting.figures.totals import Total


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """One line of the annex. number: its TT within the section. Figures are None where there is none.

    percent: of the target that was reached, whole percents. note: in words, '' for none.
    """

    number: int
    indicator: Indicator
    target: Total | None
    value: Total | None
    year_ago: Total | None
    cumulative: Total | None
    percent: Decimal | None
    note: str


def annex_lines(
    wording: Wording, catalogue: Catalogue, comparison: Comparison
) -> list[tuple[Section, list[AnnexLine]]]:
    """The lines by section, in the order of the form; sections of which nothing is known are left out."""
    found = []
    for section in sorted(catalogue.sections, key=lambda one: one.order):
        rows = [row for row in comparison.rows if row.indicator.section == section.code]
        if rows:
            found.append((section, [line_of(wording, comparison, row, number) for number, row in enumerate(rows, 1)]))
    return found


def line_of(wording: Wording, comparison: Comparison, row: ComparedRow, number: int) -> AnnexLine:
    """The line of one row."""
    goal = row.target
    return AnnexLine(
        number,
        row.indicator,
        Total(goal.target.amount, False, 0) if goal else None,
        row.value,
        row.year_ago,
        row.cumulative,
        goal.percent if goal else None,
        _note(wording, comparison, row),
    )


def _note(wording: Wording, comparison: Comparison, row: ComparedRow) -> str:
    say, notes = wording.say, list[str]()
    if row.value is None:
        notes.append(say("pack.no_figure" if row.cumulative is None else "pack.no_figure_now"))
    elif row.value.units != comparison.now.coverage.counted:
        notes.append(say("pack.units", units=row.value.units))
    notes += figure_rows.once(wording, row)
    if row.target is not None and row.target.state != "unknown":
        state = say(f"pack.target_{row.target.state}")
        notes.append(say("pack.years_target", state=state) if figure_rows.of_longer(row) else state)
    return "; ".join(notes)
