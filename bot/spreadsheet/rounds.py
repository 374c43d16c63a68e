"""Rows of the sheets "Giao ban" and "Chỉ tiêu" and what is stored in, changes and faults of cells out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from bot.spreadsheet.difference import Difference
from bot.spreadsheet.people import People
from bot.spreadsheet.rows import QUOTED, Book, SheetRow
from bot.spreadsheet.sheets import BRIEFINGS, MODES, TARGETS
from bot.spreadsheet.units import Units
from reporting.figures.catalogue import Catalogue
from reporting.figures.totals import Target
from reporting.figures.values import OutOfRange, scaled, vietnamese
from reporting.organisation.units import OrgCluster
from reporting.time.calendar import VIETNAM, at
from reporting.time.deadlines import PeriodState, customary
from reporting.time.periods import PeriodError, parse_period
from storage.database import Statement
from storage.organisation import targets
from storage.periods import briefings, chairs, rounds
from storage.periods.chairs import Chair
from storage.periods.rounds import Briefing, Mode, Round
from storage.reports.events import happened

OPENS_BEFORE: Final = timedelta(days=21)  # a period opens so long before its first briefing
FARTHEST: Final = timedelta(days=400)  # a briefing farther from its period's end is a slip of the keyboard


class Rounds:
    """Makes the changes of the sheets "Giao ban" and "Chỉ tiêu", and notes faults and differences."""

    def __init__(
        self,
        book: Book,
        units: Units,
        people: People,
        known: Mapping[str, Round],
        catalogue: Catalogue,
        day: date,
        now: datetime,
        fresh_id: Callable[[], int],
        difference: Difference,
    ) -> None:
        self._book = book
        self._units = units
        self._people = people
        self._known = {code.casefold(): round_ for code, round_ in known.items()}
        self._catalogue = catalogue
        self._day = day
        self._now = now
        self._fresh_id = fresh_id
        self._difference = difference
        self._new: dict[int, list[date]] = {}  # days of the briefings of each period that is added
        self._rows: list[Statement] = []
        self.events: list[Statement] = []

    def plan(self, meetings: Mapping[tuple[int, int], Briefing], set_targets: Mapping[Any, Target]) -> None:
        """All changes, beside the briefings (by period, cluster) and targets (period, unit, indicator) that stand."""
        for row in self._book.rows.get(BRIEFINGS.key, ()):
            self._meeting(row, meetings)
        for row in self._book.rows.get(TARGETS.key, ()):
            self._target(row, set_targets)

    def statements(self) -> list[Statement]:
        """The rows, new periods first."""
        return [self._period(round_) for round_ in self._known.values() if round_.id in self._new] + self._rows

    def _period(self, round_: Round) -> Statement:
        """A period with briefings opens by itself before the first; one that has only targets stays planned."""
        days = self._new[round_.id]
        opens_on = min(days) - OPENS_BEFORE if days else None
        state: PeriodState = "planned"
        if opens_on is not None and opens_on <= self._day:
            state = "closed" if max(days) < self._day else "open"
        terms = replace(customary(round_.period), opens_on=opens_on)
        return rounds.add_period(round_.id, round_.period, state, self._now, terms)

    def _round(self, row: SheetRow) -> Round | None:
        """The period a row names, new or not; None, with a fault, where that is no period."""
        if row["period"] is None:
            return None
        if (found := self._known.get(row["period"].casefold())) is not None:
            return found
        try:
            period = parse_period(row["period"])
        except PeriodError:
            self._book.fault(row, "period", "no_period", text=row["period"])
            return None
        if (found := self._known.get(period.code.casefold())) is not None:
            return found
        found = self._known[period.code.casefold()] = Round(self._fresh_id(), period, "planned")
        self._new[found.id] = []
        return found

    # --- briefings ------------------------------------------------------------------------------------------------

    def _meeting(self, row: SheetRow, known: Mapping[tuple[int, int], Briefing]) -> None:
        round_, cluster = self._round(row), self._units.cluster(row, "cluster")
        host = self._units.unit(row, "host")
        on: date | None = row["on"]
        if on and round_ and (abs(on - round_.period.end_on) > FARTHEST or on < round_.period.start_on):
            self._book.fault(row, "on", "far_from_period", period=round_.period.name)
        named = self._chairs(row, cluster) if cluster is not None else ()
        if row.wrong or round_ is None or cluster is None or on is None:
            return
        clock: time = row["time"]
        starts_at = at(on, clock.hour, clock.minute)
        if round_.id in self._new:
            self._new[round_.id].append(on)
        subject = f"{round_.code} {cluster.code}"
        if (old := known.get((round_.id, cluster.id))) is not None:
            self._change(row, subject, round_, old, starts_at, named, host.id if host else None)
            return
        mode: Mode = row["mode"] or "in_person"
        briefing_id, place = self._fresh_id(), row["place"]
        host_id = host.id if host else None
        self._rows.append(
            rounds.add_briefing(briefing_id, round_.id, cluster.id, starts_at, place, None, mode, host_id)
        )
        if named:
            self._rows += chairs.name(briefing_id, 0, named)
        after = _told(starts_at, mode, place)
        period_id = None if round_.id in self._new else round_.id
        self.events.append(happened("briefing.set", subject, None, self._now, period_id=period_id, new=after))
        self._difference.note(BRIEFINGS.key, "new", subject, after)

    def _change(
        self,
        row: SheetRow,
        subject: str,
        round_: Round,
        old: Briefing,
        starts_at: datetime,
        named: Sequence[Chair],
        host: int | None,
    ) -> None:
        """What a row says otherwise than the briefing; an empty cell leaves what stands. Those concerned are told."""
        mode: Mode = row["mode"] or old.mode
        host = old.host_unit_id if host is None else host
        stand = [(None, old.chair_post_id), *(chair.key for chair in old.co_chairs)]
        others = bool(named) and [chair.key for chair in named] != stand
        before, after = _told(old.starts_at, old.mode, old.place), _told(starts_at, mode, row["place"])
        moved = (starts_at, mode, row["place"], host) != (old.starts_at, old.mode, old.place, old.host_unit_id)
        if not moved and not others:
            return
        if moved:
            self._rows.append(briefings.change(old, starts_at, mode, row["place"], old.chair_id, host))
        if others:
            self._rows += chairs.name(old.id, old.sequence + int(moved), named)
        self.events.append(
            happened(
                "briefing.moved" if starts_at != old.starts_at else "briefing.changed",
                subject,
                None,
                self._now,
                period_id=round_.id,
                old=before,
                new=after,
            )
        )
        if others and not moved:  # the chairs are all that is new
            before, after = "", row["chair"]
        column = BRIEFINGS.name if moved else BRIEFINGS.column("chair").heading
        words = self._book.wording.say("difference.edited", column=column, old=before, new=after)
        self._difference.note(BRIEFINGS.key, "changed", subject, words)

    def _chairs(self, row: SheetRow, cluster: OrgCluster) -> list[Chair]:
        """The posts of the chairs that are named, with ";" between; with a fault where there is no such chair."""
        found = []
        for name in filter(None, (part.strip() for part in (row["chair"] or "").split(";"))):
            fitting = [  # without a day: whoever ever was
                post for post in self._people.chairs(cluster.id, row["on"] or date.min)
                if post.name.casefold() == name.casefold()
            ]  # fmt: skip
            if fitting:
                found.append(Chair(None, fitting[0].id, fitting[0].name, fitting[0].title))
            elif not self._people.at_fault(name):
                self._book.fault(row, "chair", "no_chair", text=name, cluster=cluster.code)
        return list(dict.fromkeys(found))

    # --- targets --------------------------------------------------------------------------------------------------

    def _target(self, row: SheetRow, known: Mapping[Any, Target]) -> None:
        round_, unit = self._round(row), self._units.unit(row, "unit")
        if row["indicator"] is None:
            return
        indicator = self._catalogue[row["indicator"]]
        if not indicator.targetable:
            self._book.fault(row, "indicator", "no_target", text=indicator.short)
        try:
            amount = scaled(row["amount"] if row["amount"] is not None else Decimal(0), indicator.kind)
        except OutOfRange:
            self._book.fault(row, "amount", "out_of_range", text=str(row["amount"])[:QUOTED], unit=indicator.unit)
            return
        if row.wrong or round_ is None or unit is None:
            return
        wanted = Target(indicator.code, amount, row["due_on"])
        old = known.get((round_.id, unit.id, indicator.code))
        if wanted == old:
            return
        code = f"{round_.code} {unit.code} {indicator.code}"
        after = self._amount(wanted, indicator)
        self._rows.append(targets.set_target(round_.id, unit.id, indicator.code, amount, wanted.due_on))
        before = self._amount(old, indicator) if old else None
        self.events.append(happened("target.set", code, None, self._now, unit_id=unit.id, old=before, new=after))
        if before is None:
            self._difference.note(TARGETS.key, "new", code, after)
        else:
            words = self._book.wording.say("difference.edited", column=TARGETS.column("amount").heading,
                                           old=before, new=after)  # fmt: skip
            self._difference.note(TARGETS.key, "changed", code, words)

    @staticmethod
    def _amount(target: Target, indicator: Any) -> str:
        due = f" ({target.due_on:%d/%m/%Y})" if target.due_on else ""
        return f"{vietnamese(target.amount, indicator.kind)} {indicator.unit}{due}"


def _told(starts_at: datetime, mode: Mode, place: str) -> str:
    return f"{starts_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}, {MODES[mode]}, {place}"
