"""The office's words on targets in: set, changed or dropped once it has said yes, with who answers for them."""

from dataclasses import dataclass
from datetime import date

from handlers.commands import folded, spoken
from handlers.leaders.named_cluster import cluster_called
from handlers.messages import Choice
from handlers.named import meant
from handlers.office.decisions import DecisionRefused
from handlers.office.meant import Meant
from handlers.routes import Asked
from handlers.targets.target_orders import TargetOrder, target_order_in
from handlers.turn import Turn, fresh_id
from handlers.wording import figure_lines
from reporting.figures.catalogue import Catalogue
from reporting.figures.targets import Target
from reporting.figures.totals import Total
from reporting.organisation.part import Part
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.reading.reader import read
from reporting.text.words import tokens_of
from reporting.time.as_written import NotADay
from reporting.time.calendar import short_day
from reporting.time.periods import Period, PeriodError, parse_period
from storage.database import Database, Statement
from storage.organisation import targets, units
from storage.people import people, preferences
from storage.periods import comparing, rounds
from storage.reports.events import happened

MOST_KNOWN = 8  # names in a refusal
_PROVINCE = frozenset(["tinh", "toan tinh", "ca tinh", "tinh doan"])


@dataclass(frozen=True, slots=True)
class _Aimed:
    """What is to be done: rows, and a line that says it."""

    rows: list[Statement]
    line: str
    zero: tuple[str, ...] = ()  # indicators whose target is 0, which may be meant as none
    past: date | None = None  # the day by which it is due, where that is over


class TargetDesk:
    """Sets and drops targets, and says from which coverage on periods are compared."""

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db = db
        self._catalogue = catalogue

    async def asked(self, turn: Turn, asked: Asked) -> None:
        """ "đặt chỉ tiêu …", "bỏ chỉ tiêu …": shown once before it is done."""
        try:
            aimed = await self._aimed(turn, asked.rest, asked.act == "unaim")
        except (DecisionRefused, NotADay, PeriodError) as refusal:
            turn.say(self._why(turn, refusal))
            return
        say = turn.wording.say
        turn.state.waits = asked.text
        sure, choices = say("office.sure"), [Choice(say("label.right"), "aim:yes")]
        if aimed.zero:
            sure = say("aim.zero", labels=", ".join(self._catalogue[code].short for code in aimed.zero))
            choices = [Choice(say("label.aim_zero"), "aim:yes"), Choice(say("label.aim_none"), "aim:none")]
        elif aimed.past:
            sure = say("aim.past", day=short_day(aimed.past, turn.today))
        turn.say(f"{aimed.line}\n{sure}", [*choices, Choice(say("label.later"), "aim:no")])

    async def answered(self, turn: Turn, asked: Asked) -> None:
        """Yes or no to what was shown."""
        command = spoken(asked.waits) if asked.waits else None
        if command is None or command.command not in ("aim", "unaim"):
            turn.say_key("problem.stale")
        elif asked.rest not in ("yes", "none"):
            turn.say_key("office.left")
        else:
            try:
                aimed = await self._aimed(turn, command.rest, command.command == "unaim", asked.rest == "none")
            except (DecisionRefused, NotADay, PeriodError) as refusal:
                turn.say(self._why(turn, refusal))
                return
            turn.rows += aimed.rows
            turn.say(turn.wording.say("aim.done", what=aimed.line))

    async def coverage(self, turn: Turn, asked: Asked) -> None:
        """ "ngưỡng so sánh 60": of a hundred units, how many have to have sent for a period to be compared."""
        now = await comparing.least_covered(self._db)
        words = asked.rest.strip(" %.")
        if not words:
            turn.say_key("aim.coverage", percent=f"{now * 100:.0f}")
        elif not words.isdecimal() or not 1 <= int(words) <= 100:
            turn.say_key("aim.no_coverage")
        else:
            turn.rows += [
                preferences.remember(comparing.COVERAGE, words),
                happened("coverage.changed", "coverage", turn.standing.person_id, turn.now, old=str(now), new=words),
            ]
            turn.say_key("aim.coverage_set", percent=words)

    def _why(self, turn: Turn, refusal: Exception) -> str:
        match refusal:
            case DecisionRefused():
                return refusal.remark.vietnamese(turn.wording)
            case NotADay():
                return turn.wording.say("office.no_day", source=str(refusal))
            case _:
                return turn.wording.say("office.no_period")

    async def _aimed(self, turn: Turn, words: str, drops: bool, none: bool = False) -> _Aimed:
        """What the order comes to. none: a target of 0 is one that is dropped."""
        order = target_order_in(words, turn.today)
        period = parse_period(order.period or f"{turn.today.year}-Y")
        part, name = await self._part(turn, order.whom)
        round_ = await rounds.round_by_code(self._db, period.code)
        named = {"area": name, "period": period.name}
        if drops:
            codes = self._named(order.items)
            known = {one.indicator for one in await targets.of_part(self._db, period.code, part)}
            if round_ is None or not set(codes) <= known or not codes:
                raise DecisionRefused("aim.none", **named)
            labels = ", ".join(self._catalogue[code].short for code in codes)
            rows = [targets.drop_target(round_.id, part, code) for code in codes]
            return _Aimed(
                [*rows, *self._events(turn, period, part, dict.fromkeys(codes))],
                turn.wording.say("aim.drop", labels=labels, **named),
            )
        amounts = self._amounts(order)
        zero = tuple(code for code, amount in amounts.items() if not amount)
        set_ = {code: amount for code, amount in amounts.items() if amount or not none}
        gone = [one.indicator for one in await targets.of_part(self._db, period.code, part) if one.indicator in zero]
        owner_id, owner = await self._owner(turn, order.owner)
        rows = []
        round_id = round_.id if round_ is not None else fresh_id()
        if round_ is None and set_:
            rows.append(rounds.add_period(round_id, period, "planned", turn.now))
        for code, amount in set_.items():
            rows.append(targets.set_target(round_id, part, Target(code, amount, order.due_on, owner_id)))
        rows += [targets.drop_target(round_id, part, code) for code in gone if none]
        told = "; ".join(
            f"{self._catalogue[code].short} {self._amount(turn, code, amount)}" for code, amount in set_.items()
        )
        say = turn.wording.say
        line = say("aim.set", what=told, **named) if set_ else ""
        line += say("aim.due", day=short_day(order.due_on, turn.today)) if order.due_on and set_ else ""
        line += say("aim.owner", owner=owner) if owner and set_ else ""
        dropped = say("aim.drop", labels=", ".join(self._catalogue[code].short for code in zero), **named)
        lines = [f"{line}."] if line else []
        new: dict[str, int | None] = {**set_, **(dict.fromkeys(gone) if none else {})}
        return _Aimed(
            [*rows, *self._events(turn, period, part, new)], " ".join([*lines, dropped] if none else lines), zero,
            order.due_on if order.due_on and order.due_on < turn.today and set_ else None,
        )  # fmt: skip

    def _amount(self, turn: Turn, code: str, amount: int) -> str:
        return figure_lines.total(turn.wording, self._catalogue[code], Total(amount, False, 0))

    def _events(self, turn: Turn, period: Period, part: Part, new: dict[str, int | None]) -> list[Statement]:
        area = f"unit {part.unit_id}" if part.unit_id is not None else f"cluster {part.cluster_id}"
        return [
            happened(
                "target.set" if amount is not None else "target.dropped", f"{period.code} {area} {code}",
                turn.standing.person_id, turn.now, unit_id=part.unit_id, new=None if amount is None else str(amount),
            )
            for code, amount in new.items()
        ]  # fmt: skip

    def _amounts(self, order: TargetOrder) -> dict[str, int]:
        reading = read(order.items, self._catalogue, "doan_co_so")
        if not reading.values or reading.asks:
            raise DecisionRefused("aim.unread")
        for one in reading.values:
            if not self._catalogue[one.code].targetable:
                raise DecisionRefused("aim.no_target", label=self._catalogue[one.code].short)
        return {one.code: one.value.amount for one in reading.values}

    def _named(self, words: str) -> tuple[str, ...]:
        found = mentions_of(labels_of(self._catalogue), tokens_of(words))
        return tuple(dict.fromkeys(mention.codes[0] for mention in found if len(mention.codes) == 1))

    async def _part(self, turn: Turn, whom: str) -> tuple[Part, str]:
        words = folded(whom)
        if not words or words in _PROVINCE:
            top = next((one for one in await units.all_units(self._db, turn.today) if one.level == "tinh_doan"), None)
            if top is None:
                raise DecisionRefused("aim.no_province")
            return Part(unit_id=top.id), turn.wording.say("figures.whole")
        cluster = cluster_called(words, await units.all_clusters(self._db, turn.today))
        if cluster is not None:
            return Part(cluster_id=cluster.id), cluster.name
        if words.startswith("cum "):
            await Meant(self._db).cluster(words, turn.today)  # which refuses and names them
        unit = await Meant(self._db).unit(words, turn.today)
        return Part(unit_id=unit.id), unit.known_as

    async def _owner(self, turn: Turn, words: str) -> tuple[int | None, str]:
        """The one person of today who is called so, by name, given name or title."""
        if not folded(words):
            return None, ""
        everybody = await people.named_today(self._db, turn.today)
        found = {one.id: one for one in meant(words, everybody, lambda one: one.names, lambda one: one.title)}
        if not found:
            raise DecisionRefused("aim.unknown_owner", owner=words)
        if len(found) > 1:
            known = ", ".join(
                f"{one.name} ({one.title})" if one.title else one.name for one in list(found.values())[:MOST_KNOWN]
            )
            raise DecisionRefused("aim.which_owner", owner=words, known=known)
        [owner] = found.values()
        return owner.id, owner.title or owner.name
