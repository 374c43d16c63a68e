"""What the office wants of a cluster's briefing in, the decision (rows, question, answer) or its refusal out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NoReturn

from handlers.leaders.summaries import chaired, local_time
from handlers.office.day_checks import check_opening
from handlers.office.decisions import Decision, DecisionRefused, Remark
from handlers.office.period_decisions import PeriodDecisions
from handlers.office.round_notes import RoundNotes
from handlers.turn import fresh_id
from handlers.wording.speech import Wording
from reporting.time.calendar import VIETNAM, VietnamCalendar, at, day_name, hour_of_day, local_day
from reporting.time.rules import DEFAULTS, Rules
from storage.database import Database, Statement
from storage.organisation.units import Cluster, Unit
from storage.periods import briefings, rounds
from storage.periods import chairs as storage_chairs
from storage.periods import terms as terms_rows
from storage.periods.chairs import Chair
from storage.periods.rounds import Briefing, Mode, Round
from storage.reports.events import happened

EARLIEST, LATEST = time(6), time(22)  # another hour is a slip of the keyboard: 3h meant as 15h
MOST_OF_PLACE = 200  # characters
_LINK = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
FARTHEST = timedelta(days=400)  # from the period's end; a later briefing is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Wanted:
    """A briefing as it shall be; None leaves what stands, or what is usual for a new one: the cluster's one chair."""

    starts_at: datetime | None = None
    place: str | None = None
    mode: Mode | None = None
    chairs: tuple[Chair, ...] | None = None
    host: Unit | None = None


@dataclass(frozen=True, slots=True)
class _Changed:
    """A cluster's meeting before and after, None where there is none, and what carries that out, asks and tells it."""

    cluster: Cluster
    known: Briefing | None
    after: Briefing | None
    rows: Sequence[Statement]
    event: str
    ask: Remark
    done: Remark

    @property
    def moved(self) -> bool:
        """Whether it meets at another hour, or no more, or for the first time."""
        return self.known is None or self.after is None or self.known.starts_at != self.after.starts_at


@dataclass(frozen=True, slots=True)
class BriefingDecisions:
    """Decisions on briefings: each method gives one's rows and words and writes nothing. Raises DecisionRefused."""

    db: Database
    calendar: VietnamCalendar
    wording: Wording
    rules: Rules = DEFAULTS

    async def find(self, round_: Round, cluster: Cluster) -> Briefing | None:
        """The cluster's briefing on that period."""
        found = await rounds.briefings(self.db, round_.id)
        return next((b for b in found if b.cluster_id == cluster.id), None)

    async def decide(
        self, round_: Round, cluster: Cluster, wanted: Wanted, actor: int | None, now: datetime
    ) -> Decision:
        """Sets the cluster's briefing on the period, or changes the one that is set."""
        return (await self.together(round_, [(cluster, wanted)], actor, now))[0]

    async def cancel(self, round_: Round, cluster: Cluster, actor: int | None, now: datetime) -> Decision:
        """The cluster does not meet in the period after all; those it concerns are told once."""
        return (await self.together(round_, [(cluster, None)], actor, now))[0]

    async def together(
        self,
        round_: Round,
        wanted: Sequence[tuple[Cluster, Wanted | None]],
        actor: int | None,
        now: datetime,
        anew: bool = False,
    ) -> list[Decision]:
        """Decides on the meetings of several clusters at once, None for one that is called off; each cluster once. What
        follows of it for the period goes with the last.

        anew: the period is opened with them, so that all its days are told.
        """
        self._not_closed(round_)
        changed = [
            await (self._called_off(round_, cluster, now) if one is None else self._set(round_, cluster, one, now))
            for cluster, one in wanted
        ]
        follows, notes = await self._follows(round_, changed, now, anew)
        decisions = [
            Decision(
                [
                    *one.rows,
                    *(follows if one is changed[-1] else ()),
                    happened(
                        one.event, one.cluster.code, actor, now, period_id=round_.id,
                        old=_written(one.known) if one.known else None, new=_written(one.after) if one.after else None,
                    ),
                ],
                one.ask,
                one.done,
            )
            for one in changed
        ]  # fmt: skip
        return [*decisions[:-1], replace(decisions[-1], warnings=notes)]

    async def _set(self, round_: Round, cluster: Cluster, wanted: Wanted, now: datetime) -> "_Changed":
        known = await self.find(round_, cluster)
        after = await self._after(round_, cluster, known, wanted)
        chairs = known is None or [c.key for c in self._named(after)] != [c.key for c in self._named(known)]
        same = known is not None and replace(after, chair=known.chair, chair_id=known.chair_id) == known
        if same and not chairs:
            assert known is not None
            raise DecisionRefused("briefing.unchanged", **self.parts(known, local_day(now)))
        self._check_place(known, after)
        moved = known is None or known.starts_at != after.starts_at
        if moved:
            await self._check_day(round_, cluster, after.starts_at, now)
        elif after.starts_at < now:
            raise DecisionRefused("briefing.held", **self.parts(after, local_day(now)))
        values = (after.starts_at, after.mode, after.place, after.chair_id, after.host_unit_id)
        briefing_id = known.id if known else fresh_id()
        sequence = known.sequence if known else None
        rows: list[Statement] = []
        if known is None:
            rows.append(
                rounds.add_briefing(
                    briefing_id, round_.id, cluster.id, after.starts_at, after.place, after.chair_id, after.mode,
                    after.host_unit_id,
                )
            )  # fmt: skip
        elif not same:
            rows.append(briefings.change(known, *values))
            sequence = known.sequence + 1
        if chairs and wanted.chairs:
            rows += storage_chairs.name(briefing_id, sequence, wanted.chairs)
        today = local_day(now)
        parts = self.parts(after, today) | {
            "period": round_.period.name,
            "was": self.when(known, today) if known else "",
            "told": self._tells(round_),
        }
        # Only what was named just now is said back; the list shows all of it.
        parts |= {} if wanted.host else {"host": ""}
        parts |= {} if wanted.chairs else {"chair": ""}
        key = "briefing.set" if known is None else "briefing.moved" if moved else "briefing.changed"
        change = "briefing.ask_chair" if same else "briefing.ask_move" if moved else "briefing.ask_change"
        asked = "briefing.ask_set" if known is None else change
        return _Changed(cluster, known, after, rows, key, Remark(asked, parts), Remark("briefing.done", parts))

    async def _called_off(self, round_: Round, cluster: Cluster, now: datetime) -> "_Changed":
        known = await self.find(round_, cluster)
        if known is None:
            self._none(round_, cluster)
        if known.starts_at <= now:
            raise DecisionRefused("briefing.held", **self.parts(known, local_day(now)))
        parts = self.parts(known, local_day(now)) | {"period": round_.period.name, "told": self._tells(round_)}
        ask, done = Remark("briefing.ask_cancel", parts), Remark("briefing.cancelled", parts)
        return _Changed(cluster, known, None, briefings.cancel(known, now), "briefing.cancelled", ask, done)

    def _tells(self, round_: Round) -> str:
        """Who hears of a change: of a period that is not opened nobody knows yet."""
        return self.wording.say("briefing.tells_later" if round_.state == "planned" else "briefing.tells")

    def _not_closed(self, round_: Round) -> None:
        if round_.state == "closed":
            raise DecisionRefused(
                "office.period_is",
                period=round_.period.name, state=self.wording.say("state.closed"),
            )  # fmt: skip

    def _none(self, round_: Round, cluster: Cluster) -> NoReturn:
        raise DecisionRefused(
            "briefing.none",
            cluster=cluster.name, period=round_.period.name,
        )  # fmt: skip

    async def _after(self, round_: Round, cluster: Cluster, known: Briefing | None, wanted: Wanted) -> Briefing:
        host = wanted.host
        if known is not None:
            after = replace(
                known,
                starts_at=wanted.starts_at or known.starts_at,
                place=known.place if wanted.place is None else wanted.place,
                mode=wanted.mode or known.mode,
                host_unit_id=host.id if host else known.host_unit_id,
                host=host.name if host else known.host,
            )
            return _chaired_by(after, wanted.chairs)
        if wanted.starts_at is None:
            self._none(round_, cluster)
        if not wanted.place:
            raise DecisionRefused(
                "briefing.no_place",
                cluster=cluster.name,
            )  # fmt: skip
        new = Briefing(
            round_.id, cluster.id, cluster.code, cluster.name, wanted.starts_at, wanted.place, "",
            mode=wanted.mode or "in_person", chair_id=await rounds.chair_of(self.db, cluster.id),
            host_unit_id=host.id if host else None, host=host.name if host else "",
        )  # fmt: skip
        return _chaired_by(new, wanted.chairs)

    @staticmethod
    def _named(briefing: Briefing) -> list[Chair]:
        return [Chair(briefing.chair_id, briefing.chair_post_id, "", ""), *briefing.co_chairs]

    @staticmethod
    def _check_place(known: Briefing | None, after: Briefing) -> None:
        if known is not None and (known.place, known.mode) == (after.place, after.mode):
            return
        if len(after.place) > MOST_OF_PLACE:
            length = len(after.place)
            raise DecisionRefused(
                "briefing.place_long",
                length=length, most=MOST_OF_PLACE,
            )  # fmt: skip
        if after.mode == "online" and not _LINK.fullmatch(after.place):
            raise DecisionRefused("briefing.bad_link")

    async def _check_day(self, round_: Round, cluster: Cluster, starts_at: datetime, now: datetime) -> None:
        day = local_day(starts_at)
        parts = {"day": day_name(day, local_day(now)), "time": local_time(starts_at), "cluster": cluster.name}
        if starts_at <= now:
            raise DecisionRefused("briefing.past", **parts)
        if not EARLIEST <= starts_at.astimezone(VIETNAM).time() <= LATEST:
            raise DecisionRefused(
                "briefing.night",
                earliest=f"{EARLIEST:%H:%M}", latest=f"{LATEST:%H:%M}", **parts,
            )  # fmt: skip
        if day > round_.period.end_on + FARTHEST:
            raise DecisionRefused("office.day_far", day=parts["day"])
        if day < round_.period.start_on:
            raise DecisionRefused("briefing.before_period", period=round_.period.name, **parts)
        others = await briefings.elsewhere(self.db, cluster.id, round_.id, at(day, 0), at(day + timedelta(days=1), 0))
        if others:
            raise DecisionRefused(
                "briefing.two_on_a_day",
                other=others[0], **parts,
            )  # fmt: skip

    async def _follows(
        self, round_: Round, changed: Sequence["_Changed"], now: datetime, anew: bool
    ) -> tuple[list[Statement], list[Remark]]:
        """What becomes of the period with these briefings: rows where its own days follow from them, and remarks."""
        before = await PeriodDecisions(self.db, self.calendar, self.wording, self.rules).ahead(round_, local_day(now))
        own = {one.cluster.id for one in changed}
        others = [b for b in await rounds.briefings(self.db, round_.id) if b.cluster_id not in own]
        after = [*others, *(one.after for one in changed if one.after is not None)]
        met = {b.cluster_code: local_day(b.starts_at) for b in after}
        off = any(one.after is None for one in changed)
        ahead = replace(before, met=met, cancelled=before.cancelled or off).settled(self.calendar)
        check_opening(self.wording, ahead.terms, met.values(), ahead.today)
        rows = list[Statement]()
        if round_.state in ("open", "locked"):
            ahead = ahead.keeping(before, self.calendar, fixed=False)
            ids = {one.code: one.id for one in ahead.clusters}
            rows += [rounds.keep_announced(round_.id, ids[code], day) for code, day in ahead.announced.items()]
        terms, was = ahead.terms, round_.terms
        rows += terms_rows.decided(round_, terms, now) if terms != was else []
        remarks = RoundNotes(self.wording, self.calendar, self.rules)
        notes = [note for one in changed if one.moved for note in remarks.due(ahead, one.cluster)]
        notes = notes or (remarks.without_any(ahead) if off else [])
        if anew:
            notes += [remarks.days(ahead), *remarks.notes(ahead)]
        for one in changed:
            notes += remarks.notes(ahead, one.cluster.code if one.after is not None else None)
        if (terms.estimated, terms.estimates_of) != (was.estimated, was.estimates_of):
            notes += remarks.estimates(ahead)
        return rows, list({(note.key, *note.parts.items()): note for note in notes}.values())

    def when(self, briefing: Briefing, today: date) -> str:
        """ "08:15 thứ Tư 15/4"."""
        return hour_of_day(briefing.starts_at, today)

    def parts(self, briefing: Briefing, today: date) -> dict[str, str]:
        """The briefing in words, for texts."""
        say = self.wording.say
        place = say("briefing.online", link=briefing.place) if briefing.mode == "online" else briefing.place
        return {
            "cluster": briefing.cluster_name, "when": self.when(briefing, today), "place": place,
            "host": say("briefing.host", host=briefing.host) if briefing.host else "",
            "chair": chaired(self.wording, briefing),
        }  # fmt: skip


def _chaired_by(briefing: Briefing, chairs: tuple[Chair, ...] | None) -> Briefing:
    if not chairs:
        return briefing
    first, *others = chairs
    person_id, post_id = first.key
    return replace(
        briefing, chair=first.title, chair_id=person_id, chair_post_id=post_id, co_chairs=tuple(others)
    )  # fmt: skip


def _written(briefing: Briefing) -> str:
    where = f"online, {briefing.place}" if briefing.mode == "online" else briefing.place
    return f"{local_day(briefing.starts_at)} {local_time(briefing.starts_at)}, {where}"
