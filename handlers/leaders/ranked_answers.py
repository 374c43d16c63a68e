"""A question of many units' figures in (most, least, each, on the average, below what was set), a line a unit out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from handlers.leaders.asked_figures import By, FigureQuestion
from handlers.turn import Turn
from handlers.wording import figure_lines, figure_rows
from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.comparison import Comparison, cumulated
from reporting.figures.targets import Progress, progress
from reporting.figures.totals import Sums, Total, added_up, summed, totals
from reporting.figures.values import Value, vietnamese
from reporting.organisation.part import WHOLE, Part
from reporting.time.periods import parse_period
from storage.database import Database
from storage.organisation import targets
from storage.organisation.units import Cluster, Unit
from storage.periods import rounds
from storage.periods.comparing import compared
from storage.periods.rounds import Round
from storage.reports import counted

MOST_RANKED = 5  # units, where no number was asked for
MOST_EACH = 10


@dataclass(frozen=True, slots=True)
class Groups:
    """The units that figures are told of side by side: clusters, communes with their branches, branches."""

    clusters: Sequence[Cluster]
    units: Sequence[Unit]

    def names(self, by: By) -> dict[str, str]:
        """By code what each is called."""
        if by == "cluster":
            return {one.code: one.name for one in self.clusters}
        return {one.code: one.known_as for one in self.units}

    def codes(self, by: By) -> dict[int, str]:
        """By unit the code of the group its figures are in."""
        own = {one.code: one for one in self.units}
        found = {}
        for one in self.units:
            above = own.get(one.parent) if one.level == "chi_doan" else None
            if by == "cluster":
                found[one.id] = one.cluster or (above.cluster if above else "")
            elif by == "branch":
                found[one.id] = one.code if one.level == "chi_doan" else ""
            else:
                found[one.id] = above.code if above else one.code
        return {unit_id: code for unit_id, code in found.items() if code}


def _kind(unit: Unit) -> By:
    return "branch" if unit.level == "chi_doan" else "commune"


class RankedAnswers:
    """Answers it for one part of the province."""

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db = db
        self._catalogue = catalogue

    async def answer(
        self, turn: Turn, round_: Round, part: tuple[Part, str], question: FigureQuestion, groups: Groups
    ) -> str:
        """part: with its name."""
        indicator = self._catalogue[question.codes[0]]
        by = question.by or ("branch" if part[0].unit_id is not None else "commune")
        names, codes = groups.names(by), groups.codes(by)
        several = await self._periods(turn, round_, part[0], question)
        sums = await self._by_group(turn, several, part[0], indicator, codes)
        ranked = [(names.get(code, code), total) for code, total in sums.items()]
        say = turn.wording.say
        first, last = several[0].period.name, several[-1].period.name
        period = say("ranked.together", first=first, last=last) if len(several) > 1 else last
        about = {"area": part[1], "period": period, "label": indicator.short}
        if not ranked:
            return say("ranked.none", **about)
        if question.about == "mean":
            return self._mean(turn, indicator, ranked, {**about, "by": say(f"ranked.by_{by}")})
        least = question.about == "least"
        ranked.sort(key=lambda one: (one[1].amount if least else -one[1].amount, one[0]))
        most = question.top or (MOST_EACH if question.about == "each" else MOST_RANKED)
        lines = [say(f"ranked.{question.about}", **about, by=say(f"ranked.by_{by}"))]
        for name, total in ranked[:most]:
            value = figure_lines.total(turn.wording, indicator, total)
            lines.append(say("ranked.row", unit=name, value=value))
        if question.about == "each" and len(ranked) > most:
            lines.append(say("ranked.more", count=len(ranked) - most))
        return "\n".join(lines)

    async def nothing(
        self, turn: Turn, round_: Round, part: Part, question: FigureQuestion, groups: Groups
    ) -> tuple[list[str], int]:
        """(the groups with 0 of it, by name; how many have given nothing of it)."""
        by = question.by or "commune"
        names, codes = groups.names(by), groups.codes(by)
        within = await counted.units_of(self._db, part, turn.today)
        every = {code for unit_id, code in codes.items() if within is None or unit_id in within}
        every -= {one.code for one in groups.units if one.level == "tinh_doan"}
        sums = await self._by_group(turn, [round_], part, self._catalogue[question.codes[0]], codes)
        none = [names.get(code, code) for code, total in sums.items() if not total.amount]
        return sorted(none), len(every - sums.keys())

    async def _periods(self, turn: Turn, round_: Round, part: Part, question: FigureQuestion) -> list[Round]:
        """The periods that are added up: of the year so far, where that is asked about."""
        if question.against != "year":
            return [round_]
        found = await compared(self._db, self._catalogue, round_, part, turn.today)
        every = {one.code: one for one in await rounds.all_rounds(self._db)}
        return [every[code] for code in found.year_periods if code in every] or [round_]

    async def _by_group(
        self, turn: Turn, several: Sequence[Round], part: Part, indicator: Indicator, groups: Mapping[int, str]
    ) -> dict[str, Total]:
        """What each group has, by its code. groups: by unit the code of its group."""
        wanted = [code for code in (indicator.numerator, indicator.denominator) if code and indicator.is_rate]
        chain = []
        for one in several:
            found: dict[str, list[Mapping[str, Value]]] = {}
            for unit_id, values in await counted.by_unit(
                self._db, one.id, wanted or [indicator.code], part, turn.today
            ):
                if unit_id in groups:
                    found.setdefault(groups[unit_id], []).append(values)
            chain.append({group: summed(self._catalogue, reports) for group, reports in found.items()})
        every = {group for sums in chain for group in sums}
        reached = {group: cumulated(self._catalogue, [s.get(group, Sums({}, {})) for s in chain]) for group in every}
        return {group: sums[indicator.code] for group, sums in reached.items() if indicator.code in sums}

    def _mean(
        self, turn: Turn, indicator: Indicator, ranked: Sequence[tuple[str, Total]], about: Mapping[str, str]
    ) -> str:
        """A mean of counts; of a rate the quotient of the sums is no mean, so that it is not told."""
        if indicator.is_rate:
            return turn.wording.say("ranked.no_mean", **about)
        mean = Decimal(sum(total.amount for _, total in ranked)) / len(ranked)
        exact = vietnamese(int(mean.quantize(Decimal(1), ROUND_HALF_EVEN)), indicator.kind)
        return turn.wording.say("ranked.mean", **about, value=f"{exact} {indicator.unit}", count=len(ranked))

    async def unmet(
        self, turn: Turn, part: tuple[Part, str], found: Comparison, question: FigureQuestion, groups: Groups
    ) -> str:
        """Which units and clusters of the part are below what was set for them, the farthest first; of one kind of them
        where that is asked for.

        found: of the part itself, of which the unmet are told where nothing was set for those in it.
        """
        say, year, codes = turn.wording.say, f"{found.now.until.year}-Y", question.codes
        set_ = [
            (period, aimed, target)
            for period, aimed, target in await targets.of_parts(self._db, [year, found.now.code])
            if target.indicator in (codes or self._catalogue.indicators) and target.indicator in self._catalogue
        ]
        within = await counted.units_of(self._db, part[0], turn.today)
        names = {Part(one.id): one.name for one in groups.clusters if question.by in ("", "cluster")} | {
            Part(unit_id=one.id): one.known_as
            for one in groups.units
            if (within is None or one.id in within) and question.by in ("", _kind(one))
        }
        homes = {None, part[0].cluster_id} if part[0] != WHOLE else {None, *(one.id for one in groups.clusters)}
        set_ = [one for one in set_ if one[1] in names and one[1].cluster_id in homes]
        if not set_:
            rows = [row for row in found.rows if row.target and not row.target.met]
            rows = [row for row in rows if not codes or row.indicator.code in codes]
            lines = [f"- {figure_rows.figure(turn.wording, found, row, 'target')}" for row in rows]
            return "\n".join([say("ranked.none_set" if lines else "ranked.none_unmet", area=part[1]), *lines])
        reached = await self._reached(found, {(aimed, target.indicator) for _, aimed, target in set_}, turn, groups)
        late: list[tuple[Decimal, str, Progress]] = []
        for period, aimed, target in set_:
            last_on = parse_period(period).end_on
            now = progress(target, reached(period == year, aimed, target.indicator), turn.today, last_on)
            if not now.met:
                late.append((now.percent or Decimal(0), names[aimed], now))
        late.sort(key=lambda one: (one[0], one[1]))
        if not late:
            return say("ranked.all_met", area=part[1], count=len(set_))
        lines = [say("ranked.unmet", area=part[1], count=len(late), total=len(set_))]
        for _, name, now in late[:MOST_EACH]:
            indicator = self._catalogue[now.target.indicator]
            goal = figure_lines.total(turn.wording, indicator, Total(now.target.amount, False, 0))
            about = {"unit": name, "label": indicator.short, "target": goal}
            if now.reached is None:
                lines.append(say("ranked.unknown_row", **about))
            else:
                lines.append(say("ranked.unmet_row", value=vietnamese(now.reached.amount, indicator.kind), **about))
        if len(late) > MOST_EACH:
            lines.append(say("ranked.more", count=len(late) - MOST_EACH))
        return "\n".join(lines)

    async def _reached(
        self, found: Comparison, aimed: Collection[tuple[Part, str]], turn: Turn, groups: Groups
    ) -> Callable[[bool, Part, str], Total | None]:
        """(whether of the year, the unit or cluster, the item) -> what it has reached, so far or in the period."""
        every = {one.code: one for one in await rounds.all_rounds(self._db)}
        asked = [code for code in dict.fromkeys((*found.year_periods, found.now.code)) if code in every]
        year = f"{found.now.until.year}-Y"
        aims = [every[code].id for code in {year, found.now.code} if code in every]
        whole = list({code for _, code in aimed if not self._catalogue[code].is_rate})
        periods = [every[code].id for code in asked]
        counts = await counted.towards_targets(self._db, periods, aims, whole, turn.today)
        shares = [(one, code) for one, code in aimed if self._catalogue[code].is_rate]
        chain = {code: await self._sums(every[code], shares, turn, groups) for code in asked if shares}

        def reached(of_year: bool, aimed: Part, code: str) -> Total | None:
            wanted = [period for period in (found.year_periods if of_year else (found.now.code,)) if period in every]
            if self._catalogue[code].is_rate:
                sums = [chain[period].get(aimed, Sums({}, {})) for period in wanted]
                total = cumulated(self._catalogue, sums) if of_year else totals(self._catalogue, added_up(sums))
                return total.get(code)
            wanted = wanted[-1:] if self._catalogue[code].stands else wanted
            some = [Sums({code: one}, {}) for period in wanted if (one := counts.get((every[period].id, aimed, code)))]
            return added_up(some).counts.get(code)

        return reached

    async def _sums(
        self, round_: Round, aimed: Collection[tuple[Part, str]], turn: Turn, groups: Groups
    ) -> dict[Part, Sums]:
        """The parts of these rates, summed of each unit, commune with its branches and cluster for which one is set."""
        rates = [self._catalogue[code] for code in {code for _, code in aimed}]
        parts = [code for rate in rates for code in (rate.numerator, rate.denominator) if code is not None]
        few = self._catalogue.of([*rates, *(self._catalogue[code] for code in dict.fromkeys(parts))])
        meant = {part for part, _ in aimed}
        ids = {one.code: one.id for one in groups.units}
        homes = {one.code: one.id for one in groups.clusters}
        above, clusters = groups.codes("commune"), groups.codes("cluster")
        found: dict[Part, list[Mapping[str, Value]]] = {}
        aims = {part.unit_id for part in meant}  # None among them: a cluster's own
        own = {one.id for one in groups.units if aims & {one.id, ids.get(above.get(one.id, ""), one.id)}}
        of = None if None in aims else own
        for unit_id, values in await counted.by_unit(
            self._db, round_.id, list(dict.fromkeys(parts)), WHOLE, turn.today, of
        ):
            parts_of = {Part(unit_id=unit_id), Part(unit_id=ids.get(above.get(unit_id, ""), unit_id))}
            parts_of |= {Part(homes[clusters[unit_id]])} if clusters.get(unit_id) in homes else set()
            for one in parts_of & meant:
                found.setdefault(one, []).append(values)
        return {one: summed(few, reports) for one, reports in found.items()}
