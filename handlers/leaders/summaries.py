"""A period and a cluster or the province in, its figures and who has filed in words out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.leaders.areas import Area
from handlers.leaders.chart_sheets import ChartHead, ChartSheets, Sheet
from handlers.messages import LABEL_LONGEST, Choice
from handlers.wording import figure_lines, figure_rows
from handlers.wording.speech import Wording
from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue, Indicator
from reporting.figures.comparison import telling
from reporting.figures.targets import Progress
from reporting.figures.totals import Total, by_section, totals
from reporting.figures.values import vietnamese
from reporting.organisation.listed import ListedUnit, by_commune
from reporting.organisation.part import Part
from reporting.time.calendar import VietnamCalendar, day_name, local_day, moment, short_day
from storage.database import Database
from storage.messages import undelivered
from storage.organisation import units
from storage.periods import rounds
from storage.periods.comparing import compared, covered_by, owed_by
from storage.periods.rounds import Briefing, Round, briefing_of
from storage.reports import counted, estimates, notes, submissions

Sections = Collection[str] | None

MOST_NOTED = 5  # of the values that were doubted and confirmed; the export has them all
MOST_TOLD = 3  # figures of a section in a leader's week; TỔNG HỢP tells them all
NAMED_UNITS = 10  # more late units than this are counted, not named
MOST_OF_COMMUNE = 20  # units that are named where all are of one commune


def local_time(instant: datetime) -> str:
    """The hour of the day in Vietnam, "08:00"."""
    return moment(instant).split(" ", 1)[0]


def chaired(wording: Wording, briefing: Briefing) -> str:
    """Who chairs, by titles: ", đồng chí Bí thư Tỉnh đoàn và đồng chí Trưởng ban chủ trì"; '' where nobody is named."""
    titles = [title for title in (briefing.chair, *(chair.title for chair in briefing.co_chairs)) if title]
    together = f" {wording.say('summary.chair_and')} ".join(titles)
    return wording.say("summary.briefing_chair", chair=together) if titles else ""


def meeting(wording: Wording, briefing: Briefing, today: date) -> str:
    """When and where a cluster meets, and who chairs."""
    return wording.say(
        "summary.briefing", time=local_time(briefing.starts_at), day=day_name(local_day(briefing.starts_at), today),
        place=briefing.place, chair=chaired(wording, briefing),
    )  # fmt: skip


def listed_units(wording: Wording, names: list[str], most: int = NAMED_UNITS) -> str:
    """Units by name; beyond `most` only how many more there are."""
    listed = ", ".join(names[:most])
    if len(names) <= most:
        return listed
    return wording.say("summary.more_units", units=listed, more=len(names) - most)


def told_units(wording: Wording, units: Sequence[ListedUnit], most: int = NAMED_UNITS) -> str:
    """Units so that each can be told from another; of more than `most` how many there are in which commune, the
    worst first. Of one commune alone more of them are named.
    """
    if len(units) <= most:
        return ", ".join(unit.known_as for unit in units)
    communes = by_commune(units)
    if len(communes) == 1:
        return listed_units(wording, [unit.name for unit in units], max(most, MOST_OF_COMMUNE))
    listed = ", ".join(wording.say("summary.commune", commune=name, count=count) for name, count in communes[:most])
    more = sum(count for _, count in communes[most:])
    return wording.say("summary.more_units", units=listed, more=more) if more else listed


def told_late(wording: Wording, owing: Sequence[ListedUnit], most: int = NAMED_UNITS) -> tuple[str, str]:
    """(those that have not sent, those that have and are at a figure given back to them); '' for nobody."""
    mending = [unit for unit in owing if unit.state == life.GIVEN_BACK]
    late = [unit for unit in owing if unit.state != life.GIVEN_BACK]
    return told_units(wording, late, most), told_units(wording, mending, most)


def _told_first(rows: list[tuple[Indicator, Total]]) -> list[tuple[Indicator, Total]]:
    """The first figures that can have a target, each with its attendance; where there is none, the first of all."""
    chosen = [row for row in rows if row[0].targetable][:MOST_TOLD] or rows[:MOST_TOLD]
    beside = {indicator.pair for indicator, _ in chosen}
    return [row for row in rows if row in chosen or row[0].code in beside]


async def figures(db: Database, catalogue: Catalogue, round_: Round, part: Part, day: date) -> dict[str, Total]:
    """Sums and rates of a part of the province, over the units that belong to it on that day."""
    sums = await counted.sums(db, catalogue, [round_.id], part, day)
    return totals(catalogue, sums[round_.id].every)


@dataclass(frozen=True, slots=True)
class Summaries:
    """Reads the figures and words them."""

    db: Database
    catalogue: Catalogue
    wording: Wording

    async def cluster(
        self, round_: Round, cluster_id: int, now: datetime, *, sections: Sections = None, named: bool = True
    ) -> str:
        """The cluster's summary: coverage, totals by section, who has not filed (units), the briefing.

        sections: only these; None for all. named: whether the units that have not filed are named.
        """
        say = self.wording.say
        today, part = local_day(now), Part(cluster_id=cluster_id)
        day = today.isoformat()
        cluster = await units.cluster_by_id(self.db, cluster_id)
        coverage = await covered_by(self.db, round_, part, today)
        sums = await figures(self.db, self.catalogue, round_, part, today)
        lines = [
            say("summary.head", cluster=cluster.name, period=round_.period.name, moment=moment(now),
                sent=figure_rows.sent(self.wording, coverage)),
            *await self._estimate(round_, cluster_id, day),
            *self.totals(sums, sections),
        ]  # fmt: skip
        if named and coverage.owing:
            lines.append(self.late(await self._late(round_, part, today)))
        briefing = await briefing_of(self.db, round_.id, cluster_id)
        if briefing is not None and briefing.starts_at > now:
            lines.append(self.meeting(briefing, local_day(now)))
        return "\n".join(lines)

    async def board(
        self, round_: Round, cluster_id: int, now: datetime, calendar: VietnamCalendar, *, named: bool
    ) -> str:
        """What a group sees of a period: until when, and how, reports are sent; how far they are; the meeting.

        named: whether the units that have not filed are named.
        """
        say, today = self.wording.say, local_day(now)
        cluster = await units.cluster_by_id(self.db, cluster_id)
        briefing = await briefing_of(self.db, round_.id, cluster_id)
        met_on = local_day(briefing.starts_at) if briefing else None
        told = (await rounds.announced(self.db, round_.id)).get(cluster_id)
        due = round_.due_on(calendar, met_on, None, told)
        parts = {"cluster": cluster.name, "period": round_.period.name, "day": day_name(due, today)}
        coverage = await covered_by(self.db, round_, Part(cluster_id=cluster_id), today)
        met = briefing is not None and briefing.starts_at <= now
        if not coverage.owing:
            return say("progress.not_asked", cluster=cluster.name, period=round_.period.name)
        if not coverage.counted and round_.state == "open" and today <= due and not met:
            ahead = [self.meeting(briefing, today)] if briefing is not None else []
            return "\n".join([say("post.open", **parts), *ahead])
        text, _ = await self.short(round_, Part(cluster_id=cluster_id), now, named=named)
        running = round_.state == "open" and today <= due and not met and coverage.filed < coverage.owing
        return "\n".join([text, say("post.due", **parts)] if running else [text])

    async def short(
        self, round_: Round, part: Part, now: datetime, sections: Sections = None, *, named: bool = True
    ) -> tuple[str, list[Choice]]:
        """(the head of a part's figures, a button for each section of them).

        Coverage, a few figures beside last year and their targets, what needs attention; of a cluster or a unit also
        who has not filed (named: by name), of a cluster when it meets.
        """
        today, say = local_day(now), self.wording.say
        found = await compared(self.db, self.catalogue, round_, part, today)
        covered = found.now.coverage
        parts: dict[str, str | int] = {"period": round_.period.name, "moment": moment(now)}
        parts |= {"sent": figure_rows.sent(self.wording, covered)}
        name, day, mark = await self._named(part), today.isoformat(), ""
        if part.cluster_id is not None:
            mark = f"c{part.cluster_id}"
        elif part.unit_id is not None:
            mark = f"u{part.unit_id}"
        lines = [say("summary.head", cluster=name, **parts) if name else say("summary.head_province", **parts)]
        lines += await self._estimate(round_, part.cluster_id, day) if part.unit_id is None else []
        rows = [row for row in found.rows if sections is None or row.indicator.section in sections]
        chosen = telling(rows)
        lines += [f"- {figure_rows.figure(self.wording, found, row)}" for row in chosen]
        if not any(row.value for row in rows):
            lines.append(say("summary.nothing"))
        elif found.year_ago is not None and found.year_ago.coverage.owing:
            lines.append(figure_rows.other_covered(self.wording, found.year_ago))
        if twice := [
            figure_rows.twice(self.wording, row) for row in rows if row.once is not None and row not in chosen
        ]:
            lines.append(say("summary.twice", values="; ".join(twice[:MOST_NOTED])))
        if concern := figure_rows.concern(self.wording, found, rows):
            lines.append(say("week.concern", targets="; ".join(concern)))
        if name and named and covered.owing:
            lines.append(self.late(await self._late(round_, part, today)))
        if part.cluster_id is not None:
            briefing = await briefing_of(self.db, round_.id, part.cluster_id)
            ahead = briefing is not None and briefing.starts_at > now
            lines += [self.meeting(briefing, today)] if briefing is not None and ahead else []
        choices = [
            Choice(section.brief[:LABEL_LONGEST], f"section:{round_.code}:{mark}:{section.order}")
            for section in sorted(self.catalogue.sections, key=lambda one: one.order)
            if any(row.indicator.section == section.code and row.value is not None and row.value.amount for row in rows)
        ]
        return "\n".join(lines), choices

    async def few(self, round_: Round, part: Part, day: date) -> str:
        """The few figures that say most of a commune with its branches, in one line."""
        found = await compared(self.db, self.catalogue, round_, part, day)
        sums = dict(found.now.totals)
        rows = [(row.indicator, row.value) for row in telling(found.rows) if row.value is not None]
        beside = [one.pair for one, _ in rows if one.pair in sums and figure_rows.attends(self.catalogue[one.pair])]
        rows += [(self.catalogue[code], sums[code]) for code in beside if code is not None]
        values = figure_lines.totals_line(self.wording, rows, sums) or self.wording.say("summary.nothing")
        return self.wording.say("branches.sum", values=values.rstrip("."))

    async def _named(self, part: Part) -> str:
        """What a cluster or unit is called; '' for the province."""
        if part.cluster_id is not None:
            return (await units.cluster_by_id(self.db, part.cluster_id)).name
        return await units.name_of(self.db, part.unit_id) if part.unit_id is not None else ""

    async def _late(self, round_: Round, part: Part, today: date) -> list[ListedUnit]:
        """The part's units that have not filed."""
        return [one for one in await self._owing(round_, part, today) if one.state not in life.FILED]

    async def _owing(self, round_: Round, part: Part, today: date) -> list[ListedUnit]:
        """The part's units that owe the period; those of one commune without its name behind their own."""
        found = await owed_by(self.db, round_, part, today)
        return found if part.unit_id is None else [replace(unit, known_as=unit.name) for unit in found]

    async def section(self, round_: Round, part: Part, order: int, now: datetime) -> str:
        """Every figure of one section, a line each, beside last year and its target."""
        found = await compared(self.db, self.catalogue, round_, part, local_day(now))
        section = next(one for one in self.catalogue.sections if one.order == order)
        rows = [row for row in found.rows if row.indicator.section == section.code and row.value is not None]
        beside = {row.indicator.pair for row in rows}
        rows = [row for row in rows if row.indicator.code not in beside or not figure_rows.attends(row.indicator)]
        lines = [f"- {figure_rows.figure(self.wording, found, row)}" for row in rows]
        return "\n".join([f"{section.brief}:", *(lines or [self.wording.say("summary.nothing")])])

    def totals(self, sums: dict[str, Total], sections: Sections = None, brief: bool = False) -> list[str]:
        """One line a section, in the order of the form; `brief`: only its first figures that can have a target."""
        lines = [
            self.wording.say(
                "summary.section",
                section=section.brief,
                values=figure_lines.totals_line(self.wording, _told_first(rows) if brief else rows, sums),
            )
            for section, rows in by_section(self.catalogue, sums)
            if sections is None or section.code in sections
        ]
        return lines or [self.wording.say("summary.nothing")]

    async def _estimate(self, round_: Round, cluster_id: int | None, day: str) -> list[str]:
        """That figures are estimates, as long as some are not confirmed."""
        if not round_.terms.estimated:
            return []
        filed, confirmed = await estimates.confirmations(self.db, round_.id, cluster_id, day)
        return [self.wording.say("estimate.state", confirmed=confirmed, filed=filed)] if confirmed < filed else []

    async def picture(self, round_: Round, cluster_id: int, now: datetime) -> Sheet | None:
        """The cluster's figures beside last year's, else its targets, as a file of a message; None for neither."""
        found = await compared(self.db, self.catalogue, round_, Part(cluster_id=cluster_id), local_day(now))
        tells = any(found.tells(row, row.year_ago, found.year_ago) for row in found.rows)
        if not tells and not any(row.target is not None and row.target.reached is not None for row in found.rows):
            return None
        cluster = await units.cluster_by_id(self.db, cluster_id)
        head = ChartHead(cluster.name, round_.period.name, moment(now), moment(now))
        sheets = ChartSheets(self.wording, self.catalogue, head)
        return sheets.year_ago(found) if tells else sheets.targets(found)

    def late(self, owing: Sequence[ListedUnit], most: int = NAMED_UNITS) -> str:
        """Who has not filed, and apart who mends what came back: units, never persons."""
        say, (late, mending) = self.wording.say, told_late(self.wording, owing, most)
        lines = [say("summary.not_filed", units=late)] if late else []
        lines += [say("summary.mending", units=mending)] if mending else []
        return "\n".join(lines) or say("summary.all_filed")

    def meeting(self, briefing: Briefing, today: date) -> str:
        """When and where the cluster meets, and who chairs."""
        return meeting(self.wording, briefing, today)

    async def progress(
        self, round_: Round, cluster_ids: list[int], now: datetime, *, named: bool = True
    ) -> tuple[str, bool]:
        """(who has filed, cluster by cluster; whether units were counted, not all named). named: whether any is."""
        today, lines, counted = local_day(now), [], False
        for cluster in await units.all_clusters(self.db, today):
            if cluster.id in cluster_ids:
                found = await owed_by(self.db, round_, Part(cluster_id=cluster.id), today)
                lines.append(self._filed(cluster.name, round_, found, named=named))
                counted = counted or sum(one.state not in life.FILED for one in found) > NAMED_UNITS
        return "\n".join(lines), counted

    async def progress_in(self, round_: Round, area: Area, now: datetime) -> str:
        """The same of one cluster or commune."""
        found = [
            unit
            for cluster in area.clusters
            for unit in await owed_by(self.db, round_, Part(cluster_id=cluster.id), local_day(now))
            if area.holds(unit)
        ]
        return self._filed(area.name, round_, found)

    async def under(self, round_: Round, communes: Mapping[int, str], now: datetime) -> list[str]:
        """Of each of these communes (names by id) how many of its branches have filed, where it has any."""
        if not communes:
            return []
        lines = list[str]()
        for commune_id, name in communes.items():
            every = await self._owing(round_, Part(unit_id=commune_id), local_day(now))
            own = [unit for unit in every if unit.name != unit.commune]
            lines += [self._filed(self.wording.say("progress.under", commune=name), round_, own)] if own else []
        return lines

    def _filed(self, name: str, round_: Round, found: Sequence[ListedUnit], *, named: bool = True) -> str:
        if not found:
            return self.wording.say("progress.not_asked", cluster=name, period=round_.period.name)
        late = [unit for unit in found if unit.state not in life.FILED]
        head = self.wording.say(
            "progress.cluster", cluster=name, period=round_.period.name, filed=len(found) - len(late), owing=len(found)
        )
        return f"{head}\n{self.late(late)}" if named else head

    async def of_units(self, round_: Round, unit_ids: Sequence[int]) -> str:
        """How far each of these units is with its report; its values stay the unit's own until it has sent them."""
        say = self.wording.say
        states = await submissions.states(self.db, round_.id, unit_ids)
        return "\n".join(say("progress.unit", unit=name, state=say(f"progress.{state}")) for name, state in states)

    async def for_office(self, round_: Round, now: datetime) -> list[str]:
        """What only the office can mend: units nobody can be reminded in, posts that may not have arrived."""
        say, lines = self.wording.say, []
        lost = await submissions.out_of_reach(self.db, round_.id, local_day(now).isoformat())
        if lost:
            lines.append(say("office.out_of_reach", count=len(lost), units=told_units(self.wording, lost)))
        values = await notes.noted(self.db, round_.id)
        if values:
            shown = [
                say("office.noted_value", unit=v.unit, note=v.value.note,
                    value=figure_lines.named(self.catalogue[v.code], v.value))
                for v in values[:MOST_NOTED] if v.code in self.catalogue
            ]  # fmt: skip
            lines.append(say("office.noted", count=len(values), values="; ".join(shown)))
        posts = await undelivered.unsure_posts(self.db, round_.code)
        if posts:
            lines.append(
                say("office.unsure", posts="; ".join(f"{cluster} ({day_name(day)})" for cluster, day in posts))
            )
        return lines

    def target(self, item: Progress) -> str:
        """A target beside what has been reached."""
        indicator = self.catalogue[item.target.indicator]
        unit = indicator.unit if indicator.unit == "%" else f" {indicator.unit}"
        reached = (
            figure_lines.total(self.wording, indicator, item.reached)
            if item.reached
            else self.wording.say("week.nothing_reached")
        )
        due = short_day(item.target.due_on) if item.target.due_on else ""
        return self.wording.say(
            f"week.target_{item.state}", label=indicator.short, reached=reached,
            target=vietnamese(item.target.amount, indicator.kind) + unit, due=due,
        )  # fmt: skip
