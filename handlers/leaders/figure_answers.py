"""Questions of figures that leaders type in, answers as short as the question out, within the person's rights."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from handlers import permissions
from handlers.commands import folded
from handlers.leaders.areas import other_periods, period_meant, round_told_of
from handlers.leaders.asked_figures import FigureQuestion, may_ask, question_in
from handlers.leaders.ranked_answers import Groups, RankedAnswers
from handlers.leaders.summaries import Summaries, listed_units, told_units
from handlers.messages import Choice
from handlers.permissions import ActedOn
from handlers.routes import Asked
from handlers.turn import Turn
from handlers.wording import figure_rows
from reporting.figures.comparison import ComparedRow
from reporting.organisation.part import WHOLE, Part
from reporting.time.periods import parse_period
from storage.database import Database
from storage.organisation import units
from storage.organisation.units import Cluster, Unit
from storage.periods import rounds
from storage.periods.comparing import compared
from storage.periods.rounds import Round
from storage.reports import counted

# (turn, period, unit) -> how many photos the person may see of its report, in a line, and the button to them.
Pictured = Callable[[Turn, Round, int], Awaitable[tuple[str, list[Choice]]]]

MOST_CODES = 6  # items of one answer
MOST_TARGETS = 12
MOST_NAMED = 12  # units of which none was done
_LONG = ("6_thang", "9_thang", "nam")  # may be told of as the sum of shorter ones


@dataclass(frozen=True, slots=True)
class _Ground:
    """What there is to be named today."""

    clusters: Sequence[Cluster]
    units: Sequence[Unit]

    def acted_on(self, unit: Unit) -> ActedOn:
        parent = next((one for one in self.units if one.code == unit.parent), None)
        code = unit.cluster or (parent.cluster if parent is not None else "")
        cluster = next((one.id for one in self.clusters if one.code == code), None)
        return ActedOn(unit.id, parent.id if parent is not None else None, cluster)


class FigureAnswers:
    """Answers a question of figures, or says what can be asked."""

    def __init__(self, db: Database, summaries: Summaries, pictured: Pictured) -> None:
        self._db = db
        self._summaries = summaries
        self._pictured = pictured
        self._ranked = RankedAnswers(db, summaries.catalogue)

    async def asked_beside_card(self, turn: Turn, text: str) -> bool:
        """The same while conclusions are looked over, which wait: only a question of items that is whole; while one of
        them is being said anew, only one with a word of a question.
        """
        editing = turn.state.concluded is not None and turn.state.concluded.get("editing", 0)
        if not permissions.may("figures", turn.roles) or (editing and not may_ask(text)):
            return False
        ground = _Ground(await units.all_clusters(self._db, turn.today), await units.all_units(self._db, turn.today))
        question = self._question(turn, text, ground)
        if not question.whole or not (question.codes or question.about in ("targets", "unmet")):
            return False
        turn.state.figures = text if question.codes else turn.state.figures
        await self._answer(turn, question, ground)
        return True

    async def asked(self, turn: Turn, text: str, *, reports: bool) -> bool:
        """Whether the text is such a question, which then has its answer. reports: the person also reports figures, so
        that an item alone is the beginning of a report.
        """
        if not permissions.may("figures", turn.roles) or (reports and not may_ask(text)):
            return False
        ground = _Ground(await units.all_clusters(self._db, turn.today), await units.all_units(self._db, turn.today))
        question = self._question(turn, text, ground)
        if question.lacks_item and turn.state.figures and not reports:
            last = self._question(turn, turn.state.figures, ground)
            units_ = {folded(indicator.unit) for indicator in self._summaries.catalogue.indicators.values()}
            said = question.counted & units_  # "nhiều người nhất" is not of the trees asked about before
            if not said or any(folded(self._summaries.catalogue[code].unit) in said for code in last.codes):
                question = question.of(last)
        if not question.whole or (reports and question.plain):
            if reports or question.whole or not question.about_figures:
                return False
            # about figures, but not to be understood
            turn.say_key("figures.which_item" if question.lacks_item else "figures.how")
            return True
        if self._question(turn, text, ground).codes:
            turn.state.figures = text
        await self._answer(turn, question, ground)
        return True

    def _question(self, turn: Turn, text: str, ground: _Ground) -> FigureQuestion:
        return question_in(text, self._summaries.catalogue, ground.clusters, ground.units, turn.today)

    async def targets(self, turn: Turn, asked: Asked) -> None:
        """ "chỉ tiêu": those of what the person is responsible for."""
        ground = _Ground(await units.all_clusters(self._db, turn.today), await units.all_units(self._db, turn.today))
        question = FigureQuestion(about="targets")
        if asked.rest:  # a period stood with it
            catalogue = self._summaries.catalogue
            question = question_in(asked.text, catalogue, ground.clusters, ground.units, turn.today)
        await self._answer(turn, replace(question, about="targets"), ground)

    async def _answer(self, turn: Turn, question: FigureQuestion, ground: _Ground) -> None:
        parts = self._parts(turn, question, ground)
        if parts is None:
            return
        round_ = await self._round(turn, question, [part for part, _ in parts])
        if round_ is None:
            return
        head = ""
        if (named := question.period) is not None and named.code not in ("", round_.code):
            long = parse_period(named.code)
            if long.frequency in _LONG:
                asked, until = long.name[:1].upper() + long.name[1:], round_.period.name
                head = turn.wording.say("figures.so_far", asked=asked, period=until)
                question = replace(question, against=question.against or "year")
        sections = _sections(turn)
        catalogue = self._summaries.catalogue
        codes = tuple(code for code in question.codes if sections is None or catalogue[code].section in sections)
        if question.codes and not codes:
            turn.say_key("help.no_rights")
        elif question.about == "nothing":
            await self._nothing(turn, round_, parts, replace(question, codes=codes), ground)
        elif question.about in ("most", "least", "each", "mean", "unmet"):
            await self._of_units(turn, round_, parts, replace(question, codes=codes), ground)
        else:
            texts = [await self._of_part(turn, round_, part, (name, codes, sections), question) for part, name in parts]
            line, choices = "", list[Choice]()
            if len(parts) == 1 and (unit := parts[0][0].unit_id) is not None and not codes:
                line, choices = await self._pictured(turn, round_, unit)
            turn.say("\n".join(filter(None, [head, *texts, line, other_periods(turn)])), choices)

    async def _of_units(
        self, turn: Turn, round_: Round, parts: Sequence[tuple[Part, str]], question: FigureQuestion, ground: _Ground
    ) -> None:
        """Side by side; names of units are for those who may know who has not sent."""
        if not permissions.may("late", turn.roles):
            turn.say_key("help.no_rights")
            return
        groups, texts = Groups(ground.clusters, ground.units), list[str]()
        for part in parts:
            if question.about != "unmet":
                texts += [
                    await self._ranked.answer(turn, round_, part, replace(question, codes=(code,)), groups)
                    for code in question.codes[:MOST_CODES]
                ]
                continue
            found = await compared(self._db, self._summaries.catalogue, round_, part[0], turn.today)
            texts.append(await self._ranked.unmet(turn, part, found, question, groups))
        turn.say("\n".join(filter(None, [*texts, other_periods(turn)])))

    async def _round(self, turn: Turn, question: FigureQuestion, parts: Sequence[Part]) -> Round | None:
        """The period that is asked about; None once it is said that there is none. Of half a year or more that is no
        period of the province, the last one in it.
        """
        if (named := question.period) is not None and named.code and (last := await self._last_in(named.code)):
            turn.told = last
            return last
        if question.period is not None and not await period_meant(self._db, turn, question.period):
            return None
        clusters = [part.cluster_id for part in parts if part.cluster_id is not None]
        unit_ids = [part.unit_id for part in parts if part.unit_id is not None]
        told = await round_told_of(self._db, turn, None if WHOLE in parts else clusters, unit_ids)
        if told is None:
            turn.say_key("period.none_open")
        return told

    async def _last_in(self, code: str) -> Round | None:
        """The last period in half a year, nine months or a year that is no period itself."""
        long = parse_period(code)
        every = [one for one in await rounds.all_rounds(self._db) if one.state != "planned"]
        if long.frequency not in _LONG or any(one.code == code for one in every):
            return None
        inside = [
            one
            for one in every
            if not one.period.title and one.period.frequency != "nam_hoc"
            and long.start_on <= one.period.start_on and one.period.end_on <= long.end_on
        ]  # fmt: skip
        return max(inside, key=lambda one: (one.period.end_on, one.period.start_on), default=None)

    def _parts(self, turn: Turn, question: FigureQuestion, ground: _Ground) -> list[tuple[Part, str]] | None:
        """The parts of the province that are asked about, with their names; None once it is said why not."""
        scope = permissions.clusters("figures", turn.roles)
        if question.units:
            return self._unit(turn, question.units, ground)
        if question.cluster is not None:
            if scope is None or question.cluster.id in scope:
                return [(Part(question.cluster.id), question.cluster.name)]
            turn.say_key("help.no_rights")
            return None
        if scope is None:
            return [(WHOLE, turn.wording.say("figures.whole"))]
        own = permissions.units("unit_figures", turn.roles)
        if own:
            return [(Part(unit_id=one.id), one.known_as) for one in ground.units if one.id in own]
        return [(Part(one.id), one.name) for one in ground.clusters if one.id in scope]

    def _unit(self, turn: Turn, named: Sequence[Unit], ground: _Ground) -> list[tuple[Part, str]] | None:
        allowed = [one for one in named if permissions.may_unit("unit_figures", turn.roles, ground.acted_on(one))]
        if len(allowed) == 1:
            [unit] = allowed
            part = WHOLE if unit.level == "tinh_doan" else Part(unit_id=unit.id)
            return [(part, unit.known_as)]
        if allowed:
            turn.say_key("office.which_unit", known=", ".join(f"{one.known_as} ({one.code})" for one in allowed[:8]))
        else:
            turn.say_key("help.no_rights")
        return None

    async def _of_part(
        self,
        turn: Turn,
        round_: Round,
        part: Part,
        about: tuple[str, tuple[str, ...], set[str] | None],
        question: FigureQuestion,
    ) -> str:
        """The figures asked for, all of one part. about: its name, the items, the sections the person may see."""
        say, (name, codes, sections) = turn.wording.say, about
        found = await compared(self._db, self._summaries.catalogue, round_, part, turn.today)
        head = say("figures.head", area=name, period=round_.period.name)
        if question.about == "targets":
            rows = [row for row in found.rows if row.target is not None and (not codes or row.indicator.code in codes)]
            rows = [row for row in rows if sections is None or row.indicator.section in sections]
            if not rows:
                return say("figures.no_targets", area=name, period=round_.period.name)
            period = round_.period
            if of_year := any(map(figure_rows.of_longer, rows)):
                head = say("figures.head_year", area=name, year=period.end_on.year, period=period.name)
            of_it = {row.indicator.code for row in rows if row.target is not None and not row.target.of_year}
            lines = [
                f"- {figure_rows.figure(turn.wording, found, row, 'target')}"
                f"{f' ({period.name})' if of_year and row.indicator.code in of_it else ''}{_owner(turn, row)}"
                for row in rows[:MOST_TARGETS]
            ]
            return "\n".join([head, *lines])
        against = question.against
        covered = figure_rows.covered(turn.wording, found, against)
        if not codes:
            lines = self._summaries.totals(dict(found.now.totals), sections)
            return "\n".join([f"{head} {covered}", *lines])
        rows = [row for code in codes[:MOST_CODES] if (row := found.row(code)) is not None]
        if not rows:
            labels = ", ".join(self._summaries.catalogue[code].short for code in codes[:MOST_CODES])
            return f"{head} {say('compared.none', label=labels)}. {covered}"
        told = [figure_rows.figure(turn.wording, found, row, against) for row in rows]
        if len(told) == 1:
            return f"{head} {told[0]}. {covered}"
        return "\n".join([f"{head} {covered}", *(f"- {line}" for line in told)])

    async def _nothing(
        self, turn: Turn, round_: Round, parts: Sequence[tuple[Part, str]], question: FigureQuestion, ground: _Ground
    ) -> None:
        """Which units have reported 0 of an item, and how many have sent nothing of it; names of units are for those
        who may know who has not sent.
        """
        if not permissions.may("late", turn.roles):
            turn.say_key("help.no_rights")
            return
        say, lines = turn.wording.say, []
        for part, name in parts:
            for code in question.codes[:1]:
                if question.by:  # "xã nào chưa trồng cây": of what each has with its branches
                    groups = Groups(ground.clusters, ground.units)
                    named, silent = await self._ranked.nothing(
                        turn, round_, part, replace(question, codes=(code,)), groups
                    )
                    none, units_told = len(named), listed_units(turn.wording, named, MOST_NAMED)
                else:
                    found, silent = await counted.with_nothing(self._db, round_.id, code, part, turn.today)
                    none, units_told = len(found), told_units(turn.wording, found) if found else ""
                label = self._summaries.catalogue[code].short
                key = "figures.nothing" if none else "figures.nobody_nothing"
                lines.append(say(key, area=name, period=round_.period.name, label=label, count=none, units=units_told))
                if silent:
                    lines.append(say("figures.silent", count=silent, label=label))
        turn.say("\n".join(lines))


def _owner(turn: Turn, row: ComparedRow) -> str:
    """Behind a target, who answers for it."""
    owner = row.target.target.owner if row.target is not None else ""
    return f"; {turn.wording.say('aim.answers', owner=owner)}" if owner else ""


def _sections(turn: Turn) -> set[str] | None:
    """The sections a department may see; None for everybody else."""
    ranks = {permissions.rank(role) for role in permissions.granted("figures", turn.roles)}
    if ranks != {"department"}:
        return None
    return {code for role in turn.roles for code in role.sections}
