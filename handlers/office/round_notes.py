"""What the office should know of a period as it will be: a period, its terms and meetings in, remarks out.

Chats, commands and the import of a spreadsheet say the same.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from handlers.office.decisions import Remark
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Indicator
from reporting.figures.values import scaled
from reporting.time.calendar import VietnamCalendar, day_name, day_range, short_day
from reporting.time.deadlines import MeetingDays, Terms, cutoff_on, due_on, in_time, not_earlier, settled
from reporting.time.owing import ALL, MEETING, named_in
from reporting.time.periods import Period
from reporting.time.rules import DEFAULTS, Rules
from storage.organisation.units import Cluster

# From a period's end: a later meeting or deadline may be another period's; of a short period a nearer one too.
FAR, NEAREST = timedelta(days=100), timedelta(days=31)
MOST_NAMED = 12  # clusters or units in one line


@dataclass(frozen=True, slots=True)
class RoundAhead:
    """A period as it will be. met: by the code of the cluster, the day of its briefing; clusters: all there are.

    today: the day on which it is looked at. opened: whether it was opened; opened_on: the day on which it was or will
    be, None where nobody knows yet. announced: by the code of the cluster, the day its units were told they owe it,
    where a decision has brought another one in a running period. cancelled: whether a meeting of it was called off.
    """

    period: Period
    terms: Terms
    met: Mapping[str, date]
    clusters: Sequence[Cluster]
    today: date
    opened_on: date | None = None
    opened: bool = False
    announced: Mapping[str, date] = field(default_factory=dict)
    cancelled: bool = False

    def settled(self, calendar: VietnamCalendar) -> "RoundAhead":
        """The same with what follows from its meetings: a planned one opens ahead of them."""
        terms = self.terms
        if not self.opened and terms.opens_on is None and self.met:
            terms = replace(terms, opens_follow=True)
        every = {cluster.code: self.met.get(cluster.code) for cluster in self.clusters}
        meetings = MeetingDays(every, self.announced, self.cancelled)
        opened_on = self.opened_on if self.opened else None
        terms = settled(self.period, terms, calendar, meetings, self.today, opened_on)
        return replace(self, terms=terms, opened_on=opened_on or terms.opens_on)

    def due(self, calendar: VietnamCalendar, code: str, opened_on: date | None) -> date:
        """By when the units of that cluster owe it, if it was opened on that day."""
        met_on = self.met.get(code)
        due = due_on(self.period, self.terms, calendar, met_on, None, opened_on)
        return not_earlier(due, self.announced.get(code), met_on)

    def keeping(
        self, before: "RoundAhead", calendar: VietnamCalendar, fixed: bool, fresh: Set[str] = frozenset()
    ) -> "RoundAhead":
        """The same with the days that units keep: nobody becomes late by a decision of today without having been told.

        before: the period as it stood. Units keep the day they were told where their meeting is moved or called off;
        where it is set at first, or (fixed) the office decides the deadline itself, that may be an earlier day, but
        none that is over. fresh: clusters some of whose
        units have not been asked for it so far.
        """
        kept, today = {} if fixed else dict(before.announced), self.today
        for code in self.asked:
            old = before.due(calendar, code, before.opened_on) if code in set(before.asked) - fresh else None
            new, day = due_on(self.period, self.terms, calendar, self.met.get(code), None, self.opened_on), old
            if old is None or (old >= today and (fixed or code not in before.met)):
                late = in_time(today, calendar) if new <= today else new
                day = min(late, old or late)
            elif fixed:
                day = new
            if day is not None and day > new:
                kept[code] = max(day, kept.get(code, day))
        return replace(self, announced=kept).settled(calendar)

    @property
    def called_off(self) -> list[Cluster]:
        """Those of by_custom that had been told another day, as that of a meeting that is off."""
        return [c for c in self.by_custom if c.code in self.announced]

    @property
    def asked(self) -> list[str]:
        """The codes of the clusters of which some units owe the period."""
        return [*self.met, *(cluster.code for cluster in self.by_custom)]

    @property
    def by_custom(self) -> list[Cluster]:
        """Clusters without a meeting whose units, or some of them, owe the period, by the day it has by custom."""
        if self.terms.owes == MEETING and (self.met or self.cancelled):
            return []
        named = named_in(self.terms.owes)
        asked = set(named.clusters) if named.clusters and not (named.levels or named.units) else None
        return [c for c in self.clusters if c.code not in self.met and (asked is None or c.code in asked)]


@dataclass(frozen=True, slots=True)
class RoundNotes:
    """The remarks by one office's calendar and rules of time."""

    wording: Wording
    calendar: VietnamCalendar
    rules: Rules = field(default=DEFAULTS)

    def notes(self, ahead: RoundAhead, only: str | None = None) -> list[Remark]:
        """Who owes, then what may be a slip or leaves too little time; only: of one cluster's meeting."""
        met = {code: day for code, day in ahead.met.items() if only in (None, code)}
        found = [self.owed_by(ahead), *self._without_meeting(ahead)]
        if only is not None and ahead.terms.owes != MEETING:
            found = []
        for day in dict.fromkeys(met.values()):
            found += self.day(day, ahead.today)
            if day > _farthest(ahead.period):
                found.append(Remark("office.meeting_far", _parts(ahead, day=day)))
        found += self._fixed(ahead, met)
        found += self._time_left(ahead, met)
        return list({(r.key, *r.parts.items()): r for r in found}.values())

    def owed_by(self, ahead: RoundAhead) -> Remark:
        """The one line on who owes the period and how to change it."""
        return Remark("owes.line", _parts(ahead, who=self.who(ahead)))

    def who(self, ahead: RoundAhead) -> str:
        """Who owes it, in words."""
        say, owes = self.wording.say, ahead.terms.owes
        meeting = [cluster for cluster in ahead.clusters if cluster.code in ahead.met]
        if owes == ALL:
            return say("owes.all")
        if owes == MEETING and not meeting:
            return say("owes.none_left" if ahead.cancelled else "owes.none_meets")
        if owes == MEETING:
            return say("owes.meeting", clusters=", ".join(c.name for c in meeting))
        named = named_in(owes)
        names = [cluster.name for cluster in ahead.clusters if cluster.code in named.clusters]
        names += [say(f"owes.level_{level}") for level in named.levels]
        names += named.units[:MOST_NAMED]
        if (more := len(named.units) - MOST_NAMED) > 0:
            return say("summary.more_units", units=", ".join(names), more=more)
        return ", ".join(names)

    def _without_meeting(self, ahead: RoundAhead) -> list[Remark]:
        """Clusters that do not meet in a period in which others do."""
        named = named_in(ahead.terms.owes) if ahead.terms.owes not in (ALL, MEETING) else None
        left = [
            cluster
            for cluster in ahead.clusters
            if cluster.code not in ahead.met and (named is None or named.levels or cluster.code in named.clusters)
        ]
        if not ahead.met or not left:
            return []
        names = ", ".join(c.name for c in left[:MOST_NAMED])
        if ahead.terms.owes == MEETING:
            return [Remark("owes.not_meeting", _parts(ahead, clusters=names))]
        off = {cluster.code for cluster in ahead.called_off}
        left = [cluster for cluster in left if cluster.code not in off]
        if not left:
            return []
        names = ", ".join(c.name for c in left[:MOST_NAMED])
        return [Remark("owes.no_briefing", _parts(ahead, clusters=names))]

    def without_any(self, ahead: RoundAhead) -> list[Remark]:
        """No cluster meets in it any more: what that means, and how the office decides otherwise."""
        if ahead.met:
            return []
        if ahead.terms.owes == MEETING:
            return [Remark("owes.nobody_left", _parts(ahead))]
        if ahead.terms.waits and not ahead.opened:
            return [Remark("terms.waits", _parts(ahead))]
        return [self.days(ahead)]

    def days(self, ahead: RoundAhead) -> Remark:
        """When it opens by itself, and when the clusters owe it; "các cụm khác" those that owe it without a meeting."""
        say, period, terms = self.wording.say, ahead.period, ahead.terms
        off = ahead.called_off
        named = {
            c.name: ahead.due(self.calendar, c.code, ahead.opened_on)
            for c in ahead.clusters
            if c.code in ahead.met or c in off
        }
        if left := [cluster for cluster in ahead.by_custom if cluster not in off]:
            others = say("terms.others") if named else ", ".join(cluster.name for cluster in left)
            named[others] = due_on(period, terms, self.calendar, None, None, ahead.opened_on)
        due: dict[date, list[str]] = {}
        for name, day in named.items():
            due.setdefault(day, []).append(name)
        told = "; ".join(f"{', '.join(names)} {day_name(day, ahead.today)}" for day, names in sorted(due.items()))
        opens = "" if ahead.opened and ahead.opened_on == ahead.today else self.opens(ahead)
        return Remark("terms.days", _parts(ahead, opens=opens, due=told or say("terms.nobody")))

    def opens(self, ahead: RoundAhead) -> str:
        """When a period opens, or has opened, behind its name."""
        if ahead.opened_on is not None:
            return self.wording.say("terms.opens", day=day_name(ahead.opened_on, ahead.today))
        return self.wording.say("terms.opens_with_meeting" if ahead.terms.opens_follow else "terms.opens_by_hand")

    def due(self, ahead: RoundAhead, cluster: Cluster) -> list[Remark]:
        """By when a cluster owes it whose meeting is called off; of a moved one, where it keeps the day it was told."""
        if cluster.code not in ahead.announced or not (cluster.code in ahead.met or cluster in ahead.called_off):
            return []
        day = ahead.due(self.calendar, cluster.code, ahead.opened_on)
        met_on = ahead.met.get(cluster.code)
        if met_on and day == due_on(ahead.period, ahead.terms, self.calendar, met_on, None, ahead.opened_on):
            return []
        return [Remark("briefing.due", _parts(ahead, day=day, cluster=cluster.name))]

    def estimates(self, ahead: RoundAhead) -> list[Remark]:
        """Whose figures are estimates, up to which day they count, and when they are confirmed."""
        terms = ahead.terms
        if not terms.estimated or terms.confirm_from_on is None or terms.confirm_by_on is None:
            return []
        days = day_range(terms.confirm_from_on, terms.confirm_by_on, ahead.today)
        names = self.estimating(ahead)
        own = [c.code for c in ahead.clusters if c.code in (named_in(terms.estimates_of).clusters or ahead.asked)]
        ends = [self.cutoff(ahead, code) for code in own or [""]]
        counted = sorted({end for end in ends if end is not None})
        to_days = ", ".join(short_day(day, ahead.today) for day in counted)
        to = self.wording.say("office.estimated_to", days=to_days) if counted else ""
        parts = _parts(ahead, days=days, clusters=names, counted=to)
        return [Remark("office.estimated_of" if names else "office.estimated", parts)]

    def cutoff(self, ahead: RoundAhead, code: str) -> date | None:
        """The last day that the figures of that cluster count, None for the period's last."""
        return cutoff_on(ahead.period, ahead.terms, ahead.due(self.calendar, code, ahead.opened_on))

    @staticmethod
    def estimating(ahead: RoundAhead) -> str:
        """The names of the clusters whose figures are estimates; '' where all are."""
        named = named_in(ahead.terms.estimates_of).clusters
        return ", ".join(c.name for c in ahead.clusters if c.code in named)

    def day(self, day: date, today: date) -> list[Remark]:
        """A day off, or one on which nobody is told anything."""
        if self.calendar.is_silent(day):
            return [Remark("office.in_silence", {"day": day_name(day, today)})]
        if self.calendar.is_working_day(day):
            return []
        name = self.calendar.holiday_on(day) or self.wording.say("calendar.weekend")
        return [Remark("office.day_off", {"day": day_name(day, today), "name": name})]

    def _fixed(self, ahead: RoundAhead, met: Mapping[str, date]) -> list[Remark]:
        """The office's own deadline and cut-off beside the meetings, which both come before."""
        found = self.day(ahead.terms.deadline_on, ahead.today) if ahead.terms.deadline_on else []
        for key, own in (("deadline", ahead.terms.deadline_on), ("confirm_end", ahead.terms.confirm_by_on)):
            if own is not None and own > _farthest(ahead.period):
                words = {"late": self.wording.say(f"term.{key}"), "later": day_name(own, ahead.today)}
                found.append(Remark("office.term_far", _parts(ahead, None, **words)))
        names = {cluster.code: cluster.name for cluster in ahead.clusters}
        for key, own in (("deadline", ahead.terms.deadline_on), ("cutoff", ahead.terms.cutoff_on)):
            for code, day in met.items():
                if own is not None and own > day:
                    words = {"late": self.wording.say(f"term.{key}"), "later": day_name(own, ahead.today)}
                    found.append(Remark("office.after_meeting", _parts(ahead, day, **words, cluster=names[code])))
        return found

    def _time_left(self, ahead: RoundAhead, met: Mapping[str, date]) -> list[Remark]:
        """Deadlines that are over, or so near that not every reminder ahead of them has a day of its own."""
        found, today = list[Remark](), ahead.today
        if ahead.terms.waits and not ahead.opened:
            return found  # nobody owes it before a meeting is set
        first = max(today, ahead.opened_on or today)
        rungs = sum(days >= 0 for days in self.rules.rungs)
        codes = list(met) if ahead.met else [cluster.code for cluster in ahead.by_custom]
        codes = codes if ahead.clusters else [""]
        asked = [[ahead.due(self.calendar, code, opened_on) for opened_on in (None, ahead.opened_on)] for code in codes]
        for named, due in dict.fromkeys((named, due) for named, due in asked):
            days = {"day": day_name(named, today), "due": day_name(due, today)}
            if named < due:
                found.append(Remark("office.deadline_over", days))
            elif due < today:
                found.append(Remark("office.deadline_past", days))
            elif (left := (due - first).days) < rungs:
                found.append(Remark("office.little_notice", {**days, "left": left, "rungs": rungs}))
            if self.calendar.is_silent(due):
                found += self.day(due, today)
        return found


def _farthest(period: Period) -> date:
    """The last day that is not far from it: as long after it as it is itself, within bounds."""
    return period.end_on + min(FAR, max(NEAREST, period.end_on - period.start_on))


def rate_note(wording: Wording, indicator: Indicator, amount: int) -> list[Remark]:
    """A target of more than the whole."""
    if indicator.unit != "%" or amount <= scaled(Decimal(100), indicator.kind):
        return []
    return [Remark("office.rate_high", {"label": indicator.short})]


def _parts(ahead: RoundAhead, day: date | None = None, **words: str) -> dict[str, str]:
    return {"period": ahead.period.name, **({"day": day_name(day, ahead.today)} if day else {}), **words}
