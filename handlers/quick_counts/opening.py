"""A quick count as it was asked for in, the decision to open it or why it cannot be out."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from handlers.office.decisions import Decision, DecisionRefused, Remark
from handlers.office.meant import Meant
from handlers.office.round_notes import RoundAhead, RoundNotes
from handlers.quick_counts.quick_orders import MOST_COUNTED, MOST_TITLE, NoQuickCount, quick_order_in
from handlers.turn import fresh_id
from handlers.wording.speech import Wording
from reporting.plan.counts import CALLED, CountPlan
from reporting.time.calendar import VIETNAM, hour_of_day, local_day
from reporting.time.deadlines import UNDECIDED
from reporting.time.owing import ALL
from reporting.time.periods import Period
from reporting.time.quick_counts import quick_code, quick_count
from reporting.time.rules import Rules
from storage.database import Database
from storage.organisation import owing, units
from storage.people import people, preferences
from storage.periods import holidays, rounds
from storage.reports.events import happened

FARTHEST = timedelta(days=3)  # what has more time is a period
MOST_AT_ONCE = 3  # quick counts that run


@dataclass(frozen=True, slots=True)
class QuickOpening:
    """Opens quick counts."""

    db: Database
    wording: Wording

    async def decide(self, text: str, actor: int | None, now: datetime) -> Decision:
        """Asked of whom it names, everybody where it names nobody. Raises DecisionRefused, NotADay."""
        try:
            order = quick_order_in(text, now)
        except NoQuickCount as why:
            raise DecisionRefused(f"quick.{why}", most=MOST_COUNTED) from None
        if order is None:
            raise DecisionRefused("quick.no_hour")
        rules = await preferences.rules(self.db)
        calls = CountPlan(rules).calls(now, order.due_at)
        self._check_hour(order.due_at, now, rules, bool(calls))
        if len(await rounds.quick_rounds(self.db)) >= MOST_AT_ONCE:
            raise DecisionRefused("quick.enough", most=MOST_AT_ONCE)
        owes = await Meant(self.db).owing(order.whom, local_day(now)) if order.whom else ALL
        asked = (await owing.members(self.db, owes, local_day(now))).keys()
        if not asked:
            raise DecisionRefused("quick.nobody", whom=order.whom)
        code = await self._code(order.due_at)
        say = self.wording.say
        items = ", ".join(one.label for one in order.counted)
        title = order.title or items[:1].lower() + items[1:]
        about = say("quick.titled", title=title if len(title) <= MOST_TITLE else f"{title[: MOST_TITLE - 1].rstrip()}…")
        period = quick_count(code, about, now, order.due_at, order.counted)
        reached = len(asked & await people.units_reached(self.db, local_day(now)))
        listed = "\n".join(say("quick.counted", label=one.label, unit=one.unit) for one in order.counted)
        named: dict[str, Any] = {
            "title": about, "until": hour_of_day(order.due_at), "counted": listed, "units": len(asked),
            "whom": await self._whom(period, owes, local_day(now)),
            "reminded": ", ".join(f"{at.astimezone(VIETNAM):%H:%M}" for rung, at in calls if rung != CALLED),
        }  # fmt: skip
        warnings = [Remark("quick.unreached", {"count": len(asked) - reached})] if reached < len(asked) else []
        key = "quick.ask" if named["reminded"] else "quick.ask_once"
        return Decision(
            [
                rounds.add_quick(fresh_id(), period, order.counted, owes, now),
                happened("period.opened", code, actor, now, new=f"due={order.due_at.isoformat()} owes={owes}"),
            ],
            Remark(key, named),
            Remark("quick.opened", named),
            warnings,
        )

    async def _whom(self, period: Period, owes: str, today: date) -> str:
        clusters = await units.all_clusters(self.db, today)
        ahead = RoundAhead(period, replace(UNDECIDED, owes=owes), {}, clusters, today)
        return RoundNotes(self.wording, await holidays.calendar(self.db)).who(ahead)

    def _check_hour(self, due_at: datetime, now: datetime, rules: Rules, told: bool) -> None:
        parts = {"until": hour_of_day(due_at), "now": f"{now.astimezone(VIETNAM):%H:%M}"}
        if due_at <= now:
            raise DecisionRefused("quick.past", **parts)
        if due_at - now > FARTHEST:
            raise DecisionRefused("quick.far", days=FARTHEST.days, **parts)
        if not told:
            quiet = "-".join(f"{hour:%H:%M}" for hour in rules.quiet)
            raise DecisionRefused("quick.at_night", quiet=quiet, **parts)

    async def _code(self, due_at: datetime) -> str:
        for number in count(1):
            code = quick_code(due_at, number)
            if await rounds.round_by_code(self.db, code) is None:
                return code
        raise AssertionError
