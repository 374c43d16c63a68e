"""A pack in, what its figures say in sentences out: by rules, nothing that is not in the rows."""

from dataclasses import dataclass
from decimal import Decimal

from bot.pack.contents import Pack
from handlers.leaders.summaries import meeting, told_units
from handlers.task_words import task_state
from handlers.wording import compared_lines, figure_lines, figure_rows
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Indicator, Section
from reporting.figures.comparison import ComparedRow, Comparison, change
from reporting.figures.targets import Progress
from reporting.figures.totals import Total
from reporting.figures.values import vietnamese
from reporting.time.calendar import dated_moment, local_day, short_day
from storage.periods.tasks import by_number
from storage.reports.petitions import OPEN, Petition
from storage.reports.versions import ChangedFigure

MUCH = Decimal(10)  # percent of last year's figure by which one has to rise or fall to be named
MOST_NAMED = 8  # rises, falls, changes that are listed; the annex has them all


@dataclass(frozen=True, slots=True)
class Sentences:
    """Says what a pack's rows say."""

    wording: Wording
    pack: Pack

    def coverage(self) -> str:
        """How many units have filed, and whether the figures are estimates."""
        covered = self.pack.comparison.now.coverage
        key = "pack.coverage" if covered.counted else "pack.coverage_none" if covered.owing else "pack.nobody_owes"
        counts = figure_rows.counts(self.wording, covered)
        text = self.wording.say(key, **counts, moment=dated_moment(self.pack.made_at))
        return f"{text} {self.wording.say('pack.estimated')}" if self.pack.comparison.estimated else text

    def compared_with(self) -> str:
        """With what the figures are compared, or why not."""
        return compared_with(self.wording, self.pack.comparison)

    def sections(self) -> list[tuple[Section, list[str]]]:
        """For each section a sentence a figure; of one without any that there is none."""
        found = []
        for section in sorted(self.pack.catalogue.sections, key=lambda one: one.order):
            rows = [row for row in self.pack.rows if row.indicator.section == section.code and row.value is not None]
            told = [self.figure(row) for row in rows if row.value is not None and row.value.amount]
            found.append((section, told or [self.wording.say("pack.section_empty")]))
        return found

    def figure(self, row: ComparedRow) -> str:
        """One figure, beside last year's and its target."""
        say, value = self.wording.say, row.value
        assert value is not None
        said = say("pack.figure", label=_first_upper(row.indicator.label), value=self.amount(row.indicator, value))
        twice = [f" ({told})" for told in figure_rows.once(self.wording, row)]
        return "".join([said, *twice, self.beside_last_year(row), self.beside_target(row), "."])

    def beside_last_year(self, row: ComparedRow, lead: str = ", ") -> str:
        """ ", tăng 12% so với cùng kỳ (402 buổi)"; '' where the two cannot be compared."""
        found = self.pack.comparison
        if row.value is None or row.year_ago is None or not found.tells(row, row.year_ago, found.year_ago):
            return ""
        return lead + self.moved(row.indicator, row.value, row.year_ago)

    def moved(self, indicator: Indicator, now: Total, then: Total) -> str:
        """How one figure stands to last year's."""
        return compared_lines.moved(self.wording, indicator, now, then)

    def beside_target(self, row: ComparedRow) -> str:
        """ "; đạt 64% chỉ tiêu (150 đơn vị máu)"; '' without a target."""
        return compared_lines.beside_target(self.wording, self.pack.comparison, row)

    def strengths(self) -> list[str]:
        """Targets met and what has risen much."""
        say = self.wording.say
        met = [row for row in self.pack.rows if row.target is not None and row.target.met]
        found = [say("pack.strong_target", figure=self.target(row)) for row in met]
        rises = [row for row in self._moved_much() if self._percent(row) > 0]
        found += [self._moved_line(row) for row in rises[:MOST_NAMED]]
        covered = self.pack.comparison.now.coverage
        if covered.owing and covered.filed == covered.owing:
            found.insert(0, say("pack.strong_all_filed", owing=covered.owing))
        return found or [say("pack.nothing_found")]

    def limits(self) -> list[str]:
        """Who has not filed, targets not met in time or yet, what has fallen much, sections with nothing in them."""
        say, found = self.wording.say, list[str]()
        if self.pack.late:
            names = told_units(self.wording, self.pack.late)
            found.append(say("pack.weak_late", count=len(self.pack.late), units=names))
        unmet = self.unmet()
        for key, missed in (("pack.weak_target", True), ("pack.unknown_target", False)):
            rows = [row for row in unmet if row.target is not None and row.target.missed == missed]
            found += [say(key, figure=self.target(row)) for row in rows]
        falls = [row for row in self._moved_much() if self._percent(row) < 0]
        found += [self._moved_line(row) for row in falls[:MOST_NAMED]]
        empty = [section.brief for section, rows in self._by_section() if not any(rows)]
        if empty and len(empty) < len(self.pack.catalogue.sections):
            found.append(say("pack.weak_sections", sections="; ".join(empty)))
        return found or [say("pack.nothing_found")]

    def directions(self) -> list[str]:
        """What the figures themselves ask for next: targets that are left, reports that are owed, petitions."""
        say, found = self.wording.say, list[str]()
        for row in self.unmet():
            assert row.target is not None
            found.append(self._left(row, row.target))
        if self.pack.late:
            found.append(say("pack.next_late", count=len(self.pack.late)))
        if left := [parts for parts in by_number(self.pack.tasks) if any(one.state == "open" for one in parts)]:
            found.append(say("pack.next_tasks", count=len(left), numbers=", ".join(one[0].known_as for one in left)))
        if waiting := self.pack.waiting_petitions:
            found.append(say("pack.next_petitions", count=len(waiting)))
        return found

    def became(self, one: Petition) -> str:
        """ " (đã trả lời: …)" of a petition that waits no more, "" of one that does."""
        if one.state in OPEN:
            return ""
        state = self.wording.say(f"petition.state_{one.state}")
        return f" ({state}: {one.answer})" if one.answer else f" ({state})"

    def tasks(self) -> list[str]:
        """What meetings gave units to do, each with how far it is: what is open first, the overdue in front."""
        today = local_day(self.pack.made_at)
        found = sorted(by_number(self.pack.tasks), key=lambda parts: all(one.state == "done" for one in parts))
        return [task_state(self.wording, parts, today) for parts in found]

    def unmet(self) -> list[ComparedRow]:
        """Rows whose target is not met, those overdue first, those without a figure last."""
        order = ("overdue", "unmet", "unknown")
        rows = [row for row in self.pack.rows if row.target is not None and not row.target.met]
        return sorted(rows, key=lambda row: order.index(row.target.state) if row.target else 0)

    def _left(self, row: ComparedRow, goal: Progress) -> str:
        if goal.reached is None:
            return self.wording.say("pack.next_unknown", label=row.indicator.short)
        left = self.amount(row.indicator, Total(goal.left, False, 0))
        if goal.a_month is None:
            return self.wording.say("pack.next_left", label=row.indicator.short, left=left)
        each = self.amount(row.indicator, Total(goal.a_month, False, 0))
        return self.wording.say("pack.next_pace", label=row.indicator.short, left=left, each=each, months=goal.months)

    def target(self, row: ComparedRow) -> str:
        """A target beside what has been reached: "hiến máu 96/150 đơn vị máu (64%), quá hạn 31/3"."""
        goal = row.target
        assert goal is not None
        whole = self.amount(row.indicator, Total(goal.target.amount, False, 0))
        if goal.reached is None:
            return self.wording.say("pack.target_without", label=row.indicator.short, whole=whole)
        reached = vietnamese(goal.reached.amount, row.indicator.kind)
        if goal.reached.approx:
            reached = self.wording.say("summary.approx", value=reached)
        percent = f" ({compared_lines.written(goal.percent)}%)" if goal.percent is not None else ""
        late = ""
        if goal.state == "overdue" and goal.target.due_on is not None:
            late = self.wording.say("pack.overdue", day=short_day(goal.target.due_on))
        return f"{row.indicator.short} {reached}/{whole}{percent}{late}"

    def changes(self, most: int = 10**6) -> list[str]:
        """What counts otherwise than in the pack handed out before: units that have come in or gone out, then figures.

        Beyond `most` lines only how many more there are.
        """
        before, say = self.pack.before, self.wording.say
        if before is None:
            return [say("pack.first_version")]
        beside = self._changed_beside()
        if not self.pack.changes and not beside:
            key = "pack.unchanged" if before.shown is not None else "pack.unchanged_figures"
            return [say(key, moment=dated_moment(before.at))]
        of_unit: dict[str, list[ChangedFigure]] = {}
        for one in self.pack.changes:
            of_unit.setdefault(one.unit_name, []).append(one)
        come = [name for name, found in of_unit.items() if not any(one.had for one in found)]
        gone = [name for name, found in of_unit.items() if not any(one.has for one in found)]
        told = [say("pack.since", moment=dated_moment(before.at))]
        told += [say("pack.changed_come", count=len(come), units="; ".join(come))] if come else []
        told += [say("pack.changed_gone", count=len(gone), units="; ".join(gone))] if gone else []
        for one in self.pack.changes:
            if one.unit_name not in (*come, *gone) and one.indicator in self.pack.catalogue:
                told.append(self._changed(one))
        told += beside
        more = len(told) - most
        return told if more <= 0 else [*told[:most], say("pack.changed_more", count=more)]

    def _changed_beside(self) -> list[str]:
        """What else stands there otherwise than before, part by part by name."""
        before, say = self.pack.before, self.wording.say
        known = {one.unit_name for one in self.pack.changes}
        told = []
        for part, now in self.pack.shown.items() if before is not None and before.shown is not None else ():
            then = before.shown.get(part, {}) if before is not None and before.shown is not None else {}
            names = [name for name in (*now, *then) if now.get(name) != then.get(name)]
            if part in ("figures", "sent"):  # those of units whose own figures have changed are told above
                names = [] if part == "figures" and known else [name for name in names if name not in known]
            if names := list(dict.fromkeys(names)):
                more = len(names) - MOST_NAMED
                listed = ", ".join(names[:MOST_NAMED])
                listed = say("pack.changed_some", names=listed, more=more) if more > 0 else listed
                told.append(say(f"pack_changed.{part}", names=listed))
        return told

    def _changed(self, one: ChangedFigure) -> str:
        indicator, none = self.pack.catalogue[one.indicator], self.wording.say("pack.no_figure")
        was, now = (
            none if value is None else self.amount(indicator, Total(value.amount, value.approx, 1))
            for value in (one.old or one.back, one.new)
        )
        if one.old is None and one.back is not None:
            was = self.wording.say("pack.given_back", value=was)
        return self.wording.say("pack.changed", unit=one.unit_name, label=indicator.short, was=was, now=now)

    def meeting(self) -> str:
        """When and where the cluster meets, and who chairs; '' where nothing is set."""
        met = self.pack.briefing
        if met is None:
            return ""
        return meeting(self.wording, met, local_day(self.pack.made_at))

    def amount(self, indicator: Indicator, total: Total) -> str:
        """A figure with its unit, "trên" where a part of it was rounded."""
        return figure_lines.total(self.wording, indicator, total)

    def _by_section(self) -> list[tuple[Section, list[bool]]]:
        return [
            (section, [
                bool(row.value and row.value.amount) for row in self.pack.rows if row.indicator.section == section.code
            ])
            for section in sorted(self.pack.catalogue.sections, key=lambda one: one.order)
        ]  # fmt: skip

    def _moved_much(self) -> list[ComparedRow]:
        """Rows that can have a target and rose or fell much, the furthest first."""
        found = self.pack.comparison
        rows = [
            row
            for row in self.pack.rows
            if row.indicator.targetable
            and abs(self._percent(row)) >= MUCH
            and found.tells(row, row.year_ago, found.year_ago)
        ]
        return sorted(rows, key=lambda row: -abs(self._percent(row)))

    @staticmethod
    def _percent(row: ComparedRow) -> Decimal:
        """By how many percent it moved, 0 where that cannot be told."""
        if row.value is None or row.year_ago is None or row.indicator.is_rate:
            return Decimal(0)
        return change(row.value, row.year_ago)[1] or Decimal(0)

    def _moved_line(self, row: ComparedRow) -> str:
        assert row.value is not None
        value = self.amount(row.indicator, row.value)
        said = self.wording.say("pack.figure", label=_first_upper(row.indicator.short), value=value)
        return f"{said}{self.beside_last_year(row)}."


def compared_with(wording: Wording, comparison: Comparison) -> str:
    """With what the figures are compared, or why not."""
    side = comparison.year_ago
    if side is None:
        return wording.say("pack.no_year_ago")
    key = "pack.compared" if comparison.comparable(side) else "pack.not_comparable"
    return wording.say(key, period=side.name, filed=side.coverage.counted, owing=side.coverage.owing)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
