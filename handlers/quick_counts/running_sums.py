"""A quick count and the clusters somebody may see in, its sum as it stands out: who has answered, what it comes to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.leaders.summaries import told_units
from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.figures.totals import Total, totals
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import WHOLE, Part
from reporting.time.calendar import hour_of_day
from storage.database import Database
from storage.organisation import units
from storage.periods.rounds import Round
from storage.reports import counted, submissions
from storage.review import corrections

MOST_CLUSTERS = 12  # told one by one
MOST_LATE = 20


@dataclass(frozen=True, slots=True)
class RunningSums:
    """Words the sums of quick counts."""

    db: Database
    catalogue: Catalogue
    wording: Wording

    async def told(self, round_: Round, wide: Sequence[int] | None, today: date) -> str:
        """The whole sum, then a line a cluster, then who has not answered. wide: ids of the clusters, None for all."""
        say, day = self.wording.say, today.isoformat()
        every = [one for one in await units.all_clusters(self.db, today) if wide is None or one.id in wide]
        asked = {one: await submissions.owing(self.db, round_.id, one.id, day) for one in every}
        asked = {one: found for one, found in asked.items() if found}
        owing = [unit for found in asked.values() for unit in found]
        parts = {"title": round_.period.title, "filed": len(owing) - len(_late(owing)), "owing": len(owing)}
        due_at = round_.period.due_at
        state = "running" if round_.state == "open" else "ended"
        lines = [say(f"quick.{state}", **parts, until=hour_of_day(due_at) if due_at else "")]
        of = [WHOLE] if wide is None else [Part(cluster_id=one.id) for one in asked]
        lines.append(await self._sum(round_, of, today))
        if 1 < len(asked) <= MOST_CLUSTERS:
            for one, found in asked.items():
                cluster = {"cluster": one.name, "filed": len(found) - len(_late(found)), "owing": len(found)}
                values = await self._sum(round_, [Part(cluster_id=one.id)], today)
                lines.append(say("quick.cluster", **cluster, values=values))
        if late := _late(owing):
            lines.append(say("quick.late", units=told_units(self.wording, late)))
        begun = sum(unit.state not in (life.NOT_BEGUN, "") for unit in late)
        if round_.state != "open":
            lines += await self._too_late(round_, None if wide is None else {unit.code for unit in owing})
        elif begun:
            lines.append(say("quick.begun", count=begun))
        return "\n".join(lines)

    async def _too_late(self, round_: Round, codes: Collection[str] | None) -> list[str]:
        """A line of what came after the hour, of these units or of all."""
        every = await corrections.late_answers(self.db, round_.id)
        found = [one for one in every if codes is None or one.unit_code in codes]
        catalogue, say = self.catalogue.of(round_.period.own), self.wording.say
        told = []
        for one in found[:MOST_LATE]:
            values = figure_lines.listed(catalogue, [(figure.indicator, figure.new) for figure in one.figures])
            told.append(say("quick.answer", unit=one.unit, values=values))
        if len(found) > MOST_LATE:
            told.append(say("quick.more_late", more=len(found) - MOST_LATE))
        return [say("quick.too_late", answers=", ".join(told))] if told else []

    async def _sum(self, round_: Round, parts: Sequence[Part], today: date) -> str:
        catalogue = self.catalogue.of(round_.period.own)
        found: dict[str, Total] = {}
        for part in parts:
            sums = await counted.sums(self.db, catalogue, [round_.id], part, today)
            for code, total in totals(catalogue, sums[round_.id].every).items():
                known = found.get(code, Total(0, False, 0))
                found[code] = Total(
                    known.amount + total.amount, known.approx or total.approx, known.units + total.units
                )
        rows = [(catalogue[code], total) for code, total in found.items()]
        return figure_lines.totals_line(self.wording, rows, found) or self.wording.say("summary.nothing")


def _late(found: Sequence[ListedUnit]) -> list[ListedUnit]:
    return [unit for unit in found if unit.state not in life.FILED]
