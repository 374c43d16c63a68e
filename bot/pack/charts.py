"""A pack in, its pictures with the sentence that says what each shows out."""

from dataclasses import dataclass

from bot.pack.contents import Pack
from handlers.leaders.chart_sheets import ChartHead, ChartSheets, Sheet
from handlers.wording import figure_rows
from handlers.wording.speech import Wording
from reporting.time.calendar import dated_moment


@dataclass(frozen=True, slots=True)
class PackChart:
    """One picture: what it shows, and the sentence that goes with it."""

    sheet: Sheet
    sentence: str

    @property
    def file_name(self) -> str:
        """What it is called in the folder of the pack."""
        name: str = self.sheet["name"]
        return name


def pack_charts(wording: Wording, pack: Pack) -> list[PackChart]:
    """Completeness by part, targets, beside last year, units by sections; what has nothing to show is left out."""
    say, comparison = wording.say, pack.comparison
    head = ChartHead(pack.area.name, pack.round.period.name, dated_moment(pack.made_at), pack.version)
    sheets = ChartSheets(wording, pack.catalogue, head)
    covered, found = comparison.now.coverage, list[PackChart]()
    if pack.groups and covered.owing:
        sheet = sheets.completeness([(one.name, one.coverage) for one in pack.groups], covered)
        found.append(PackChart(sheet, say("chart.says_filed", **figure_rows.counts(wording, covered))))
    if goals := [row.target for row in pack.rows if row.target is not None]:
        met = sum(goal.met for goal in goals)
        found.append(PackChart(sheets.targets(comparison), say("chart.says_targets", met=met, count=len(goals))))
    then = comparison.year_ago
    if then is not None and any(comparison.tells(row, row.year_ago, then) for row in pack.rows):
        found.append(PackChart(sheets.year_ago(comparison), say("chart.says_year_ago", period=then.name)))
    if pack.units:
        shown = [(one.name, one.comparison if one.comparison.now.coverage.counted else None) for one in pack.units]
        found.append(PackChart(sheets.activity(shown), say("chart.says_activity", count=len(shown))))
    return found
