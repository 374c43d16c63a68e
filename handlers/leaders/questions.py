"""Questions about progress and figures in, answers out, as far as the person's rights reach."""

from collections.abc import Awaitable, Callable, Collection, Sequence

from handlers import permissions
from handlers.commands import folded
from handlers.leaders.areas import (
    area_of,
    area_told_of,
    coded,
    communes_of,
    other_periods,
    round_told_of,
    running_told_of,
    without_period,
)
from handlers.leaders.named_cluster import cluster_called
from handlers.leaders.summaries import Summaries
from handlers.messages import LABEL_LONGEST, Choice
from handlers.report.step import Reports
from handlers.report.which_period import RunningReports
from handlers.routes import Asked
from handlers.turn import Turn
from reporting.organisation.part import WHOLE, Part
from reporting.text.word_lists import written
from storage.database import Database
from storage.organisation import units

_OWN_COMMUNE = written("asked_figures.own_commune")

Told = Callable[[Turn], Awaitable[tuple[str, list[Choice]]]]


class Leaders:
    """Answers tiendo and tonghop within what the person's roles reach."""

    def __init__(
        self, db: Database, summaries: Summaries, reports: Reports, running: RunningReports, reviews: Told
    ) -> None:
        """reviews: what waits for the person's own review, with the button to it."""
        self._db = db
        self._summaries = summaries
        self._reports = reports
        self._running = running
        self._reviews = reviews

    async def progress(self, turn: Turn, asked: Asked) -> None:
        """Who has filed: first the person's own units, then cluster by cluster."""
        if asked.rest not in ("", "due", "sent", "beside", "asked"):
            await self._progress_in(turn, asked.rest)
            return
        due = await self._running.deadlines(turn) if asked.rest in ("due", "beside") else []
        if asked.rest == "beside":  # figures were sent with it: how far the report is stands below
            turn.say("\n".join(due))
            return
        await self._progress(turn, [*due, *await self._reports.own(turn)])

    async def _progress_in(self, turn: Turn, called: str) -> None:
        """ "tiến độ cụm 2", "tiến độ xã An Thượng Lộc quý I", "tiến độ quý này"."""
        area_called = await without_period(self._db, turn, called)
        if area_called is None:
            return
        if not area_called:
            await self._progress(turn)
        elif turn.round is None:
            turn.say_key("period.none_open")
        elif (area := await area_of(self._db, turn, "progress", area_called)) is not None:
            round_ = await running_told_of(self._db, turn, *area.within) or turn.round
            lines = [await self._summaries.progress_in(round_, area, turn.now), other_periods(turn)]
            turn.say("\n".join(filter(None, lines)), self._whole(turn, area.mark))

    @staticmethod
    def _whole(turn: Turn, mark: str = "") -> list[Choice]:
        """The whole list as a file, for those who may have it."""
        if turn.round is None or not permissions.may("late", turn.roles):
            return []
        return [Choice(turn.wording.say("label.whole_list"), f"late:{turn.round.code}:{mark}")]

    async def progress_of(self, turn: Turn, asked: Asked) -> None:
        """The same of another running period."""
        await coded(self._db, turn, asked.rest)
        await self._progress(turn)

    async def _progress(self, turn: Turn, own_units: Sequence[str] = ()) -> None:
        """own_units: lines about the person's own units. Whoever is responsible for single units is told of each."""
        scope, own = permissions.clusters("progress", turn.roles), permissions.units("progress", turn.roles)
        round_ = await running_told_of(self._db, turn, scope, own) if turn.round is not None else None
        if round_ is None:
            turn.say_key("period.none_open")
            return
        if scope is None:
            scope = [cluster.id for cluster in await units.all_clusters(self._db, turn.today)]
        lines = list(own_units)
        lines += await self._summaries.under(round_, communes_of(turn.roles), turn.now)
        counted = False
        if scope:
            text, counted = await self._summaries.progress(round_, scope, turn.now)
            lines.append(text)
        if own:
            lines.append(await self._summaries.of_units(round_, own))
        if permissions.may("mended", turn.roles):
            lines += await self._summaries.for_office(round_, turn.now)
        text, reviews = await self._reviews(turn)
        lines += [text] if text else []
        if lines:
            choices = [*reviews, *(self._whole(turn) if counted else ()), *_others(turn, "progress")]
            turn.say("\n".join(lines), choices)
        else:
            turn.say_key("help.no_rights")

    async def totals(self, turn: Turn, asked: Asked) -> None:
        """The figures: of the province, of each cluster within reach, or of the cluster or commune that is named."""
        called = await without_period(self._db, turn, asked.rest)
        if called is not None:
            await self._totals(turn, called)

    async def totals_of(self, turn: Turn, asked: Asked) -> None:
        """The same of another running period."""
        await coded(self._db, turn, asked.rest)
        await self._totals(turn)

    async def _totals(self, turn: Turn, called: str = "") -> None:
        """A department sees its sections. called: the one cluster or commune asked for, as written."""
        scope = permissions.clusters("totals", turn.roles)
        ranks = {permissions.rank(role) for role in permissions.granted("totals", turn.roles)}
        sections = None
        if ranks == {"department"}:
            sections = {code for role in turn.roles for code in role.sections}
            if not sections:
                turn.say_key("summary.no_sections")
                return
        if folded(called) not in ("", "cum"):
            every = await units.all_clusters(self._db, turn.today)
            one = cluster_called(folded(called), every)
            if one is None:
                await self._of_commune(turn, called, sections)
                return
            scope = [one.id] if scope is None or one.id in scope else []
        round_ = await round_told_of(self._db, turn, scope)
        if round_ is None:
            turn.say_key("period.none_open")
            return
        if scope is None:
            text, choices = await self._summaries.short(round_, WHOLE, turn.now, sections)
            turn.say(text, [*choices, *_others(turn, "totals")])
        elif not scope:
            turn.say_key("help.no_rights")
        else:
            named = ranks != {"reader"}  # a guest hears what was reached, not who is late
            told = [
                await self._summaries.short(round_, Part(cluster), turn.now, sections, named=named) for cluster in scope
            ]
            choices = told[0][1] if len(told) == 1 else []
            turn.say("\n\n".join(text for text, _ in told), [*choices, *_others(turn, "totals")])

    async def _of_commune(self, turn: Turn, called: str, sections: Collection[str] | None) -> None:
        """ "tổng hợp xã Tân Lập", "tổng hợp chi đoàn": of a commune with its branches."""
        own = folded(called) in _OWN_COMMUNE and communes_of(turn.roles)
        found = await area_told_of(self._db, turn, "unit_figures", "" if own else called)
        if found is None:
            return
        area, round_ = found
        parts = [Part(unit_id=unit_id) for unit_id in sorted(communes_of(turn.roles) if own else area.communes or ())]
        told = [await self._summaries.short(round_, part, turn.now, sections) for part in parts]
        turn.say("\n\n".join(text for text, _ in told), told[0][1] if len(told) == 1 else [])

    async def section(self, turn: Turn, asked: Asked) -> None:
        """The figures of one section, from the button under the totals: a period, a cluster, a unit or none, its
        number; without a number the head of them.
        """
        code, mark, order = [*asked.rest.split(":"), "", ""][:3]
        await coded(self._db, turn, code)
        scope = permissions.clusters("section", turn.roles)
        number = int(mark[1:]) if mark[1:].isdecimal() else None
        unit_id = number if mark.startswith("u") else None
        part = Part(unit_id=unit_id) if unit_id is not None else Part(number)
        section = next((one for one in self._summaries.catalogue.sections if str(one.order) == order), None)
        round_ = await round_told_of(self._db, turn)
        if round_ is None or round_.code != code or (order and section is None):
            turn.say_key("problem.stale")
        elif unit_id is not None and await area_of(self._db, turn, "unit_figures", f"@u{unit_id}") is None:
            return
        elif unit_id is None and scope is not None and number not in scope:
            turn.say_key("help.no_rights")
        elif section is None:
            turn.say(*await self._summaries.short(round_, part, turn.now))
        elif section.code not in self._seen(turn, section.code):
            turn.say_key("help.no_rights")
        else:
            turn.say(await self._summaries.section(round_, part, section.order, turn.now))

    @staticmethod
    def _seen(turn: Turn, code: str) -> set[str]:
        """The sections the person may see: a department its own, everybody else each."""
        ranks = {permissions.rank(role) for role in permissions.granted("section", turn.roles)}
        return {one for role in turn.roles for one in role.sections} if ranks == {"department"} else {code}


def _others(turn: Turn, verb: str) -> list[Choice]:
    """The other running periods the same may be asked of."""
    running = turn.rounds if turn.beside is None else turn.beside
    return [
        Choice(r.period.name[:LABEL_LONGEST], f"{verb}:{r.code}")
        for r in running
        if turn.round is None or r.code != turn.round.code
    ]
