"""The office's orders by chat in; shown once for confirmation, then carried out as one unit of work."""

import hashlib
from collections.abc import Sequence
from datetime import date

from handlers import permissions
from handlers.commands import folded
from handlers.messages import Choice
from handlers.office.agenda import prepared_lines
from handlers.office.briefing_files import briefing_file
from handlers.office.decisions import Counting, Decision, DecisionRefused
from handlers.office.meant import Meant
from handlers.office.order_decisions import OrderDecisions, Said
from handlers.office.own_briefings import listed, tell_own
from handlers.office.period_decisions import PeriodDecisions
from handlers.office.round_notes import RoundAhead
from handlers.orders.orders import Order, TwoMeant, Unplaced
from handlers.routes import ROUTES, Asked
from handlers.turn import Turn
from handlers.wording.speech import Wording
from reporting.time.as_written import NotADay, OtherWeekday
from reporting.time.calendar import day_name
from reporting.time.periods import PeriodError
from storage.database import Database
from storage.organisation import units
from storage.periods import holidays, rounds
from storage.periods.rounds import Round

_MARK = 8  # hexadecimal digits in a button

_QUESTIONS = ("briefings", "periods", "prepared")  # among the orders
MOST_OF_ORDER = 120  # characters of an order given by somebody who may not; longer is a report


class OfficeDesk:
    """What only the office may do by chat."""

    def __init__(self, db: Database, wording: Wording, counting: Counting) -> None:
        self._db = db
        self._wording = wording
        self._meant = Meant(db)
        self._decisions = OrderDecisions(db, wording, counting)

    async def heard(self, turn: Turn) -> bool:
        """Whether the message was an order of the office; then it has its answer."""
        if turn.incoming.kind != "text" or not turn.roles:
            return False
        if not permissions.over_all("order", turn.roles):
            return await self._read_or_denied(turn)
        try:
            orders = await self._orders(turn, turn.incoming.text)
            if not orders:
                return False
            turn.state.order = ""  # the yes that follows is never about the order before
            await self._ask(turn, orders, turn.incoming.text)
        except (DecisionRefused, NotADay, PeriodError) as refusal:
            turn.say(self._why(refusal, turn.today))
        return True

    async def _orders(self, turn: Turn, text: str) -> list[Said]:
        """The orders of the message which its writer may give. Raises DecisionRefused for a part that is none."""
        said, found = await self._meant.orders(text, turn.today), list[Said]()
        for words, order in said:
            if order is None or not permissions.over_all(order.verb, turn.roles):
                if len(said) == 1:
                    return []
                raise DecisionRefused("office.unread_part", part=" ".join(words.split()))
            found.append((words, order))
        return found

    async def _read_or_denied(self, turn: Turn) -> bool:
        """Whether somebody else gave an order of the office, and nothing a report might say; told so then, unless it
        only asks for the briefings and those of some clusters are theirs.
        """
        text = turn.incoming.text.strip()
        if turn.state.expects or "\n" in text or len(text) > MOST_OF_ORDER:
            return False  # the words of a petition, or a report
        try:
            said = await self._meant.orders(text, turn.today)
        except (NotADay, PeriodError):
            return False
        order = said[0][1] if said else None
        bare = folded(text) in ROUTES["open"].words.order
        if order is None or not (order.plain or bare or await self._names_unit(order, turn.today)):
            return False
        if order.verb == "briefings" and permissions.clusters("briefings", turn.roles):
            await tell_own(turn, self._db, await holidays.calendar(self._db))
        else:
            turn.say_key("help.no_rights")
        return True

    async def _names_unit(self, order: Order, today: date) -> bool:
        if order.verb not in ("reopen", "extend"):
            return False
        try:
            return bool(await self._meant.unit(order.subject, today))
        except DecisionRefused:
            return False

    async def answered(self, turn: Turn, asked: Asked) -> None:
        """The choice under an order that was asked back: "order:yes:MARK", "order:no:MARK"."""
        answer, _, mark = asked.rest.partition(":")
        text, turn.state.order = turn.state.order, ""
        if not text or mark != _mark(text) or not permissions.over_all(asked.act, turn.roles):
            turn.say_key("problem.stale")
        elif answer != "yes":
            turn.say_key("office.left")
        else:
            await self._carry_out(turn, text)

    async def _ask(self, turn: Turn, orders: Sequence[Said], text: str) -> None:
        say = self._wording.say
        if len(orders) == 1 and await self._told(turn, orders[0][1]):
            return
        decisions, left = await self._decided(turn, orders)
        turn.state.order = text
        lines = [one.ask.vietnamese(self._wording) for one in decisions]
        lines += dict.fromkeys(note.vietnamese(self._wording) for one in decisions for note in one.warnings)
        mark = _mark(text)
        turn.say(
            "\n".join([*lines, *self._left(left), say("office.sure")]),
            [Choice(say("label.right"), f"order:yes:{mark}"), Choice(say("label.later"), f"order:no:{mark}")],
        )

    async def _told(self, turn: Turn, order: Order) -> bool:
        """Whether it only asks for something, which has its answer then."""
        if order.verb == "owes" and not order.owes:
            periods, dated = await self._decisions.periods(), await self._meant.dated(order, turn.today)
            ahead = await periods.ahead(await self._meant.period(dated, turn.today), turn.today)
            turn.say(periods.notes.owed_by(ahead).vietnamese(self._wording))
        elif order.verb == "briefings":
            await self._list_briefings(turn, await self._meant.dated(order, turn.today))
        elif order.verb == "periods":
            await self._list_periods(turn)
        elif order.verb == "prepared":
            turn.say("\n".join(await prepared_lines(self._db, self._wording, turn.today)))
        else:
            return False
        return True

    async def _decided(self, turn: Turn, orders: Sequence[Said]) -> tuple[list[Decision], list[str]]:
        """What is decided, and the words of what has to wait: a question among several orders too."""
        asked = [words for words, one in orders if one.verb in _QUESTIONS or (one.verb == "owes" and not one.owes)]
        given = [(words, one) for words, one in orders if words not in asked]
        if not given:
            raise DecisionRefused("office.unread_part", part=asked[1])
        decisions, left = await self._decisions.of(given, turn.standing.person_id, turn.now)
        return decisions, [*left, *(" ".join(words.split()) for words in asked)]

    def _left(self, left: Sequence[str]) -> list[str]:
        return [self._wording.say("office.left_out", part=part) for part in left]

    async def _carry_out(self, turn: Turn, text: str) -> None:
        try:
            orders = await self._orders(turn, text)
            if not orders:
                turn.say_key("problem.stale")
                return
            decisions, left = await self._decided(turn, orders)
            self._do(turn, decisions, left)
        except (DecisionRefused, NotADay, PeriodError) as refusal:
            turn.say(self._why(refusal, turn.today))

    async def reopen(self, turn: Turn, asked: Asked) -> None:
        """The button under a unit's request: "reopen:PERIOD:UNIT"."""
        period, _, unit_code = asked.rest.rpartition(":")
        round_, unit = await rounds.round_by_code(self._db, period), await units.unit_by_code(self._db, unit_code)
        if round_ is None or unit is None or not permissions.over_all(asked.act, turn.roles):
            turn.say_key("problem.stale")
            return
        try:
            periods = await self._decisions.periods()
            self._do(turn, [await periods.extend(round_, unit, None, "", turn.standing.person_id, turn.now)])
        except DecisionRefused as refusal:
            turn.say(self._why(refusal, turn.today))

    def _do(self, turn: Turn, decisions: Sequence[Decision], left: Sequence[str] = ()) -> None:
        for decision in decisions:
            turn.rows += decision.rows
        turn.say("\n".join([*(one.done.vietnamese(self._wording) for one in decisions), *self._left(left)]))

    def _why(self, refusal: Exception, today: date) -> str:
        match refusal:
            case OtherWeekday():
                days = {"day": day_name(refusal.day, today), "near": day_name(refusal.near, today)}
                return self._wording.say("office.other_weekday", **days)
            case TwoMeant():
                return self._wording.say("office.two_meant", first=refusal.first, second=refusal.second)
            case Unplaced():
                return self._wording.say("office.unplaced", day=str(refusal))
            case DecisionRefused():
                return refusal.remark.vietnamese(self._wording)
            case NotADay():
                return self._wording.say("office.no_day", source=str(refusal))
            case _:
                return self._wording.say("office.no_period")

    async def _list_periods(self, turn: Turn) -> None:
        """Every period that is not closed, what is due first on top: who owes it, opening, then each meeting with its
        cut-off and deadline, last the deadline of those that owe it without one.
        """
        found, days = list[tuple[date, str, list[str]]](), await self._decisions.periods()
        for r in await rounds.all_rounds(self._db):
            if r.state != "closed":
                ahead = await days.ahead(r, turn.today)
                due = [ahead.due(days.calendar, code, ahead.opened_on) for code in ahead.asked]
                found.append((min(due, default=r.period.end_on), r.code, self._told_period(days, ahead, r)))
        rows = [row for *_, own in sorted(found) for row in own]
        turn.say(
            "\n".join([self._wording.say("office.periods"), *rows]) if rows else self._wording.say("period.none_open")
        )

    def _told_period(self, days: PeriodDecisions, ahead: RoundAhead, round_: Round) -> list[str]:
        say, today = self._wording.say, ahead.today
        opens = days.notes.opens(ahead) if round_.state == "planned" else ""
        parts = {"code": round_.code, "period": round_.period.name, "state": f"{say(f'state.{round_.state}')}{opens}"}
        rows = [say("office.period_row", **parts, terms=days.described(ahead), who=days.notes.who(ahead))]
        for cluster in ahead.clusters:
            due = day_name(ahead.due(days.calendar, cluster.code, ahead.opened_on), today)
            if (met := ahead.met.get(cluster.code)) is not None:
                cutoff = days.notes.cutoff(ahead, cluster.code)
                counted = f", {say('terms.cutoff', day=day_name(cutoff, today))}" if cutoff else ""
                meets = {"cluster": cluster.name, "met": day_name(met, today), "due": due, "cutoff": counted}
                rows.append(say("office.period_cluster", **meets))
            elif cluster in ahead.called_off:
                rows.append(say("office.period_called_off", cluster=cluster.name, due=due))
        others = [cluster for cluster in ahead.by_custom if cluster not in ahead.called_off]
        if others and len(rows) > 1:
            due = day_name(ahead.due(days.calendar, others[0].code, ahead.opened_on), today)
            rows.append(say("office.period_others", due=due))
        return rows

    async def _list_briefings(self, turn: Turn, order: Order) -> None:
        """The rounds of every running period, or of the one named: the span of days, then each cluster's meeting."""
        if order.period:
            asked = [await self._meant.period(order, turn.today)]
        else:
            running = await rounds.open_rounds(self._db)
            planned = [r for r in await rounds.in_state(self._db, "planned") if await rounds.briefings(self._db, r.id)]
            asked = [*running, *planned] or [await self._meant.period(order, turn.today)]
        asked.sort(key=lambda r: (r.period.start_on, r.period.end_on))
        found = [(r, b) for r in asked for b in await rounds.briefings(self._db, r.id)]
        if not found:
            turn.say_key("briefing.none_set", period=", ".join(r.period.name for r in asked))
            return
        ahead = sorted(((r, b) for r, b in found if b.starts_at > turn.now), key=lambda pair: pair[1].starts_at)
        file = briefing_file(self._wording, ahead, turn.now) if ahead else None
        lines, briefings = list[str](), await self._decisions.briefings()
        for round_ in asked:
            if own := [b for r, b in found if r is round_]:
                lines += listed(briefings, own, round_.period.name, turn.today)
        turn.say("\n".join(lines), file=file)


def _mark(text: str) -> str:
    """A short mark of an order, so that an older button does not carry out a newer one."""
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK]
