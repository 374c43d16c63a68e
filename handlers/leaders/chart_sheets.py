"""Compared rows and who has filed in, the words of the pictures out: what bot/pictures draws and nothing more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.leaders.key_rows import key_rows
from handlers.wording import figure_lines, figure_rows
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue, Section
from reporting.figures.comparison import ComparedRow, Comparison, change
from reporting.figures.totals import Coverage, Total
from reporting.figures.values import vietnamese
from reporting.time.calendar import short_day

MOST_ROWS = 10  # of a picture of figures: more are not looked at on a phone
MOST_UNITS = 30  # of the table of shades, and parts of the area with a bar each

Sheet = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChartHead:
    """What stands around every picture: of which area and period, read when, under which version."""

    area: str
    period: str
    moment: str
    version: str


@dataclass(frozen=True, slots=True)
class ChartSheets:
    """Words what pictures show."""

    wording: Wording
    catalogue: Catalogue
    head: ChartHead

    def completeness(self, groups: Sequence[tuple[str, Coverage]], whole: Coverage) -> Sheet:
        """Who has filed, a bar for each part of the area; of many those of which most is missing."""
        say = self.wording.say
        owing = [one for one in groups if one[1].owing]
        if len(owing) > MOST_UNITS:
            groups = sorted(owing, key=lambda one: one[1].filed / one[1].owing)[:MOST_UNITS]
        rows = [
            {
                "label": name,
                "value": say("chart.units", filed=covered.filed, owing=covered.owing),
                "share": covered.filed / covered.owing if covered.owing else 0,
                "look": "",
            }
            for name, covered in groups
            if covered.owing
        ]
        note = say("chart.filed_note", **figure_rows.counts(self.wording, whole), moment=self.head.moment)
        if len(owing) > MOST_UNITS:
            note = f"{note} {say('chart.fewest', shown=MOST_UNITS, count=len(owing), left=len(owing) - MOST_UNITS)}"
        return self._sheet("bars", "filed", rows, note)

    def targets(self, comparison: Comparison) -> Sheet:
        """What has been reached of each target, those overdue first."""
        found = [row for row in comparison.rows if row.target is not None]
        order = {"overdue": 0, "unmet": 1, "unknown": 2, "met": 3, "exceeded": 4}
        found.sort(key=lambda row: order[row.target.state] if row.target else 0)
        note = self.wording.say("chart.targets_note", period=self.head.period, moment=self.head.moment)
        return self._sheet("bars", "targets", [self._target(row) for row in found[:MOST_ROWS]], note)

    def _target(self, row: ComparedRow) -> dict[str, Any]:
        goal, say = row.target, self.wording.say
        assert goal is not None
        reached = vietnamese(goal.reached.amount, row.indicator.kind) if goal.reached else "–"
        if goal.reached is not None and goal.reached.approx:
            reached = say("summary.approx", value=reached)
        whole = figure_lines.total(self.wording, row.indicator, Total(goal.target.amount, False, 0))
        day = short_day(goal.target.due_on) if goal.target.due_on else ""
        said = say(f"chart_target.{goal.state}{'_on' if goal.state == 'overdue' and day else ''}", day=day)
        if goal.percent is not None:
            said = f"{goal.percent}%, {said}"
        return {
            "label": _first_upper(row.indicator.short),
            "value": f"{reached}/{whole}",
            "share": float(goal.percent or 0) / 100,
            "said": said,
            "look": "met" if goal.met else goal.state if goal.missed else "",
        }

    def year_ago(self, comparison: Comparison) -> Sheet:
        """This period beside the same one last year, figure by figure."""
        say, side = self.wording.say, comparison.year_ago
        comparable = comparison.comparable(side)
        chosen = [row for row in key_rows(comparison, MOST_ROWS) if row.value is not None]
        rows = [self._pair(row, comparable) for row in chosen]
        note = say("chart.pairs_note")
        if side is None:
            note = say("chart.no_year_ago")
        elif not comparable:
            now, then = comparison.now.coverage, side.coverage
            note = say(
                "chart.not_comparable", filed=now.counted, owing=now.owing,
                filed_then=then.counted, owing_then=then.owing, period=side.name,
            )  # fmt: skip
        sheet = self._sheet("pairs", "year_ago", rows, note)
        return {**sheet, "legend": [comparison.now.name, side.name if side else say("chart.none_then")]}

    def _pair(self, row: ComparedRow, comparable: bool) -> dict[str, Any]:
        now, then, say = row.value, row.year_ago if comparable else None, self.wording.say
        assert now is not None
        longest = max(now.amount, then.amount if then else 0, 1)
        said = ""
        if then is not None:
            more, percent = change(now, then)
            way = "same" if not more else "rose" if more > 0 else "fell"
            if percent is not None and not row.indicator.is_rate:
                said = say(f"chart_way.{way}", percent=f"{abs(percent).normalize():f}".replace(".", ","))
        return {
            "label": _first_upper(row.indicator.short),
            "said": said,
            "now": {"text": figure_lines.total(self.wording, row.indicator, now), "share": now.amount / longest},
            "then": None if then is None else {
                "text": figure_lines.total(self.wording, row.indicator, then), "share": then.amount / longest,
            },
        }  # fmt: skip

    def activity(self, units: Sequence[tuple[str, Comparison | None]]) -> Sheet:
        """Units by sections: in how many indicators each has a figure; None: the unit has filed nothing. Of many those
        of which most is missing.
        """
        asked = {section.code: self._asked(section) for section in self.catalogue.sections}
        sections = sorted(self.catalogue.sections, key=lambda one: one.order)
        rows, shown = [], list(units)
        if len(shown) > MOST_UNITS:
            shown = sorted(units, key=lambda one: self._filled(one[1]))[:MOST_UNITS]
        for name, comparison in shown:
            counts = None if comparison is None else self._active(comparison)
            cells = [
                None if counts is None else {
                    "text": str(counts.get(one.code, 0)), "share": min(counts.get(one.code, 0) / asked[one.code], 1.0),
                }
                for one in sections
            ]  # fmt: skip
            rows.append({"label": name, "cells": cells})
        note = self.wording.say("chart.activity_note")
        if len(units) > MOST_UNITS:
            left = len(units) - MOST_UNITS
            note = f"{note} {self.wording.say('chart.emptiest', shown=MOST_UNITS, count=len(units), left=left)}"
        sheet = self._sheet("shades", "activity", rows, note)
        heads = [one.title.partition(".")[0] for one in sections]
        return {**sheet, "columns": heads, "legend": [one.brief for one in sections]}

    def _asked(self, section: Section) -> int:
        return max(sum(one.section == section.code for one in self.catalogue.indicators.values()), 1)

    def _filled(self, comparison: Comparison | None) -> tuple[float, int]:
        """(the share that has sent, how many figures there are), by which those that lack most come first."""
        if comparison is None:
            return 0.0, 0
        return float(comparison.now.coverage.share), sum(self._active(comparison).values())

    @staticmethod
    def _active(comparison: Comparison) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        for row in comparison.rows:
            if row.value is not None and row.value.amount:
                counts[row.indicator.section] = counts.get(row.indicator.section, 0) + 1
        return counts

    def _sheet(self, kind: str, what: str, rows: Sequence[Mapping[str, Any]], note: str) -> Sheet:
        """A sheet as an outbox row keeps it: it draws the same picture whenever it is sent."""
        say = self.wording.say
        return {
            "kind": kind,
            "name": say(f"chart_file.{what}"),
            "picture": True,
            "missing": say("picture.missing"),
            "title": say(f"chart_title.{what}", area=self.head.area, period=self.head.period),
            "note": note,
            "rows": list(rows),
            "empty": say("chart.empty"),
            "foot": say("chart.foot", version=self.head.version),
        }


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
