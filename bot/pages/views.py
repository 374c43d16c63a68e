"""A period and what a person may see in; what each page of the leaders shows out, ready for its template."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from bot.pages.sight import Sight
from handlers import permissions
from handlers.leaders.summaries import chaired, local_time
from handlers.task_words import shortened
from handlers.wording import compared_lines, figure_lines, figure_rows
from handlers.wording.speech import Wording
from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.figures.comparison import ComparedRow, Comparison
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import Part
from reporting.time.calendar import day_name, local_day, moment, short_day
from storage.database import Database
from storage.periods import tasks
from storage.periods.comparing import compared, covered_by, owed_by
from storage.periods.rounds import Round, briefings
from storage.reports import petitions, shown_units, submissions
from storage.reports.petitions import Petition
from storage.reports.shown_units import ShownUnit

MOST_NAMED = 6  # units of one task
# Of a page that stays below 30 KB: its cards, the marks around one of them, and the letters of a text in one.
MOST_BYTES, CARD_BYTES, MOST_LETTERS = 24_000, 320, 600


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line that leads on: where to, its name, and how many of how many have sent (of 0: nothing is counted), and how
    many are at figures given back to them.
    """

    path: str
    name: str
    filed: int = 0
    owing: int = 0
    returned: int = 0
    note: str = ""

    @property
    def percent(self) -> int:
        """How full the bar is; full only when all have sent."""
        return 100 * self.filed // self.owing if self.owing else 0


@dataclass(frozen=True, slots=True)
class Figures:
    """A section of the form: its name, and (label, figure, how it stands to last year and the target) in order."""

    section: str
    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Met:
    """A briefing of a cluster: its day, hour, place and who chairs, in words."""

    day: str
    hour: str
    cluster: str
    place: str
    chair: str
    over: bool


@dataclass(frozen=True, slots=True)
class PageCard:
    """A petition or a task: its number and whose it is, its words, its state, its day, what was said to it."""

    head: str
    text: str
    state: str
    due: str = ""
    answer: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Views:
    """Reads what the pages show."""

    db: Database
    catalogue: Catalogue
    wording: Wording

    async def clusters(self, round_: Round, sight: Sight, now: datetime) -> list[PageLine]:
        """Each cluster that may be seen, with how many of its units have sent."""
        found = []
        for one in sight.clusters:
            covered = await covered_by(self.db, round_, Part(cluster_id=one.id), local_day(now))
            found.append(PageLine(f"cum/{one.id}", one.name, *astuple(covered)))
        return found

    async def communes(self, round_: Round, cluster_id: int, now: datetime) -> list[PageLine]:
        """The communes of a cluster, each with how many of its units, itself counted, have sent; the emptiest first."""
        every = await owed_by(self.db, round_, Part(cluster_id=cluster_id), local_day(now))
        grouped: dict[int, list[ListedUnit]] = {}
        for unit in every:
            grouped.setdefault(unit.commune_id, []).append(unit)
        links = [
            PageLine(f"don-vi/{commune_id}", of[0].commune, *astuple(submissions.covered(of)))
            for commune_id, of in grouped.items()
        ]
        return sorted(links, key=lambda link: (link.percent, link.name))

    async def unit(self, round_: Round, unit_id: int, now: datetime) -> ShownUnit | None:
        """The unit of today with that id."""
        return await shown_units.shown(self.db, unit_id, round_.id, local_day(now))

    async def branches(self, round_: Round, unit: ShownUnit, now: datetime) -> list[PageLine]:
        """The units under it, each with how far its report is; who owes none in this period says so."""
        day = local_day(now)
        owing = set()
        if unit.cluster_id is not None:
            owing = {one.code for one in await owed_by(self.db, round_, Part(cluster_id=unit.cluster_id), day)}
        every = await shown_units.under(self.db, unit.id, round_.id, day)
        return [PageLine(f"don-vi/{one.id}", one.known_as, note=self.state(one, one.code in owing)) for one in every]

    def state(self, unit: ShownUnit, owes: bool = True) -> str:
        """How far the unit is with its report, in words."""
        if not owes and not unit.state:
            return self.wording.say("page.owes_nothing")
        state = next((one for one in life.STATES if one == unit.state), life.NOT_BEGUN)
        return self.wording.say(f"progress.{life.told_as(state)}")

    async def unit_figures(self, round_: Round, unit: ShownUnit, sight: Sight) -> list[Figures]:
        """What the unit has sent, section by section."""
        values = await shown_units.filed_values(self.db, unit.id, round_.id)
        sections = []
        for section in sorted(self.catalogue.sections, key=lambda one: one.order):
            rows = [
                (indicator.label, figure_lines.amount(indicator, values[code]), "")
                for code, indicator in self.catalogue.indicators.items()
                if indicator.section == section.code and code in values
            ]
            if rows and (sight.sections is None or section.code in sight.sections):
                sections.append(Figures(section.brief, rows))
        return sections

    async def totals(self, round_: Round, part: Part, sight: Sight, now: datetime) -> list[Figures]:
        """The part's sums, section by section, beside last year's where the two can be compared and the targets."""
        found = await compared(self.db, self.catalogue, round_, part, local_day(now))
        sections = []
        for section in sorted(self.catalogue.sections, key=lambda one: one.order):
            if sight.sections is None or section.code in sight.sections:
                rows = [
                    (
                        row.indicator.label,
                        figure_lines.total(self.wording, row.indicator, row.value),
                        self._beside(row, found),
                    )
                    for row in found.rows
                    if row.indicator.section == section.code and row.value is not None and row.value.amount
                ]
                sections += [Figures(section.brief, rows)] if rows else []
        return sections

    def _beside(self, row: ComparedRow, found: Comparison) -> str:
        parts = figure_rows.once(self.wording, row)
        if row.value is not None and row.year_ago is not None and found.tells(row, row.year_ago, found.year_ago):
            parts.append(compared_lines.moved(self.wording, row.indicator, row.value, row.year_ago))
        parts.append(compared_lines.beside_target(self.wording, found, row).lstrip("; "))
        return "; ".join(part for part in parts if part)

    async def meetings(self, rounds: Iterable[Round], sight: Sight, now: datetime) -> list[tuple[str, list[Met]]]:
        """By period: the briefings of the clusters that may be seen, in the order of their days."""
        calendar = []
        for round_ in rounds:
            found = [one for one in await briefings(self.db, round_.id) if sight.cluster(one.cluster_id)]
            met = [
                Met(
                    day_name(local_day(one.starts_at)), local_time(one.starts_at), one.cluster_name, one.place,
                    chaired(self.wording, one).lstrip(", "), one.starts_at <= now,
                )
                for one in sorted(found, key=lambda one: one.starts_at)
            ]  # fmt: skip
            if met:
                calendar.append((round_.period.name, met))
        return calendar

    async def petitions(self, round_: Round, sight: Sight, now: datetime) -> list[PageCard]:
        """The period's petitions of what may be seen, behind those of earlier ones that are still open."""
        scope = None if sight.province else [cluster.id for cluster in sight.clusters]
        own, day = sorted(sight.communes), local_day(now).isoformat()
        waiting = await petitions.still_open(self.db, scope, own, day)
        earlier = [one for one in waiting if one.period != round_.code]
        found = [*earlier, *await petitions.of_period(self.db, round_.id, scope, own, day)]
        return self._fitting([self._petition(one) for one in found])

    def _petition(self, one: Petition) -> PageCard:
        say = self.wording.say
        state = say(f"petition.state_{one.state}", department=one.department)
        waits = one.due_on is not None and one.state in petitions.OPEN
        due = say("petition.due", day=short_day(one.due_on)) if waits and one.due_on else ""
        return PageCard(f"{one.known_as} · {one.unit_name}", one.text, state, due, one.answer)

    async def tasks(self, sight: Sight, now: datetime) -> list[PageCard]:
        """What meetings gave units to do, as far as the right reaches: what is open first, the overdue in front."""
        say, today = self.wording.say, local_day(now)
        scope, own = permissions.clusters("tasks", sight.roles), permissions.units("tasks", sight.roles)
        every = tasks.by_number(await tasks.of_area(self.db, scope, own, today, open_only=False))
        found = []
        for parts in sorted(every, key=lambda one: all(part.state == "done" for part in one)):
            one, left = parts[0], [part for part in parts if part.state == "open"]
            names = ", ".join(part.unit_name for part in (left or parts)[:MOST_NAMED])
            more = len(left or parts) - MOST_NAMED
            names = say("conclude.more_units", units=names, more=more) if more > 0 else names
            state = say("task.state_open" if left else "task.state_done")
            if left and len(parts) > 1:
                state = say("page.task_part", done=len(parts) - len(left), count=len(parts))
            due = say("task.due", day=short_day(one.due_on)) if one.due_on else ""
            late = bool(left) and left[0].is_overdue(today)
            notes = "; ".join(f"{part.unit_name}: {part.note}" for part in parts if part.note)
            found.append(PageCard(f"{one.known_as} · {names}", one.text, state, due, notes, late))
        return self._fitting(found)

    def _fitting(self, cards: Sequence[PageCard]) -> list[PageCard]:
        """As many as a page on a phone takes at once, long words cut, and a last card that says how many more."""
        shown, room = list[PageCard](), MOST_BYTES
        for one in cards:
            card = replace(one, text=shortened(one.text, MOST_LETTERS), answer=shortened(one.answer, MOST_LETTERS))
            room -= CARD_BYTES + len((card.head + card.text + card.answer).encode())
            if room < 0:
                break
            shown.append(card)
        if more := len(cards) - len(shown):
            shown.append(PageCard("", self.wording.say("page.more_cards", count=more), ""))
        return shown

    @staticmethod
    def as_of(now: datetime) -> str:
        """The moment figures are of, in words."""
        return moment(now)
