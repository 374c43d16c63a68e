"""Who has not sent or not enrolled, asked for an area, in; a short list by commune, and the whole as a file, out."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.commands import folded
from handlers.leaders.areas import Area, area_of, coded, communes_of, other_periods, running_told_of, without_period
from handlers.leaders.summaries import told_late
from handlers.messages import Choice
from handlers.routes import Asked
from handlers.turn import Turn
from reporting.dialogue import life
from reporting.organisation.listed import ListedUnit
from reporting.organisation.part import Part
from storage.database import Database
from storage.organisation.units import Cluster
from storage.people import seats
from storage.periods.comparing import owed_by

# At the end of what is asked: the whole list at once.
_AS_FILE = re.compile(r"\b(?:bang |ra |thanh )?(?:tep|file|excel|xlsx|tep excel|file excel)$")

ByCluster = Sequence[tuple[Cluster, list[ListedUnit], list[ListedUnit]]]


@dataclass(frozen=True, slots=True)
class UnitList:
    """What is listed (a table of vi.toml), where, by cluster with all units that could be in it, and how it is told.

    data: of the button that gives the file. states: what the file calls the states of reports, empty for no column.
    """

    what: str
    area: Area
    found: ByCluster
    head: str
    data: str
    states: Mapping[str, str]


class UnitLists:
    """Answers "ai chưa gửi" and "chưa đăng ký": a line a cluster in the chat, every unit in the file."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def late(self, turn: Turn, asked: Asked) -> None:
        """ "ai chưa gửi", "ai chưa gửi cụm 2", "ai chưa gửi xã An Thượng Lộc excel"."""
        called = await without_period(self._db, turn, asked.rest)
        if called is not None:
            await self._late(turn, *_taken_apart(called))

    async def late_file(self, turn: Turn, asked: Asked) -> None:
        """The same by a tap, as a file: the period and the area stand in the button."""
        code, _, mark = asked.rest.partition(":")
        await coded(self._db, turn, code)
        await self._late(turn, mark, as_file=True)

    async def _late(self, turn: Turn, called: str, as_file: bool) -> None:
        say = turn.wording.say
        if turn.round is None:
            turn.say_key("period.none_open")
            return
        area = await area_of(self._db, turn, "late", called)
        if area is None:
            return
        round_ = await running_told_of(self._db, turn, *area.within) or turn.round
        found: list[tuple[Cluster, list[ListedUnit], list[ListedUnit]]] = []
        for cluster in area.clusters:
            owed = await owed_by(self._db, round_, Part(cluster_id=cluster.id), turn.today)
            owing = [unit for unit in owed if area.holds(unit)]
            found.append((cluster, [unit for unit in owing if unit.state not in life.FILED], owing))
        if not any(every for _, _, every in found):
            named = area.name or (area.clusters[0].name if len(area.clusters) == 1 else say("late.everywhere"))
            turn.say(say("progress.not_asked", cluster=named, period=round_.period.name))
            return
        counts = _counts(found)
        head = say("late.head" if counts["count"] else "late.head_mending", period=round_.period.name, **counts)
        states = {unit.state: say(f"submission.{unit.state or 'none'}") for _, units, _ in found for unit in units}
        self._answer(turn, UnitList("late", area, found, head, f"late:{round_.code}:{area.mark}", states), as_file)
        if turn.reply is not None and not as_file and (line := other_periods(turn)):
            turn.reply["text"] += f"\n{line}"

    async def unenrolled(self, turn: Turn, asked: Asked) -> None:
        """ "chưa đăng ký", "chưa đăng ký cụm 2"."""
        await self._unenrolled(turn, *_taken_apart(asked.rest))

    async def unenrolled_file(self, turn: Turn, asked: Asked) -> None:
        """The same by a tap, as a file."""
        await self._unenrolled(turn, asked.rest, as_file=True)

    async def _unenrolled(self, turn: Turn, called: str, as_file: bool) -> None:
        area = await area_of(self._db, turn, "unenrolled", called)
        if area is None:
            return
        found: list[tuple[Cluster, list[ListedUnit], list[ListedUnit]]] = []
        for cluster in area.clusters:
            every = [unit for unit in await seats.members(self._db, cluster.id, turn.today) if area.holds(unit)]
            found.append((cluster, [unit for unit in every if not unit.state], every))
        head = turn.wording.say("unenrolled.head", **_counts(found))
        self._answer(turn, UnitList("unenrolled", area, found, head, f"unenrolled:{area.mark}", {}), as_file)

    @staticmethod
    def _answer(turn: Turn, list_: UnitList, as_file: bool) -> None:
        say, area = turn.wording.say, list_.area
        shown = [one for one in list_.found if one[1]]
        if not shown:
            turn.say(say(f"lists.none_{list_.what}", area=area.name or say("late.everywhere")))
            return
        between = ", " if list_.what == "late" else ". "  # "Cụm thi đua số 3, quý I/2026: còn …"
        lines = [f"{area.name}{between}{list_.head}" if area.name else list_.head]
        if area.name or area.communes is not None:
            lines += [f"{_told(turn, units)}." for _, units, _ in shown]
        else:
            lines += _own(turn, shown)
            lines += [
                say("late.cluster" if _count(units) else "late.cluster_mending", cluster=cluster.name,
                    count=_count(units), total=len(every), units=_told(turn, units))
                for cluster, units, every in shown
            ]  # fmt: skip
        if as_file:
            turn.say(lines[0], file=_file(turn, list_, shown))
        else:
            turn.say("\n".join(lines), [Choice(say("label.whole_list"), list_.data)])


def _told(turn: Turn, units: Sequence[ListedUnit]) -> str:
    late, mending = told_late(turn.wording, units)
    return "; ".join(filter(None, [late, turn.wording.say("late.mending", units=mending) if mending else ""]))


def _own(turn: Turn, shown: ByCluster) -> list[str]:
    """A line of each commune the person reports for, which names its units, before all others."""
    lines = []
    for commune_id, name in communes_of(turn.roles).items():
        for _, units, every in shown:
            own = [unit for unit in units if unit.commune_id == commune_id]
            total = sum(unit.commune_id == commune_id for unit in every)
            if own:
                lines.append(
                    turn.wording.say(
                        "late.cluster", cluster=name, count=_count(own), total=total, units=_told(turn, own)
                    )
                )
    return lines


def _taken_apart(rest: str) -> tuple[str, bool]:
    """(the area asked for, whether as a file)."""
    words = folded(rest)
    shorter = _AS_FILE.sub("", words).strip()
    return shorter, shorter != words


def _counts(found: ByCluster) -> dict[str, int]:
    return {"count": sum(_count(units) for _, units, _ in found), "total": sum(len(every) for _, _, every in found)}


def _count(units: Sequence[ListedUnit]) -> int:
    """How many are as the list says: who mends a figure given back has sent."""
    return sum(unit.state != life.GIVEN_BACK for unit in units)


def _file(turn: Turn, list_: UnitList, shown: ByCluster) -> dict[str, Any]:
    """{"kind", "name", "untaken", "sheet", "columns", "rows"}: every unit, by cluster, the worst commune
    first.
    """
    say, rows = turn.wording.say, list[list[str]]()
    for cluster, units, _ in shown:
        many = Counter(unit.commune_id for unit in units)
        rows += [
            [cluster.name, unit.commune, unit.code, unit.name, *([list_.states[unit.state]] if list_.states else [])]
            for unit in sorted(units, key=lambda unit: (-many[unit.commune_id], unit.commune, unit.code))
        ]
    columns = say("late.columns").split("|")[: 5 if list_.states else 4]
    name = f"{say(f'lists.file_{list_.what}')}-{turn.today.isoformat()}.xlsx"
    sheet, untaken = say(f"lists.sheet_{list_.what}"), say("file.untaken")
    return {"kind": "table", "name": name, "untaken": untaken, "sheet": sheet, "columns": columns, "rows": rows}
