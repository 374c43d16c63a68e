"""The orders of one message of the office in; what becomes of each out, and which have to wait for another message."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from handlers.office.briefing_decisions import BriefingDecisions, Wanted
from handlers.office.chairs import chairs_called
from handlers.office.decisions import Counting, Decision, DecisionRefused, Remark
from handlers.office.meant import Meant
from handlers.office.period_decisions import PeriodDecisions
from handlers.office.unit_decisions import UnitDecisions
from handlers.orders.orders import Order
from handlers.wording.speech import Wording
from reporting.time.calendar import VIETNAM, day_name, local_day
from reporting.time.periods import Period, campaign, campaign_code, campaign_form, is_campaign, parse_period
from storage.database import Database
from storage.organisation.units import Cluster
from storage.people import preferences
from storage.periods import holidays
from storage.periods.rounds import Mode, Round

Said = tuple[str, Order]  # its words, and what they mean
MORNING = time(8, 0)  # when a new briefing begins where no hour is named
_ALL = ("all", "")  # ordered by what goes with no other order


@dataclass(slots=True)
class _Together:
    """What the orders of a message come to. opened: by its code each period that one of them opens.

    ordered: what is decided already, which a second order of the message cannot decide once more. meetings: by the code
    of the period, the clusters' meetings.
    """

    decisions: list[Decision] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    opened: dict[str, Round] = field(default_factory=dict)
    ordered: set[tuple[str, str]] = field(default_factory=set)
    meetings: dict[str, tuple[Round, list[tuple[Cluster, Wanted | None]]]] = field(default_factory=dict)
    hourless: bool = False


@dataclass(frozen=True, slots=True)
class OrderDecisions:
    """Decides on orders and writes nothing. Raises DecisionRefused; NotADay and PeriodError of what cannot be."""

    db: Database
    wording: Wording
    counting: Counting

    async def periods(self) -> PeriodDecisions:
        """Decisions on periods by the office's calendar and rules."""
        rules = await preferences.rules(self.db)
        return PeriodDecisions(self.db, await holidays.calendar(self.db), self.wording, rules)

    async def briefings(self) -> BriefingDecisions:
        """Decisions on briefings by the office's calendar and rules."""
        rules = await preferences.rules(self.db)
        return BriefingDecisions(self.db, await holidays.calendar(self.db), self.wording, rules)

    async def of(self, orders: Sequence[Said], actor: int | None, now: datetime) -> tuple[list[Decision], list[str]]:
        """The decisions, in an order in which their rows can be written as one, and the words of the orders that are
        not among them: each would have to see what another has changed.
        """
        whole = _Together()
        for words, order in orders:
            try:
                if not await self._add(whole, order, actor, now):
                    whole.left.append(" ".join(words.split()))
            except DecisionRefused as refused:
                if len(orders) == 1:
                    raise
                why = refused.remark.vietnamese(self.wording)
                raise DecisionRefused("office.of_part", part=" ".join(words.split()), why=why) from refused
        for code, (round_, wanted) in whole.meetings.items():
            anew = code in whole.opened
            whole.decisions += await (await self.briefings()).together(round_, wanted, actor, now, anew)
        if whole.hourless:
            usual = Remark("briefing.no_hour", {"hour": str(MORNING.hour)})
            last = whole.decisions[-1]
            whole.decisions[-1] = replace(last, warnings=[usual, *last.warnings])
        for number, one in enumerate(whole.decisions):
            if one.round is not None and one.round.code in whole.meetings:  # its days are told with its meetings
                whole.decisions[number] = replace(one, warnings=())
        return whole.decisions, whole.left

    async def _add(self, whole: _Together, order: Order, actor: int | None, now: datetime) -> bool:
        """Whether it is among the decisions now."""
        alone = order.verb == "count" or order.of_units is not None
        if whole.ordered if alone else _ALL in whole.ordered:
            return False
        if alone:
            whole.ordered.add(_ALL)
            whole.decisions.append(await self._alone(order, actor, now))
            return True
        if order.verb == "open":
            return await self._open(whole, order, actor, now)
        round_ = await self._round(whole, order, local_day(now))
        if order.verb in ("set", "move", "cancel"):
            return await self._meet(whole, order, round_, local_day(now))
        free = self._free(whole, round_, order.subject if order.verb in ("reopen", "extend") else "")
        if free:
            whole.decisions.append(await self._of_round(order, round_, actor, now))
        return free

    @staticmethod
    def _free(whole: _Together, round_: Round, subject: str) -> bool:
        """Takes the period, or one unit in it, for an order; False where another order has it."""
        own, others = (round_.code, subject), {one for one in whole.ordered if one[0] == round_.code}
        if round_.code in whole.meetings or (others if not subject else others & {own, (round_.code, "")}):
            return False
        whole.ordered.add(own)
        return True

    async def _open(self, whole: _Together, order: Order, actor: int | None, now: datetime) -> bool:
        order = await Meant(self.db).dated(order, local_day(now))
        period = await self._period(order, local_day(now))
        if any(code == period.code for code, _ in whole.ordered) or period.code in whole.meetings:
            return False
        decision = await (await self.periods()).open(period, await self._named(order, local_day(now)), actor, now)
        assert decision.round is not None
        whole.opened[period.code] = decision.round
        whole.ordered.add((period.code, ""))
        whole.decisions.append(decision)
        return True

    async def _round(self, whole: _Together, order: Order, today: date) -> Round:
        """The period that is meant: one that the message itself opens, else one there is."""
        just = [r for code, r in whole.opened.items() if order.period in (None, code)]
        if order.period is not None and not order.dated:
            just = [r for code, r in whole.opened.items() if code[4:] == order.period[4:]]
        if len(just) == 1:
            return just[0]
        meant = Meant(self.db)
        return await meant.period(await meant.dated(order, today), today)

    async def _meet(self, whole: _Together, order: Order, round_: Round, today: date) -> bool:
        cluster = await Meant(self.db).cluster(order.subject, today)
        others = {one for one in whole.ordered if one[0] == round_.code}
        if ("cluster", cluster.code) in whole.ordered or (others and round_.code not in whole.opened):
            return False
        whole.ordered.add(("cluster", cluster.code))
        wanted = None if order.verb == "cancel" else await self._wanted(round_, cluster, order, today)
        if order.verb == "cancel":
            await self._on_its_day(round_, cluster, order, today)
        elif order.hour is None and await (await self.briefings()).find(round_, cluster) is None:
            whole.hourless = True
        whole.meetings.setdefault(round_.code, (round_, []))[1].append((cluster, wanted))
        return True

    async def _on_its_day(self, round_: Round, cluster: Cluster, order: Order, today: date) -> None:
        known = await (await self.briefings()).find(round_, cluster)
        if known is not None and order.day not in (None, local_day(known.starts_at)):
            met = day_name(local_day(known.starts_at), today)
            raise DecisionRefused("briefing.other_day", cluster=cluster.name, period=round_.period.name, day=met)

    async def _alone(self, order: Order, actor: int | None, now: datetime) -> Decision:
        if order.of_units is None:
            return await self.counting.decide(order.written, actor, now)
        return await Meant(self.db).of_units(UnitDecisions(self.db, self.wording), order.of_units, actor, now)

    async def _of_round(self, order: Order, round_: Round, actor: int | None, now: datetime) -> Decision:
        today, periods = local_day(now), await self.periods()
        match order.verb:
            case "lock" | "owes" if order.lock_after is not None or order.owes:
                return await periods.set_terms(round_, await self._named(order, today), actor, now)
            case "lock":
                return await periods.lock(round_, actor, now)
            case "close":
                return await periods.close(round_, actor, now)
            case _:
                if order.verb == "reopen" and not order.subject:
                    periods.never_whole(round_)
                unit = await Meant(self.db).unit(order.subject, today)
                if order.verb == "extend" and order.day is None:
                    raise DecisionRefused("office.to_which_day", unit=unit.known_as)
                return await periods.extend(round_, unit, order.day, order.reason, actor, now)

    async def _period(self, order: Order, today: date) -> Period:
        if order.title and order.first and order.last:
            if order.last < order.first:
                raise DecisionRefused(
                    "office.days_cross",
                    late=self.wording.say("term.end"), later=day_name(order.last, today),
                    early=self.wording.say("term.start"), earlier=day_name(order.first, today),
                )  # fmt: skip
            code = campaign_code(order.last.year, order.title)
            form = order.form or campaign_form(order.first, order.last)
            return campaign(code, order.title, form, order.first, order.last)
        if order.period is None:
            raise DecisionRefused("office.no_period")
        if is_campaign(order.period):
            return (await Meant(self.db).period(order, today)).period
        return parse_period(order.period)

    async def _named(self, order: Order, today: date) -> dict[str, Any]:
        """The terms that were said."""
        said: dict[str, Any] = {
            "deadline_on": order.deadline, "deadline_lead": order.lead, "cutoff_on": order.cutoff,
            "opens_on": order.opens,
            "opens_follow": order.opens_itself or None, "estimated": order.estimated or None,
        }  # fmt: skip
        if order.owes:
            said["owes"] = await Meant(self.db).owing(order.owes, today)
        if order.lock_after is not None:
            said["lock_after"] = order.lock_after
        named = {name: value for name, value in said.items() if value is not None}
        return named | ({"lock_after": None} if order.never_locks else {})

    async def _wanted(self, round_: Round, cluster: Cluster, order: Order, today: date) -> Wanted:
        known = await (await self.briefings()).find(round_, cluster)
        starts_at = None
        if order.day is not None or order.hour is not None:
            was = known.starts_at.astimezone(VIETNAM) if known else None
            day = order.day or (was.date() if was else None)
            if day is None or order.unread_day:
                raise DecisionRefused("office.to_which_day", unit=cluster.name)
            hour = order.hour or (was.time() if was else MORNING)
            starts_at = datetime.combine(day, hour, VIETNAM)
        elif not (order.place or order.host or order.chairs):
            key = "office.meets_when" if known else "office.to_which_day"
            raise DecisionRefused(key, unit=cluster.name)
        place = order.place or None
        mode: Mode | None = "online" if order.online else "in_person" if place else None
        host = await Meant(self.db).unit(order.host, today) if order.host else None
        chairs = await chairs_called(self.db, [order.chairs], cluster.id, today) if order.chairs else None
        return Wanted(starts_at, place, mode, chairs, host)
