"""Words of an order in, the period, unit or cluster they mean out; refused where none or several fit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers.commands import folded
from handlers.leaders.named_cluster import cluster_called
from handlers.office.decisions import Decision, DecisionRefused
from handlers.office.unit_decisions import Heir, Ordered, UnitDecisions
from handlers.orders.orders import Order, Verb, begins_order, orders_in
from handlers.orders.unit_orders import UnitOrder
from handlers.petition_words import names_petition
from reporting.time.calendar import local_day
from reporting.time.deadlines import PeriodState
from reporting.time.owing import NobodyCalledSo, owing_in
from reporting.time.periods import Period, is_campaign, parse_period
from storage.database import Database
from storage.organisation import snapshot, units
from storage.organisation.units import Cluster, Unit
from storage.periods import rounds
from storage.periods.rounds import Round

MOST_KNOWN = 6  # units in a refusal
_LIKELY = ("open", "locked", "planned", "closed")
# Of periods of one name in several years those that such an order can be about.
_ABOUT: Mapping[Verb, tuple[tuple[PeriodState, ...], ...]] = {
    "lock": (("open",),), "close": (("open", "locked"),), "extend": (("open", "locked"),), "reopen": (("locked",),),
}  # fmt: skip
_OF_ANY: tuple[tuple[PeriodState, ...], ...] = (("open", "planned"), ("locked",), ("closed",))
# A period without its year that is to be opened: the one that runs or has ended so lately that it is being reported,
# else the next one; one that ended somewhat longer ago is asked about, and a past one needs its year.
_REPORTED = timedelta(days=45)
_DOUBTFUL = timedelta(days=120)
# Words of units' names that set none apart from the others.
_OF_MANY = frozenset(
    ["chi", "doan", "co", "so", "thon", "xom", "ap", "ban", "to", "khu", "pho", "xa", "phuong", "truong", "tinh"]
)


@dataclass(frozen=True, slots=True)
class Meant:
    """Looks up what is meant. Raises DecisionRefused where nothing fits, or several do."""

    db: Database

    async def orders(self, text: str, today: date) -> list[tuple[str, Order | None]]:
        """The orders a message gives, each with its words and its period by code or by name, a campaign's too."""
        if not begins_order(text) or names_petition(text):  # "mở lại KN07"
            return []
        # Of two campaigns of one name the one that runs is meant, else the later.
        later_first = (await rounds.all_rounds(self.db))[::-1]
        meant = sorted(later_first, key=lambda r: _LIKELY.index(r.state))
        return orders_in(text, today, [r.period for r in meant if r.period.title])

    async def dated(self, order: Order, today: date) -> Order:
        """The order with the year that is meant where none was said of its period, refused where two may be."""
        if order.dated or order.period is None or is_campaign(order.period):
            return order
        named = parse_period(order.period)
        years = [parse_period(f"{year}{named.code[4:]}") for year in (today.year - 1, today.year, today.year + 1)]
        known = {r.code: r for r in await rounds.all_rounds(self.db)}
        meant = _to_open(years, today) if order.verb == "open" else _standing(years, known, order.verb)
        if len(meant) > 1:
            names = [period.name for period in meant]
            raise DecisionRefused("office.which_year", first=names[0], second=names[-1])
        return replace(order, period=meant[0].code if meant else named.code)

    async def period(self, order: Order, today: date) -> Round:
        """The period that was named; where none was, the only one there is to choose."""
        if order.period is not None:
            found = await rounds.round_by_code(self.db, order.period)
            if found is None:
                raise DecisionRefused("office.unknown_period", period=order.period)
            return found
        every = await rounds.all_rounds(self.db)
        of_meeting = order.verb in ("set", "move", "cancel")
        running = [r for r in every if r.state == "open"]
        running = running or [r for r in every if r.state == "planned" and of_meeting]  # met on before it opens
        running = running or [r for r in every if r.state == "locked"]
        if order.verb in ("reopen", "extend") and not running:
            running = [r for r in every if r.state == "closed"][-1:]  # it is told why not
        if order.verb in ("move", "cancel") and len(running) > 1:
            running = await self._with_briefing(running, order, today) or running
        named_otherwise = order.verb in ("lock", "close") and order.subject not in ("", "nay")
        if len(running) != 1 or (running and named_otherwise):
            codes = ", ".join(r.period.name for r in running)
            raise DecisionRefused("office.which_period" if running else "period.none_open", codes=codes)
        return running[0]

    async def _with_briefing(self, running: Sequence[Round], order: Order, today: date) -> list[Round]:
        """Those in which the cluster has a briefing; where one of them is still ahead, only these."""
        cluster = await self.cluster(order.subject, today)
        set_ = [(r, b) for r in running for b in await rounds.briefings(self.db, r.id) if b.cluster_id == cluster.id]
        ahead = [r for r, b in set_ if local_day(b.starts_at) >= today]
        return ahead or [r for r, _ in set_]

    async def unit(self, words: str, today: date, above: Collection[int] = ()) -> Unit:
        """The unit of that code or name, words folded; else the only one whose name holds these words.

        above: of several of a name those under one of these units are meant, where there are any.
        """
        if found := await units.unit_by_code(self.db, words.replace(" ", "")):
            return found
        every = await units.all_units(self.db, today)
        called = [u for u in every if folded(u.name) == words] or [
            u for u in every if words and f" {words} " in f" {folded(u.name)} "
        ]
        under = {one.code for one in every if one.id in above}
        called = [one for one in called if one.parent in under] or called
        if len(called) == 1:
            return called[0]
        known = ", ".join(f"{u.known_as} ({u.code})" for u in (called or _near(words, every))[:MOST_KNOWN])
        if known:
            raise DecisionRefused("office.which_unit", known=known)
        if any(letter.isdecimal() for letter in words):
            raise DecisionRefused("office.unknown_unit", unit=words.upper())
        raise DecisionRefused("office.unknown_name")

    async def owing(self, words: str, today: date) -> str:
        """Who is to owe a period, as its row keeps it, in the place of a unit that has ended its heir."""
        clusters = [(cluster.code, cluster.name) for cluster in await units.all_clusters(self.db, today)]
        codes = {unit.code: unit.code for unit in await units.all_units(self.db, today) if unit.cluster}
        every = await snapshot.load(self.db)
        taken_over = {one.code: every.heir(one.id, today).code for one in every.units.values() if one.successors}
        codes = {code: heir for code, heir in taken_over.items() if heir in codes} | codes
        try:
            kept = owing_in(words, clusters, codes)
        except NobodyCalledSo as unknown:
            part = str(unknown)
            raise DecisionRefused("owes.unknown", part=part) from None
        for code, heir in codes.items():
            kept = kept.replace(f",{code},", f",{heir},")
        return kept

    async def of_units(self, decisions: UnitDecisions, order: UnitOrder, actor: int | None, now: datetime) -> Decision:
        """What becomes of the units that are named; codes, or names in any writing."""
        today = local_day(now)
        by = Ordered(order.since or today, actor, now)
        into = " ".join(order.into)
        if order.verb == "withdraw":
            return await decisions.call_off([folded(words) for words in order.units], order, by)
        if order.verb == "add":
            code, _, name = " ".join(order.units).partition(" ")
            above = cluster_called(folded(into), await units.all_clusters(self.db, today))
            return await decisions.add(Heir(code.upper(), name), above or await self.unit(folded(into), today), by)
        named = [await self.unit(folded(words), today) for words in order.units]
        match order.verb:
            case "merge":
                return await decisions.merge(named, await self.unit(folded(into), today), by)
            case "split":
                return await decisions.split(named[0], [await self._part(part, today) for part in order.into], by)
            case "rename":
                return await decisions.rename(named[0], into, by)
            case "transfer":
                cluster = cluster_called(folded(into), await units.all_clusters(self.db, today))
                return await decisions.transfer(named[0], cluster or await self.unit(folded(into), today), by)

    async def _part(self, words: str, today: date) -> Heir:
        """A unit there is, by code or name; else a new one: its code and then its name."""
        code, _, name = words.partition(" ")
        if await units.unit_by_code(self.db, code) is not None:
            return Heir(code)
        if name and any(letter.isdecimal() for letter in code):
            return Heir(code.upper(), name)
        return Heir((await self.unit(folded(words), today)).code)

    async def cluster(self, words: str, today: date) -> Cluster:
        """The cluster of that code, name or number, words folded."""
        every = await units.all_clusters(self.db, today)
        if found := cluster_called(words, every):
            return found
        raise DecisionRefused(
            "office.unknown_cluster",
            known=", ".join(cluster.name for cluster in every),
        )  # fmt: skip


def _to_open(years: Sequence[Period], today: date) -> list[Period]:
    """Which of the periods of one name is to be opened: one, or two where both may be."""
    runs = [one for one in years if one.start_on <= today <= one.end_on + _REPORTED]
    ahead = [one for one in years if one.start_on > today]
    over = [one for one in years if one.end_on + _REPORTED < today <= one.end_on + _DOUBTFUL]
    return runs[-1:] or [*over[-1:], *ahead[:1]]


def _standing(years: Sequence[Period], known: Mapping[str, Round], verb: Verb) -> list[Period]:
    """Which of them the order can be about as they stand; none where the province has none of them."""
    for states in (*_ABOUT.get(verb, ()), *_OF_ANY):
        if found := [one for one in years if one.code in known and known[one.code].state in states]:
            return found
    return []


def _near(words: str, every: Sequence[Unit]) -> list[Unit]:
    """Units whose names share telling words with these, those that share most of them."""
    telling = set(words.split()) - _OF_MANY
    shared = {u.code: len(telling & set(folded(u.name).split())) for u in every}
    most = max(shared.values(), default=0)
    return [u for u in every if most and shared[u.code] == most]
