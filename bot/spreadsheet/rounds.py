"""Rows of the sheets of periods and briefings and what is stored in, changes and faults of cells out."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from bot.spreadsheet.difference import Difference
from bot.spreadsheet.people import People
from bot.spreadsheet.rows import QUOTED, Book, SheetRow
from bot.spreadsheet.sheets import BRIEFINGS, CANCELLED, MODES, ROUNDS
from bot.spreadsheet.units import Units
from handlers.office.briefing_decisions import EARLIEST, LATEST
from handlers.office.chairs import called
from handlers.office.day_checks import check_opening, check_terms
from handlers.office.decisions import DecisionRefused, Remark
from handlers.office.round_notes import RoundAhead, RoundNotes
from reporting.organisation.units import OrgCluster
from reporting.time.calendar import VIETNAM, at, local_day
from reporting.time.deadlines import PeriodState, customary
from reporting.time.owing import ALL, NobodyCalledSo, owing_in, written
from reporting.time.periods import PeriodError, parse_period
from storage.database import Statement
from storage.organisation.units import Cluster
from storage.periods import briefings, chairs, rounds
from storage.periods import terms as terms_rows
from storage.periods.chairs import Chair
from storage.periods.rounds import Briefing, Mode, Round
from storage.reports.events import happened

FARTHEST: Final = timedelta(days=400)  # a briefing farther from its period's end is a slip of the keyboard


class Rounds:
    """Makes the changes of the sheets "Kỳ" and "Giao ban", and notes faults and differences.

    notes: what the office should think of, as chats and commands say it.
    """

    def __init__(
        self,
        book: Book,
        units: Units,
        people: People,
        known: Mapping[str, Round],
        day: date,
        now: datetime,
        fresh_id: Callable[[], int],
        difference: Difference,
        remarks: RoundNotes,
    ) -> None:
        self._book = book
        self._units = units
        self._people = people
        self._known = {code.casefold(): round_ for code, round_ in known.items()}
        self._day = day
        self._now = now
        self._fresh_id = fresh_id
        self._difference = difference
        self._remarks = remarks
        self._stood = dict(known)
        self._new: set[int] = set()
        self._past: set[int] = set()  # closed by this import, for figures of theirs are brought
        self._met: dict[str, dict[str, date]] = defaultdict(dict)  # by period and cluster, as it will be
        self._met_before: dict[str, dict[str, date]] = defaultdict(dict)  # and as it stands
        self._touched: set[str] = set()  # periods of which days or meetings change
        self._decided: dict[
            str, tuple[SheetRow, str]
        ] = {}  # the cell at which a period's opening and meetings are decided
        self._rows: list[Statement] = []
        self.events: list[Statement] = []
        self.notes: list[Remark] = []

    def plan(
        self,
        meetings: Mapping[tuple[int, int], Briefing],
        announced: Mapping[int, Mapping[int, date]],
        called_off: Set[int] = frozenset(),
    ) -> None:
        """All changes, beside the briefings that stand and the days that units were told, by period and cluster.

        called_off: the periods, by id, of which a briefing was.
        """
        self._announced = announced
        self._called_off = set(called_off)
        codes = {round_.id: round_.code for round_ in self._stood.values()}
        for (period_id, _), briefing in meetings.items():
            for met in (self._met, self._met_before):
                met[codes[period_id]][briefing.cluster_code] = local_day(briefing.starts_at)
        for row in self._book.rows.get(ROUNDS.key, ()):
            self._terms(row)
        for row in self._book.rows.get(BRIEFINGS.key, ()):
            self._meeting(row, meetings)
        for round_ in list(self._known.values()):
            if round_.code in self._touched:
                self._settle(round_)

    def statements(self) -> list[Statement]:
        """The rows, new periods first."""
        return [self._period(round_) for round_ in self._known.values() if round_.id in self._new] + self._rows

    def _period(self, round_: Round) -> Statement:
        """A period with briefings opens by itself before the first; one that has only targets stays planned."""
        return rounds.add_period(round_.id, round_.period, self._state(round_), self._now, round_.terms)

    def _state(self, round_: Round) -> PeriodState:
        if round_.id in self._past:
            return "closed"
        opens_on = round_.terms.opens_on
        return "planned" if opens_on is None or opens_on > self._day else "open"

    def _settle(self, round_: Round) -> None:
        """What follows for the period from its meetings, and what the office should think of."""
        met, new = self._met[round_.code], round_.id in self._new
        clusters = [
            Cluster(c.id, c.code, c.name, c.organiser_id)
            for c in self._units.organisation.clusters.values() if c.last_on is None or c.last_on >= self._day
        ]  # fmt: skip
        told = self._announced.get(round_.id, {})
        announced = {one.code: told[one.id] for one in clusters if one.id in told}
        opened, terms = round_.state != "planned", round_.terms
        ahead = RoundAhead(
            round_.period, terms, met, clusters, self._day, round_.opened_on if opened else None, opened, announced,
            round_.id in self._called_off,
        ).settled(self._remarks.calendar)  # fmt: skip
        try:
            check_opening(self._book.wording, ahead.terms, met.values(), self._day)
        except DecisionRefused as refused:
            row, column = self._decided[round_.code]
            self._book.fault(row, column, "days_cross", text=refused.remark.vietnamese(self._book.wording))
            return
        state = self._state(replace(round_, terms=ahead.terms)) if new else round_.state
        if new and state == "open":
            ahead = replace(ahead, opened=True, opened_on=self._day).settled(self._remarks.calendar)
        if opened and not new:
            ahead = self._keeping(round_, ahead)
        round_ = self._known[round_.code.casefold()] = replace(round_, terms=ahead.terms)
        if not new and ahead.terms != self._stood[round_.code].terms:
            self._rows += terms_rows.decided(self._stood[round_.code], ahead.terms, self._now)
        if state != "closed":
            self.notes += [
                self._remarks.days(ahead), *self._remarks.notes(ahead), *self._remarks.estimates(ahead),
            ]  # fmt: skip
            self.notes += self._remarks.without_any(ahead) if ahead.cancelled and not met else []

    def _keeping(self, round_: Round, ahead: RoundAhead) -> RoundAhead:
        """A running period with the days its units keep, as where one thing is decided by chat."""
        stood = self._stood[round_.code].terms
        before = replace(ahead, terms=stood, met=self._met_before[round_.code])
        fixed = (stood.deadline_on, stood.cutoff_on) != (round_.terms.deadline_on, round_.terms.cutoff_on)
        fresh = {one.code for one in ahead.clusters} if stood.owes not in (ALL, round_.terms.owes) else set[str]()
        ahead = ahead.keeping(before, self._remarks.calendar, fixed, fresh)
        ids = {one.code: one.id for one in ahead.clusters}
        self._rows += [rounds.forget_announced(round_.id)] if fixed else []
        self._rows += [rounds.keep_announced(round_.id, ids[code], day) for code, day in ahead.announced.items()]
        return ahead

    def round(self, row: SheetRow) -> Round | None:
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
        terms = customary(period, self._remarks.calendar, self._day)
        found = self._known[period.code.casefold()] = Round(self._fresh_id(), period, "planned", terms)
        self._new.add(found.id)
        return found

    def past(self, row: SheetRow, day: date) -> Round | None:
        """The period of a row of figures that the office brings: over, and closed with this import where it was not
        reported to the bot; None, with a fault, where it is not over or still worked on.
        """
        round_ = self.round(row)
        if round_ is None:
            return None
        ahead = any(met >= day for met in self._met[round_.code].values())
        if round_.period.end_on >= day or ahead or round_.state in ("open", "locked"):
            self._book.fault(row, "period", "not_over", period=round_.period.name)
            return None
        if round_.state == "planned" and round_.id not in self._past:
            self._past.add(round_.id)
            if round_.id not in self._new:
                self._rows.append(rounds.set_state(round_, "closed", self._now))
        return round_

    # --- who owes, and days -----------------------------------------------------------------------------------------

    def _owing(self, row: SheetRow) -> str | None:
        """Who owes by a row; None where it names nobody, which is noted."""
        codes = [(cluster.code, cluster.name) for cluster in self._units.organisation.clusters.values()]
        try:
            return owing_in(row["owes"], codes, [unit.code for unit in self._units.organisation.units.values()])
        except NobodyCalledSo as unknown:
            self._book.fault(row, "owes", "no_owing", text=str(unknown)[:QUOTED])
            return None

    def _terms(self, row: SheetRow) -> None:
        """What a row decides on its period; an empty cell leaves what stands."""
        if (round_ := self.round(row)) is None:
            return
        named: dict[str, Any] = {key: row[key] for key in ("opens_on", "deadline_on", "cutoff_on") if row[key]}
        if row["owes"] is not None and (owes := self._owing(row)) is not None:
            named["owes"] = owes
        named = {name: value for name, value in named.items() if getattr(round_.terms, name) != value}
        if row.wrong or not named:
            return
        if round_.state == "closed":
            self._book.fault(row, "period", "round_closed", period=round_.period.name)
            return
        terms = replace(round_.terms, **named)
        if "opens_on" in named:
            terms = replace(terms, opens_follow=False)
        if "owes" in named:
            terms = replace(terms, owes_on=self._day)
        if "deadline_on" in named:
            terms = replace(terms, deadline_lead=None)
        try:
            check_terms(self._book.wording, round_.period, terms, (), self._day)
        except DecisionRefused as refused:
            self._book.fault(row, next(iter(named)), "days_cross", text=refused.remark.vietnamese(self._book.wording))
            return
        self._known[round_.code.casefold()] = replace(round_, terms=terms)
        self._touched.add(round_.code)
        if "opens_on" in named:
            self._decided[round_.code] = (row, "opens_on")
        self._tell_terms(round_, named)

    def _tell_terms(self, round_: Round, named: Mapping[str, Any]) -> None:
        """What a row decides anew, in the differences and in the audit."""
        before, after = {}, {}
        for name, value in named.items():
            before[name], after[name] = _shown(getattr(round_.terms, name)), _shown(value)
        new = round_.id in self._new
        text = "; ".join(f"{ROUNDS.column(name).heading}: {value}" for name, value in after.items())
        if new:
            self._difference.note(ROUNDS.key, "new", round_.code, text)
        else:
            for name, value in after.items():
                words = self._book.wording.say(
                    "difference.edited", column=ROUNDS.column(name).heading, old=before[name], new=value
                )
                self._difference.note(ROUNDS.key, "changed", round_.code, words)
        old = None if new else "; ".join(f"{name}={value}" for name, value in before.items())
        self.events.append(
            happened(
                "period.changed", round_.code, None, self._now, period_id=None if new else round_.id, old=old,
                new="; ".join(f"{name}={value}" for name, value in after.items()),
            )
        )  # fmt: skip

    # --- briefings ------------------------------------------------------------------------------------------------

    def _meeting(self, row: SheetRow, known: Mapping[tuple[int, int], Briefing]) -> None:
        round_, cluster = self.round(row), self._units.cluster(row, "cluster")
        host = self._units.unit(row, "host")
        on: date | None = row["on"]
        if on and round_ and (abs(on - round_.period.end_on) > FARTHEST or on < round_.period.start_on):
            self._book.fault(row, "on", "far_from_period", period=round_.period.name)
        old = known.get((round_.id, cluster.id)) if round_ is not None and cluster is not None else None
        named = self._chairs(row, cluster, old) if cluster is not None else ()
        if row.wrong or round_ is None or cluster is None or on is None:
            return
        clock: time = row["time"]
        starts_at = at(on, clock.hour, clock.minute)
        subject = f"{round_.code} {cluster.code}"
        if row["mode"] == CANCELLED:
            self._cancel(row, subject, round_, old)
            return
        if old is not None:
            self._change(row, subject, round_, old, starts_at, named, host.id if host else None)
            return
        if not self._ahead(row, round_, starts_at):
            return
        self._meets(row, round_, cluster.code)
        mode: Mode = row["mode"] or "in_person"
        briefing_id, place = self._fresh_id(), row["place"]
        host_id = host.id if host else None
        self._rows.append(
            rounds.add_briefing(briefing_id, round_.id, cluster.id, starts_at, place, None, mode, host_id)
        )
        if named:
            self._rows += chairs.name(briefing_id, None, named)
        after = _told(starts_at, mode, place)
        period_id = None if round_.id in self._new else round_.id
        self.events.append(happened("briefing.set", subject, None, self._now, period_id=period_id, new=after))
        self._difference.note(BRIEFINGS.key, "new", subject, after)

    def _meets(self, row: SheetRow, round_: Round, cluster_code: str) -> None:
        if self._met[round_.code].get(cluster_code) != row["on"]:
            self._met[round_.code][cluster_code] = row["on"]
            self._touched.add(round_.code)
            self._decided.setdefault(round_.code, (row, "on"))

    def _ahead(self, row: SheetRow, round_: Round, starts_at: datetime) -> bool:
        """Whether a briefing may be set on that hour, as by command; with a fault where it may not."""
        if round_.state == "closed":
            self._book.fault(row, "period", "round_closed", period=round_.period.name)
        elif starts_at <= self._now:
            key = "on" if local_day(starts_at) < local_day(self._now) else "time"
            self._book.fault(row, key, "briefing_past", text=f"{starts_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}")
        elif not EARLIEST <= starts_at.astimezone(VIETNAM).time() <= LATEST:
            hours = f"{EARLIEST:%H:%M}–{LATEST:%H:%M}"
            self._book.fault(row, "time", "briefing_night", text=f"{starts_at.astimezone(VIETNAM):%H:%M}", hours=hours)
        return not row.wrong

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
        first = (None, old.chair_post_id) if old.chair_post_id is not None else (old.chair_id, None)
        stand = [first, *(chair.key for chair in old.co_chairs)]
        others = bool(named) and [chair.key for chair in named] != stand
        before, after = _told(old.starts_at, old.mode, old.place), _told(starts_at, mode, row["place"])
        moved = (starts_at, mode, row["place"], host) != (old.starts_at, old.mode, old.place, old.host_unit_id)
        if not moved and not others:
            return
        if old.starts_at == starts_at and starts_at < self._now:
            when = f"{starts_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
            self._book.fault(row, "on", "briefing_held", text=when)
            return
        if not self._ahead(row, round_, starts_at):
            return
        self._meets(row, round_, old.cluster_code)
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

    def _chairs(self, row: SheetRow, cluster: OrgCluster, old: Briefing | None) -> list[Chair]:
        """Those who are named, with ";" between, as a command takes them; with a fault where there is nobody such.

        Who chairs the briefing already is meant before others of the name.
        """
        held = [old.chair_post_id, *(chair.post_id for chair in old.co_chairs)] if old is not None else []
        stand = {self._people.names.get(post, "").casefold(): Chair(None, post, "", "") for post in held if post}
        known = self._people.chairs(row["on"] or date.min)  # without a day: whoever ever was
        found: list[Chair] = []
        for name in filter(None, (part.strip() for part in (row["chair"] or "").split(";"))):
            if (one := stand.get(name.casefold())) is not None:
                found.append(one)
                continue
            try:
                found += called([name], known, cluster.id)
            except DecisionRefused as refused:
                if refused.remark.key == "briefing.which_chair":
                    self._book.fault(row, "chair", "which_chair", text=name, known=str(refused.remark.parts["known"]))
                elif not self._people.at_fault(name):
                    self._book.fault(row, "chair", "no_chair", text=name)
        return list({chair.key: chair for chair in found}.values())

    def _cancel(self, row: SheetRow, subject: str, round_: Round, old: Briefing | None) -> None:
        """The cluster does not meet in the period after all. Of one that was cancelled before nothing is to do."""
        if old is None:
            return
        if old.starts_at <= self._now:
            self._book.fault(row, "on", "briefing_held", text=f"{old.starts_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}")
            return
        self._met[round_.code].pop(old.cluster_code, None)
        self._called_off.add(round_.id)
        self._touched.add(round_.code)
        self._rows += briefings.cancel(old, self._now)
        before = _told(old.starts_at, old.mode, old.place)
        self.events.append(
            happened("briefing.cancelled", subject, None, self._now, period_id=round_.id, old=before, new=None)
        )
        self._difference.note(BRIEFINGS.key, "ended", subject, before)


def _shown(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else written(value) if value else ""


def _told(starts_at: datetime, mode: Mode, place: str) -> str:
    return f"{starts_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}, {MODES[mode]}, {place}"
