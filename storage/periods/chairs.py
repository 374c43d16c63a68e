"""Who is named to chair a briefing, as rows: people who are enrolled, or posts whose holder is to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from storage.database import Database, Statement

# Who may be named: the chairs of clusters and the province's leaders.
MAY_CHAIR: Final = ("chair", "leader")
_MAY = "('{}')".format("', '".join(MAY_CHAIR))
_VALID = "{0}.valid_from_on <= ? and ({0}.valid_to_on is null or {0}.valid_to_on >= ?)"


@dataclass(frozen=True, slots=True)
class Chair:
    """Somebody to chair. person_id: None as long as nobody has enrolled; then post_id is who is to.

    cluster_id: whose chair it is by role, None for a leader. written: the office's name for who has enrolled, '' where
    it has none.
    """

    person_id: int | None
    post_id: int | None
    name: str
    title: str
    cluster_id: int | None = None
    written: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called: the office's name and the own one."""
        return tuple(dict.fromkeys(filter(None, (self.written, self.name)))) or ("",)

    @property
    def key(self) -> tuple[int | None, int | None]:
        """What tells one from another."""
        return self.person_id, None if self.person_id is not None else self.post_id


async def candidates(db: Database, today: date) -> list[Chair]:
    """Everybody who may be named on that day, each once, chairs first."""
    day = today.isoformat()
    rows = await db.read(
        "select r.person_id, null, p.name, r.title, r.cluster_id, coalesce(h.name, ''), r.role from role r"
        f" join person p on p.id = r.person_id left join post h on h.id = r.post_id where r.role in {_MAY} and {_VALID.format('r')}"
        " union all select null, x.id, x.name, x.title, x.cluster_id, '', x.role from post x"
        f" where x.role in {_MAY} and {_VALID.format('x')}"
        "   and not exists (select 1 from role h where h.post_id = x.id)"
        " order by 7, 5, 3, 4",
        (day, day, day, day),
    )
    return list({row[:6]: Chair(*row[:6]) for row in map(tuple, rows)}.values())


def name(briefing_id: int, sequence: int | None, chairs: Sequence[Chair]) -> list[Statement]:
    """These chair the briefing, the first one stands in it; fails the unit if it was changed meanwhile.

    sequence: None for one that the same unit of work adds.
    """
    person_id, post_id = chairs[0].key
    rows: list[Statement] = [
        (
            "update briefing set chair_id = ?, chair_post_id = ? where id = ? and sequence = coalesce(?, sequence)",
            (person_id, post_id, briefing_id, sequence),
            1,
        ),
        ("delete from co_chair where briefing_id = ?", (briefing_id,)),
    ]
    return rows + [
        (
            "insert into co_chair (briefing_id, position, person_id, post_id) values (?, ?, ?, ?)",
            (briefing_id, position, *chair.key),
        )
        for position, chair in enumerate(chairs[1:], 2)
    ]


async def beside(db: Database, period_id: int) -> dict[int, list[Chair]]:
    """By briefing of that period: who chairs it beside the first, in the order in which they were named."""
    rows = await db.read(
        "select c.briefing_id, c.person_id, c.post_id, coalesce(p.name, x.name), coalesce("
        " (select min(r.title) from role r where r.person_id = c.person_id and r.role = 'chair'"
        "   and r.cluster_id = b.cluster_id and r.valid_to_on is null),"
        f" (select min(r.title) from role r where r.person_id = c.person_id and r.role in {_MAY} and r.title <> ''"
        "   and r.valid_to_on is null), x.title, '')"
        " from co_chair c join briefing b on b.id = c.briefing_id left join person p on p.id = c.person_id"
        " left join post x on x.id = c.post_id where b.period_id = ? order by c.briefing_id, c.position",
        (period_id,),
    )
    found: dict[int, list[Chair]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Chair(row[1], row[2], row[3], row[4]))
    return found
